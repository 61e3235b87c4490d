package wire

import (
	"maps"
	"slices"
	"strconv"
)

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
	TypeSKF      PayloadType = 53 // RFC 7383
)

var payloadNames = map[PayloadType]string{
	NoNext: "NONE", TypeSA: "SA", TypeKE: "KE", TypeIDi: "IDi", TypeIDr: "IDr", TypeCert: "CERT", TypeCertReq: "CERTREQ",
	TypeAuth: "AUTH", TypeNonce: "N", TypeNotify: "NOTIFY", TypeDelete: "DELETE", TypeVendorID: "VID",
	TypeTSi: "TSi", TypeTSr: "TSr", TypeSK: "ENCR", TypeCP: "CFG", TypeEAP: "EAP", TypeSKF: "SKF",
}

// String is the name that IOS's debug prints.
func (t PayloadType) String() string { return nameOr(payloadNames, t) }

// PayloadNames are the names of all payload types, by number.
func PayloadNames() []string { return namesIn(payloadNames) }

// sealed says whether payloads stand inside, which its next field names.
func (t PayloadType) sealed() bool { return t == TypeSK || t == TypeSKF }

// ExchangeType is an IKEv2 exchange (RFC 7296 3.1, RFC 9242, RFC 9370).
type ExchangeType uint8

// The exchanges, named as the RFC writes them.
const (
	IKE_SA_INIT      ExchangeType = 34
	IKE_AUTH         ExchangeType = 35
	CREATE_CHILD_SA  ExchangeType = 36
	INFORMATIONAL    ExchangeType = 37
	IKE_INTERMEDIATE ExchangeType = 43
	IKE_FOLLOWUP_KE  ExchangeType = 44
)

var exchangeNames = map[ExchangeType]string{
	IKE_SA_INIT: "IKE_SA_INIT", IKE_AUTH: "IKE_AUTH", CREATE_CHILD_SA: "CREATE_CHILD_SA", INFORMATIONAL: "INFORMATIONAL",
	IKE_INTERMEDIATE: "IKE_INTERMEDIATE", IKE_FOLLOWUP_KE: "IKE_FOLLOWUP_KE",
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

// SPI sizes in octets (RFC 7296 3.3.1).
const (
	ikeSPILen   = 8
	childSPILen = 4
)

func (p ProtocolID) known() bool { return p == ProtoIKE || p.child() }
func (p ProtocolID) child() bool { return p == ProtoAH || p == ProtoESP }

var protocolNames = map[ProtocolID]string{ProtoIKE: "IKE", ProtoAH: "AH", ProtoESP: "ESP"}

// String is the RFC's name.
func (p ProtocolID) String() string { return nameOr(protocolNames, p) }

// TransformType is a transform type (RFC 7296 3.3.2, RFC 9370 2.2.1).
type TransformType uint8

// The transform types.
const (
	TypeEncr  TransformType = 1
	TypePRF   TransformType = 2
	TypeInteg TransformType = 3
	TypeDH    TransformType = 4
	TypeESN   TransformType = 5
	TypeADDKE TransformType = 6 // the first of seven additional key exchanges
)

// MaxADDKE is how many additional key exchanges there may be.
const MaxADDKE = 7

var transformTypeNames = map[TransformType]string{
	TypeEncr: "ENCR", TypePRF: "PRF", TypeInteg: "INTEG", TypeDH: "D-H", TypeESN: "ESN",
	TypeADDKE: "ADDKE1", TypeADDKE + 1: "ADDKE2", TypeADDKE + 2: "ADDKE3", TypeADDKE + 3: "ADDKE4", TypeADDKE + 4: "ADDKE5",
	TypeADDKE + 5: "ADDKE6", TypeADDKE + 6: "ADDKE7",
}

// String is the RFC's name.
func (t TransformType) String() string { return nameOr(transformTypeNames, t) }

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

var idNames = map[IDType]string{
	IDIPv4Addr: "ID_IPV4_ADDR", IDFQDN: "ID_FQDN", IDRFC822: "ID_RFC822_ADDR", IDIPv6Addr: "ID_IPV6_ADDR",
	IDDERASN1DN: "ID_DER_ASN1_DN", IDDERASN1GN: "ID_DER_ASN1_GN", IDKeyID: "ID_KEY_ID",
}

// String is the RFC's name.
func (t IDType) String() string { return nameOr(idNames, t) }

// AuthMethod is an authentication method (RFC 7296 3.8).
type AuthMethod uint8

// The methods.
const (
	AuthRSASignature AuthMethod = 1
	AuthSharedKey    AuthMethod = 2
	AuthDSSSignature AuthMethod = 3
	AuthECDSA256     AuthMethod = 9  // RFC 4754
	AuthECDSA384     AuthMethod = 10 // RFC 4754
	AuthECDSA521     AuthMethod = 11 // RFC 4754
	AuthNull         AuthMethod = 13 // RFC 7619
	AuthDigital      AuthMethod = 14 // RFC 7427
)

var authNames = map[AuthMethod]string{
	AuthRSASignature: "RSA Digital Signature", AuthSharedKey: "Shared Key Message Integrity Code",
	AuthDSSSignature: "DSS Digital Signature", AuthECDSA256: "ECDSA with SHA-256 on the P-256 curve",
	AuthECDSA384: "ECDSA with SHA-384 on the P-384 curve", AuthECDSA521: "ECDSA with SHA-512 on the P-521 curve",
	AuthNull: "NULL Authentication", AuthDigital: "Digital Signature",
}

// String is the RFC's name.
func (a AuthMethod) String() string { return nameOr(authNames, a) }

// CPType is a kind of configuration payload (RFC 7296 3.15).
type CPType uint8

// The kinds.
const (
	CFGRequest CPType = 1
	CFGReply   CPType = 2
	CFGSet     CPType = 3
	CFGAck     CPType = 4
)

var cpNames = map[CPType]string{
	CFGRequest: "CFG_REQUEST", CFGReply: "CFG_REPLY", CFGSet: "CFG_SET", CFGAck: "CFG_ACK",
}

// String is the RFC's name.
func (t CPType) String() string { return nameOr(cpNames, t) }

// CPAttrType is a configuration attribute (RFC 7296 3.15.1).
type CPAttrType uint16

// The attributes of RFC 7296.
const (
	INTERNAL_IP4_ADDRESS CPAttrType = 1
	INTERNAL_IP4_NETMASK CPAttrType = 2
	INTERNAL_IP4_DNS     CPAttrType = 3
	INTERNAL_IP4_NBNS    CPAttrType = 4
	INTERNAL_IP4_DHCP    CPAttrType = 6
	APPLICATION_VERSION  CPAttrType = 7
	INTERNAL_IP6_ADDRESS CPAttrType = 8
	INTERNAL_IP6_DNS     CPAttrType = 10
	INTERNAL_IP6_DHCP    CPAttrType = 12
	INTERNAL_IP4_SUBNET  CPAttrType = 13
	SUPPORTED_ATTRIBUTES CPAttrType = 14
	INTERNAL_IP6_SUBNET  CPAttrType = 15
)

// Attributes of Cisco's among those for private use, which other implementations take
// too, by the names of the Unity client; IOS XE calls the last one config-url.
const (
	UNITY_BANNER         CPAttrType = 28672
	UNITY_DEF_DOMAIN     CPAttrType = 28674
	UNITY_SPLITDNS_NAME  CPAttrType = 28675
	UNITY_BACKUP_SERVERS CPAttrType = 28681
	CISCO_CONFIG_URL     CPAttrType = 28692
)

var cpAttrNames = map[CPAttrType]string{
	INTERNAL_IP4_ADDRESS: "INTERNAL_IP4_ADDRESS", INTERNAL_IP4_NETMASK: "INTERNAL_IP4_NETMASK",
	INTERNAL_IP4_DNS: "INTERNAL_IP4_DNS", INTERNAL_IP4_NBNS: "INTERNAL_IP4_NBNS", INTERNAL_IP4_DHCP: "INTERNAL_IP4_DHCP",
	APPLICATION_VERSION: "APPLICATION_VERSION", INTERNAL_IP6_ADDRESS: "INTERNAL_IP6_ADDRESS",
	INTERNAL_IP6_DNS: "INTERNAL_IP6_DNS", INTERNAL_IP6_DHCP: "INTERNAL_IP6_DHCP", INTERNAL_IP4_SUBNET: "INTERNAL_IP4_SUBNET",
	SUPPORTED_ATTRIBUTES: "SUPPORTED_ATTRIBUTES", INTERNAL_IP6_SUBNET: "INTERNAL_IP6_SUBNET",
	UNITY_BANNER: "UNITY_BANNER", UNITY_DEF_DOMAIN: "UNITY_DEF_DOMAIN", UNITY_SPLITDNS_NAME: "UNITY_SPLITDNS_NAME",
	UNITY_BACKUP_SERVERS: "UNITY_BACKUP_SERVERS", CISCO_CONFIG_URL: "CISCO_CONFIG_URL",
}

// String is the RFC's name.
func (t CPAttrType) String() string { return nameOr(cpAttrNames, t) }

// namesIn are the names of a registry in the order of their numbers.
func namesIn[T ~uint8 | ~uint16](names map[T]string) []string {
	list := make([]string, 0, len(names))
	for _, id := range slices.Sorted(maps.Keys(names)) {
		list = append(list, names[id])
	}
	return list
}

// nameOr is the name of a number, or as IOS prints one that it does not know.
func nameOr[T ~uint8 | ~uint16](names map[T]string, id T) string {
	if name, ok := names[id]; ok {
		return name
	}
	return "Unknown - " + strconv.Itoa(int(id))
}
