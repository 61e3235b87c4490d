package ikev2

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"

	"ikelab/ikev2/wire"
)

// The vendor ids that IOS sends.
const (
	vendorDeleteReason = "CISCO-DELETE-REASON"
	vendorFlexVPN      = "FLEXVPN-SUPPORTED"
)

// graniteMask is what IOS combines with its own SPI for the first half of
// CISCO-GRANITE. The second half is the same at both ends; how it is made is
// not known, so the two SPIs stand for it.
const graniteMask = 0x020001001337F347

func granite(own, spiI, spiR uint64) (b [16]byte) {
	binary.BigEndian.PutUint64(b[:], own^graniteMask)
	binary.BigEndian.PutUint64(b[8:], spiI^spiR)
	return b
}

func (n *naming) granite() [16]byte { return granite(n.localSPI(), n.spiI, n.spiR) }

// VendorName is the name of a vendor id that we know, in a message with this
// header; "" of another.
func VendorName(data []byte, h wire.Header) string {
	own := h.SPIr
	if h.FromInitiator() {
		own = h.SPIi
	}
	made := granite(own, h.SPIi, h.SPIr)
	switch string(data) {
	case vendorDeleteReason, vendorFlexVPN:
		return string(data)
	case string(made[:]):
		return "CISCO-GRANITE"
	}
	return ""
}

// rootHashes stand for the five certificate authorities built into the image
// (CERTREQ, RFC 7296 3.7: SHA-1 of each public key).
var rootHashes = func() (list []byte) {
	for i := range 5 {
		sum := sha1.Sum(fmt.Append(nil, "ikelab root ", i+1))
		list = append(list, sum[:]...)
	}
	return list
}()

// rememberVendors keeps what the peer says that it can.
func rememberVendors(sa *ikeSA, m *wire.Message) {
	sa.fragments.hear(m)
	if sa.papers != nil {
		sa.papers.readHashes(m)
		sa.papers.readRequests(m)
	}
	sa.peerCan = m.Notify(wire.USE_PPK) != nil
	sa.peerChildless = m.Notify(wire.CHILDLESS_IKEV2_SUPPORTED) != nil
	for v := range wire.All[*wire.VendorID](m) {
		if string(v.Data) == vendorDeleteReason {
			sa.peerDeleteReason = true
		}
	}
}
