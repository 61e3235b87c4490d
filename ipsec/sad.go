package ipsec

import (
	"cmp"
	"fmt"
	"slices"
)

// SAD is the security association database: the inbound associations by SPI
// (RFC 4301 section 4.4.2; one receiver, so the SPI alone tells them apart).
// The zero value is empty and ready.
type SAD struct {
	bySPI map[SPI]*Inbound
}

// Add enters in. An SPI in use gives ErrDuplicate and changes nothing.
func (d *SAD) Add(in *Inbound) error {
	spi := in.params.SPI
	if d.bySPI[spi] != nil {
		return fmt.Errorf("%w: %#08x", ErrDuplicate, uint32(spi))
	}
	if d.bySPI == nil {
		d.bySPI = make(map[SPI]*Inbound)
	}
	d.bySPI[spi] = in
	return nil
}

// Lookup finds the association with spi, nil if there is none.
func (d *SAD) Lookup(spi SPI) *Inbound { return d.bySPI[spi] }

// Delete removes the association with spi and reports whether there was one.
func (d *SAD) Delete(spi SPI) bool {
	_, ok := d.bySPI[spi]
	delete(d.bySPI, spi)
	return ok
}

// All lists the associations in order of SPI.
func (d *SAD) All() []*Inbound {
	out := make([]*Inbound, 0, len(d.bySPI))
	for _, in := range d.bySPI {
		out = append(out, in)
	}
	slices.SortFunc(out, func(a, b *Inbound) int { return cmp.Compare(a.params.SPI, b.params.SPI) })
	return out
}

// Len is the number of associations.
func (d *SAD) Len() int { return len(d.bySPI) }
