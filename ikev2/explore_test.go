package ikev2

import (
	flags "flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

// The explorer of interleavings. Two engines have one IKE SA and one pair. Then
// one to four operations of either end fall within 80 ms, while each datagram
// has a delay of its own and may be lost or arrive twice; every other time there
// is PFS, which takes both some time, and of those with and without every other time an
// additional key exchange. Lifetimes are long and there is no DPD, so
// that only the protocol repairs. When all is quiet, both
// ends must hold the same IKE SA and the same pair, and nothing else. Everything
// comes from the seed.

var (
	exploreSeeds = flags.Int("interleavings", 2000, "how many interleavings TestExplore tries")
	exploreFirst = flags.Int("first", 0, "the first of them")
	explorePairs = flags.Bool("pairs", false, "let every pair of mishaps happen in TestCollisions")
	exploreSeed  = flags.Int("seed", -1, "the one interleaving that TestExplore tries, told step by step")
)

// badEnds is how many of 2,000 interleavings may end badly. It is a ratchet: it
// goes down with each mended fault, never up, and must reach zero.
const badEnds = 0

func TestExplore(t *testing.T) {
	if *exploreSeed >= 0 {
		x := explore(uint64(*exploreSeed), true)
		t.Logf("\n%s", strings.Join(x.ladder, "\n"))
		require.Empty(t, x.faults)
		return
	}
	bad := exploreAll(*exploreSeeds)
	t.Log(summary(bad, *exploreSeeds))
	if len(bad) > badEnds*max(1, *exploreSeeds/2000) {
		x := explore(bad[0].seed, true)
		t.Errorf("%d interleavings end badly; seed %d:\n%s\n%s\nreplay: go test ./ikev2 -run Explore -v -seed %d",
			len(bad), x.seed, strings.Join(x.ladder, "\n"), strings.Join(x.faults, "\n"), x.seed)
	}
}

// summary counts the bad ends by their kind.
func summary(bad []*exploration, of int) string {
	kinds := map[string][]uint64{}
	for _, x := range bad {
		kinds[x.kind()] = append(kinds[x.kind()], x.seed)
	}
	lines := []string{fmt.Sprintf("%d of %d interleavings end badly", len(bad), of)}
	for kind, seeds := range kinds {
		lines = append(lines, fmt.Sprintf("%5d  %s (seeds %v)", len(seeds), kind, seeds[:min(len(seeds), 5)]))
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n")
}

// exploreAll tries the first n seeds on all cores and lists the bad ends.
func exploreAll(n int) []*exploration {
	workers := runtime.GOMAXPROCS(0)
	found := make([][]*exploration, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for seed := *exploreFirst + w; seed < *exploreFirst+n; seed += workers {
				if x := explore(uint64(seed), false); len(x.faults) > 0 {
					x.lab = nil
					found[w] = append(found[w], x)
				}
			}
		})
	}
	all.Wait()
	bad := slices.Concat(found...)
	slices.SortFunc(bad, func(a, b *exploration) int { return int(a.seed) - int(b.seed) })
	return bad
}

// exploration is one interleaving.
type exploration struct {
	seed    uint64
	rand    *rand.Rand
	lab     *lab
	start   time.Time
	weather weather
	told    bool
	ladder  []string
	faults  []string
}

// weather is what happens to datagrams, in percent, until calm.
type weather struct {
	delay           time.Duration
	loss, duplicate int
	calm            time.Time
}

// operation is what a person, a timer or traffic does at one end.
type operation struct {
	name string
	do   func(*lab, int)
}

var operations = []operation{
	{"rekey the IKE SA", (*lab).rekeyIKE},
	{"rekey the child", (*lab).rekeyChild},
	{"clear the IKE SA", (*lab).clearIKE},
	{"clear the child", (*lab).clearChild},
	{"acquire", (*lab).acquire},
}

// explore tries the interleaving of a seed.
func explore(seed uint64, told bool) (x *exploration) {
	x = &exploration{seed: seed, rand: rand.New(rand.NewPCG(seed, 7)), told: told}
	defer func() {
		if r := recover(); r != nil {
			x.fault("%v", r)
		}
	}()
	x.lab = newLab(x, seed, quick, func(c *testPolicy) {
		c.Children[0].PFS = ipsec.Group(seed % 2 * 19)
		if seed%4 > 1 {
			c.Proposals[0].AddKE, c.Children[0].PFSAddKE = [][]ipsec.Group{{31}}, [][]ipsec.Group{{31}}
		}
	})
	x.lab.acquire(0)
	x.lab.run(time.Second)
	x.lab.requireUp()
	x.disturb()
	x.lab.run(5 * time.Minute)
	x.traffic()
	x.faults = append(x.faults, x.lab.judge()...)
	return x
}

// disturb lets the operations fall due in bad weather.
func (x *exploration) disturb() {
	l, pick := x.lab, func(of ...int) int { return of[x.rand.IntN(len(of))] }
	x.start = l.now
	x.weather = weather{time.Duration(pick(1, 10, 40)) * time.Millisecond, pick(0, 0, 5, 20), pick(0, 0, 10), l.now.Add(3 * time.Second)}
	l.delay, l.tamper = x.travel, x.tamper
	l.stubborn = pick(0, 1) == 1
	x.tell("delay up to %v, loss %d %%, duplicates %d %%, tunnels acquire again: %v", x.weather.delay, x.weather.loss, x.weather.duplicate, l.stubborn)
	for range 1 + x.rand.IntN(4) {
		op, end := operations[x.rand.IntN(len(operations))], x.rand.IntN(2)
		l.at(l.now.Add(time.Duration(x.rand.IntN(80000))*time.Microsecond), func() {
			x.tell("%s: %s", endNames[end], op.name)
			op.do(l, end)
		})
	}
}

func (x *exploration) travel() time.Duration {
	if !x.lab.now.Before(x.weather.calm) {
		return time.Millisecond
	}
	return time.Millisecond + time.Duration(x.rand.Int64N(int64(x.weather.delay)))
}

func (x *exploration) tamper(from int, d Datagram) []Datagram {
	list := []Datagram{d}
	if x.lab.now.Before(x.weather.calm) {
		switch n := x.rand.IntN(100); {
		case n < x.weather.loss:
			list = nil
		case n < x.weather.loss+x.weather.duplicate:
			list = append(list, d)
		}
	}
	if x.told {
		x.tell("%s sends %s%s", endNames[from], x.lab.peers[from].text(d), [3]string{" LOST", "", " TWICE"}[len(list)])
	}
	return list
}

// traffic at either end wants the tunnel that nobody has made again.
func (x *exploration) traffic() {
	for i := range x.lab.peers {
		x.lab.acquire(i)
		x.lab.run(time.Minute)
	}
}

func (x *exploration) tell(format string, args ...any) {
	if x.told {
		at := float64(x.lab.now.Sub(x.start).Microseconds()) / 1000
		x.ladder = append(x.ladder, fmt.Sprintf("%10.3f ms  ", at)+fmt.Sprintf(format, args...))
	}
}

func (x *exploration) fault(format string, args ...any) {
	x.faults = append(x.faults, fmt.Sprintf(format, args...))
}

// kind is the faults whichever end has them, for counting.
func (x *exploration) kind() string {
	list := slices.Clone(x.faults)
	for i, s := range list {
		list[i] = strings.TrimPrefix(strings.TrimPrefix(s, "A: "), "B: ")
		list[i] = strings.TrimPrefix(strings.TrimPrefix(list[i], "A "), "B ")
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

// Errorf, FailNow and Helper let the lab's own checks end an exploration.
func (x *exploration) Errorf(format string, args ...any) { x.fault(format, args...) }
func (x *exploration) FailNow()                          { panic("the lab gives up") }
func (x *exploration) Helper()                           {}
