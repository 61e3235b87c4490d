package crypto

import "fmt"

// Fault is why a packet is refused. It is an error: errors.Is(err, ErrPolicy).
type Fault uint8

// Why a packet is refused, beside the faults of package esp.
const (
	ErrOuter      Fault = iota // IPv6, which transport mode does not carry here
	ErrNextHeader              // tunnel mode carries protocol 4
	ErrInner                   // not a whole IPv4 packet
	ErrPolicy                  // inner packet outside the selectors (RFC 4301 section 5.2 step 4)
	ErrECN                     // congestion mark on a packet that cannot carry it (RFC 6040 section 4.2)
	ErrLong                    // longer than any IPv4 packet once it is sealed
	faults
)

var faultNames = [faults]string{
	ErrOuter: "transport mode in ipv6", ErrNextHeader: "next header is not ip", ErrInner: "malformed inner packet",
	ErrPolicy: "inner packet outside the selectors", ErrECN: "congestion mark on a packet that cannot carry it", ErrLong: "too long",
}

func (f Fault) Error() string {
	if f >= faults {
		return fmt.Sprintf("crypto: fault %d", uint8(f))
	}
	return "crypto: " + faultNames[f]
}

// refusals count what one direction has refused.
type refusals uint64

func (r *refusals) refuse(f Fault) error {
	*r++
	return f
}
