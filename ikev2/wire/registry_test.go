package wire

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// IANA's numbers and names (https://www.iana.org/assignments/ikev2-parameters);
// payload names are those that IOS's debug prints.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		value fmt.Stringer
		want  string
	}{
		{PayloadType(0), "NONE"}, {PayloadType(33), "SA"}, {PayloadType(34), "KE"}, {PayloadType(35), "IDi"},
		{PayloadType(36), "IDr"}, {PayloadType(37), "CERT"}, {PayloadType(38), "CERTREQ"}, {PayloadType(39), "AUTH"},
		{PayloadType(40), "N"}, {PayloadType(41), "NOTIFY"}, {PayloadType(42), "DELETE"}, {PayloadType(43), "VID"},
		{PayloadType(44), "TSi"}, {PayloadType(45), "TSr"}, {PayloadType(46), "ENCR"}, {PayloadType(47), "CFG"},
		{PayloadType(48), "EAP"}, {PayloadType(1), "Unknown - 1"},
		{ExchangeType(34), "IKE_SA_INIT"}, {ExchangeType(35), "IKE_AUTH"}, {ExchangeType(36), "CREATE_CHILD_SA"},
		{ExchangeType(37), "INFORMATIONAL"}, {ExchangeType(4), "Unknown - 4"},
		{ProtocolID(0), "Unknown - 0"}, {ProtocolID(1), "IKE"}, {ProtocolID(2), "AH"}, {ProtocolID(3), "ESP"},
		{TransformType(1), "ENCR"}, {TransformType(2), "PRF"}, {TransformType(3), "INTEG"}, {TransformType(4), "D-H"}, {TransformType(5), "ESN"},
		{IDType(1), "ID_IPV4_ADDR"}, {IDType(2), "ID_FQDN"}, {IDType(3), "ID_RFC822_ADDR"}, {IDType(5), "ID_IPV6_ADDR"},
		{IDType(9), "ID_DER_ASN1_DN"}, {IDType(10), "ID_DER_ASN1_GN"}, {IDType(11), "ID_KEY_ID"},
		{AuthMethod(1), "RSA Digital Signature"}, {AuthMethod(2), "Shared Key Message Integrity Code"}, {AuthMethod(14), "Digital Signature"},
		{CPType(1), "CFG_REQUEST"}, {CPType(4), "CFG_ACK"},
		{CPAttrType(1), "INTERNAL_IP4_ADDRESS"}, {CPAttrType(7), "APPLICATION_VERSION"}, {CPAttrType(15), "INTERNAL_IP6_SUBNET"},
		{CPAttrType(28690), "Unknown - 28690"},
		{NotifyType(7), "INVALID_SYNTAX"}, {NotifyType(14), "NO_PROPOSAL_CHOSEN"}, {NotifyType(17), "INVALID_KE_PAYLOAD"},
		{NotifyType(24), "AUTHENTICATION_FAILED"}, {NotifyType(38), "TS_UNACCEPTABLE"}, {NotifyType(43), "TEMPORARY_FAILURE"},
		{NotifyType(44), "CHILD_SA_NOT_FOUND"}, {NotifyType(16384), "INITIAL_CONTACT"}, {NotifyType(16385), "SET_WINDOW_SIZE"},
		{NotifyType(16388), "NAT_DETECTION_SOURCE_IP"}, {NotifyType(16389), "NAT_DETECTION_DESTINATION_IP"},
		{NotifyType(16392), "HTTP_CERT_LOOKUP_SUPPORTED"}, {NotifyType(16393), "REKEY_SA"},
		{NotifyType(16394), "ESP_TFC_PADDING_NOT_SUPPORTED"}, {NotifyType(16395), "NON_FIRST_FRAGMENTS_ALSO"},
		{NotifyType(16407), "REDIRECT"}, {NotifyType(16419), "QUICK_CRASH_DETECTION"},
		{NotifyType(16430), "IKEV2_FRAGMENTATION_SUPPORTED"}, {NotifyType(16438), "INTERMEDIATE_EXCHANGE_SUPPORTED"},
		{NotifyType(40000), "Unknown - 40000"},
	} {
		require.Equal(t, c.want, c.value.String())
	}
}

func TestIsError(t *testing.T) {
	for kind := range notifyNames {
		require.Equal(t, kind < 16384, kind.IsError(), kind.String())
	}
	require.True(t, NotifyType(16383).IsError())
	require.False(t, INITIAL_CONTACT.IsError())
	require.False(t, NotifyType(40960).IsError())
}
