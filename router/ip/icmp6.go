package ip

import "time"

// ICMPv6 (RFC 4443). Beyond this file its errors have the types and codes of ICMP that say
// the same.

const (
	unreachable6  = 1
	tooBig6       = 2
	timeExceeded6 = 3
	badParameter6 = 4
	echoRequest6  = 128
	echoReply6    = 129

	hopLimit = 64

	codeScope = 250 // no code of ICMP: beyond the scope of the source address
)

// errors6 are the errors that both have.
var errors6 = [...]struct{ kind, code, kind6, code6 uint8 }{
	{Unreachable, 0, unreachable6, 0},
	{Unreachable, codeHost, unreachable6, 3},
	{Unreachable, codeProhibited, unreachable6, 1},
	{Unreachable, codeScope, unreachable6, 2},
	{Unreachable, CodePort, unreachable6, 4},
	{Unreachable, codeProtocol, badParameter6, 1},
	{Unreachable, CodeFragmentationNeeded, tooBig6, 0},
	{TimeExceeded, 0, timeExceeded6, 0},
	{TimeExceeded, codeReassembly, timeExceeded6, 1},
}

// to6 is an error as ICMPv6 has it: there is no route where ICMP would say no host.
func to6(kind, code uint8) (uint8, uint8) {
	if kind == Unreachable && code == codeHost {
		code = 0
	}
	for _, e := range errors6 {
		if e.kind == kind && e.code == code {
			return e.kind6, e.code6
		}
	}
	return unreachable6, 0
}

// from6 is the way back; what ICMP has no code for is an unreachable host.
func from6(kind, code uint8) (uint8, uint8) {
	for _, e := range errors6 {
		if e.kind6 == kind && e.code6 == code {
			return e.kind, e.code
		}
	}
	if kind == tooBig6 {
		return Unreachable, CodeFragmentationNeeded
	}
	return Unreachable, codeHost
}

// errorBucket is how many errors may leave at once, and how soon there is room for one
// more (RFC 4443 section 2.4 (f); IOS: ipv6 icmp error-interval).
type errorBucket struct {
	at   time.Time
	used int
}

const (
	errorInterval = 100 * time.Millisecond
	errorBurst    = 10
)

func (b *errorBucket) allow(now time.Time) bool {
	if back := int(now.Sub(b.at) / errorInterval); back > 0 {
		b.used, b.at = max(0, b.used-back), now
	}
	if b.used == errorBurst {
		return false
	}
	b.used++
	return true
}
