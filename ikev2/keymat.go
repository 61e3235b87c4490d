package ikev2

import "ikelab/ikev2/keys"

// genSKEYID derives the first keys of an SA.
func genSKEYID(e *Engine, x *exchange) answer {
	return e.deriveKeys(x, x.sa, keys.Seed(x.sa.suite.PRF, x.nonces, x.secret()))
}

// rekeySKEYID derives the keys of an SA that replaces another.
func rekeySKEYID(e *Engine, x *exchange) answer {
	return e.deriveKeys(x, x.next, keys.RekeySeed(x.sa.suite.PRF, x.sa.keys.D, x.secret(), x.nonces))
}

// deriveKeys makes the keys of an SA and tells observers.
func (e *Engine) deriveKeys(x *exchange, sa *ikeSA, seed []byte) answer {
	s := sa.suite
	k := keys.Derive(s.PRF, s.Encr, s.Integ, seed, x.nonces, sa.spiI, sa.spiR)
	if _, err := k.Cipher(true); err != nil {
		return x.failWith(ReasonInvalid, 0, CauseNoProposal)
	}
	sa.keys = k
	e.emit(Keys{SA: sa.ref(), Encr: s.Encr, Integ: s.Integ, EncrI: k.EI, EncrR: k.ER, AuthI: k.AI, AuthR: k.AR})
	return yes
}
