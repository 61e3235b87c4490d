package wire

import (
	"fmt"
	"slices"
)

// A rule is what one kind of message must carry, and what it may carry at most
// once (RFC 7296 1.2 to 1.4). Vendor ids, notifies and unknown payloads may
// always be there.
type rule struct {
	exchange ExchangeType
	response bool
	must     []PayloadType
	once     []PayloadType // besides must
	many     []PayloadType
}

// The grammar. CREATE_CHILD_SA has three forms that differ by what is there;
// the engine tells them apart. A response may consist of an error notify alone.
var rules = []rule{
	{exchange: IKE_SA_INIT, must: []PayloadType{TypeSA, TypeKE, TypeNonce}},
	{exchange: IKE_SA_INIT, response: true, must: []PayloadType{TypeSA, TypeKE, TypeNonce}, many: []PayloadType{TypeCertReq}},
	{exchange: IKE_AUTH, must: []PayloadType{TypeIDi}, once: []PayloadType{TypeIDr, TypeAuth, TypeSA, TypeTSi, TypeTSr, TypeCP},
		many: []PayloadType{TypeCert, TypeCertReq}},
	{exchange: IKE_AUTH, response: true, must: []PayloadType{TypeIDr}, once: []PayloadType{TypeAuth, TypeSA, TypeTSi, TypeTSr, TypeCP, TypeEAP},
		many: []PayloadType{TypeCert}},
	{exchange: CREATE_CHILD_SA, must: []PayloadType{TypeSA, TypeNonce}, once: []PayloadType{TypeKE, TypeTSi, TypeTSr, TypeCP}},
	{exchange: CREATE_CHILD_SA, response: true, must: []PayloadType{TypeSA, TypeNonce}, once: []PayloadType{TypeKE, TypeTSi, TypeTSr, TypeCP}},
	{exchange: INFORMATIONAL, once: []PayloadType{TypeCP}, many: []PayloadType{TypeDelete}},
	{exchange: INFORMATIONAL, response: true, once: []PayloadType{TypeCP}, many: []PayloadType{TypeDelete}},
}

var alwaysAllowed = []PayloadType{TypeVendorID, TypeNotify}

// Check says whether a message carries what its exchange demands, and nothing
// twice that may stand only once.
func Check(m *Message) error {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.exchange == m.Exchange && r.response == m.Response() })
	if i < 0 {
		return fmt.Errorf("%w: exchange %v", ErrGrammar, m.Exchange)
	}
	r := &rules[i]
	count := map[PayloadType]int{}
	for _, p := range m.Payloads {
		if err := r.allows(p, count); err != nil {
			return err
		}
	}
	if m.Response() && m.isRefusal() {
		return nil
	}
	for _, t := range r.must {
		if count[t] == 0 {
			return fmt.Errorf("%w: %v without %v", ErrGrammar, m.Exchange, t)
		}
	}
	return nil
}

func (r *rule) allows(p Payload, count map[PayloadType]int) error {
	t := p.Type()
	if _, unknown := p.(*Unknown); unknown || slices.Contains(alwaysAllowed, t) || slices.Contains(r.many, t) {
		return nil
	}
	if !slices.Contains(r.must, t) && !slices.Contains(r.once, t) {
		return fmt.Errorf("%w: %v in %v", ErrGrammar, t, r.exchange)
	}
	if count[t]++; count[t] > 1 {
		return fmt.Errorf("%w: %v twice in %v", ErrGrammar, t, r.exchange)
	}
	return nil
}

// isRefusal says whether a message reports an error, or asks for a cookie.
func (m *Message) isRefusal() bool {
	for _, n := range All[*Notify](m) {
		if n.Kind.IsError() || n.Kind == COOKIE {
			return true
		}
	}
	return false
}
