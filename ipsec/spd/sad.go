package spd

import (
	"errors"
	"fmt"

	"ikelab/ipsec"
	"ikelab/ipsec/few"
)

// ErrDuplicate refuses a second association with one SPI.
var ErrDuplicate = errors.New("spd: spi in use")

// SAD is the security association database: what its owner keeps for each
// inbound SPI (RFC 4301 section 4.4.2; one receiver, so the SPI alone tells
// associations apart). The zero value is empty and ready.
type SAD[A any] struct {
	bySPI few.Map[ipsec.SPI, A]
}

// Add enters an association. An SPI in use gives ErrDuplicate and changes
// nothing.
func (d *SAD[A]) Add(spi ipsec.SPI, a A) error {
	if _, ok := d.bySPI.Find(spi); ok {
		return fmt.Errorf("%w: %#08x", ErrDuplicate, uint32(spi))
	}
	d.bySPI.Put(spi, a)
	return nil
}

// Lookup finds the association with spi, the zero value if there is none.
func (d *SAD[A]) Lookup(spi ipsec.SPI) A { return d.bySPI.Get(spi) }

// Delete removes the association with spi and returns it, the zero value if
// there was none.
func (d *SAD[A]) Delete(spi ipsec.SPI) A {
	a := d.bySPI.Get(spi)
	d.bySPI.Delete(spi)
	return a
}

// Len is the number of associations.
func (d *SAD[A]) Len() int { return d.bySPI.Len() }
