package bench

import (
	"fmt"
	"math"

	"ikelab/ipsec"
)

// The forwarding benchmark: two routers with a tunnel over one link. Frames go
// in at one end and are counted behind the other.

var espSuites = []struct {
	name   string
	esp    string
	encr   ipsec.Encr
	integ  ipsec.IntegID
	target float64
}{
	{"AES-GCM-128", "esp-gcm", ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}, ipsec.IntegNone, 0.67},
	{"AES-CBC-128/SHA1", "esp-aes esp-sha-hmac", ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, ipsec.IntegSHA1, 0.88},
	{"ChaCha20-Poly1305", "esp-chacha20-poly1305", ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}, ipsec.IntegNone, 0.80},
	{"3DES/SHA1", "esp-3des esp-sha-hmac", ipsec.Encr{ID: ipsec.Encr3DES}, ipsec.IntegSHA1, 0.85},
}

const (
	innerLen    = 1400 // octets of an inner packet
	espPackets  = 4000
	espInFlight = 16 // packets between two looks at the queue
	espRounds   = 5
)

func benchESP(h Host) ([]Measure, error) {
	var list []Measure
	worst := 0.0
	for _, s := range espSuites {
		n := espPackets
		if s.encr.ID == ipsec.Encr3DES {
			n /= 10
		}
		p, err := newRoute(s.esp, way{})
		if err != nil {
			return nil, err
		}
		bare, err := newBareESP(s.encr, s.integ)
		if err != nil {
			return nil, err
		}
		through, limit, allocs := math.Inf(1), math.Inf(1), math.Inf(1)
		for range espRounds { // in turn, so that both see the same machine
			before := h.Allocs()
			through = min(through, h.took(func() { p.push(n) }))
			allocs = min(allocs, float64(h.Allocs()-before)/float64(n))
			limit = min(limit, h.took(func() { bare.push(n) }))
		}
		if want := espRounds*n + 1; p.received != want {
			return nil, fmt.Errorf("bench: %d of %d packets arrived", p.received, want)
		}
		worst = max(worst, allocs)
		list = append(list, Measure{
			Name: "ESP " + s.name, Value: float64(n) / through, Unit: "packets/s",
			Limit: new(float64(n) / limit), Ratio: new(limit / through), Target: new(s.target),
		})
	}
	for _, b := range besides {
		m, allocs, err := b.measure(h)
		if err != nil {
			return nil, err
		}
		worst = max(worst, allocs)
		list = append(list, m)
	}
	// A round has a handful of its own, whatever its length: those of the
	// measuring and of deadlines that come due.
	list = append(list, Measure{Name: "allocations per packet", Value: math.Round(worst*100) / 100, Unit: "1", Target: new(0.0)})
	return list, nil
}

// beside is a route that is measured beside another one, in turn: they differ in one
// thing, and the ratio says what that costs.
type beside struct {
	name      string
	than, way way
	target    float64
}

// Rounds of what is measured beside something are short, so that some of them have the
// machine for themselves.
const (
	besideRounds  = 100
	besidePackets = 400
)

// besides: what the UDP header (RFC 3948) costs, and what the longer addresses of IPv6 do.
var besides = []beside{
	{"in UDP, beside plain", way{}, way{profile: forceUDP}, 0.95},
	{"over IPv6, beside IPv4", way{}, way{six: true}, 0.90},
}

func (x *beside) measure(h Host) (Measure, float64, error) {
	s := espSuites[0]
	var routes [2]*route
	for i, w := range []way{x.than, x.way} {
		p, err := newRoute(s.esp, w)
		if err != nil {
			return Measure{}, 0, err
		}
		routes[i] = p
	}
	seconds, allocs := [2]float64{math.Inf(1), math.Inf(1)}, math.Inf(1)
	for range besideRounds {
		before := h.Allocs()
		for i, p := range routes {
			seconds[i] = min(seconds[i], h.took(func() { p.push(besidePackets) }))
		}
		allocs = min(allocs, float64(h.Allocs()-before)/(2*besidePackets))
	}
	for _, p := range routes {
		if want := besideRounds*besidePackets + 1; p.received != want {
			return Measure{}, 0, fmt.Errorf("bench: %d of %d packets arrived %s", p.received, want, x.name)
		}
	}
	return Measure{
		Name: "ESP " + s.name + " " + x.name, Value: besidePackets / seconds[1], Unit: "packets/s",
		Limit: new(besidePackets / seconds[0]), Ratio: new(seconds[0] / seconds[1]), Target: new(x.target),
	}, allocs, nil
}

// bareESP is the cipher alone: what ESP does to each packet at both ends,
// without a header, a window or a route.
type bareESP struct {
	seal, open *ipsec.Cipher
	pkt, plain []byte
}

const espHeader = 8

func newBareESP(e ipsec.Encr, i ipsec.IntegID) (*bareESP, error) {
	keys := make([]byte, e.KeyLen()+i.KeyLen())
	seal, err := ipsec.NewCipher(e, i, keys[:e.KeyLen()], keys[e.KeyLen():])
	if err != nil {
		return nil, err
	}
	open, err := ipsec.NewCipher(e, i, keys[:e.KeyLen()], keys[e.KeyLen():])
	if err != nil {
		return nil, err
	}
	block := max(4, seal.BlockLen())
	body := (innerLen + 2 + block - 1) / block * block
	return &bareESP{seal: &seal, open: &open, pkt: make([]byte, espHeader+seal.IVLen()+body+seal.ICVLen()), plain: make([]byte, 0, body)}, nil
}

func (b *bareESP) push(n int) {
	for range n {
		b.seal.Seal(b.pkt, espHeader)
		if _, err := b.open.Open(b.plain, b.pkt, espHeader); err != nil {
			panic("bench: the bare cipher refuses its own packet: " + err.Error())
		}
	}
}
