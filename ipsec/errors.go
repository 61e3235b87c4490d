package ipsec

import "errors"

// Why octets are refused, or what is to be set up. Test with errors.Is; the
// error itself carries the numbers.
var (
	ErrShort     = errors.New("ipsec: too short or misaligned") // no room for header, IV, padding and ICV
	ErrIntegrity = errors.New("ipsec: integrity check failed")
	ErrTransform = errors.New("ipsec: unusable transform")
	ErrKey       = errors.New("ipsec: wrong key length")
	ErrPublic    = errors.New("ipsec: invalid public value") // RFC 6989 section 2
	ErrParams    = errors.New("ipsec: invalid parameters")
)
