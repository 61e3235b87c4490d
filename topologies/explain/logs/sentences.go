package logs

import (
	"slices"
	"strings"

	"ikelab/router/debug"
)

// sentences are what lines of IKEv2 say, by their first word.
var sentences = func() table[meaning] {
	t := table[meaning]{}
	for text, take := range meanings {
		t.add(text, take)
	}
	for _, text := range slices.Concat(debug.Sayings(), passing) {
		if text = squeezed(text); text != "" && meanings[text] == nil {
			t.add(text, nil)
		}
	}
	return t.sorted()
}()

// meanings are the sentences from which something is learned, each with what.
var meanings = map[string]meaning{
	"SM Trace-> SA: I_SPI={} R_SPI={} ({}) MsgID = {} CurState: {} Event: {}": traced,

	"Sending Packet [To {}/From {}/VRF {}...":  func(r *reader, p []string) { r.passes(true, p[1], p[0]) },
	"Received Packet [From {}/To {}/VRF {}...": func(r *reader, p []string) { r.passes(false, p[1], p[0]) },
	"Building packet for encryption.":          func(r *reader, _ []string) { r.desk.seal() },
	"IKE Proposal: {}, SPI size: {} ({}),":     func(r *reader, _ []string) { r.desk.list("IKE") },
	"ESP Proposal: {}, SPI size: {} ({}),":     func(r *reader, _ []string) { r.desk.list("ESP") },
	"AH Proposal: {}, SPI size: {} ({}),":      func(r *reader, _ []string) { r.desk.list("AH") },
	"Retransmitting packet":                    repeating,
	"Config-type: {}":                          nil,
	"Attrib type: {}, length: {}, data: {}...": func(r *reader, _ []string) { r.desk.data = true },
	"Attrib type: {}, length: {}":              nil,
	"Received Policies:...": func(r *reader, _ []string) {
		r.policies("Received Policies:", func(s *Side) *[]string { return &s.Offers.Received })
	},
	"Expected Policies:...": func(r *reader, _ []string) {
		r.policies("Expected Policies:", func(s *Side) *[]string { return &s.Offers.Expected })
	},
	"[IKEv2 -> Crypto Engine] Computing DH {} key, DH Group {}": func(r *reader, p []string) {
		group := p[1]
		r.now(func(s *Side) {
			if s.first("IKE_AUTH", false) == nil {
				s.Offers.Group = group
			}
		})
	},

	"Constructing IDi payload: '{}' of type '{}'": mine,
	"Constructing IDr payload: '{}' of type '{}'": mine,
	"Searching policy based on peer's identity '{}' of type '{}'": func(r *reader, p []string) {
		id := Identity{p[1], p[0]}
		r.now(func(s *Side) { s.PeerID = id })
	},
	"Getting preshared key by identity {}": func(r *reader, p []string) { r.later(peerIs(p[0])) },
	"Get peer's preshared key for {}":      func(r *reader, p []string) { r.now(peerIs(p[0])) },
	"Session with IKE ID PAIR ({}, {}) is UP": func(r *reader, p []string) {
		peer, own := p[0], p[1]
		r.now(func(s *Side) {
			peerIs(peer)(s)
			set(&s.LocalID.Text, own)
			s.note(cluUp, r.line.number)
		})
	},
	"Getting preshared key by address {}": func(r *reader, p []string) {
		peer := p[0]
		r.later(func(s *Side) { set(&s.Peer, peer) })
	},
	"Searching Policy with fvrf {}, local address {}": found(1, func(s *Side) *string { return &s.Local }),
	"Getting preshared key from profile keyring {}":   found(0, func(s *Side) *string { return &s.Lookup.Keyring }),
	"Matched peer block {}":                           found(0, func(s *Side) *string { return &s.Lookup.Peer }),
	"Choosing IKE profile {}":                         found(0, func(s *Side) *string { return &s.Lookup.Profile }),
	"Using IKEv2 profile {}":                          found(0, func(s *Side) *string { return &s.Lookup.Profile }),
	"found matching IKEv2 profile {}":                 matchedProfile,
	"mapped to tunnel group {} using phase 1 ID":      found(0, func(s *Side) *string { return &s.Lookup.Profile }),
	"Found Policy {}":                                 found(0, func(s *Side) *string { return &s.Lookup.Policy }),
	"PROXY MATCH on crypto map {} seq {}":             nil,
	"Adding Proposal {} to toolkit policy": func(r *reader, p []string) {
		name := p[0]
		r.later(func(s *Side) {
			if l := &s.Lookup.Proposals; !slices.Contains(*l, name) && len(*l) < 64 {
				*l = append(*l, name)
			}
		})
	},
	"My authentication method is '{}'":     found(0, func(s *Side) *string { return &s.Auth.Mine }),
	"Peer's authentication method is '{}'": found(0, func(s *Side) *string { return &s.Auth.Peers }),

	"NAT not found":               natIs("none"),
	"No NAT found":                natIs("none"),
	"NAT INSIDE found":            natIs("inside"),
	"Host is located NAT inside":  natIs("inside"),
	"NAT OUTSIDE found":           natIs("outside"),
	"Host is located NAT outside": natIs("outside"),
	"NAT detected float to init port {}, resp port {}":              noted(cluNAT),
	"NAT is found but it is not supported.: NAT-T disabled via cli": noted(cluNATOff),

	"IKEV2 SA created; inserting SA into database. SA lifetime timer ({} sec) started":      noted(cluUp),
	"Failed to find a matching policy":                                                      noted(cluNoMatch),
	"Failed to verify the proposed policies":                                                noted(cluNoMatch),
	"Sending no proposal chosen notify":                                                     noted(cluNoMatch),
	"Received no proposal chosen notify":                                                    noted(cluHeardNoProposal),
	"IKEv2 profile not found":                                                               noted(cluNoProfile),
	"%Profile could not be found by peer certificate.":                                      noted(cluNoProfile),
	"Failed to locate an item in the database":                                              noted(cluNotFound),
	"Failed to get preshared key for peer {}":                                               noKey,
	"Failed to authenticate the IKE SA":                                                     noted(cluNotAuthentic),
	"Verification of peer's authentication data FAILED":                                     noted(cluVerifyFailed),
	"Verify auth failed":                                                                    noted(cluVerifyFailed),
	"Computed authentication value for peer differs from what peer sent":                    noted(cluDiffers),
	"Peer authentication method configured is mismatching with the method proposed by peer": noted(cluMethod),
	"There was no IPSEC policy found for received TS":                                       noted(cluSelectors),
	"Received TS unacceptable notify":                                                       noted(cluHeardSelectors),
	"Received notify {} from peer":                                                          heard,
	"Maximum number of retransmissions reached":                                             noted(cluExceeded),
	"Failed to receive the AUTH msg before the timer expired":                               noted(cluNoAuth),
	"Verify cert failed":                                                                    noted(cluCertificate),
	"Platform errors":                                                                       noted(cluCertificate),
	"No certificate to take the local identity from":                                        noted(cluCertificate),
	"The peer's KE payload contained the wrong DH group":                                    noted(cluWrongGroup),
	"Duplicate IKEv2 SA found, deleting the old one":                                        noted(cluTwin),
	"Unsupported cert encoding found or Peer requested HTTP URL but never sent HTTP_LOOKUP_SUPPORTED Notification":      noted(cluURL),
	"Selected IKEv2 encryption algorithm ({}) is not strong enough to secure proposed IPsec encryption algorithm ({}).": noted(cluWeak),
	"Sending DPD/liveness query":               noted(cluAlive),
	"Queuing IKE SA delete request reason: {}": noted(cluDeleting),
	"Failed SA init exchange":                  noted(cluInitFailed),
	"Initial exchange failed...":               noted(cluAborted),
	"Auth exchange failed...":                  noted(cluAuthExchangeFailed),
	"Create child exchange failed":             noted(cluChildFailed),
	"Abort exchange":                           noted(cluAborted),
	"Deleting SA":                              ended,
	"Processing DELETE INFO message for IKEv2 SA [ISPI: 0x{} RSPI: 0x{}]": deletes,
	"Sending DELETE INFO message for IKEv2 SA [ISPI: 0x{} RSPI: 0x{}]":    deletes,
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
	id := Identity{p[1], p[0]}
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
