package iosconfig

import "cmp"

// The lifetime of an IPsec SA of which nothing is said.
const (
	DefaultSeconds   = 3600
	DefaultKilobytes = 4608000
)

// Lifetime of IPsec SAs. Zero values mean the default.
type Lifetime struct {
	Seconds          int
	Kilobytes        int64
	KilobytesDisable bool
}

// Within is the lifetime with what it inherits from another.
func (l Lifetime) Within(outer Lifetime) Lifetime {
	if l.Seconds == 0 {
		l.Seconds = outer.Seconds
	}
	if l.Kilobytes == 0 && !l.KilobytesDisable {
		l.Kilobytes, l.KilobytesDisable = outer.Kilobytes, outer.KilobytesDisable
	}
	return l
}

// Limits are what holds then; kilobytes 0: there is no limit.
func (l Lifetime) Limits() (seconds int, kilobytes int64) {
	kilobytes = cmp.Or(l.Kilobytes, DefaultKilobytes)
	if l.KilobytesDisable {
		kilobytes = 0
	}
	return cmp.Or(l.Seconds, DefaultSeconds), kilobytes
}
