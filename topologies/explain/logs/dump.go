package logs

import "strings"

// Messages as they are shown: a summary in five lines, and the dump of what is in them.

// block is what a router is showing, over several lines.
type block struct {
	message  *Message  // whose lines follow
	sealed   *Message  // what is being sealed: its header comes behind its payloads
	building bool      // that this was to come was said
	id       string    // of the SA, of the summary
	awaits   bool      // the payloads of message come next
	names    bool      // their names are the next line
	into     *Message  // what lines of a dump are about
	payload  string    // whose body follows
	proposal *Proposal // whose transforms follow
	listing  string    // the protocol of a list of transforms in names
	policies *[]string // a list of a mismatch
	local    string    // of the summary
	remote   string
	sent     bool
	data     bool // an attribute's value may go on over lines
	again    bool // the next summary is of a message that was sent before
	offers   []Proposal
}

// ends closes what does not go on behind a line of its own.
func (b *block) ends() {
	b.names, b.data, b.policies, b.payload = false, false, nil, ""
	if b.listing != "" {
		b.listing = ""
	}
}

func (b *block) seal() {
	b.sealed, b.building = &Message{Offers: b.offers}, true
	b.offers, b.message, b.awaits = nil, nil, false
}

// list awaits the transforms of a message that is made.
func (b *block) list(protocol string) { b.listing = protocol }

// policies reads one of the two lists of a mismatch, which may begin in the line.
func (r *reader) policies(behind string, field func(*Side) *[]string) {
	s := r.desk.side
	if s == nil {
		return
	}
	list := field(s)
	*list = nil
	r.desk.policies = list
	s.note(cluNoMatch, r.line.number)
	for _, first := range []string{"ESP: Proposal ", "Proposal "} {
		if i := strings.Index(behind, first); i >= 0 {
			if f, p := dumps.find(behind[i:], r.places[:0]); f != nil && f.take != nil {
				f.take(r, p)
			}
			return
		}
	}
}

// mostPolicies is how many proposals of a list are kept.
const mostPolicies = 64

// policy is a proposal of such a list: "AES-CBC-256 SHA1 ...".
func policy(protocol string) meaning {
	return func(r *reader, p []string) {
		if l := r.desk.policies; l != nil && len(*l) < mostPolicies {
			*l = append(*l, protocol+p[1])
		}
	}
}

// passes begins the summary of a message.
func (r *reader) passes(sent bool, local, remote string) {
	d := r.desk
	d.local, d.remote, d.sent, d.id = local, remote, sent, r.line.sa
	d.message = &Message{Line: r.line.number, At: r.line.at, Sent: sent, marks: marks{known: true, from: fromSummary}}
	d.awaits = false
}

// spis is the summary's second line.
func spis(r *reader, p []string) {
	d := r.desk
	if d.message == nil {
		return
	}
	d.message.ID = p[2]
	r.named(naming{p[0], p[1], RoleUnknown, d.local, d.id})
	r.now(func(s *Side) {
		s.Local, s.Peer = d.local, d.remote
	})
}

// exchange is its third line.
func exchange(r *reader, p []string) {
	d := r.desk
	m := d.message
	if m == nil {
		return
	}
	m.Exchange, m.Response = p[0], p[1] == "RESPONSE"
	if (m.Exchange == "IKE_SA_INIT" || m.Exchange == "IKE_AUTH") && d.side != nil && d.side.Role == RoleUnknown {
		d.side.Role = Responder
		if m.Sent != m.Response {
			d.side.Role = Initiator
		}
	}
	r.keep(m)
	d.awaits = true
}

// header is the line that begins a dump.
func header(r *reader, p []string) {
	d := r.desk
	next, kind, flags, id, length := p[0], p[1], p[2], p[3], p[4]
	m := &Message{Line: r.line.number, At: r.line.at, Exchange: kind, ID: id, Length: length, marks: marks{from: fromHeader, flagged: true}}
	m.byInit = strings.Contains(flags, "INITIATOR")
	m.Response = strings.Contains(flags, "MSG-RESPONSE")
	if s := d.side; s != nil && s.Role != RoleUnknown {
		m.Sent, m.known = m.byInit == (s.Role == Initiator), true
	}
	if m.sealedHeader = sealing(next); !m.sealedHeader {
		d.sealed = nil
	}
	d.awaits = true
	if b := d.message; r.line.sa == "" && kind == "IKE_SA_INIT" && !m.Response && (b == nil || b.from != fromSummary) {
		m.Sent, m.known = false, true // one that is sent has an SA
		d.message = m
		r.later(func(s *Side) {
			if len(s.Messages) < mostMessages {
				s.Messages = append(s.Messages, m)
			}
		})
		return
	}
	r.keep(m)
}

// keep adds a message to its SA, or what is new of it to the one that is there.
func (r *reader) keep(m *Message) {
	d := r.desk
	s := d.side
	if s == nil {
		d.message = m
		return
	}
	old := s.last(m)
	switch before := s.request(m); {
	case d.again && before != nil && !m.Response && (m.Sent || !m.known):
		m = before
	case old != nil && old.Response == m.Response: // the same in another form, or once more
		if old.from&m.from != 0 && (m.from == fromSummary || old.from == fromHeader) {
			old.Repeats++
		}
		if !old.known {
			old.Sent, old.known = m.Sent, m.known
		}
		old.from |= m.from
		old.sealedHeader = m.sealedHeader
		set(&old.Length, m.Length)
		m = old
	case len(s.Messages) < mostMessages:
		m.Repeats = boolCount(d.again)
		s.Messages = append(s.Messages, m)
	}
	d.again = false
	if len(d.offers) > 0 && m.Sent && len(m.Offers) == 0 {
		m.Offers = d.offers
	}
	d.offers = nil
	d.message = m
}

// sealedIn: what was sealed before is in the message that is shown.
func (r *reader) sealedIn() {
	d := r.desk
	if d.into == nil || d.sealed == nil || d.into == d.sealed {
		return
	}
	d.into.take(d.sealed)
	d.into.Sent, d.into.known = true, true
	d.sealed = nil
}

// take adds what was shown of a message before its header.
func (m *Message) take(from *Message) {
	for _, p := range from.Payloads {
		if len(m.Payloads) < mostPayloads {
			m.Payloads = append(m.Payloads, p)
		}
	}
	m.listed = m.listed || from.listed
	if len(m.Offers) == 0 {
		m.Offers = from.Offers
	}
	set(&m.Group, from.Group)
	set(&m.Auth, from.Auth)
	set(&m.Kinds[0], from.Kinds[0])
	set(&m.Kinds[1], from.Kinds[1])
	for i := range m.Select {
		if m.Select[i] == nil {
			m.Select[i] = from.Select[i]
		}
	}
}

// contents: the payloads of a message follow, of the one that was announced, or of one whose header is still to come.
func contents(r *reader, _ []string) {
	d := r.desk
	switch {
	case d.awaits && d.message != nil:
		d.into = d.message
	default:
		if d.sealed == nil {
			d.sealed, d.building = &Message{}, false
		}
		d.into = d.sealed
	}
	d.awaits, d.names, d.payload, d.proposal = false, true, "", nil
	if d.into.closed && !d.into.listed { // it is shown once more
		d.into.Payloads = nil
	}
	d.into.closed = false
}

// mostPayloads bounds what is kept of a message.
const mostPayloads = 64

// payloads is the line with the names of them all.
func (r *reader) payloadNames(text string) bool {
	d := r.desk
	words := strings.Fields(text)
	for _, w := range words {
		if !isPayload(w) {
			return false
		}
	}
	d.names = false
	if d.into == nil || len(words) == 1 && sealing(words[0]) {
		r.sealedIn()
		return true
	}
	d.into.listed = true
	d.into.Payloads = append([]string{}, words[:min(len(words), mostPayloads)]...)
	for _, w := range words {
		r.notify(w)
	}
	return true
}

func sealing(name string) bool { return name == "ENCR" || name == "SK" || name == "SKF" }

var payloadWords = map[string]bool{
	"SA": true, "KE": true, "N": true, "VID": true, "IDi": true, "IDr": true, "AUTH": true, "CERT": true, "CERTREQ": true, "TSi": true, "TSr": true,
	"CFG": true, "CP": true, "DELETE": true, "ENCR": true, "SK": true, "SKF": true, "EAP": true, "ENCR_FRAG": true, "NONE": true,
}

func isPayload(word string) bool { return payloadWords[word] || strings.HasPrefix(word, "NOTIFY(") }

// headed reads a payload's first line, if a text is one.
func (r *reader) headed(text string) bool {
	p, ok := heads.match(text, r.places[:0])
	if !ok {
		return false
	}
	name := p[0][strings.LastIndexByte(p[0], ' ')+1:] // behind what is said before it
	if !isPayload(name) && !strings.HasPrefix(name, "Unknown") {
		return false
	}
	r.head(name)
	return true
}

// parsed is what is said of a payload that has come; its first line may run on behind it.
func parsed(r *reader, p []string) { r.headed(p[0]) }

// head is a payload's first line: "SA Next payload: KE, reserved: 0x0, length: 144".
func (r *reader) head(name string) {
	d := r.desk
	d.names, d.payload, d.proposal = false, name, nil
	if m := d.into; m != nil && m.sealedHeader && !m.known && !m.closed {
		m.Sent, m.known = sealing(name), true
	}
	if sealing(name) {
		r.sealedIn()
		return
	}
	if d.into != d.sealed {
		d.sealed = nil
	}
	if d.into == nil {
		d.into = &Message{}
	}
	d.into.closed = true
	if !d.into.listed && len(d.into.Payloads) < mostPayloads {
		d.into.Payloads = append(d.into.Payloads, name)
	}
	if name == "SA" {
		d.into.Offers = nil // the dump knows more than the list
	}
	if name == "TSi" || name == "TSr" {
		d.into.Select[boolCount(name == "TSr")] = nil
	}
	r.notify(name)
}

// notify notes what an error in a message that has come says.
func (r *reader) notify(payload string) {
	kind, ok := strings.CutPrefix(payload, "NOTIFY(")
	m := r.desk.into
	if !ok || m == nil || !m.known || m.Sent || r.desk.side == nil {
		return
	}
	r.desk.side.notified(strings.TrimSuffix(kind, ")"), r.line.number)
}

// notified: the peer has told an error.
func (s *Side) notified(kind string, number int) {
	c := map[string]clue{
		"NO_PROPOSAL_CHOSEN": cluHeardNoProposal, "AUTHENTICATION_FAILED": cluHeardAuthFailed, "TS_UNACCEPTABLE": cluHeardSelectors,
		"NO_ADDITIONAL_SAS": cluNoAdditional, "INVALID_KE_PAYLOAD": cluWrongGroup,
		"INVALID_SYNTAX": cluHeardOther, "FAILED_CP_REQUIRED": cluHeardOther, "INTERNAL_ADDRESS_FAILURE": cluHeardOther, "CHILD_SA_NOT_FOUND": cluHeardOther, "SINGLE_PAIR_REQUIRED": cluHeardOther,
	}[kind]
	if c != 0 {
		s.note(c, number)
	}
}

// isDump says whether a text is a line of a dump.
func isDump(text string) bool {
	f, _ := dumps.find(text, nil)
	return f != nil || strings.Contains(text, "Next payload: ")
}

// dumped reads a line of a dump.
func (r *reader) dumped() bool {
	d := r.desk
	text := r.line.text
	if text == "" {
		return true
	}
	if before, _, ok := strings.Cut(text, " last transform: "); ok && strings.HasPrefix(before, "Proposal: ") {
		text = before
	}
	if i := strings.Index(text, "IKEv2 Exchange type"); i >= 0 {
		return true
	}
	if f, places := dumps.find(text, r.places[:0]); f != nil {
		if f.take != nil {
			f.take(r, places)
		}
		return true
	}
	switch {
	case r.headed(text):
		return true
	case d.listing != "":
		return r.transformNames()
	case d.names && r.payloadNames(text):
		return true
	}
	return isHex(text)
}

// isHex says whether a line is octets in hexadecimal.
func isHex(text string) bool {
	for len(text) > 0 {
		if len(text) < 2 || !hexDigit(text[0]) || !hexDigit(text[1]) || len(text) > 2 && text[2] != ' ' {
			return false
		}
		text = text[min(3, len(text)):]
	}
	return true
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
