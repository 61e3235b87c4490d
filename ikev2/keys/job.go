package keys

import "ikelab/ipsec"

// Job is a public-key operation as data: what to compute, on what. The zero
// Job computes nothing; it is a wait.
type Job struct {
	Private *ipsec.PrivateKey
	Peer    []byte // nil: the public value is wanted, else the shared secret
}

// Result is what came of it.
type Result struct {
	Octets []byte
	Err    error
}

// Run computes. It reads nothing but the job and may run on any goroutine.
func (j Job) Run() Result {
	switch {
	case j.Private == nil:
		return Result{}
	case j.Peer == nil:
		return Result{Octets: j.Private.Public()}
	}
	secret, err := j.Private.Shared(j.Peer)
	return Result{Octets: secret, Err: err}
}
