package ipsec

import "fmt"

// SAD is the security association database: what its owner keeps for each
// inbound SPI (RFC 4301 section 4.4.2; one receiver, so the SPI alone tells
// associations apart). The zero value is empty and ready.
type SAD[A any] struct {
	bySPI map[SPI]A
}

// Add enters an association. An SPI in use gives ErrDuplicate and changes
// nothing.
func (d *SAD[A]) Add(spi SPI, a A) error {
	if _, ok := d.bySPI[spi]; ok {
		return fmt.Errorf("%w: %#08x", ErrDuplicate, uint32(spi))
	}
	if d.bySPI == nil {
		d.bySPI = make(map[SPI]A)
	}
	d.bySPI[spi] = a
	return nil
}

// Lookup finds the association with spi, the zero value if there is none.
func (d *SAD[A]) Lookup(spi SPI) A { return d.bySPI[spi] }

// Delete removes the association with spi and returns it, the zero value if
// there was none.
func (d *SAD[A]) Delete(spi SPI) A {
	a := d.bySPI[spi]
	delete(d.bySPI, spi)
	return a
}

// Len is the number of associations.
func (d *SAD[A]) Len() int { return len(d.bySPI) }
