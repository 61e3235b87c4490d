package ipsec

import "fmt"

// How algorithms and SPIs are written where a machine reads them: by their
// names, groups by their numbers, and SPIs as protocols dump them.

// MarshalText is the name that String gives.
func (e Encr) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// MarshalText is the name that String gives.
func (i IntegID) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// MarshalText is the name that String gives.
func (p PRFID) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// MarshalText is the SPI in hexadecimal: 0x6B74CB79.
func (s SPI) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "0x%08X", uint32(s)), nil }
