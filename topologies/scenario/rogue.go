package scenario

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"ikelab/router/shell"
	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/rogue"
	"ikelab/topologies/script"
)

// misbehave is a case that a misbehaving peer plays.
type misbehave struct {
	peer, play string
	plays      *rogue.Case
	rogue      *lab.Rogue
}

func (a *misbehave) keys() []form.Key {
	return []form.Key{
		{Name: "rogue", Help: "a node of kind rogue", Value: form.Word(&a.peer, "rogue")},
		{Name: "play", Help: "the case, by its name; its answer, and that all other SAs stay, is expected", Required: true, Value: form.Parsed(&a.play, "play", "case", func(s string) (_ string, err error) {
			if a.plays, err = rogue.Find(s); err != nil {
				err = fmt.Errorf("%w%s", err, form.Hint(s, caseNames()))
			}
			return s, err
		})},
	}
}

func caseNames() (names []string) {
	for _, c := range rogue.Cases() {
		names = append(names, c.Name)
	}
	return names
}

func (a *misbehave) prepare(r *Runner) error {
	var names []string
	for _, p := range r.lab.Rogues {
		if names = append(names, p.Device.Name()); p.Device.Name() == a.peer {
			a.rogue = p
		}
	}
	if a.rogue == nil {
		return fmt.Errorf("there is no rogue %q%s", a.peer, form.Hint(a.peer, names))
	}
	return nil
}

const (
	settling = 3500 * time.Millisecond // in which a router that has lost an SA begins another
	forgiven = 40 * time.Second        // in which half-open SAs go
)

func (a *misbehave) do(r *Runner) ([]script.Result, error) {
	node := r.owner(a.rogue.Router)
	if node == nil {
		return nil, fmt.Errorf("no router has the address %v, which %s troubles", a.rogue.Router, a.peer)
	}
	t := &rogue.Talk{Peer: a.rogue.Peer}
	end := r.lab.Sim.Now()
	t.Pass = func(d time.Duration) {
		end = end.Add(d)
		r.RunUntil(func() bool { return false }, end)
	}
	a.plays.Begin(t)
	if a.plays.As == rogue.Asked {
		beginAnew(node, a.rogue.Address)
	} else {
		t.Pass(settling)
	}
	before := a.others(node, t)
	heard := a.plays.Play(t)
	if !slices.Equal(heard, a.plays.Want) {
		return nil, failed(node.Name()+" does not answer as it must", condition.Finding{
			Want: listed(a.plays.Want) + "\n" + a.plays.RFC, Got: listed(heard),
		})
	}
	t.Pass(forgiven)
	if r.lab.Sim.Now().Before(end) {
		return nil, script.ErrStopped
	}
	return nil, a.judge(node, t, before)
}

// judge wants that others' SAs are as they were, and the peer's own as it must be.
func (a *misbehave) judge(node *lab.Router, t *rogue.Talk, before string) error {
	if after := a.others(node, t); after != before {
		return failed("SAs with others have changed", condition.Finding{Want: "the SAs of others\n" + before, Got: after})
	}
	lives := false
	list, _ := node.SAs()
	for _, sa := range list {
		lives = lives || t.SA != nil && sa.SPIi == t.SA.SPIi
	}
	if lives != a.plays.Lives() {
		return failed("the peer's own SA is not as it must be", condition.Finding{Want: fmt.Sprintf("that it is there: %v", a.plays.Lives()), Got: fmt.Sprint(lives)})
	}
	return nil
}

// others are the SAs that a router has with others, of which the case is told.
func (a *misbehave) others(node *lab.Router, t *rogue.Talk) (text string) {
	list, flows := node.SAs()
	for _, sa := range list {
		if remote := sa.Remote.Addr(); remote != a.rogue.Address {
			text += fmt.Sprintf("%016x %016x with %v\n", sa.SPIi, sa.SPIr, remote)
			t.Others.Address, t.Others.SPIi, t.Others.SPIr = remote, sa.SPIi, sa.SPIr
		}
	}
	for _, f := range flows {
		for _, pair := range f.Pairs {
			if f.Remote != a.rogue.Address {
				text += fmt.Sprintf("in %v, out %v with %v\n", pair.In.SPI, pair.Out.SPI, f.Remote)
				t.Others.Pair[0], t.Others.Pair[1] = pair.In.SPI, pair.Out.SPI
			}
		}
	}
	return text
}

func listed(heard []string) string {
	if len(heard) == 0 {
		return "silence"
	}
	return strings.Join(heard, "\n")
}

// owner is the router that has an address; nil: none has.
func (r *Runner) owner(a netip.Addr) *lab.Router {
	for _, node := range r.lab.Routers {
		if !node.Device.Started() {
			continue
		}
		screen, _ := node.Shell().Screen(r.lab.Sim.Now(), "show ip interface brief | json")
		if slices.ContainsFunc(gjson.Get(screen, "interfaces.#.ip_address").Array(), func(v gjson.Result) bool { return v.String() == a.String() }) {
			return node
		}
	}
	return nil
}

// beginAnew has a router begin anew with a peer.
func beginAnew(node *lab.Router, peer netip.Addr) {
	s := node.Shell().Open(shell.Options{Privileged: true})
	node.Enter(s, "clear crypto session remote "+peer.String())
	s.Close()
}
