// Package spd is the databases of RFC 4301: traffic selectors, their
// intersection (RFC 7296 section 2.9), an inner packet against them, the
// policy entries in their order, and the security associations by SPI.
package spd

import "errors"

// ErrSelector refuses a selector that no packet can match.
var ErrSelector = errors.New("spd: invalid selector")
