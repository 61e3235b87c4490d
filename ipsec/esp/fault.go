package esp

import "fmt"

// Fault is why a packet is refused. It is an error: errors.Is(err, ErrReplay).
type Fault uint8

// Why a packet is refused, in the order of RFC 4303 section 3.4 and then what
// only a sender meets.
const (
	ErrShort     Fault = iota // too short, or its ciphertext is no number of blocks
	ErrSPI                    // of another association
	ErrReplay                 // seen, or older than the window (section 3.4.3)
	ErrIntegrity              // the integrity check failed (section 3.4.4.1)
	ErrPadding                // not 1, 2, 3, ... (section 2.4)
	ErrDummy                  // next header 59, to be discarded silently (section 2.6)
	ErrSequence               // sequence numbers are used up (section 3.3.3)
	ErrLong                   // longer than any IP packet
	faults
)

var faultNames = [faults]string{
	ErrShort: "too short or misaligned", ErrSPI: "not of this association", ErrReplay: "replayed or older than the window",
	ErrIntegrity: "integrity check failed", ErrPadding: "bad padding", ErrDummy: "dummy packet",
	ErrSequence: "sequence numbers exhausted", ErrLong: "too long",
}

func (f Fault) Error() string {
	if f >= faults {
		return fmt.Sprintf("esp: fault %d", uint8(f))
	}
	return "esp: " + faultNames[f]
}

// Refused is the error of Seal and Open: the fault with the numbers to it.
type Refused struct {
	Fault    Fault
	Sequence uint64 // of the packet, where that is known
	Got      uint64 // what was found
	Limit    uint64 // what it is measured against: octets, an SPI, the highest sequence number accepted
}

func (r *Refused) Error() string {
	switch r.Fault {
	case ErrReplay:
		return fmt.Sprintf("%v: sequence number %d, highest %d", r.Fault, r.Sequence, r.Limit)
	case ErrIntegrity, ErrDummy:
		return fmt.Sprintf("%v: sequence number %d", r.Fault, r.Sequence)
	case ErrSPI:
		return fmt.Sprintf("%v: spi %#08x, must be %#08x", r.Fault, r.Got, r.Limit)
	}
	return fmt.Sprintf("%v: %d, limit %d", r.Fault, r.Got, r.Limit)
}

// Late says whether the integrity check failed for a number that may have come late rather than for what
// was changed: one below the window is taken for one of the next 2^32 where numbers have 64 bits (RFC 4303
// appendix A2.2), and who sealed it had another one in mind.
func (r *Refused) Late() bool {
	return r.Fault == ErrIntegrity && r.Sequence > r.Limit && r.Sequence-r.Limit > blindReach
}

// Unwrap is the fault.
func (r *Refused) Unwrap() error { return r.Fault }
