package pki

import "time"

// Problem is what is wrong with a certificate.
type Problem uint8

// The problems.
const (
	Fine         Problem = iota
	Malformed            // not a certificate that can be read
	Untrusted            // no authority of ours has signed it, nor one that was sent along
	Broken               // the signature of its authority does not verify
	NotYetValid          // valid only later
	Expired              // no longer valid
	WrongUsage           // made for something else
	WrongKey             // its key is none that signs here
	Revoked              // its authority has taken it back
	NoRevocation         // whether it was, cannot be found out
	WrongName            // it is not that of who claims to be
)

var problemNames = [...]string{
	"fine", "malformed", "no trusted authority", "signature of the authority does not verify", "not yet valid", "expired", "made for another use",
	"key not for signatures", "revoked", "revocation unknown", "another name",
}

// String names the problem in records.
func (p Problem) String() string { return problemNames[p] }

// Fault says which certificate of a chain is refused, and why.
type Fault struct {
	Problem Problem
	Subject string // of the certificate, as IOS writes names; "": it cannot be read
	Issuer  string
	Serial  string    // in hexadecimal
	From    time.Time // validity
	To      time.Time
}

// Error makes a fault an error.
func (f *Fault) Error() string { return "pki: " + f.Subject + ": " + f.Problem.String() }
