package wire

import "strconv"

// PayloadType is an IKEv2 payload type (RFC 7296 3.2).
type PayloadType uint8

// The payload types.
const (
	NoNext       PayloadType = 0
	TypeSA       PayloadType = 33
	TypeKE       PayloadType = 34
	TypeIDi      PayloadType = 35
	TypeIDr      PayloadType = 36
	TypeCert     PayloadType = 37
	TypeCertReq  PayloadType = 38
	TypeAuth     PayloadType = 39
	TypeNonce    PayloadType = 40
	TypeNotify   PayloadType = 41
	TypeDelete   PayloadType = 42
	TypeVendorID PayloadType = 43
	TypeTSi      PayloadType = 44
	TypeTSr      PayloadType = 45
	TypeSK       PayloadType = 46
	TypeCP       PayloadType = 47
	TypeEAP      PayloadType = 48
)

var payloadNames = map[PayloadType]string{
	NoNext: "NONE", TypeSA: "SA", TypeKE: "KE", TypeIDi: "IDi", TypeIDr: "IDr", TypeCert: "CERT", TypeCertReq: "CERTREQ",
	TypeAuth: "AUTH", TypeNonce: "N", TypeNotify: "NOTIFY", TypeDelete: "DELETE", TypeVendorID: "VID",
	TypeTSi: "TSi", TypeTSr: "TSr", TypeSK: "ENCR", TypeCP: "CFG", TypeEAP: "EAP",
}

// String is the name that IOS's debug prints.
func (t PayloadType) String() string { return nameOr(payloadNames, t) }

// ExchangeType is an IKEv2 exchange (RFC 7296 3.1).
type ExchangeType uint8

// The exchanges, named as the RFC writes them.
const (
	IKE_SA_INIT     ExchangeType = 34
	IKE_AUTH        ExchangeType = 35
	CREATE_CHILD_SA ExchangeType = 36
	INFORMATIONAL   ExchangeType = 37
)

var exchangeNames = map[ExchangeType]string{
	IKE_SA_INIT: "IKE_SA_INIT", IKE_AUTH: "IKE_AUTH", CREATE_CHILD_SA: "CREATE_CHILD_SA", INFORMATIONAL: "INFORMATIONAL",
}

// String is the RFC's name.
func (t ExchangeType) String() string { return nameOr(exchangeNames, t) }

// ProtocolID is a security protocol (RFC 7296 3.3.1).
type ProtocolID uint8

// The protocols.
const (
	ProtoNone ProtocolID = 0
	ProtoIKE  ProtocolID = 1
	ProtoAH   ProtocolID = 2
	ProtoESP  ProtocolID = 3
)

var protocolNames = map[ProtocolID]string{ProtoIKE: "IKE", ProtoAH: "AH", ProtoESP: "ESP"}

// String is the RFC's name.
func (p ProtocolID) String() string { return nameOr(protocolNames, p) }

// TransformType is a transform type (RFC 7296 3.3.2).
type TransformType uint8

// The transform types.
const (
	TypeEncr  TransformType = 1
	TypePRF   TransformType = 2
	TypeInteg TransformType = 3
	TypeDH    TransformType = 4
	TypeESN   TransformType = 5
)

// IDType is a kind of identity (RFC 7296 3.5).
type IDType uint8

// The identity kinds.
const (
	IDIPv4Addr  IDType = 1
	IDFQDN      IDType = 2
	IDRFC822    IDType = 3
	IDIPv6Addr  IDType = 5
	IDDERASN1DN IDType = 9
	IDDERASN1GN IDType = 10
	IDKeyID     IDType = 11
)

// AuthMethod is an authentication method (RFC 7296 3.8).
type AuthMethod uint8

// The methods.
const (
	AuthRSASignature AuthMethod = 1
	AuthSharedKey    AuthMethod = 2
	AuthDSSSignature AuthMethod = 3
	AuthDigital      AuthMethod = 14
)

// CPType is a kind of configuration payload (RFC 7296 3.15).
type CPType uint8

// The kinds.
const (
	CFGRequest CPType = 1
	CFGReply   CPType = 2
	CFGSet     CPType = 3
	CFGAck     CPType = 4
)

// CPAttrType is a configuration attribute (RFC 7296 3.15.1).
type CPAttrType uint16

// The attributes that IOS asks for.
const (
	INTERNAL_IP4_ADDRESS CPAttrType = 1
	INTERNAL_IP4_NETMASK CPAttrType = 2
	INTERNAL_IP4_DNS     CPAttrType = 3
	INTERNAL_IP4_NBNS    CPAttrType = 4
	INTERNAL_IP4_DHCP    CPAttrType = 6
	APPLICATION_VERSION  CPAttrType = 7
	INTERNAL_IP4_SUBNET  CPAttrType = 13
)

// Selector types (RFC 7296 3.13.1).
const (
	TSIPv4AddrRange = 7
	TSIPv6AddrRange = 8
)

// CertHashAndURL is the certificate encoding "Hash and URL of X.509
// certificate" (RFC 7296 3.6).
const CertHashAndURL = 12

// NotifyType is a notify message type (RFC 7296 3.10.1).
type NotifyType uint16

// The notify types, named as the RFC writes them. Those below 16384 are errors.
const (
	UNSUPPORTED_CRITICAL_PAYLOAD  NotifyType = 1
	INVALID_IKE_SPI               NotifyType = 4
	INVALID_MAJOR_VERSION         NotifyType = 5
	INVALID_SYNTAX                NotifyType = 7
	INVALID_MESSAGE_ID            NotifyType = 9
	INVALID_SPI                   NotifyType = 11
	NO_PROPOSAL_CHOSEN            NotifyType = 14
	INVALID_KE_PAYLOAD            NotifyType = 17
	AUTHENTICATION_FAILED         NotifyType = 24
	SINGLE_PAIR_REQUIRED          NotifyType = 34
	NO_ADDITIONAL_SAS             NotifyType = 35
	INTERNAL_ADDRESS_FAILURE      NotifyType = 36
	FAILED_CP_REQUIRED            NotifyType = 37
	TS_UNACCEPTABLE               NotifyType = 38
	INVALID_SELECTORS             NotifyType = 39
	TEMPORARY_FAILURE             NotifyType = 43
	CHILD_SA_NOT_FOUND            NotifyType = 44
	INITIAL_CONTACT               NotifyType = 16384
	SET_WINDOW_SIZE               NotifyType = 16385
	ADDITIONAL_TS_POSSIBLE        NotifyType = 16386
	IPCOMP_SUPPORTED              NotifyType = 16387
	NAT_DETECTION_SOURCE_IP       NotifyType = 16388
	NAT_DETECTION_DESTINATION_IP  NotifyType = 16389
	COOKIE                        NotifyType = 16390
	USE_TRANSPORT_MODE            NotifyType = 16391
	HTTP_CERT_LOOKUP_SUPPORTED    NotifyType = 16392
	REKEY_SA                      NotifyType = 16393
	ESP_TFC_PADDING_NOT_SUPPORTED NotifyType = 16394
	NON_FIRST_FRAGMENTS_ALSO      NotifyType = 16395
	MOBIKE_SUPPORTED              NotifyType = 16396
	MULTIPLE_AUTH_SUPPORTED       NotifyType = 16404
	REDIRECT_SUPPORTED            NotifyType = 16406
	IKEV2_FRAGMENTATION_SUPPORTED NotifyType = 16430
	SIGNATURE_HASH_ALGORITHMS     NotifyType = 16431
)

var notifyNames = map[NotifyType]string{
	UNSUPPORTED_CRITICAL_PAYLOAD: "UNSUPPORTED_CRITICAL_PAYLOAD", INVALID_IKE_SPI: "INVALID_IKE_SPI",
	INVALID_MAJOR_VERSION: "INVALID_MAJOR_VERSION", INVALID_SYNTAX: "INVALID_SYNTAX", INVALID_MESSAGE_ID: "INVALID_MESSAGE_ID",
	INVALID_SPI: "INVALID_SPI", NO_PROPOSAL_CHOSEN: "NO_PROPOSAL_CHOSEN", INVALID_KE_PAYLOAD: "INVALID_KE_PAYLOAD",
	AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED", SINGLE_PAIR_REQUIRED: "SINGLE_PAIR_REQUIRED",
	NO_ADDITIONAL_SAS: "NO_ADDITIONAL_SAS", INTERNAL_ADDRESS_FAILURE: "INTERNAL_ADDRESS_FAILURE",
	FAILED_CP_REQUIRED: "FAILED_CP_REQUIRED", TS_UNACCEPTABLE: "TS_UNACCEPTABLE", INVALID_SELECTORS: "INVALID_SELECTORS",
	TEMPORARY_FAILURE: "TEMPORARY_FAILURE", CHILD_SA_NOT_FOUND: "CHILD_SA_NOT_FOUND",
	INITIAL_CONTACT: "INITIAL_CONTACT", SET_WINDOW_SIZE: "SET_WINDOW_SIZE", ADDITIONAL_TS_POSSIBLE: "ADDITIONAL_TS_POSSIBLE",
	IPCOMP_SUPPORTED: "IPCOMP_SUPPORTED", NAT_DETECTION_SOURCE_IP: "NAT_DETECTION_SOURCE_IP",
	NAT_DETECTION_DESTINATION_IP: "NAT_DETECTION_DESTINATION_IP", COOKIE: "COOKIE", USE_TRANSPORT_MODE: "USE_TRANSPORT_MODE",
	HTTP_CERT_LOOKUP_SUPPORTED: "HTTP_CERT_LOOKUP_SUPPORTED", REKEY_SA: "REKEY_SA",
	ESP_TFC_PADDING_NOT_SUPPORTED: "ESP_TFC_PADDING_NOT_SUPPORTED", NON_FIRST_FRAGMENTS_ALSO: "NON_FIRST_FRAGMENTS_ALSO",
	MOBIKE_SUPPORTED: "MOBIKE_SUPPORTED", MULTIPLE_AUTH_SUPPORTED: "MULTIPLE_AUTH_SUPPORTED",
	REDIRECT_SUPPORTED: "REDIRECT_SUPPORTED", IKEV2_FRAGMENTATION_SUPPORTED: "IKEV2_FRAGMENTATION_SUPPORTED",
	SIGNATURE_HASH_ALGORITHMS: "SIGNATURE_HASH_ALGORITHMS",
}

// String is the RFC's name.
func (n NotifyType) String() string { return nameOr(notifyNames, n) }

// IsError says whether the notify reports an error (RFC 7296 3.10.1).
func (n NotifyType) IsError() bool { return n < 16384 }

// nameOr is the name of a number, or as IOS prints one that it does not know.
func nameOr[T ~uint8 | ~uint16](names map[T]string, id T) string {
	if name, ok := names[id]; ok {
		return name
	}
	return "Unknown - " + strconv.Itoa(int(id))
}
