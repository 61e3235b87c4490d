package router

import (
	"fmt"
	"strconv"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// The names that IOS 15.1 prints for IANA numbers, in debugs and screens.
// They are not the RFC's names, so they live here and not in wire.

var encrNames = map[ipsec.EncrID]string{
	ipsec.EncrDES: "DES", ipsec.Encr3DES: "3DES", ipsec.EncrNULL: "NULL",
	ipsec.EncrAESCBC: "AES-CBC", ipsec.EncrAESGCM16: "AES-GCM",
}

var prfNames = map[ipsec.PRFID]string{
	ipsec.PRFMD5: "MD5", ipsec.PRFSHA1: "SHA1", ipsec.PRFSHA256: "SHA256", ipsec.PRFSHA384: "SHA384", ipsec.PRFSHA512: "SHA512",
}

var integNames = map[ipsec.IntegID]string{
	ipsec.IntegNone: "None", ipsec.IntegMD5: "MD596", ipsec.IntegSHA1: "SHA96", ipsec.IntegSHA256: "SHA256",
	ipsec.IntegSHA384: "SHA384", ipsec.IntegSHA512: "SHA512",
}

var groupNames = map[ipsec.Group]string{
	1: "DH_GROUP_768_MODP/Group 1", 2: "DH_GROUP_1024_MODP/Group 2", 5: "DH_GROUP_1536_MODP/Group 5",
	14: "DH_GROUP_2048_MODP/Group 14", 15: "DH_GROUP_3072_MODP/Group 15", 16: "DH_GROUP_4096_MODP/Group 16",
	19: "DH_GROUP_256_ECP/Group 19", 20: "DH_GROUP_384_ECP/Group 20", 21: "DH_GROUP_521_ECP/Group 21",
	24: "DH_GROUP_2048_256_MODP/Group 24", 31: "DH_GROUP_25519/Group 31",
}

var esnNames = map[uint16]string{0: "Don't use ESN", 1: "Use ESN"}

// unknownName is how IOS prints a number that it has no name for.
func unknownName(n int) string { return "Unknown - " + strconv.Itoa(n) }

// named looks a number up in one of the tables.
func named[K ~uint8 | ~uint16](names map[K]string, k K) string {
	if s, ok := names[k]; ok {
		return s
	}
	return unknownName(int(k))
}

// encrWithSize is a cipher as `show` lists it: "AES-CBC-128", "3DES".
func encrWithSize(e ipsec.Encr) string {
	if e.KeyBits == 0 {
		return named(encrNames, e.ID)
	}
	return fmt.Sprintf("%s-%d", named(encrNames, e.ID), e.KeyBits)
}

// transformName is the name in a proposal's dump; key sizes are not printed.
func transformName(t wire.Transform) string {
	switch t.Type {
	case wire.TypeEncr:
		return named(encrNames, ipsec.EncrID(t.ID))
	case wire.TypePRF:
		return named(prfNames, ipsec.PRFID(t.ID))
	case wire.TypeInteg:
		return named(integNames, ipsec.IntegID(t.ID))
	case wire.TypeDH:
		return named(groupNames, ipsec.Group(t.ID))
	case wire.TypeESN:
		return named(esnNames, t.ID)
	}
	return unknownName(int(t.ID))
}

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

// notifyNames are the notifies that IOS shortens; the rest keep the RFC's name.
var notifyNames = map[wire.NotifyType]string{16394: "ESP_TFC_NO_SUPPORT", 16395: "NON_FIRST_FRAGS"}

func notifyName(t wire.NotifyType) string {
	if s, ok := notifyNames[t]; ok {
		return s
	}
	return t.String()
}
