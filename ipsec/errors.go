package ipsec

import "errors"

// Why a packet is refused. Test with errors.Is; the error itself carries the
// numbers.
var (
	ErrShort      = errors.New("ipsec: too short or misaligned")            // no room for header, IV, padding and ICV
	ErrOuter      = errors.New("ipsec: not a whole esp packet of this sa")  // outer header: version, protocol, fragment, SPI
	ErrReplay     = errors.New("ipsec: replayed or older than the window")  // RFC 4303 section 3.4.3
	ErrIntegrity  = errors.New("ipsec: integrity check failed")             // RFC 4303 section 3.4.4.1
	ErrPadding    = errors.New("ipsec: bad padding")                        // not 1, 2, 3, ... (RFC 4303 section 2.4)
	ErrNextHeader = errors.New("ipsec: next header is not ipv4")            // tunnel mode carries protocol 4
	ErrDummy      = errors.New("ipsec: dummy packet")                       // next header 59, discarded silently (RFC 4303 section 2.6)
	ErrInner      = errors.New("ipsec: malformed inner packet")             // not a whole IPv4 packet
	ErrPolicy     = errors.New("ipsec: inner packet outside the selectors") // RFC 4301 section 5.2 step 4
	ErrECN        = errors.New("ipsec: congestion mark on a packet that cannot carry it")
	ErrSequence   = errors.New("ipsec: sequence numbers exhausted") // RFC 4303 section 3.3.3
)

// What is refused when something is set up rather than carried.
var (
	ErrTransform = errors.New("ipsec: unusable transform")
	ErrKey       = errors.New("ipsec: wrong key length")
	ErrPublic    = errors.New("ipsec: invalid public value") // RFC 6989 section 2
	ErrParams    = errors.New("ipsec: invalid parameters")
	ErrDuplicate = errors.New("ipsec: spi in use")
)
