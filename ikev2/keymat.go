package ikev2

import (
	"encoding/binary"
	"slices"

	"ikelab/ipsec"
)

// genSKEYID derives the first keys of an SA (RFC 7296 2.14):
//
//	SKEYSEED = prf(Ni | Nr, g^ir)
func genSKEYID(e *Engine, x *exchange) answer {
	sa := x.sa
	e.note(sa, GenerateSKEYID)
	seed := sa.suite.prf.Sum(slices.Concat(x.nonceI, x.nonceR), x.secret)
	return e.deriveKeys(x, sa, seed)
}

// rekeySKEYID derives the keys of an SA that replaces another (RFC 7296 2.18),
// with the old SA's PRF:
//
//	SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr)
func rekeySKEYID(e *Engine, x *exchange) answer {
	e.note(x.sa, GenerateSKEYID)
	seed := x.sa.suite.prf.Sum(x.sa.skD, x.secret, x.nonceI, x.nonceR)
	return e.deriveKeys(x, x.next, seed)
}

// deriveKeys cuts the seven keys from prf+ and tells observers (RFC 7296 2.14):
//
//	{SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr}
//	               = prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr)
func (e *Engine) deriveKeys(x *exchange, sa *ikeSA, seed []byte) answer {
	s := sa.suite
	info := slices.Concat(x.nonceI, x.nonceR)
	info = binary.BigEndian.AppendUint64(info, sa.spiI)
	info = binary.BigEndian.AppendUint64(info, sa.spiR)
	p, a, c := s.prf.KeyLen(), s.integ.KeyLen(), s.encr.KeyLen()
	cut := cutter(s.prf.Plus(seed, info, 3*p+2*a+2*c))
	sa.skD = cut.next(p)
	authI, authR := cut.next(a), cut.next(a)
	encrI, encrR := cut.next(c), cut.next(c)
	sa.skPI, sa.skPR = cut.next(p), cut.next(p)

	toPeer, err := ipsec.NewCipher(s.encr, s.integ, encrI, authI)
	toUs, err2 := ipsec.NewCipher(s.encr, s.integ, encrR, authR)
	if err != nil || err2 != nil {
		return x.failWith(ReasonInvalid, 0, "suite without a cipher: "+s.encr.String())
	}
	if !sa.initiator {
		toPeer, toUs = toUs, toPeer
	}
	sa.sealer, sa.opener = toPeer, toUs
	e.emit(Keys{SA: sa.ref(), Encr: s.encr, Integ: s.integ, EncrI: encrI, EncrR: encrR, AuthI: authI, AuthR: authR})
	return yes
}

// cutter takes keys off the front of key material.
type cutter []byte

func (c *cutter) next(n int) []byte {
	key := (*c)[:n:n]
	*c = (*c)[n:]
	return key
}

// childKeys derives a child's keys (RFC 7296 2.17): the initiator's direction
// first, in each the encryption key before the integrity key. The secret of
// IKE_SA_INIT is none of the first child's: it is in SK_d already.
//
//	KEYMAT = prf+(SK_d, [g^ir (new)] | Ni | Nr)
func childKeys(x *exchange, s suite) (toResponder, toInitiator [2][]byte) {
	info := slices.Concat(x.nonceI, x.nonceR)
	if x.purpose != forInit {
		info = slices.Concat(x.secret, info)
	}
	c, a := s.encr.KeyLen(), s.integ.KeyLen()
	cut := cutter(x.sa.suite.prf.Plus(x.sa.skD, info, 2*(c+a)))
	toResponder = [2][]byte{cut.next(c), cut.next(a)}
	toInitiator = [2][]byte{cut.next(c), cut.next(a)}
	return toResponder, toInitiator
}
