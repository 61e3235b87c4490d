package keys

import "ikelab/ipsec"

// Job is a public-key operation as data: what to compute, on what. The zero
// Job computes nothing; it is a wait.
type Job struct {
	Exchange *ipsec.KeyExchange
	Secret   bool // the shared secret is wanted, else our public value
}

// Result is what came of it.
type Result struct {
	Octets []byte
	Err    error
}

// Run computes. It reads nothing but the job and may run on any goroutine.
func (j Job) Run() Result {
	switch {
	case j.Exchange == nil:
		return Result{}
	case !j.Secret:
		return Result{Octets: j.Exchange.Public()}
	}
	secret, err := j.Exchange.Secret()
	return Result{Octets: secret, Err: err}
}
