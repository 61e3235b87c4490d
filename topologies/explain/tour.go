package explain

import (
	"slices"
	"strings"

	"ikelab/ikev2"
	"ikelab/router/words"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
)

// Tour runs a lab with lines of `ikelab exec` and tells what its routers said to each
// other: a story for each pair of peers.
func Tour(l *lab.Lab, lines []string) ([]*Story, error) {
	w := newWatch(l)
	var steps []*scenario.Step
	for _, text := range lines {
		s, err := scenario.ParseLine(text)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	runner, err := scenario.NewRunner(l, scenario.Settings{Lenient: true})
	if err != nil {
		return nil, err
	}
	if err := runner.Prepare(steps...); err != nil {
		return nil, err
	}
	runner.Begin()
	t := &tour{watch: w, running: running{}}
	for _, s := range steps {
		t.snap()
		if _, err := runner.Do(s); err != nil {
			return nil, err
		}
	}
	t.snap()
	return t.stories(), runner.End()
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

// pairOf are the two ends of a message, in the order of the lab's file.
func (t *tour) pairOf(m *talk) [2]string {
	other := t.owner(m)
	pair := [2]string{m.sender.node, other}
	if t.rank(pair[1]) < t.rank(pair[0]) {
		pair[0], pair[1] = pair[1], pair[0]
	}
	return pair
}

// owner is who a message is for: the router that took it, or the one that has its
// address; otherwise the address.
func (t *tour) owner(m *talk) string {
	if m.heard != nil {
		return m.heard.node
	}
	if node, known := t.owners[m.to.Addr()]; known && node != m.sender.node {
		return node
	}
	for node := range t.running {
		for _, l := range t.running.at(node, m.at) {
			if strings.HasPrefix(l, " ip address "+m.to.Addr().String()+" ") && node != m.sender.node {
				return node
			}
		}
	}
	return m.to.Addr().String()
}

// rank is a router's place in the lab; addresses come behind all routers.
func (t *tour) rank(name string) int {
	if i := slices.IndexFunc(t.lab.Routers, func(r *lab.Router) bool { return r.Name() == name }); i >= 0 {
		return i
	}
	return len(t.lab.Routers)
}

func (t *tour) stories() (list []*Story) {
	found := map[[2]string]*teller{}
	for _, m := range t.talks {
		pair := t.pairOf(m)
		s := found[pair]
		if s == nil {
			s = t.open(pair, m)
			found[pair], list = s, append(list, s.Story)
		}
		s.message(m)
	}
	t.silences(found)
	for _, s := range list {
		t.close(s)
	}
	return list
}

// open begins the story of a pair.
func (t *tour) open(pair [2]string, m *talk) *teller {
	s := &Story{Begin: t.lab.Topology.Clock, Title: phrase.Of("tour.title", "lab", t.lab.Topology.Name, "a", pair[0], "b", pair[1])}
	for i, name := range pair {
		s.Ends[i].Name = name
		address := m.to.Addr()
		if name == m.sender.node {
			address = m.from.Addr()
		}
		s.Ends[i].Address = address.String()
	}
	s.Intro = []phrase.Phrase{
		phrase.Of("tour.intro.ends", "a", pair[0], "aa", s.Ends[0].Address, "b", pair[1], "ba", s.Ends[1].Address),
		phrase.Of("tour.intro.exchanges"), phrase.Of("tour.intro.sides"),
	}
	return &teller{Story: s, tour: t, asked: map[messageKey]purpose{}}
}

// silences adds what happened without a message: an exchange that is given up.
func (t *tour) silences(found map[[2]string]*teller) {
	for _, s := range t.alone {
		if s.talk != nil || !slices.ContainsFunc(s.records, func(r recordOf) bool { return fails(r.Body) }) {
			continue
		}
		for _, r := range s.records {
			f, ok := r.Body.(ikev2.Failure)
			if !ok {
				continue
			}
			for pair, story := range found {
				other := t.owners[f.Peer.Addr()]
				if (pair[0] == s.node || pair[1] == s.node) && (pair[0] == other || pair[1] == other || other == "" && slices.Contains(pair[:], f.Peer.Addr().String()) || other == "" && story.has(f.Peer.Addr().String())) {
					story.silence(s, r.At, f)
				}
			}
		}
	}
}

func (s *teller) has(address string) bool {
	return s.Ends[0].Address == address || s.Ends[1].Address == address
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
			if sa.Status == ikev2.StatusReady && sa.Remote.Addr().String() == s.Ends[1-i].Address {
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
		if i, told := first[key]; told && s.Message != nil {
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
