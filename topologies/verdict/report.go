package verdict

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/ikev2"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
	"ikelab/topologies/why"
)

// Report is what came of trying a network.
type Report struct {
	Routers int      `json:"routers"`
	Links   []string `json:"links"`   // how they were joined
	Tunnels []Tunnel `json:"tunnels"` // that have both ends in it
	Loose   []Loose  `json:"loose"`   // ends that lead to nobody
}

// Tunnel is one of them.
type Tunnel struct {
	Ends    [2]End            `json:"ends"`
	Up      bool              `json:"up"`
	After   float64           `json:"up_after_seconds,omitempty"` // from power-on
	Suite   string            `json:"ike_sa,omitempty"`
	Traffic *Echoes           `json:"traffic,omitempty"` // nothing: no route leads into it at both ends
	OneWay  []OneWay          `json:"one_way,omitempty"`
	NotFor  []string          `json:"not_for,omitempty"` // families that routes lead into it, and that it does not carry
	Day     Day               `json:"day"`
	Rekeys  []Rekey           `json:"rekeys"`
	Works   bool              `json:"works"`
	Why     []json.RawMessage `json:"why,omitempty"` // it does not, as `why --json` says it
	said    string
}

// End is one end of a tunnel.
type End struct {
	Router    string     `json:"router"`
	File      string     `json:"file"`
	Interface string     `json:"interface"`
	Address   netip.Addr `json:"address"`
}

// OneWay is a network from which packets go into the tunnel, and to which the other end
// routes none.
type OneWay struct {
	Router  string       `json:"router"`
	Network netip.Prefix `json:"network"`
	Missing string       `json:"missing_at"` // the router that lacks the route
}

// Day is a day with the lifetimes that are configured.
type Day struct {
	Echoes Echoes `json:"echoes"`
	Child  int    `json:"child_rekeys"`
	IKE    int    `json:"ike_rekeys"`
	Flaps  int    `json:"times_down"`
}

// Rekey is a run in which one router makes all rekeys of a kind.
type Rekey struct {
	By     string `json:"by"`
	Kind   string `json:"kind"`
	Begun  int    `json:"begun"`
	Done   int    `json:"done"`
	Flaps  int    `json:"times_down"`
	Echoes Echoes `json:"echoes"`
	Works  bool   `json:"works"`
}

// Loose is an end whose other end is not there.
type Loose struct {
	End
	Remote netip.Addr `json:"remote"`
	Router string     `json:"belongs_to,omitempty"` // whose address it is, though nothing of it leads back
	Why    string     `json:"why,omitempty"`        // what there would, and cannot
	Unsure string     `json:"cannot_be_judged,omitempty"`
}

func (p *Plan) newReport(pairs []*pair) *Report {
	r := &Report{Routers: len(p.sites), Links: []string{}, Tunnels: []Tunnel{}, Loose: []Loose{}}
	for _, l := range p.Topology.Links {
		r.Links = append(r.Links, fmt.Sprintf("%v - %v", l.Ends[0], l.Ends[1]))
	}
	for _, o := range pairs {
		r.Tunnels = append(r.Tunnels, Tunnel{Ends: [2]End{endOf(o.a), endOf(o.b)}, Rekeys: []Rekey{}})
	}
	for _, e := range p.ends() {
		if e.peer == nil {
			l := Loose{End: endOf(e), Remote: e.remote, Unsure: p.unknown(e)}
			if s := p.owner(e.remote); s != nil {
				l.Router, l.Why = s.name, p.unable(s, e)
				if l.Unsure == "" && l.Why == "" && e.entry == nil {
					_, l.Unsure = s.template()
				}
			}
			r.Loose = append(r.Loose, l)
		}
	}
	return r
}

func endOf(e *end) End { return End{e.site.name, e.site.config.File, e.name, e.local} }

// judge says whether the tunnel came up, and what it is for.
func (t *Tunnel) judge(r *run, o *pair) {
	t.Up, t.NotFor, t.OneWay = r.up(o), o.other, o.missing
	if !t.Up {
		return
	}
	at := r.seen[o.a].upAt
	if b := r.seen[o.b].upAt; b.After(at) {
		at = b
	}
	t.After = at.Sub(r.Topology.Clock).Seconds()
	t.Suite = suite(&r.seen[o.a].sa)
}

func suite(sa *ikev2.SAInfo) string {
	text := words.EncrSized(sa.Encr)
	if !sa.Encr.AEAD() {
		text += ", " + words.Integ(sa.Integ)
	}
	return text + ", group " + fmt.Sprint(uint16(sa.Group))
}

// traffic is where echoes are counted that judge the tunnel.
func (t *Tunnel) traffic() *Echoes {
	t.Traffic = &Echoes{}
	return t.Traffic
}

// count says what a day has brought.
func (d *Day) count(r *run, o *pair) {
	a, b := r.seen[o.a], r.seen[o.b]
	d.Child, d.IKE, d.Flaps = a.renewed, a.ike, max(a.flaps, b.flaps)
}

// judge says what has become of forced rekeys by an end.
func (k *Rekey) judge(r *run, by *end, kind rekeyKind) {
	mine := r.seen[by]
	k.Begun, k.Done, k.Flaps = mine.begun[kind], mine.renewed, max(mine.flaps, r.seen[by.peer].flaps)
	if kind == ofIKE {
		k.Done = mine.ike
	}
	k.Works = k.Done > 0 && k.Flaps == 0 && k.Echoes.lost() == 0
}

// explain says why the tunnel does not work, as it is in a run.
func (t *Tunnel) explain(r *run, e *end, lang phrase.Lang) {
	name := e.name
	if e.entry != nil {
		name = fmt.Sprint(e.wan.name, " ", e.entry.Sequence)
	}
	v, err := r.witness.Explain(e.site.name, name)
	if err != nil || v.State == why.Well && len(v.Forecast) == 0 { // which is no answer
		return
	}
	if data, err := v.JSON(lang); err == nil {
		t.Why = append(t.Why, data)
	}
	t.said += v.In(lang, why.PageColumns)
}

// conclude says whether all is well with the tunnel.
func (t *Tunnel) conclude() {
	t.Works = t.Up && t.Traffic != nil && t.Traffic.lost() == 0 && t.Day.Flaps == 0 && t.Day.Echoes.lost() == 0
	for i := range t.Rekeys {
		t.Works = t.Works && t.Rekeys[i].Works
	}
}

// OK says whether all is well with each tunnel. Between two routers there must be one:
// they were brought for it.
func (r *Report) OK() bool {
	for i := range r.Tunnels {
		if !r.Tunnels[i].Works {
			return false
		}
	}
	return len(r.Tunnels) > 0 || r.Routers > 2
}

// String is the report for people.
func (r *Report) String() string {
	var b strings.Builder
	b.WriteString("Joined:\n")
	for _, l := range r.Links {
		fmt.Fprintf(&b, "  %s\n", l)
	}
	for i := range r.Tunnels {
		r.Tunnels[i].write(&b)
	}
	for _, l := range r.Loose {
		fmt.Fprintf(&b, "\n%s %s leads to %v, ", l.End.Router, l.Interface, l.Remote)
		switch {
		case l.Unsure != "":
			fmt.Fprintf(&b, "which cannot be judged: %s\n", l.Unsure)
		case l.Router == "":
			fmt.Fprintf(&b, "which no router here has%s\n", r.hint(l.Remote))
		default:
			fmt.Fprintf(&b, "which is %s, and %s\n", l.Router, cmp.Or(l.Why, fmt.Sprintf("nothing there leads back to %v", l.Address)))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", r.verdict())
	return b.String()
}

// hint says what an address may be that nobody has, where two routers were brought.
func (r *Report) hint(a netip.Addr) string {
	for _, l := range r.Loose {
		if a.Is4() && l.Remote.Is4() && l.Router != "" && r.Routers == 2 {
			return fmt.Sprintf(" (--nat %s: that of a NAT gateway before %s)", l.File, l.End.Router)
		}
	}
	return ""
}

// verdict is the last line.
func (r *Report) verdict() string {
	good := 0
	for i := range r.Tunnels {
		if r.Tunnels[i].Works {
			good++
		}
	}
	switch {
	case len(r.Tunnels) == 0 && slices.ContainsFunc(r.Loose, func(l Loose) bool { return l.Unsure != "" }):
		return "Whether a tunnel leads from one of these routers to another cannot be judged."
	case len(r.Tunnels) == 0:
		return "No tunnel leads from one of these routers to another."
	}
	text := fmt.Sprintf("%d of %d tunnels work", good, len(r.Tunnels))
	switch {
	case good == len(r.Tunnels) && good == 1:
		text = "The tunnel works"
	case good == len(r.Tunnels):
		text = fmt.Sprintf("All %d tunnels work", good)
	}
	if slices.ContainsFunc(r.Tunnels, func(t Tunnel) bool { return t.Works && len(t.OneWay) > 0 }) {
		text += ", but a route back is missing"
	}
	return text + "."
}

func (t *Tunnel) write(b *strings.Builder) {
	row := func(what, format string, args ...any) {
		fmt.Fprintf(b, "  %-16s %s\n", what, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(b, "\n%s %s (%v) - %s %s (%v)\n", t.Ends[0].Router, t.Ends[0].Interface, t.Ends[0].Address, t.Ends[1].Router, t.Ends[1].Interface, t.Ends[1].Address)
	defer func() { b.WriteString(t.said) }()
	if !t.Up {
		row("comes up", "no, not within %v", comesUp)
		return
	}
	row("comes up", "yes, after %.1f s: %s", t.After, t.Suite)
	if t.Traffic == nil {
		row("carries", "nothing: no route leads into it at both ends")
	} else {
		for e := t.Traffic; e != nil; e = e.IPv6 {
			row("carries", "%d of %d echoes from %v to %v", e.Received, e.Sent, e.From, e.To)
		}
	}
	for _, family := range t.NotFor {
		row("not for", "%s, which routes lead into it: its mode does not carry that at both ends", family)
	}
	for _, o := range t.OneWay {
		row("one way", "%s routes nothing to %v of %s into it: what is sent from there is not answered", o.Missing, o.Network, o.Router)
	}
	sent, received := t.Day.Echoes.total()
	row("for a day", "%d of %d echoes, rekeys: %d CHILD_SA, %d IKE SA; down %s", received, sent, t.Day.Child, t.Day.IKE, times(t.Day.Flaps))
	for i := range t.Rekeys {
		k := &t.Rekeys[i]
		row(k.Kind+" rekey", "by %s: %s", k.By, k)
	}
}

// String says what came of the rekeys.
func (k *Rekey) String() string {
	text := fmt.Sprintf("%d of %d", k.Done, k.Begun)
	if k.Begun == 0 {
		return "none was begun"
	}
	if lost := k.Echoes.lost(); lost > 0 {
		sent, _ := k.Echoes.total()
		text += fmt.Sprintf(", %d of %d echoes lost", lost, sent)
	}
	if k.Flaps > 0 {
		text += ", down " + times(k.Flaps)
	}
	return text
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
