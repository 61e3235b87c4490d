package logs

import (
	"slices"
	"strings"

	"ikelab/router/debug"
	"ikelab/router/debug/sentence"
)

// sentences are what lines of IKEv2 say, by their first word: what the renderer here prints, and
// what others print beside it.
var sentences = tableOf(false, meanings, theirs, slices.Concat(debug.Sayings(), passing))

// meanings are the sentences of the renderer from which something is learned, each with what.
var meanings = map[*sentence.Sentence]meaning{
	sentence.Trace:          traced,
	sentence.PacketSent:     func(r *reader, p []string) { r.passes(true, p[1], p[0]) },
	sentence.PacketReceived: func(r *reader, p []string) { r.passes(false, p[1], p[0]) },
	sentence.VendorParsed:   parsed,
	sentence.NotifyParsed:   parsed,
	sentence.Sealing:        func(r *reader, _ []string) { r.desk.seal() },
	sentence.OfferIKE:       func(r *reader, _ []string) { r.desk.list("IKE") },
	sentence.OfferESP:       func(r *reader, _ []string) { r.desk.list("ESP") },
	sentence.Retransmits:    repeating,
	sentence.AttributeData:  func(r *reader, _ []string) { r.desk.data = true },
	sentence.ListReceived: func(r *reader, p []string) {
		r.policies(p[0], func(s *Side) *[]string { return &s.Offers.Received })
	},
	sentence.ListExpected: func(r *reader, p []string) {
		r.policies(p[0], func(s *Side) *[]string { return &s.Offers.Expected })
	},
	sentence.DHGroup: func(r *reader, p []string) {
		group := p[1]
		r.now(func(s *Side) {
			if s.first("IKE_AUTH", false) == nil {
				s.Offers.Group = group
			}
		})
	},
	sentence.MyIdentity: mine,
	sentence.PeerIdentity: func(r *reader, p []string) {
		id := Identity{p[1], p[0]}
		r.now(func(s *Side) { s.PeerID = id })
	},
	sentence.KeyByIdentity: func(r *reader, p []string) { r.later(peerIs(p[0])) },
	sentence.PeerKey:       func(r *reader, p []string) { r.now(peerIs(p[0])) },
	sentence.SessionUp: func(r *reader, p []string) {
		peer, own := p[0], p[1]
		r.now(func(s *Side) {
			peerIs(peer)(s)
			set(&s.LocalID.Text, own)
			s.note(cluUp, r.line.number)
		})
	},
	sentence.KeyByAddress: func(r *reader, p []string) {
		peer := p[0]
		r.later(func(s *Side) { set(&s.Peer, peer) })
	},
	sentence.PolicyWanted:   found(1, func(s *Side) *string { return &s.Local }),
	sentence.KeyByKeyring:   found(0, func(s *Side) *string { return &s.Lookup.Keyring }),
	sentence.PeerBlock:      found(0, func(s *Side) *string { return &s.Lookup.Peer }),
	sentence.ProfileChosen:  found(0, func(s *Side) *string { return &s.Lookup.Profile }),
	sentence.ProfileUsed:    found(0, func(s *Side) *string { return &s.Lookup.Profile }),
	sentence.ProfileMatched: matchedProfile,
	sentence.PolicyFound:    found(0, func(s *Side) *string { return &s.Lookup.Policy }),
	sentence.ProposalAdded: func(r *reader, p []string) {
		name := p[0]
		r.later(func(s *Side) {
			if l := &s.Lookup.Proposals; !slices.Contains(*l, name) && len(*l) < 64 {
				*l = append(*l, name)
			}
		})
	},
	sentence.MyMethod:         found(0, func(s *Side) *string { return &s.Auth.Mine }),
	sentence.PeerMethod:       found(0, func(s *Side) *string { return &s.Auth.Peers }),
	sentence.XENATNone:        natIs("none"),
	sentence.NATNone:          natIs("none"),
	sentence.XENATInside:      natIs("inside"),
	sentence.NATInside:        natIs("inside"),
	sentence.XENATOutside:     natIs("outside"),
	sentence.NATOutside:       natIs("outside"),
	sentence.NATPorts:         noted(cluNAT),
	sentence.NATOff:           noted(cluNATOff),
	sentence.Created:          noted(cluUp),
	sentence.NoMatch:          noted(cluNoMatch),
	sentence.NoMatchSent:      noted(cluNoMatch),
	sentence.NoMatchHeard:     noted(cluHeardNoProposal),
	sentence.NoProfile:        noted(cluNoProfile),
	sentence.NotFound:         noted(cluNotFound),
	sentence.NoKey:            noKey,
	sentence.NotAuthentic:     noted(cluNotAuthentic),
	sentence.VerifyFailed:     noted(cluVerifyFailed),
	sentence.NoSelectors:      noted(cluSelectors),
	sentence.NoSelectorsHeard: noted(cluHeardSelectors),
	sentence.ErrorHeard:       heard,
	sentence.TooMany:          noted(cluExceeded),
	sentence.NoAuthRequest:    noted(cluNoAuth),
	sentence.NoCertificate:    noted(cluCertificate),
	sentence.WrongGroup:       noted(cluWrongGroup),
	sentence.Twin:             noted(cluTwin),
	sentence.LivenessAsked:    noted(cluAlive),
	sentence.DeleteQueued:     noted(cluDeleting),
	sentence.InitFailed:       noted(cluInitFailed),
	sentence.InitialFailed:    noted(cluAborted),
	sentence.AuthFailed:       noted(cluAuthExchangeFailed),
	sentence.ChildFailed:      noted(cluChildFailed),
	sentence.Aborts:           noted(cluAborted),
	sentence.Deleting:         ended,
	sentence.DeleteTaken:      deletes,
	sentence.DeleteSent:       deletes,
}

// theirs are those that only routers elsewhere print: of other releases, and ASA's.
var theirs = map[string]meaning{
	"AH Proposal: {}, SPI size: {} ({}),": func(r *reader, _ []string) { r.desk.list("AH") },
	"Matched peer block {}":               found(0, func(s *Side) *string { return &s.Lookup.Peer }),
	"RECV PKT [{}] [{}]:{}->[{}]:{} InitSPI=0x{} RespSPI=0x{} MID={}": func(r *reader, p []string) {
		endpoints(r, p[5], p[3]+":"+p[4], p[1]+":"+p[2])
	},
	"SENT PKT [{}] [{}]:{}->[{}]:{} InitSPI=0x{} RespSPI=0x{} MID={}": func(r *reader, p []string) {
		endpoints(r, p[5], p[1]+":"+p[2], p[3]+":"+p[4])
	},
	"mapped to tunnel group {} using phase 1 ID":                                            found(0, func(s *Side) *string { return &s.Lookup.Profile }),
	"PROXY MATCH on crypto map {} seq {}":                                                   nil,
	"Failed to verify the proposed policies":                                                noted(cluNoMatch),
	"%Profile could not be found by peer certificate.":                                      noted(cluNoProfile),
	"Verify auth failed":                                                                    noted(cluVerifyFailed),
	"Computed authentication value for peer differs from what peer sent":                    noted(cluDiffers),
	"Peer authentication method configured is mismatching with the method proposed by peer": noted(cluMethod),
	"Verify cert failed":                                                                    noted(cluCertificate),
	"Platform errors":                                                                       noted(cluCertificate),
	"Unsupported cert encoding found or Peer requested HTTP URL but never sent HTTP_LOOKUP_SUPPORTED Notification":      noted(cluURL),
	"Selected IKEv2 encryption algorithm ({}) is not strong enough to secure proposed IPsec encryption algorithm ({}).": noted(cluWeak),
	"Auth exchange failed...":    noted(cluAuthExchangeFailed),
	"Initial exchange failed...": noted(cluAborted),
}

// endpoints: an ASA says between whom a message passed, mostly before it says of which SA.
func endpoints(r *reader, spi, local, peer string) {
	d := r.desk
	if d.endpoints == nil {
		d.endpoints = map[string][2]string{}
	}
	if spi = strings.ToUpper(spi); len(d.endpoints) < mostSides {
		d.endpoints[spi] = [2]string{local, peer}
	}
}

func traced(r *reader, p []string) {
	role := RoleUnknown
	switch state := p[4]; {
	case strings.HasPrefix(state, "I_"):
		role = Initiator
	case strings.HasPrefix(state, "R_"):
		role = Responder
	case state == "INIT_DONE", state == "AUTH_DONE", state == "IDLE":
		role = map[string]Role{"I": Initiator, "R": Responder}[p[2]]
	}
	if !r.desk.building {
		r.desk.sealed = nil
	}
	state, event := p[4], firstWord(p[5])
	r.named(naming{p[0], p[1], role, "", r.line.sa})
	r.now(func(s *Side) {
		if n := len(s.States); n < mostStates && (n == 0 || s.States[n-1] != state) {
			s.States = append(s.States, state)
		}
		if c := eventClues[event]; c != 0 {
			s.note(c, r.line.number)
		}
		if state == "READY" {
			s.note(cluUp, r.line.number)
		}
	})
}

// eventClues are the events of the machine that tell what became of an exchange.
var eventClues = map[string]clue{
	"EV_RE_XMT": cluRetransmitted, "EV_RE_XMT_EXCEED": cluExceeded, "EV_NO_PROP_CHOSEN": cluNoMatch, "EV_CERT_FAIL": cluCertificate,
	"EV_FAIL": cluAborted, "EV_ABORT": cluAborted,
}

// found sets what was looked up and found.
func found(place int, field func(*Side) *string) func(*reader, []string) {
	return func(r *reader, p []string) {
		text := strings.Trim(p[place], "' ")
		r.later(func(s *Side) { set(field(s), text) })
	}
}

// matchedProfile is what the responder says alone.
func matchedProfile(r *reader, p []string) {
	found(0, func(s *Side) *string {
		if s.Role == RoleUnknown {
			s.Role = Responder
		}
		return &s.Lookup.Profile
	})(r, p)
}

func peerIs(text string) func(*Side) {
	return func(s *Side) { set(&s.PeerID.Text, text) }
}

func mine(r *reader, p []string) {
	id := Identity{p[2], p[1]}
	r.now(func(s *Side) { s.LocalID = id })
}

func natIs(where string) func(*reader, []string) {
	return func(r *reader, _ []string) {
		r.now(func(s *Side) {
			if s.NAT == "" || s.NAT == "none" {
				s.NAT = where
			}
			if where != "none" {
				s.note(cluNAT, r.line.number)
			}
		})
	}
}

func noted(c clue) func(*reader, []string) {
	return func(r *reader, _ []string) {
		number := r.line.number
		r.now(func(s *Side) { s.note(c, number) })
	}
}

// noKey: without an SA it is about one that could not even begin.
func noKey(r *reader, p []string) {
	if r.line.sa != "" {
		noted(cluNoKey)(r, nil)
		return
	}
	peer := p[0]
	for _, f := range r.log.Faults {
		if f.Router == r.line.host && f.Peer == peer {
			return
		}
	}
	if len(r.log.Faults) < mostEvents {
		f := (&Side{Router: r.line.host, Peer: peer}).fault(cluNoKey, "log.fault.nokey", "log.mend.nokey", "")
		f.Side, f.Line, f.Peer = nil, r.line.number, peer
		r.log.Faults = append(r.log.Faults, f)
	}
}

// heard is an error that the peer tells.
func heard(r *reader, p []string) {
	if d := r.desk.side; d != nil {
		d.notified(p[0], r.line.number)
	}
}

// repeating: the message that follows is one that was sent before.
func repeating(r *reader, _ []string) {
	number := r.line.number
	r.now(func(s *Side) {
		s.note(cluRetransmitted, number)
		for _, m := range slices.Backward(s.Messages) {
			if m.Sent && !m.Response {
				m.Repeats++
				break
			}
		}
	})
	r.desk.again = true
}

// deletes names the SA, too.
func deletes(r *reader, p []string) {
	r.named(naming{strings.ToUpper(p[0]), strings.ToUpper(p[1]), RoleUnknown, "", r.line.sa})
	noted(cluGone)(r, nil)
}

// ended: what comes next with the same id is about another SA.
func ended(r *reader, _ []string) {
	noted(cluGone)(r, nil)
	if d := r.desk; r.line.sa != "" && d.side != nil {
		d.side.over = true
		delete(d.current, r.line.sa)
	}
}
