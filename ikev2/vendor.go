package ikev2

import (
	"crypto/md5"
	"crypto/sha1"
)

// The vendor ids that IOS sends. The octets of CISCO-GRANITE are not public;
// the MD5 of its name stands for them.
const (
	vendorDeleteReason = "CISCO-DELETE-REASON"
	vendorFlexVPN      = "FLEXVPN-SUPPORTED"
)

func vendorGranite() []byte {
	sum := md5.Sum([]byte("CISCO-GRANITE"))
	return sum[:]
}

// VendorName is the name of a vendor id that we know, "" of another.
func VendorName(data []byte) string {
	switch string(data) {
	case vendorDeleteReason, vendorFlexVPN:
		return string(data)
	case string(vendorGranite()):
		return "CISCO-GRANITE"
	}
	return ""
}

// rootHashes stand for the five certificate authorities built into the image
// (CERTREQ, RFC 7296 3.7: SHA-1 of each public key).
func rootHashes() []byte {
	var list []byte
	for _, name := range []string{"ikelab root 1", "ikelab root 2", "ikelab root 3", "ikelab root 4", "ikelab root 5"} {
		sum := sha1.Sum([]byte(name))
		list = append(list, sum[:]...)
	}
	return list
}
