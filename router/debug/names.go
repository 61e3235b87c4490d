package debug

import "ikelab/ikev2/wire"

// The names that only debugs print.

var protocolNames = map[wire.ProtocolID]string{wire.ProtoIKE: "IKE", wire.ProtoAH: "AH", wire.ProtoESP: "ESP"}

var idTypeNames = map[wire.IDType]string{
	1: "IPv4 address", 2: "FQDN", 3: "Email address", 5: "IPv6 address", 9: "DER ASN1 DN", 10: "DER ASN1 GN", 11: "key ID",
}

var authNames = map[wire.AuthMethod]string{1: "RSA", 2: "PSK", 3: "DSS", 9: "ECDSA-256", 10: "ECDSA-384", 11: "ECDSA-521"}

var certEncodings = map[uint8]string{4: "X.509 Certificate - signature", 12: "Hash and URL of PKIX", 13: "Hash and URL of PKIX bundle"}

var cfgTypes = map[wire.CPType]string{1: "CFG_REQUEST", 2: "CFG_REPLY", 3: "CFG_SET", 4: "CFG_ACK"}

var cfgAttributes = map[uint16]string{
	1: "internal IP4 address", 2: "internal IP4 netmask", 3: "internal IP4 DNS", 4: "internal IP4 NBNS",
	6: "internal IP4 DHCP", 7: "application version", 8: "internal IP6 address", 10: "internal IP6 DNS",
	12: "internal IP6 DHCP", 13: "internal IP4 subnet", 14: "supported attributes", 15: "internal IP6 subnet",
}
