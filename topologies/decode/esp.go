package decode

import (
	"encoding/binary"
	"errors"
	"fmt"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
)

// ESP is what an ESP packet says.
type ESP struct {
	SPI      ipsec.SPI
	Sequence uint32 // as it stands in the packet
	Octets   int
	Opened   bool
	Verified bool   // by its ICV
	Dummy    bool   // RFC 4303 2.6
	Next     uint8  // of what was inside
	Inner    string // in a line
}

// esp verifies and opens a packet.
func (d *Decoder) esp(f *Found, b []byte) {
	d.Counts.ESP++
	f.What = "ESP"
	if len(b) < 8 {
		f.breaks(errShort)
		return
	}
	e := &ESP{SPI: ipsec.SPI(binary.BigEndian.Uint32(b)), Sequence: binary.BigEndian.Uint32(b[4:]), Octets: len(b)}
	f.ESP = e
	f.Problem = "there are no keys for it"
	for _, k := range d.keys.esp[e.SPI] {
		if !k.fits(f.From.Addr(), f.To.Addr()) {
			continue
		}
		inner, next, err := k.in.Open(nil, b)
		if errors.Is(err, esp.ErrIntegrity) || errors.Is(err, esp.ErrShort) {
			f.breaks(map[bool]error{true: errShort, false: errors.New("the ICV is wrong, or the keys are")}[errors.Is(err, esp.ErrShort)])
			continue // another row may have the same SPI
		}
		f.Problem, f.Broken = "", false
		e.Opened, e.Verified, e.Dummy, e.Next = err == nil, k.verifies, errors.Is(err, esp.ErrDummy), next
		if e.Verified {
			d.Verified++
		}
		switch {
		case err == nil:
			e.Inner = inside(next, inner, 0)
		case !e.Dummy:
			f.breaks(err)
		}
		return
	}
}

// String is what `ikelab decode` prints of it.
func (e *ESP) String() string {
	text := fmt.Sprintf("SPI 0x%08X sequence %d, %d octets", uint32(e.SPI), e.Sequence, e.Octets)
	switch {
	case e.Verified:
		text += ", ICV verified"
	case e.Opened:
		text += ", no ICV"
	}
	if e.Dummy {
		text += ": a dummy"
	}
	if e.Inner != "" {
		text += ": " + e.Inner
	}
	return text
}
