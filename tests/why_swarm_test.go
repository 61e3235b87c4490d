package tests

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/fault"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/swarm"
	"ikelab/topologies/why"
)

// whySeeds is how many networks of the swarm why is asked about, and whyFrom the first one.
var (
	whySeeds = flag.Uint64("why-seeds", 4, "how many networks of the swarm why is asked about")
	whyFrom  = flag.Uint64("why-from", 16, "the seed of the first of them")
)

// started is when all routers of a plan have power and have had time for their tunnels.
const started = 90 * time.Second

// TestWhyOfHealthySwarm: of networks to which nothing happens nothing is said, whenever it is asked.
func TestWhyOfHealthySwarm(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, seed := range seedsWith(1600101, 1600194, 2000088) { // addresses that several tables have, or several ports of one hub; two customers with the same ones
		p := swarm.Draw(seed)
		p.Faults = nil
		for i := range p.Routers {
			if r := &p.Routers[i]; doubted(r) {
				r.Proof.By = "ROOT"
			}
			p.Routers[i].Pool = 0
		}
		askAlong(t, p, 3, func(v *why.Verdict, at time.Duration) {
			asked++
			if len(v.Claims)+len(v.Forecast) > 0 {
				t.Errorf("seed %d at %v: nothing has happened, and %s", seed, at, v.In(phrase.English, 120))
			}
		})
	}
	require.NotZero(t, asked)
	t.Log(asked, "verdicts")
}

// seedsWith are the seeds of the networks that why is asked about, with former ones.
func seedsWith(former ...uint64) []uint64 {
	seeds := slices.Clone(former)
	for i := range *whySeeds {
		seeds = append(seeds, *whyFrom+i)
	}
	return seeds
}

// whyMended are seeds of which why said what was not so.
var whyMended = []uint64{
	7650038, // a cookie was asked for, and the first message, which came again late, was taken without one
	7500016, // a late packet, whose ICV does not verify where numbers are extended (ESN)
	2600111, // a packet that was dropped in the table of another tunnel with the same addresses
	2600149, // a neighbour that did not answer until it had power, before its certificate was refused
	2800081, // a packet whose port was changed on its way
	3000140, // what a third router had dropped of its own, with the same addresses
	3100156, // (a panic) packets of other tables at a router that has no part in the tunnel
	3100181, // a route that is there again
	3700085, // (the test: an entry without a peer leads nowhere)
	2100108, // a network that was tried had authorities of the same names with other keys
	2300019, // a peer that was off, whose address a router had on another wire
	1600022, // a packet to an address that was being looked for twice on its link
	1600023, // changed packets that looked old
	1600031, // a hub that serves whoever asks was taken for a router with no part in it
	1500037, // a tunnel over IPv6 whose port has no address of IPv4
	1060087, // (the test: whose an entry is that an edit has put before)
	1030029, // an IKE_SA_INIT that was changed on its way was taken for another key
	900000,  // a network that was tried had no cable to what lies behind a router, whose packets then went astray in clear
}

// TestWhyOfBrokenSwarm: of networks to which something happens no cause is named but one that
// something which has happened by then can bring.
func TestWhyOfBrokenSwarm(t *testing.T) {
	t.Parallel()
	asked, named := 0, map[string]int{}
	for _, seed := range seedsWith(whyMended...) {
		p := swarm.Draw(seed)
		askAlong(t, p, 6, func(v *why.Verdict, at time.Duration) {
			asked++
			for _, c := range slices.Concat(v.Claims, v.Forecast) {
				named[c.Key]++
				if !brought(p, v, c.Key, at) {
					t.Errorf("seed %d at %v: nothing that happened brings %s: %s", seed, at, c.Key, v.In(phrase.English, 120))
				}
			}
		})
	}
	require.NotEmpty(t, named)
	t.Log(asked, "verdicts,", named)
}

// askAlong carries a plan out and asks so many times, at equal distances, the last at the end.
func askAlong(t *testing.T, p *swarm.Plan, times int, tell func(*why.Verdict, time.Duration)) {
	p.Length = min(p.Length, 12*time.Minute)
	p.Faults = slices.DeleteFunc(p.Faults, func(f swarm.Fault) bool { return f.At+f.For > p.Length })
	report := swarm.Run(p, swarm.Options{Opened: func(l *lab.Lab) error {
		w, begin := why.Watch(l), l.Sim.Now()
		for n := range times {
			at := started + (p.Length-started)*time.Duration(n+1)/time.Duration(times)
			l.Sim.At(begin.Add(at), func(time.Time) { askSome(t, l, w, n, func(v *why.Verdict) { tell(v, at) }) })
		}
		return nil
	}})
	require.Empty(t, report.Violations, "seed %d", p.Seed)
}

// askedMost is about how many tunnels why is asked at an instant, at both ends.
const askedMost = 4

// askSome asks about some tunnels, the next time about others.
func askSome(t *testing.T, l *lab.Lab, w *why.Witness, turn int, tell func(*why.Verdict)) {
	var ends [][2]string
	for _, r := range l.Routers {
		for _, tunnel := range w.Tunnels(r.Name()) { // none while it is off
			ends = append(ends, [2]string{r.Name(), tunnel})
		}
	}
	for i := range min(askedMost, len(ends)) {
		e := ends[(turn*askedMost+i)%len(ends)]
		v, err := w.Explain(e[0], e[1])
		require.NoError(t, err)
		tell(v)
	}
}

// brought says whether something that has begun can be why a tunnel is as it is said to be.
func brought(p *swarm.Plan, v *why.Verdict, key string, at time.Duration) bool {
	i := slices.IndexFunc(p.Tunnels, func(u swarm.Tunnel) bool {
		var sequence int // an edit puts an entry before that of a tunnel
		if words := strings.Fields(v.Entry); len(words) == 2 {
			sequence, _ = strconv.Atoi(words[1])
		}
		return v.Interface == fmt.Sprintf("Tunnel%d", u.Number) || sequence > 0 && (sequence+1)/10 == u.Number
	})
	if i < 0 { // cloned for one of a hub's clients
		i = slices.IndexFunc(p.Tunnels, func(u swarm.Tunnel) bool {
			return u.Client != 0 && strings.HasPrefix(v.Interface, "Virtual-Access") && (v.Peer == "" || v.Peer == fmt.Sprintf("R%d", u.Client))
		})
	}
	tunnel := &p.Tunnels[i]
	if (key == "auth.certificate" || key == "auth.identity") && slices.ContainsFunc(p.Routers, func(r swarm.Router) bool { return doubted(&r) && (r.Number == tunnel.A || r.Number == tunnel.B) }) {
		return true
	}
	if key == "child.lifetime" && slices.ContainsFunc(p.Routers, func(r swarm.Router) bool { return r.Kilobytes != 0 && (r.Number == tunnel.A || r.Number == tunnel.B) }) {
		return true // what crosses may use it up while a rekey is lost
	}
	if tunnel.Client != 0 && key == "route.into" { // the routes come and go with the SA
		key = disturbed[0]
	}
	if tunnel.Client != 0 && (key == "peer.refused" || key == "flex.address") && slices.ContainsFunc(p.Routers, func(r swarm.Router) bool { return r.Pool > 0 }) {
		return true
	}
	return slices.ContainsFunc(p.Faults, func(f swarm.Fault) bool { return f.At <= at && brings(&f, tunnel, key) })
}

// doubted says whether a router has a certificate that nobody may believe.
func doubted(r *swarm.Router) bool {
	return r.Proof.By != "" && !slices.Contains([]string{"ROOT", "BRANCH", "SHORT"}, r.Proof.By)
}

// Causes that anything brings which disturbs packets or SAs: the peer does not answer, has gone
// or has lost what it held.
var disturbed = []string{"path.silent", "path.dead", "spi", "peer.refused"}

// brings says whether a fault can be the cause of what is said of a tunnel.
func brings(f *swarm.Fault, tunnel *swarm.Tunnel, key string) bool {
	if key == "peer.restarted" {
		return f.Kind == swarm.Crash || f.Kind == swarm.Reload
	}
	if key == "auth.altered" { // it came otherwise, or so late that another one was on its way
		return slices.Contains([]swarm.Kind{swarm.Packet, swarm.Loss, swarm.Duplication, swarm.Reordering, swarm.Corruption, swarm.Delay, swarm.Storm}, f.Kind)
	}
	switch f.Kind {
	case swarm.Save:
		return false
	case swarm.Revoke:
		return key == "auth.certificate" || slices.Contains(disturbed, key)
	case swarm.Clock:
		return key == "auth.certificate" || key == "auth.clock"
	case swarm.Edit, swarm.Move:
		for _, y := range append([]swarm.Typing{{Router: f.Router, Lines: f.Lines}}, f.Also...) {
			if (y.Router == tunnel.A || y.Router == tunnel.B) && (typedBrings(strings.Join(y.Lines, "\n"), key) || f.Kind == swarm.Move && key == "path.peer") {
				return true
			}
		}
	case swarm.Packet:
		switch key {
		case "replay":
			return f.Packet.What != fault.Drop && f.Packet.What != fault.Corrupt && f.Packet.What != fault.Truncate
		case "integrity":
			return f.Packet.What == fault.Corrupt || f.Packet.What == fault.Truncate
		}
	case swarm.Duplication, swarm.Reordering, swarm.Delay, swarm.Storm, swarm.Corruption:
		if key == "replay" && f.Kind != swarm.Corruption || key == "integrity" && (f.Kind == swarm.Corruption || f.Kind == swarm.Storm) {
			return true
		}
		fallthrough
	case swarm.Loss:
		if key == "path.fragments" && f.Impair.Loss+f.Impair.Corrupt > 0 { // some of a message in pieces never came
			return true
		}
	case swarm.Rebind:
		if key == "child.selectors" && f.How == "address" { // where no tunnel leads
			return true
		}
	case swarm.LinkDown:
		if key == "path.source" || key == "path.neighbour" || key == "path.route" {
			return true
		}
	}
	return slices.Contains(disturbed, key) || key == "path.neighbour" // nobody answers ARP
}

// typedBrings says what lines of configuration can bring, beside silence.
func typedBrings(lines, key string) bool {
	switch key {
	case "path.shutdown":
		return strings.HasPrefix(lines, "interface Tunnel") && strings.HasSuffix(lines, "\nshutdown")
	case "path.source", "path.neighbour", "path.route":
		return strings.Contains(lines, "\nshutdown") || strings.Contains(lines, "ip address")
	case "path.peer":
		return strings.Contains(lines, "tunnel destination") || strings.Contains(lines, "no set peer") || strings.Contains(lines, "no tunnel protection") || strings.Contains(lines, "ip address")
	case "child.pfs":
		return strings.Contains(lines, "set pfs")
	case "child.proposal":
		return strings.Contains(lines, "transform-set") || strings.Contains(lines, "set pfs")
	case "child.mode":
		return strings.Contains(lines, "\nmode ")
	case "child.selectors":
		return strings.Contains(lines, "tunnel destination") || strings.Contains(lines, "no tunnel protection") || strings.Contains(lines, "\nmode ")
	case "map.list":
		return strings.Contains(lines, "access-list") || strings.Contains(lines, "no match address")
	case "map.order":
		return strings.Contains(lines, "match address")
	case "map.lists":
		return strings.Contains(lines, "access-list")
	case "map.interface":
		return strings.Contains(lines, "crypto map") || strings.Contains(lines, "ip route")
	case "map.incomplete":
		return strings.Contains(lines, "crypto map")
	case "ike.proposal":
		return strings.Contains(lines, "\ngroup ") || strings.Contains(lines, "\npqc ")
	case "auth.certificate":
		return strings.Contains(lines, "pki trustpoint")
	case "auth.identity":
		return strings.Contains(lines, "identity local")
	case "auth.method":
		return strings.Contains(lines, "authentication ")
	case "auth.key", "auth.keyring": // another entry may have the right one
		return strings.Contains(lines, "pre-shared-key")
	case "route.into":
		return strings.Contains(lines, "no ip route") || strings.Contains(lines, "no tunnel protection")
	}
	return false
}
