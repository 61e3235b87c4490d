package keys

import "ikelab/ipsec"

// Job is a public-key operation as data: what to compute, on what. The zero
// Job computes nothing; it is a wait.
type Job struct {
	Exchange *ipsec.KeyExchange
	Secret   bool // the shared secret is wanted, else our public value
	Signing  *Signing
}

// Result is what came of it.
type Result struct {
	Octets []byte
	Err    error
}

// Idle says that the job computes nothing.
func (j Job) Idle() bool { return j.Exchange == nil && j.Signing == nil }

// Run computes. It reads nothing but the job and may run on any goroutine.
func (j Job) Run() Result {
	switch {
	case j.Signing != nil:
		sig, err := j.Signing.run()
		return Result{Octets: sig, Err: err}
	case j.Exchange == nil:
		return Result{}
	case !j.Secret:
		return Result{Octets: j.Exchange.Public()}
	}
	secret, err := j.Exchange.Secret()
	return Result{Octets: secret, Err: err}
}
