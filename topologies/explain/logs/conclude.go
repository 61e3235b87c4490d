package logs

import "strings"

// conclude draws from the messages and clues of a side what it is asked for.
func (s *Side) conclude() {
	for _, m := range s.Messages {
		s.settled(m)
	}
	if s.Role == RoleUnknown {
		s.Role = s.roleByMessages()
	}
	s.Result = s.result()
	for _, m := range s.Messages {
		s.proves(m)
	}
}

// proves takes from a message who its sender says he is, and how he proves it.
func (s *Side) proves(m *Message) {
	if !m.known {
		return
	}
	auth, id := &s.Auth.Peers, &s.PeerID
	if m.Sent {
		auth, id = &s.Auth.Mine, &s.LocalID
	}
	if m.Auth != "" {
		set(auth, m.Auth)
	}
	kind := m.Kinds[boolCount(m.Response)]
	set(&id.Kind, kind)
}

// settled takes the proposals from a message of the first exchanges. What is begun once more, with
// another group or a cookie, counts the last time.
func (s *Side) settled(m *Message) {
	list, one := &s.Offers.IKE, &s.Offers.Suite
	protocol := "IKE"
	switch m.Exchange {
	case "IKE_SA_INIT":
		if m.Group != "" {
			s.Offers.Group = m.Group
		}
	case "IKE_AUTH":
		list, one, protocol = &s.Offers.ESP, &s.Offers.Pair, "ESP"
	default:
		return
	}
	var found []Proposal
	for _, p := range m.Offers {
		if p.Protocol == protocol {
			found = append(found, p)
		}
	}
	switch {
	case !m.Response && len(found) > 0:
		*list = found
	case m.Response && len(found) == 1:
		*one = &found[0]
	}
}

// roleByMessages is the role that sent and received messages tell.
func (s *Side) roleByMessages() Role {
	for _, m := range s.Messages {
		if !m.known || !m.flagged {
			continue
		}
		if m.byInit == m.Sent {
			return Initiator
		}
		return Responder
	}
	return RoleUnknown
}

func (s *Side) result() Result {
	failed := s.has(cluAuthExchangeFailed) || s.has(cluInitFailed) || s.has(cluVerifyFailed) || s.has(cluNoAuth)
	ends := s.has(cluGone) || s.has(cluExceeded)
	switch up := s.has(cluUp); {
	case up && failed && s.clues[cluUp] > s.clues[cluAuthExchangeFailed] && s.has(cluAuthExchangeFailed):
		return Failed
	case up && ends:
		return Ended
	case up:
		return Up
	case failed, s.has(cluAborted), s.has(cluExceeded), s.has(cluNoProfile), s.has(cluMethod):
		return Failed
	case ends && len(s.Messages) == 0 && len(s.States) == 0:
		return Ended
	case ends:
		return Failed
	}
	return Open
}

// mismatchESP says whether it was the proposals of the pair that had nothing in common.
func (s *Side) mismatchESP() bool {
	for _, list := range [][]string{s.Offers.Received, s.Offers.Expected} {
		for _, p := range list {
			if strings.HasPrefix(p, "ESP:") {
				return true
			}
		}
	}
	return s.first("IKE_AUTH", false) != nil || s.sawState("R_WAIT_AUTH") || s.sawState("R_VERIFY_AUTH") || s.sawState("I_PROC_AUTH")
}

func (s *Side) sawState(state string) bool {
	for _, have := range s.States {
		if have == state {
			return true
		}
	}
	return false
}

// unanswered is the last request that was sent and has no answer in the log.
func (s *Side) unanswered() *Message {
	for i := len(s.Messages) - 1; i >= 0; i-- {
		m := s.Messages[i]
		if m.Sent && !m.Response && !s.answered(m) {
			return m
		}
	}
	return nil
}

// waitsFor is the exchange whose answer is awaited, by a message or by the machine's last state.
func (s *Side) waitsFor() string {
	if m := s.unanswered(); m != nil {
		return m.Exchange
	}
	for i := len(s.States) - 1; i >= 0; i-- {
		switch s.States[i] {
		case "I_WAIT_INIT":
			return "IKE_SA_INIT"
		case "I_WAIT_AUTH":
			return "IKE_AUTH"
		case "CHILD_I_WAIT":
			return "CREATE_CHILD_SA"
		case "INFO_I_WAIT":
			return "INFORMATIONAL"
		}
	}
	return ""
}
