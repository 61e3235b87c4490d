package spd

import (
	"errors"
	"fmt"

	"ikelab/ipsec"
)

// ErrDuplicate refuses a second association with one SPI.
var ErrDuplicate = errors.New("spd: spi in use")

// SAD is the security association database: what its owner keeps for each
// inbound SPI (RFC 4301 section 4.4.2; one receiver, so the SPI alone tells
// associations apart). The zero value is empty and ready.
type SAD[A any] struct {
	bySPI map[ipsec.SPI]A
}

// Add enters an association. An SPI in use gives ErrDuplicate and changes
// nothing.
func (d *SAD[A]) Add(spi ipsec.SPI, a A) error {
	if _, ok := d.bySPI[spi]; ok {
		return fmt.Errorf("%w: %#08x", ErrDuplicate, uint32(spi))
	}
	if d.bySPI == nil {
		d.bySPI = make(map[ipsec.SPI]A)
	}
	d.bySPI[spi] = a
	return nil
}

// Lookup finds the association with spi, the zero value if there is none.
func (d *SAD[A]) Lookup(spi ipsec.SPI) A { return d.bySPI[spi] }

// Delete removes the association with spi and returns it, the zero value if
// there was none.
func (d *SAD[A]) Delete(spi ipsec.SPI) A {
	a := d.bySPI[spi]
	delete(d.bySPI, spi)
	return a
}

// Len is the number of associations.
func (d *SAD[A]) Len() int { return len(d.bySPI) }
