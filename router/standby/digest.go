package standby

import (
	"crypto/md5" // which is what HSRP has
	"crypto/subtle"
	"encoding/binary"
	"net/netip"
)

// digest is authentication by MD5: a TLV behind the message.
type digest struct {
	from netip.Addr // who has sent it
	sum  [md5.Size]byte
}

const (
	tlvMD5       = 4
	digestLen    = 28
	algorithmMD5 = 1
)

// parseDigest reads the TLV; nothing at all is none.
func parseDigest(b []byte) (*digest, bool) {
	if len(b) == 0 {
		return nil, true
	}
	if len(b) != 2+digestLen || b[0] != tlvMD5 || b[1] != digestLen || b[2] != algorithmMD5 {
		return nil, false
	}
	return &digest{from: netip.AddrFrom4([4]byte(b[6:10])), sum: [md5.Size]byte(b[14:])}, true
}

// sign adds the TLV to a message.
func sign(b []byte, from netip.Addr, key string) []byte {
	b = append(b, tlvMD5, digestLen, algorithmMD5, 0, 0, 0)
	b = append(b, from.AsSlice()...)
	b = append(b, make([]byte, 4+md5.Size)...) // the number of the key: none
	sum := keyed(b, key)
	copy(b[len(b)-md5.Size:], sum[:])
	return b
}

// signed says whether the last TLV of a message has the digest that a key gives it.
func signed(b []byte, d *digest, key string) bool {
	blank := make([]byte, len(b))
	copy(blank, b[:len(b)-md5.Size])
	sum := keyed(blank, key)
	return subtle.ConstantTimeCompare(sum[:], d.sum[:]) == 1
}

// keyed is the keyed MD5 of RFC 1828: of the key, filled up as MD5 does it with what it is alone, of the
// message, and of the key once more.
func keyed(b []byte, key string) [md5.Size]byte {
	const block, lengthAt = 64, 56
	key = key[:min(len(key), lengthAt-1)]
	all := make([]byte, block, block+len(b)+len(key))
	copy(all, key)
	all[len(key)] = 0x80
	binary.LittleEndian.PutUint32(all[lengthAt:], uint32(8*len(key)))
	return md5.Sum(append(append(all, b...), key...))
}
