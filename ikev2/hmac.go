package ikev2

import "ikelab/ipsec"

// hmacs is the room in which an engine computes HMACs, one after the other, for all its SAs.
type hmacs struct {
	prf  ipsec.PRFID // that room is of
	room *ipsec.HMAC
}

// of is the room of a PRF; nil of none.
func (h *hmacs) of(prf ipsec.PRFID) *ipsec.HMAC {
	if prf != h.prf {
		h.prf, h.room = prf, prf.New()
	}
	return h.room
}

// prf is an SA's.
func prf(sa *ikeSA) *ipsec.HMAC { return sa.hmacs.of(sa.suite.PRF) }

// icv is what authenticates messages of an SA; nil where the cipher does.
func icv(sa *ikeSA) *ipsec.HMAC {
	if sa.suite.Integ == ipsec.IntegNone {
		return nil
	}
	return sa.hmacs.of(sa.suite.Integ.PRF())
}
