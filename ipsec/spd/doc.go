// Package spd is the security policy of RFC 4301: traffic selectors, their
// intersection (RFC 7296 section 2.9) and an inner packet against them.
package spd

import "errors"

// ErrSelector refuses a selector that no packet can match.
var ErrSelector = errors.New("spd: invalid selector")
