package swarm

import (
	"math/rand/v2"
	"slices"
	"time"

	"ikelab/netsim"
)

// drawing is a plan that is being drawn.
type drawing struct {
	*Plan
	random *rand.Rand
}

// The bounds of what is drawn.
const (
	routersMost = 12
	fullMesh    = 5 // routers, at most: beyond, a mesh is a ring with chords
	mapsMost    = 6 // routers, at most, where there are crypto maps: of their lines there are as many as of pairs of networks
	minutesMin  = 20
	minutesMost = 80
)

// Draw draws a plan.
func Draw(seed uint64) *Plan {
	d := &drawing{&Plan{Seed: seed}, rand.New(netsim.Seed(seed).Stream("swarm", "plan"))}
	d.Length = d.between(minutesMin*time.Minute, minutesMost*time.Minute).Truncate(time.Minute)
	d.IKE = pick(d, suites)
	d.network()
	certify(d)
	vrfs(d)
	families(d)
	flex(d)
	for range d.upTo(len(d.Routers)) + 1 {
		d.flow()
	}
	d.misfortunes()
	revocations(d)
	customers(d)
	return d.Plan
}

// suites are IKEv2 proposals. The groups of an hour's rekeys are what a run costs.
var suites = [][]string{
	{"encryption aes-cbc-128", "integrity sha256", "group 19"},
	{"encryption aes-cbc-256 aes-cbc-128", "integrity sha512 sha1", "group 19"},
	{"encryption aes-gcm-128", "prf sha256", "group 19"},
	{"encryption aes-gcm-256", "prf sha384", "group 19 20"},
	{"encryption 3des aes-cbc-128", "integrity sha1", "group 2"},
	{"encryption aes-cbc-192", "integrity sha384 md5", "group 19 2 5"},
	{"encryption aes-ctr-192", "integrity sha1 sha256", "group 31 19"},
	{"encryption chacha20-poly1305", "prf sha256", "group 31"},
	{"encryption aes-gcm-192", "prf sha512", "group 20 31"},
	{"encryption aes-ctr-256", "integrity sha512", "group 21"},
}

var transforms = []string{
	"esp-aes esp-sha256-hmac", "esp-aes 256 esp-sha512-hmac", "esp-3des esp-sha-hmac", "esp-gcm", "esp-gcm 256", "esp-aes 192 esp-md5-hmac",
	"esp-chacha20-poly1305 esn", "esp-ctr esp-sha-hmac", "esp-gcm8 192 esn", "esp-aes esp-sha-hmac esn",
}

// groups are those of PFS, some with an additional key exchange (RFC 9370).
var groups = []string{"group19", "group31", "group2", "group19 pqc mlkem512", "group31 pqc mlkem768"}

// methods are those of an IKE SA's additional key exchange. Any two routers come up: who
// has another, or none, is done without.
var methods = []string{"pqc mlkem512 optional", "pqc mlkem768 mlkem512 optional", "pqc mlkem1024 optional"}

var periodic = []string{"10 2 periodic", "20 3 periodic", "30 5 periodic", "60 3 periodic"}

// The bounds of what routers have of IKE fragmentation and of cookies.
const (
	fragmentsLeast = 140 // octets
	fragmentsMost  = 600
	cookiesMost    = 3
)

func pick[T any](d *drawing, list []T) T { return list[d.random.IntN(len(list))] }

func (d *drawing) upTo(n int) int             { return d.random.IntN(n + 1) }
func (d *drawing) oneIn(n int) bool           { return d.random.IntN(n) == 0 }
func (d *drawing) within(a, b int) int        { return a + d.random.IntN(b-a+1) }
func (d *drawing) share(most float64) float64 { return d.random.Float64() * most }

func (d *drawing) between(a, b time.Duration) time.Duration {
	return a + time.Duration(d.random.Int64N(int64(b-a)))
}

// network draws routers and tunnels: small ones more often.
func (d *drawing) network() {
	n := 2 + min(d.upTo(routersMost-2), d.upTo(routersMost-2))
	d.Shape = pick(d, []Shape{Star, Chain, Mesh})
	for i := range n {
		d.Routers = append(d.Routers, d.oneRouter(i+1))
	}
	shared := d.upTo(2) // none, some, all
	maps := n <= mapsMost && d.oneIn(2)
	for _, ends := range d.pairs(n) {
		d.Tunnels = append(d.Tunnels, Tunnel{
			Number: len(d.Tunnels) + 1, A: ends[0], B: ends[1], Shared: shared == 2 || shared == 1 && d.oneIn(2),
			Delay: d.between(0, 40*time.Millisecond), Transform: pick(d, transforms),
		})
		if d.oneIn(2) {
			d.Tunnels[len(d.Tunnels)-1].PFS = pick(d, groups)
		}
		if t := &d.Tunnels[len(d.Tunnels)-1]; maps && d.oneIn(2) {
			asMap(d, t)
		} else {
			d.kind(t)
		}
	}
	if d.oneIn(6) {
		d.onDemand()
	}
}

// kind draws what a tunnel is, and whether it leads through a NAT gateway: in tunnel
// mode the addresses of GRE and IPIP would be those inside.
func (d *drawing) kind(t *Tunnel) {
	if d.oneIn(3) {
		t.Mode, t.Transport = pick(d, []string{"gre ip", "gre ip", "ipip"}), d.oneIn(2)
	}
	if (t.Mode == "" || t.Transport) && !t.Shared && d.oneIn(2) {
		d.inside(t)
	}
}

// inside puts one end behind a gateway. Who is there must notice when the other has lost
// what it holds: nobody else can begin.
func (d *drawing) inside(t *Tunnel) {
	t.Inside = pick(d, []int{t.A, t.B})
	if r := d.router(t.Inside); r.DPD == "" {
		r.DPD = pick(d, periodic)
	}
}

// onDemand has some routers ask for life only when they send and hear nothing.
// Who is behind a NAT gateway must ask all the time.
func (d *drawing) onDemand() {
	for i := range d.Routers {
		r := &d.Routers[i]
		if d.oneIn(2) && !slices.ContainsFunc(d.Tunnels, func(t Tunnel) bool { return t.Inside == r.Number }) {
			r.DPD = pick(d, []string{"10 2 on-demand", "20 3 on-demand"})
		}
	}
}

func (d *drawing) oneRouter(number int) Router {
	r := Router{
		Number: number, Delay: d.between(0, 20*time.Second), Lifetime: pick(d, []int{120, 300, 900, 3600, 86400}), Seconds: pick(d, []int{120, 300, 900, 3600}),
		DPD: pick(d, append(periodic, "")), DefaultRoute: d.oneIn(2), Encap: d.oneIn(6),
	}
	if d.oneIn(3) {
		r.Fragments = d.within(fragmentsLeast, fragmentsMost)
	}
	if d.oneIn(4) {
		r.Cookies = d.within(1, cookiesMost)
	}
	if d.oneIn(3) {
		r.PQC = pick(d, methods)
	}
	if d.oneIn(4) {
		r.Delay = d.between(0, 3*time.Minute)
	}
	if d.oneIn(4) {
		r.Kilobytes = 2560
	}
	return r
}

// pairs are the routers that tunnels join.
func (d *drawing) pairs(n int) (list [][2]int) {
	for i := 2; i <= n; i++ {
		switch {
		case d.Shape == Star:
			list = append(list, [2]int{1, i})
		case d.Shape == Chain || n > fullMesh:
			list = append(list, [2]int{i - 1, i})
		default:
			for j := 1; j < i; j++ {
				list = append(list, [2]int{j, i})
			}
		}
	}
	if d.Shape == Mesh && n > fullMesh {
		list = append(list, [2]int{1, n})
		for range n / 2 {
			if a, b := d.within(1, n-2), d.within(3, n); a+1 < b && !slices.Contains(list, [2]int{a, b}) {
				list = append(list, [2]int{a, b})
			}
		}
	}
	return list
}

// flow draws packets from a station to another.
func (d *drawing) flow() {
	f := Flow{From: d.within(1, len(d.Routers)), Period: d.between(time.Second, 20*time.Second), Burst: d.within(1, 4), Bytes: d.within(40, 400)}
	f.To = (f.From+d.within(0, len(d.Routers)-2))%len(d.Routers) + 1
	f.Begin = d.between(0, d.Length/2)
	f.End = d.between(f.Begin, d.Length)
	switch {
	case d.oneIn(4): // a load for a short while
		f.Period, f.Burst = d.between(20*time.Millisecond, 200*time.Millisecond), 1
		f.End = min(d.Length, f.Begin+d.between(time.Second, time.Minute))
	case d.oneIn(4):
		f.Bytes = d.within(1300, 1500) // fragments
	}
	f.Six = d.Both && len(d.Flows)%2 == 1
	d.Flows = append(d.Flows, f)
}
