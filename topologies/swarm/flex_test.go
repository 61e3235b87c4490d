package swarm

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/topologies/lab"
)

// flexPlan is a hub with two clients, of whom one sends to the other.
func flexPlan() *Plan {
	p := quietPlan()
	p.Routers = append(p.Routers, Router{Number: 3, Lifetime: 900, Seconds: 900, DPD: "10 2 periodic"})
	p.Tunnels = append(p.Tunnels, Tunnel{Number: 2, A: 1, B: 3, Delay: time.Millisecond, Transform: "esp-gcm", Client: 3})
	p.Tunnels[0].Client = 2
	p.Flows[0] = Flow{From: 2, To: 3, Begin: time.Minute, End: 3 * time.Minute, Period: time.Second, Burst: 1, Bytes: 100}
	return p
}

// TestFlex: whatever a hub and its clients are besides, all comes that is sent.
func TestFlex(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"plain":         func(p *Plan) {},
		"one":           func(p *Plan) { p.Tunnels[1].Client = 0 },
		"a chain":       func(p *Plan) { p.Tunnels[0].Client = 1 },
		"inside":        func(p *Plan) { p.Routers[0].VRF, p.Routers[1].VRF = true, true },
		"front":         func(p *Plan) { p.Tunnels[0].Front, p.Tunnels[1].Front = true, true },
		"both":          func(p *Plan) { p.Routers[0].VRF, p.Tunnels[0].Front = true, true },
		"default":       func(p *Plan) { p.Routers[0].DefaultRoute, p.Routers[1].DefaultRoute = true, true },
		"a segment":     func(p *Plan) { p.Routers[0].Front, p.Tunnels[0].Shared, p.Tunnels[1].Shared = true, true, true },
		"a NAT gateway": func(p *Plan) { p.Tunnels[0].Inside = 2 },
	} {
		p := flexPlan()
		change(p)
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
	}
}

// TestFlexCertificates: a hub and a client prove themselves by certificates to each other, the other client has the
// key; and a router that is no client is known by its name as before.
func TestFlexCertificates(t *testing.T) {
	for name, change := range map[string]func(p *Plan){
		"plain":    func(p *Plan) {},
		"a chain":  func(p *Plan) { p.Tunnels[0].Client = 1 },
		"below":    func(p *Plan) { p.Routers[1].Proof.By, p.Routers[0].Proof.DN = branch, true },
		"not both": func(p *Plan) { p.Routers[0].Proof = proof{} },
		"beside others": func(p *Plan) {
			p.Tunnels[1].Client, p.Routers[2].Proof = 0, proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root, DN: true}
		},
		"a VRF in front": func(p *Plan) { p.Tunnels[0].Front = true },
	} {
		p := flexPlan()
		p.Trust = &trusts{Revocation: "crl", Flex: true}
		for i := range 2 {
			p.Routers[i].Proof = proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root}
		}
		change(p)
		require.NoError(t, p.Check(), name)
		found := map[string]bool{}
		r := Run(p, Options{Opened: func(l *lab.Lab) error {
			l.Stream.Listen(func(r record.Record) {
				if b, is := r.Body.(ikev2.SAUp); is {
					found[b.Info.Profile+" "+b.Info.Auth[1]] = true
				}
			})
			return nil
		}})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
		if name == "plain" {
			require.Equal(t, map[string]bool{"SERVES1 ECDSA": true, "SERVES1 PSK": true, "ASKS ECDSA": true}, found)
		}
	}
}

// TestPoolComesBack: a hub's pool is taken away while its client comes again, and what is typed then is in effect
// at once.
func TestPoolComesBack(t *testing.T) {
	p := flexPlan()
	all := p.Routers[0].pool()
	p.Faults = []Fault{
		{Kind: Edit, At: 90 * time.Second, For: 8 * time.Second, Router: 1, Tunnel: 1, Lines: []string{"no " + all}, Undo: []string{all}},
		{Kind: Clear, At: 90 * time.Second, For: time.Second, Router: 2, Tunnel: 1, Lines: []string{"clear crypto ikev2 sa"}},
	}
	r := Run(p, Options{})
	require.Empty(t, r.Violations)
	require.Less(t, r.Sent-r.Arrived, 20)
}

// TestSmallPool: of two clients one finds an address, the other one is told that there is none,
// and has it when the first one has gone.
func TestSmallPool(t *testing.T) {
	p := flexPlan()
	p.Routers[0].Pool, p.Length = 1, 8*time.Minute
	p.Faults = []Fault{{Kind: Edit, At: 2 * time.Minute, For: 4 * time.Minute, Router: 2, Tunnel: 1,
		Lines: []string{"interface Tunnel1", "shutdown"}, Undo: []string{"interface Tunnel1", "no shutdown"}}}
	had := map[string]bool{}
	r := Run(p, Options{Opened: func(l *lab.Lab) error {
		l.Stream.Listen(func(r record.Record) {
			if b, is := r.Body.(ikev2.Configured); is && b.Initiator {
				had[r.Node] = true
			}
		})
		return nil
	}})
	require.Empty(t, r.Violations)
	require.Equal(t, map[string]bool{"R2": true, "R3": true}, had)
	require.Equal(t, 2, r.Arrived, "they are never there at once: R1 and the first one have reached each other at the end")
}

// TestFlexFaults: a hub and a client that lose what they held, and ports that move.
func TestFlexFaults(t *testing.T) {
	for router := range 2 {
		for _, kind := range []Kind{Crash, Reload, Move} {
			p := flexPlan()
			f := Fault{Kind: kind, At: 90 * time.Second, For: 20 * time.Second, Router: router + 1, Tunnel: 1}
			if kind == Move {
				f.types((&drawing{Plan: p}).move(&p.Tunnels[0], f.Router))
			}
			p.Faults = []Fault{f}
			r := Run(p, Options{})
			require.Empty(t, r.Violations, "%s of R%d", kind, f.Router)
			require.Equal(t, 1, r.Faults[kind])
			require.Greater(t, r.Arrived, 30)
		}
	}
}

// TestFlexComesAgain: a client behind a NAT gateway loses its memory while the gateway has another address. Its hub
// has both SAs until it asks whether the first one's peer lives, leads packets by the new one all the
// same, and follows it when the gateway has its address again.
func TestFlexComesAgain(t *testing.T) {
	p := flexPlan()
	p.Routers[0].DPD, p.Tunnels[0].Inside, p.Length = "120 5 periodic", 2, 4*time.Minute
	p.Flows[0] = Flow{From: 1, To: 2, Begin: time.Minute, End: 4 * time.Minute, Period: time.Second, Burst: 1, Bytes: 100}
	p.Faults = []Fault{
		{Kind: Rebind, At: 90 * time.Second, For: time.Minute, Router: 2, Tunnel: 1, How: "address"},
		{Kind: Crash, At: 91 * time.Second, For: time.Second, Router: 2, Tunnel: 1},
	}
	most := 0
	r := Run(p, Options{Opened: func(l *lab.Lab) error {
		at(l, 2*time.Minute, func() {
			sas, _ := l.Router("R1").SAs()
			most = len(sas)
		})
		return nil
	}})
	require.Empty(t, r.Violations)
	require.Equal(t, 3, most, "two are with R2")
	require.Less(t, r.Sent-r.Arrived, 20)
}

// TestMutantGrants: what is given and told is another thing than what is there.
func TestMutantGrants(t *testing.T) {
	leased := func(host byte, back bool) record.Body {
		return ikev2.AddressLeased{SA: ikev2.Ref{ID: 1}, Pool: pool, Address: ofPool(1, int(host)), Back: back}
	}
	route := func(vrf string) record.Body {
		return ip.RouteChanged{VRF: vrf, Code: "S", Prefix: netip.MustParsePrefix("192.168.9.0/24"), Interface: "Virtual-Access1", Installed: true}
	}
	for _, m := range []struct {
		bodies []record.Body
		want   int
	}{
		{[]record.Body{leased(1, false), leased(2, false)}, 0},
		{[]record.Body{leased(1, false), leased(1, true), leased(1, false)}, 0},
		{[]record.Body{leased(1, false), leased(1, false)}, 1},
		{[]record.Body{leased(1, true)}, 1},
		{[]record.Body{route("")}, 0},
		{[]record.Body{route(insideVRF)}, 1},
	} {
		found := 0
		g := newGrants(flexPlan(), func(Invariant, string) { found++ })
		for _, b := range m.bodies {
			g.take(record.Record{Node: "R1", Body: b})
		}
		require.Equal(t, m.want, found, "%+v", m.bodies)
	}
	for _, m := range []struct {
		after time.Duration
		body  record.Body
		want  Invariant
	}{
		{2 * time.Minute, leased(20, false), Given},
		{drained, leased(20, false), Given},
		{2 * time.Minute, route(""), Told},
		{2 * time.Minute, ikev2.Unconfigured{Entry: "Virtual-Access1"}, Told},
		{2 * time.Minute, ikev2.Configured{Entry: "Virtual-Access1"}, Told},
		{last, ikev2.Configured{Entry: "Virtual-Access9"}, LeavesNone},
	} {
		r := Run(flexPlan(), Options{Opened: func(l *lab.Lab) error {
			at(l, m.after, func() { l.Router("R1").Records().Emit(m.body) })
			return nil
		}})
		require.NotEmpty(t, r.Violations, "%+v", m.body)
		require.Equal(t, m.want, r.Violations[0].Invariant, "%+v", m.body)
	}
}

// TestToldTwice: a network that two clones have been told of is reached by the newer one.
func TestToldTwice(t *testing.T) {
	to := netip.MustParsePrefix("192.168.2.0/24")
	g := newGrants(flexPlan(), func(Invariant, string) {})
	told := func(n string) door {
		g.take(record.Record{Node: "R1", Body: ikev2.Configured{Entry: n, Configuration: ikev2.Configuration{Subnets: []netip.Prefix{to}}}})
		return door{"R1", n}
	}
	older, newer := told("Virtual-Access1"), told("Virtual-Access2")
	told("Virtual-Access1") // as a rekey does
	require.True(t, g.elsewhere(older, to))
	require.False(t, g.elsewhere(newer, to))
	require.False(t, g.elsewhere(older, netip.MustParsePrefix("192.168.3.0/24")))
	require.False(t, g.elsewhere(door{"R3", "Virtual-Access1"}, to))
	g.take(record.Record{Node: "R1", Body: ikev2.Unconfigured{Entry: "Virtual-Access2"}})
	require.False(t, g.elsewhere(older, to))
}

// TestMutantMissing: a hub that has given to clients less than it has.
func TestMutantMissing(t *testing.T) {
	p := flexPlan()
	g := newGrants(p, func(Invariant, string) {})
	require.Equal(t, []string{"R1 has given 0 addresses of 2"}, g.missing())
	for i := range p.Tunnels {
		e := &p.Tunnels[i]
		g.held[door{nameOf(e.Client), e.name()}] = ikev2.Configured{Configuration: ikev2.Configuration{Address: ofPool(1, 1)}}
	}
	g.leased[lease{"R1", ofPool(1, 1)}] = ikev2.Ref{}
	require.Equal(t, []string{"R1 has given 1 addresses of 2"}, g.missing(), "both have the same one")
	p.Routers[0].Pool = 1
	require.Empty(t, g.missing())
	delete(g.held, door{"R2", "Tunnel1"})
	found := 0
	g.violated = func(Invariant, string) { found++ }
	g.refusals()
	require.Equal(t, 1, found, "nobody has told R2 why")
	g.why["R2"] = ikev2.ReasonNoAddress.String()
	g.refusals()
	require.Equal(t, 1, found)
	g.emptied()
	require.Equal(t, 3, found, "an address and what R3 was told are left")
}
