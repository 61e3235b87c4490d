// Package propose is the negotiation of IKEv2 (RFC 7296 2.7, 3.3): what one
// side would take, what the other offers, and what comes of it. Pure functions
// on values.
//
//	menus := propose.Apart(menu)              // AEAD ciphers in proposals of their own
//	sa.Proposals = propose.Offer(menus, spi)  // as initiator
//	suite, p, err := propose.Choose(menus, sa.Proposals) // as responder
//	answer := suite.Answer(p, spi)
//	suite, p, err = propose.Chosen(menus, answer)        // as initiator again
//
// An error is a *Mismatch and shows both sides.
package propose
