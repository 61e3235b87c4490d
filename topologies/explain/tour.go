package explain

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/router/words"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
)

// Tour carries steps out in a lab that has not started, and tells what its routers said to
// each other: a story for each pair of peers. What steps expect does not matter to it.
func Tour(l *lab.Lab, steps []*scenario.Step) ([]*Story, error) {
	t := &tour{watch: newWatch(l), running: running{}}
	if err := t.run(steps); err != nil {
		return nil, err
	}
	return t.stories(), nil
}

func (t *tour) run(steps []*scenario.Step) error {
	runner, err := scenario.NewRunner(t.lab, scenario.Settings{})
	if err != nil {
		return err
	}
	if err := runner.Prepare(steps...); err != nil {
		return err
	}
	runner.Begin()
	for _, s := range steps {
		t.snap()
		var unmet *scenario.Failure
		if _, err := runner.Do(s); err != nil && !errors.As(err, &unmet) {
			return err
		}
	}
	t.snap()
	return runner.End()
}

// tour makes stories of what was watched.
type tour struct {
	*watch
	running running
}

// snap keeps the running configurations of all routers.
func (t *tour) snap() {
	for _, r := range t.lab.Routers {
		if text, refused := t.screen(r, "show running-config"); !refused {
			t.running.note(r.Name(), t.lab.Sim.Now(), text)
		}
	}
}

func (t *tour) screen(r *lab.Router, line string) (text string, refused bool) {
	if !r.Device.Started() {
		return "", true
	}
	return r.Shell().Screen(t.lab.Sim.Now(), line)
}

// pairOf puts two ends in the order of the lab's file.
func (t *tour) pairOf(a, b string) [2]string {
	if t.rank(b) < t.rank(a) {
		return [2]string{b, a}
	}
	return [2]string{a, b}
}

// owner is who a message is for: the router that took it, or the one that has its
// address.
func (t *tour) owner(m *talk) string {
	if m.heard != nil {
		return m.heard.node
	}
	return t.having(m.to, m.sender.node, m.at)
}

// having is the router that has an address, or is seen there by its peers, and is not a
// certain one; otherwise the address.
func (t *tour) having(a netip.AddrPort, but string, at time.Time) string {
	if node := t.peers.at[a]; node != "" && node != but {
		return node
	}
	if node := t.peers.owners[a.Addr()]; node != "" && node != but {
		return node
	}
	for _, r := range t.lab.Routers {
		node := r.Name()
		for _, l := range t.running.at(node, at) {
			if strings.HasPrefix(l, " ip address "+a.Addr().String()+" ") && node != but {
				return node
			}
		}
	}
	return a.Addr().String()
}

// rank is a router's place in the lab; addresses come behind all routers.
func (t *tour) rank(name string) int {
	if i := slices.IndexFunc(t.lab.Routers, func(r *lab.Router) bool { return r.Name() == name }); i >= 0 {
		return i
	}
	return len(t.lab.Routers)
}

func (t *tour) stories() (list []*Story) {
	found := map[[2]string]*teller{} // each has its own steps: their order here does not matter
	of := func(node, other string, local, remote netip.Addr) *teller {
		pair := t.pairOf(node, other)
		s := found[pair]
		if s == nil {
			s = t.open(pair, node, local, remote)
			found[pair], list = s, append(list, s.Story)
		}
		return s
	}
	for _, m := range t.talks {
		of(m.sender.node, t.owner(m), m.from.Addr(), m.to.Addr()).message(m)
	}
	var everywhere []*scene // that concern no peer more than others
	for _, at := range t.alone {
		if at.talk != nil {
			continue
		}
		r, title := at.happens()
		if title == "" {
			continue
		}
		switch peer := t.peers.of(r); {
		case peer.Addr().IsValid():
			of(at.node, t.having(peer, at.node, r.At), netip.Addr{}, peer.Addr()).happening(at, r, title)
		default:
			everywhere = append(everywhere, at)
		}
	}
	for _, at := range everywhere {
		for pair, s := range found {
			if r, title := at.happens(); at.concerns(pair) {
				s.happening(at, r, title)
			}
		}
	}
	for _, s := range list {
		t.close(s)
	}
	return list
}

// concerns says whether what names no peer is told of a pair: a packet in clear where the
// other one has sent it on.
func (s *scene) concerns(pair [2]string) bool {
	other := pair[1]
	if pair[1] == s.node {
		other = pair[0]
	} else if pair[0] != s.node {
		return false
	}
	return s.via == nil || slices.Contains(s.via, other)
}

// open begins the story of a pair; node is the one whose local address is known, if any is.
func (t *tour) open(pair [2]string, node string, local, remote netip.Addr) *teller {
	s := &Story{Begin: t.lab.Topology.Clock, Title: phrase.Of("tour.title", "lab", t.lab.Topology.Name, "a", pair[0], "b", pair[1])}
	for i, name := range pair {
		s.Ends[i] = End{name, remote.String()}
		if name == node && local.IsValid() {
			s.Ends[i].Address = local.String()
		} else if name == node {
			s.Ends[i].Address = "?"
		}
	}
	s.Intro = []phrase.Phrase{
		phrase.Of("tour.intro.ends", "a", pair[0], "aa", s.Ends[0].Address, "b", pair[1], "ba", s.Ends[1].Address),
		phrase.Of("tour.intro.exchanges"), phrase.Of("tour.intro.sides"),
	}
	return &teller{Story: s, tour: t, asked: map[messageKey]purpose{}}
}

// close puts the steps in order, folds what repeats and adds the screens.
func (t *tour) close(s *Story) {
	slices.SortStableFunc(s.Steps, func(a, b Step) int { return a.At.Compare(b.At) })
	s.Steps = folded(s.Steps)
	t.outcome(s)
	t.screens(s)
}

// outcome is what there is in the end.
func (t *tour) outcome(s *Story) {
	for i, end := range s.Ends {
		r := t.lab.Router(end.Name)
		if r == nil {
			continue
		}
		up := false
		sas, _ := r.SAs()
		for _, sa := range sas {
			if sa.Status == ikev2.StatusReady && t.having(sa.Remote, end.Name, t.lab.Sim.Now()) == s.Ends[1-i].Name {
				up = true
				s.Outcome = append(s.Outcome, phrase.Of("tour.outcome.up", "end", end.Name, "remote", identity(sa.RemoteID), "local", identity(sa.LocalID),
					"suite", words.EncrSized(sa.Encr)+", "+words.PRF(sa.PRF)+", "+words.Group(sa.Group), "pairs", len(sa.Children)))
			}
		}
		if !up {
			s.Outcome = append(s.Outcome, phrase.Of("tour.outcome.down", "end", end.Name, "other", s.Ends[1-i].Name))
		}
	}
}

// folded leaves out exchanges that tell what has been told, and counts them.
func folded(steps []Step) (list []Step) {
	first := map[string]int{}
	for _, s := range steps {
		key := s.key()
		if i, told := first[key]; told {
			list[i].Again++
			continue
		}
		first[key] = len(list)
		list = append(list, s)
	}
	return list
}

// key is what two steps have in common that tell the same, but for numbers: what is
// sent, by whom, and which kinds of things follow.
func (s *Step) key() string {
	var b strings.Builder
	b.WriteString(s.Key.In(phrase.English))
	for _, p := range s.Payloads {
		b.WriteString("|" + p.Name)
	}
	for i := range s.Sides {
		b.WriteByte('#')
		for _, f := range s.Sides[i].Facts {
			b.WriteString("|" + f.Key)
			if strings.HasPrefix(f.Key, "tour.cause") {
				b.WriteString(f.In(phrase.English))
			}
		}
	}
	return b.String()
}
