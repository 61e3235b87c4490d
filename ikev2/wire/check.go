package wire

import (
	"fmt"
	"slices"
	"strings"
)

// A form is one shape of a message: what it must carry exactly once, what it
// may carry once, and what any number of times. The order is free (RFC 7296
// 2.5); vendor ids, notifies and payloads of unknown types may always be there.
type form struct {
	name     string
	exchange ExchangeType
	response bool
	ikeRekey bool // CREATE_CHILD_SA whose SA payload is about an IKE SA
	must     []PayloadType
	once     set
	many     set
}

// set are payload types that we know.
type set uint32

func setOf(types ...PayloadType) (s set) {
	for _, t := range types {
		s |= 1 << (t - firstType)
	}
	return s
}

func (s set) has(t PayloadType) bool { return s&(1<<(t-firstType)) != 0 }

// The grammar (RFC 7296 1.2 to 1.4, appendix C; RFC 9370 2.2.2, 2.2.4). A request of IKE_AUTH without
// AUTH asks for EAP (2.16): to refuse that is the engine's business.
var forms = []form{
	{name: "IKE_SA_INIT request", exchange: IKE_SA_INIT, must: []PayloadType{TypeSA, TypeKE, TypeNonce}},
	{name: "IKE_SA_INIT response", exchange: IKE_SA_INIT, response: true,
		must: []PayloadType{TypeSA, TypeKE, TypeNonce}, many: setOf(TypeCertReq)},
	{name: "IKE_AUTH request", exchange: IKE_AUTH, must: []PayloadType{TypeIDi, TypeSA, TypeTSi, TypeTSr},
		once: setOf(TypeAuth, TypeIDr, TypeCP), many: setOf(TypeCert, TypeCertReq)},
	{name: "IKE_AUTH response", exchange: IKE_AUTH, response: true,
		must: []PayloadType{TypeIDr, TypeAuth, TypeSA, TypeTSi, TypeTSr},
		once: setOf(TypeCP), many: setOf(TypeCert)},
	{name: "CREATE_CHILD_SA request for a child SA", exchange: CREATE_CHILD_SA,
		must: []PayloadType{TypeSA, TypeNonce, TypeTSi, TypeTSr}, once: setOf(TypeKE, TypeCP)},
	{name: "CREATE_CHILD_SA response for a child SA", exchange: CREATE_CHILD_SA, response: true,
		must: []PayloadType{TypeSA, TypeNonce, TypeTSi, TypeTSr}, once: setOf(TypeKE, TypeCP)},
	{name: "CREATE_CHILD_SA request for the IKE SA", exchange: CREATE_CHILD_SA, ikeRekey: true,
		must: []PayloadType{TypeSA, TypeNonce, TypeKE}},
	{name: "CREATE_CHILD_SA response for the IKE SA", exchange: CREATE_CHILD_SA, response: true, ikeRekey: true,
		must: []PayloadType{TypeSA, TypeNonce, TypeKE}},
	{name: "IKE_INTERMEDIATE request", exchange: IKE_INTERMEDIATE, must: []PayloadType{TypeKE}},
	{name: "IKE_INTERMEDIATE response", exchange: IKE_INTERMEDIATE, response: true, must: []PayloadType{TypeKE}},
	{name: "IKE_FOLLOWUP_KE request", exchange: IKE_FOLLOWUP_KE, must: []PayloadType{TypeKE}},
	{name: "IKE_FOLLOWUP_KE response", exchange: IKE_FOLLOWUP_KE, response: true, must: []PayloadType{TypeKE}},
	{name: "INFORMATIONAL request", exchange: INFORMATIONAL, once: setOf(TypeCP), many: setOf(TypeDelete)},
	{name: "INFORMATIONAL response", exchange: INFORMATIONAL, response: true,
		once: setOf(TypeCP), many: setOf(TypeDelete)},
}

// Check says whether a message that was parsed or opened carries what its
// exchange demands and nothing else that we know, nor anything twice that may
// stand only once. A response that reports an error, asks for a cookie or
// another group, or redirects need not carry the rest. The error names what is missing,
// repeated or out of place.
func Check(m *Message) error {
	f := formOf(m)
	if f == nil {
		return fmt.Errorf("%w: unknown exchange %d", ErrGrammar, uint8(m.Exchange))
	}
	there, twice := tally(m)
	must := setOf(f.must...)
	names := must | f.once | f.many
	wrong, missing := there&^names|twice&^f.many, must&^there
	childInIKE := f.ikeRekey && m.Notify(REKEY_SA) != nil // it names a child (RFC 7296 1.3.3)
	if wrong|missing != 0 || childInIKE {
		if faults := m.faults(f, names, wrong, missing, childInIKE); len(faults) > 0 {
			return fmt.Errorf("%w: %s: %s", ErrGrammar, f.name, strings.Join(faults, ", "))
		}
	}
	return m.checkProposals(f)
}

// faults are the words for what is wrong; there may be nothing, as what is missing need not
// always be there.
func (m *Message) faults(f *form, names, wrong, missing set, childInIKE bool) (list []string) {
	for t := firstType; t <= lastType; t++ {
		if wrong.has(t) {
			list = append(list, fmt.Sprintf("%v %s", t, either(names.has(t), "repeated", "out of place")))
		}
	}
	for _, t := range f.must {
		if missing.has(t) && !m.refuses() && !(t.ofChild() && m.Childless()) {
			list = append(list, fmt.Sprintf("%v missing", t))
		}
	}
	if childInIKE {
		list = append(list, fmt.Sprintf("%v out of place", REKEY_SA))
	}
	return list
}

// formOf is the form that a message should have.
func formOf(m *Message) *form {
	sa, _ := Get[*SA](m)
	ikeRekey := m.Exchange == CREATE_CHILD_SA && sa != nil && len(sa.Proposals) > 0 && sa.Proposals[0].Protocol == ProtoIKE
	for i := range forms {
		if f := &forms[i]; f.exchange == m.Exchange && f.response == m.Response() && f.ikeRekey == ikeRekey {
			return f
		}
	}
	return nil
}

// The payload types that we know.
const (
	firstType = TypeSA
	lastType  = TypeSKF
)

// tally are the payload types that a form has to name, which are there and which more than once.
// EAP is one, although it is kept as Unknown.
func tally(m *Message) (there, twice set) {
	for _, p := range m.Payloads {
		t := p.Type()
		if t == TypeVendorID || t == TypeNotify {
			continue
		}
		if _, unknown := p.(*Unknown); !unknown || t == TypeEAP {
			one := setOf(t)
			there, twice = there|one, twice|there&one
		}
	}
	return there, twice
}

// checkProposals wants a request to count its proposals from 1 and a response
// to hold the one that it chose (RFC 7296 3.3.1).
func (m *Message) checkProposals(f *form) error {
	sa, ok := Get[*SA](m)
	switch {
	case !ok:
		return nil
	case f.response && len(sa.Proposals) != 1:
		return fmt.Errorf("%w: %s: %d proposals, must be 1", ErrGrammar, f.name, len(sa.Proposals))
	case !f.response && len(sa.Proposals) > 0 && sa.Proposals[0].Number != 1:
		return fmt.Errorf("%w: %s: first proposal has number %d, must be 1", ErrGrammar, f.name, sa.Proposals[0].Number)
	}
	return nil
}

// Childless says whether a message of IKE_AUTH has nothing of a child. Who may send
// one is the engine's business (RFC 6023 3).
func (m *Message) Childless() bool {
	return m.Exchange == IKE_AUTH && !slices.ContainsFunc(m.Payloads, func(p Payload) bool { return p.Type().ofChild() })
}

func (t PayloadType) ofChild() bool { return t == TypeSA || t == TypeTSi || t == TypeTSr }

// refuses says whether a message is a response that reports an error or, in
// IKE_SA_INIT, asks for a cookie (RFC 7296 2.6, 2.21) or redirects (RFC 5685 3).
func (m *Message) refuses() bool {
	return m.Response() && slices.ContainsFunc(m.Payloads, func(p Payload) bool {
		n, ok := p.(*Notify)
		return ok && (n.Kind.IsError() || (n.Kind == COOKIE || n.Kind == REDIRECT) && m.Exchange == IKE_SA_INIT)
	})
}
