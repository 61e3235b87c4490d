package ipsec

// SPI is a security parameters index.
type SPI uint32

// Reserved reports whether no association may have the SPI: 1 to 255 are
// reserved and 0 is for local use (RFC 4303 section 2.1).
func (s SPI) Reserved() bool { return s < 256 }
