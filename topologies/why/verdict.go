package why

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/record"
	"ikelab/topologies/phrase"
)

// State is how a tunnel is.
type State string

// The states.
const (
	Down  State = "down"  // its line protocol is, or it has no pair
	Flaps State = "flaps" // it has been down several times lately
	Dumb  State = "dumb"  // it is up, and packets that it should carry are lost
	Well  State = "well"

	Unasked State = "unasked" // no packet has asked its crypto map for SAs
	Spare   State = "spare"   // another router has the address at which it begins, by HSRP
)

// states are ordered from bad to good.
var states = []State{Down, Flaps, Dumb, Unasked, Spare, Well}

// before says whether a verdict tells more of a crypto map than that of another entry: that
// entries are in the wrong order is why more than one is not well.
func (v *Verdict) before(o *Verdict) bool {
	order := func(v *Verdict) bool { return len(v.Claims) > 0 && v.Claims[0].Key == mapOrder }
	if order(v) != order(o) {
		return order(v)
	}
	return slices.Index(states, v.State) < slices.Index(states, o.State)
}

// mapOrder is the key of that claim.
const mapOrder = "map.order"

// OK says whether nothing is wrong, as far as is known.
func (s State) OK() bool { return s == Well || s == Unasked || s == Spare }

// Verdict is what is to be said of a tunnel.
type Verdict struct {
	Node, Interface string
	Entry           string // of the crypto map there, "MAP 10"; "": a tunnel interface
	Peer            string // the router at the other end; "": nobody's
	PeerInterface   string // "": nothing there leads back
	State           State
	Serves          []Served        // of a virtual template: its clients
	Claims          []Claim         // why it is not well, the strongest first
	Forecast        []Claim         // what will go wrong
	Next            []phrase.Phrase // what to look at, where nothing is known
}

// Served is a client of a template.
type Served struct {
	Interface string `json:"interface"`
	Client    string `json:"client"` // its router, or its address where nobody of the lab has it
}

// mostClients are shown.
const mostClients = 6

// servesWords are the clients of a template for people.
func servesWords(list []Served) (words []any) {
	for _, s := range list[:min(mostClients, len(list))] {
		words = append(words, s.Client+" ("+s.Interface+")")
	}
	if len(list) > mostClients {
		words = append(words, "…")
	}
	return words
}

// Claim is one cause.
type Claim struct {
	Key      string // such as "auth.key": stays what it is
	Say      phrase.Phrase
	Evidence []Evidence
	Lines    []Line
	RFC      string // "RFC 7296 section 2.7"; "": none
	Mend     []Line // what to type
}

// Evidence is a record, or a field of a screen.
type Evidence struct {
	Record record.ID // 0: a field
	Kind   string    // of the record; or the screen
	Node   string
	Frame  uint64 // number of the packet in a capture; 0: none
	At     time.Time
	Field  string // "interfaces.2.protocol"
	Value  string
}

// Line is a line of a router's configuration, with the head that it stands below.
type Line struct {
	Node  string `json:"node"`
	Below string `json:"below,omitempty"`
	Text  string `json:"text"`
}

func (l Line) String() string {
	if l.Below == "" {
		return l.Node + ": " + l.Text
	}
	return l.Node + ": " + l.Below + ": " + l.Text
}

// String is the evidence for people.
func (e Evidence) String() string {
	if e.Record == 0 {
		return fmt.Sprintf("%s: %s: %s = %s", e.Node, e.Kind, e.Field, e.Value)
	}
	text := fmt.Sprintf("%s: record %d.%d, %s", e.Node, e.Record.Node(), e.Record.N(), e.Kind)
	if e.Frame != 0 {
		text += fmt.Sprintf(", packet %d", e.Frame)
	}
	return text
}

// seen is a record as evidence.
func seen[B record.Body](f finding[B]) Evidence {
	return Evidence{Record: f.ID, Kind: f.body.Kind(), Node: f.Node, Frame: f.Frame, At: f.At}
}

// PageColumns is how wide a verdict is where no terminal says otherwise.
const PageColumns = 100

// In is the verdict for people, in lines of at most so many columns.
func (v *Verdict) In(l phrase.Lang, columns int) string {
	var b strings.Builder
	put := func(indent string, p string) {
		for i, line := range phrase.Wrap(p, columns-phrase.Width(indent)) {
			if i == 0 {
				b.WriteString(indent + line + "\n")
			} else {
				b.WriteString(strings.Repeat(" ", phrase.Width(indent)) + line + "\n")
			}
		}
	}
	put("", v.head().In(l))
	for _, c := range v.Claims {
		v.claim(put, c, l)
	}
	for _, c := range v.Forecast {
		v.claim(put, c, l)
	}
	for _, n := range v.Next {
		put("  - ", n.In(l))
	}
	return b.String()
}

func (v *Verdict) claim(put func(indent, text string), c Claim, l phrase.Lang) {
	put("* ", c.Say.In(l))
	row := func(label phrase.Phrase, text string) { put("    "+label.In(l)+" ", text) }
	for _, line := range c.Lines {
		row(phrase.Of("why.label.line"), line.String())
	}
	for _, e := range c.Evidence {
		row(phrase.Of("why.label.evidence"), e.String())
	}
	if c.RFC != "" {
		row(phrase.Of("why.label.rfc"), c.RFC)
	}
	for _, m := range c.Mend {
		row(phrase.Of("why.label.mend"), m.String())
	}
}

// head says how the tunnel is.
func (v *Verdict) head() phrase.Phrase {
	what := v.Interface
	if v.Entry != "" {
		what = "crypto map " + v.Entry
		if v.Interface != "" {
			what += " (" + v.Interface + ")"
		}
	}
	with := []any{"node", v.Node, "interface", what}
	if len(v.Serves) > 0 {
		return phrase.Of("why.head.serves", append(with, "count", len(v.Serves), "clients", phrase.And(servesWords(v.Serves)...))...)
	}
	if strings.HasPrefix(v.Interface, string(iosconfig.VirtualTemplate)) {
		return phrase.Of("why.head.nobody", with...)
	}
	switch v.State {
	case Down:
		return phrase.Of("why.head.down", with...)
	case Flaps:
		return phrase.Of("why.head.flaps", with...)
	case Dumb:
		return phrase.Of("why.head.dumb", with...)
	case Unasked:
		return phrase.Of("why.head.unasked", with...)
	case Spare:
		return phrase.Of("why.head.spare", with...)
	}
	return phrase.Of("why.head.well", with...)
}

// JSON is the verdict as one object.
func (v *Verdict) JSON(l phrase.Lang) ([]byte, error) {
	out := verdictJSON{
		Node: v.Node, Interface: v.Interface, Entry: v.Entry, Peer: v.Peer, PeerInterface: v.PeerInterface, State: v.State, Serves: v.Serves,
		Claims: claimsJSON(v.Claims, l), Forecast: claimsJSON(v.Forecast, l), Next: []string{},
	}
	for _, n := range v.Next {
		out.Next = append(out.Next, n.In(l))
	}
	return json.Marshal(out)
}

type (
	verdictJSON struct {
		Node          string      `json:"node"`
		Interface     string      `json:"interface"`
		Entry         string      `json:"entry,omitempty"` // of a crypto map
		Peer          string      `json:"peer,omitempty"`
		PeerInterface string      `json:"peer_interface,omitempty"`
		State         State       `json:"state"`
		Serves        []Served    `json:"serves,omitempty"` // by a virtual template
		Claims        []claimJSON `json:"claims"`
		Forecast      []claimJSON `json:"forecast"`
		Next          []string    `json:"next"`
	}
	claimJSON struct {
		Key      string         `json:"key"`
		Text     string         `json:"text"`
		Evidence []evidenceJSON `json:"evidence"`
		Lines    []Line         `json:"lines"`
		RFC      string         `json:"rfc,omitempty"`
		Mend     []Line         `json:"mend"`
	}
	evidenceJSON struct {
		Node   string `json:"node"`
		Record string `json:"record,omitempty"` // as in --events
		Kind   string `json:"kind"`             // of the record, or the screen
		Frame  uint64 `json:"frame,omitempty"`
		Field  string `json:"field,omitempty"`
		Value  string `json:"value,omitempty"`
	}
)

func claimsJSON(list []Claim, l phrase.Lang) []claimJSON {
	out := []claimJSON{}
	for _, c := range list {
		j := claimJSON{Key: c.Key, Text: c.Say.In(l), Evidence: []evidenceJSON{}, Lines: append([]Line{}, c.Lines...), RFC: c.RFC, Mend: append([]Line{}, c.Mend...)}
		for _, e := range c.Evidence {
			item := evidenceJSON{Node: e.Node, Kind: e.Kind, Frame: e.Frame, Field: e.Field, Value: e.Value}
			if e.Record != 0 {
				item.Record = fmt.Sprintf("%d.%d", e.Record.Node(), e.Record.N())
			}
			j.Evidence = append(j.Evidence, item)
		}
		out = append(out, j)
	}
	return out
}
