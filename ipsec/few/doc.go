// Package few is maps that mostly have an entry or two: of a hub's peers and tunnels there are
// thousands, of each of its spokes' one.
//
//	var m few.Map[ipsec.SPI, *pair]
//	m.Put(spi, p)
//	p = m.Get(spi)
//	for spi, p := range m.All() { … }
package few
