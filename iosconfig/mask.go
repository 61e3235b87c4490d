package iosconfig

import (
	"encoding/binary"
	"net/netip"
)

// MaskOf returns the mask in dotted decimals.
func MaskOf(p netip.Prefix) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(^uint64(0)<<(32-p.Bits())))
	return netip.AddrFrom4(b).String()
}
