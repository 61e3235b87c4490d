package fault

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"ikelab/ikev2/wire"
	"ikelab/netsim"
	"ikelab/router/ip"
	"ikelab/topologies"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// street is two routers with nothing configured: what leaves them is made here.
func street(t *testing.T) (*lab.Lab, *Wire) {
	t.Helper()
	topology := &topologies.Topology{Name: "street", Clock: topologies.DefaultClock}
	var ends []topologies.Endpoint
	for _, name := range []string{"R1", "R2"} {
		topology.Nodes = append(topology.Nodes, &topologies.Node{Name: name, Kind: topologies.KindIOS, Image: topologies.DefaultImage, Hostname: name})
		ends = append(ends, topologies.Endpoint{Node: name, Interface: "Ethernet0/0"})
	}
	topology.Links = []*topologies.Link{{Type: topologies.LinkVeth, Ends: ends}}
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	return l, NewWire(l)
}

// frame is an IPv4 packet of a protocol in Ethernet.
func frame(proto byte, body ...[]byte) []byte {
	b := make([]byte, 34)
	b[12], b[14], b[22], b[23] = 0x08, 0x45, 64, proto
	copy(b[26:], []byte{10, 0, 0, 1, 10, 0, 0, 2})
	for _, part := range body {
		b = append(b, part...)
	}
	binary.BigEndian.PutUint16(b[16:], uint16(len(b)-14))
	ip.SetHeaderChecksum(b[14:])
	return b
}

// udp is a datagram from and to a port.
func udp(port uint16, body []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, port)
	b = binary.BigEndian.AppendUint16(b, port)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(body)))
	return append(append(b, 0, 0), body...)
}

func esp(spi, seq uint32) []byte {
	return append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, spi), seq), make([]byte, 32)...)
}

func message(x wire.ExchangeType, id uint32, initiator, response bool, p ...wire.Payload) []byte {
	m := &wire.Message{Header: wire.NewHeader(1, 2, initiator, x, id, response), Payloads: p}
	return m.Append(nil)
}

var notify = &wire.Notify{Kind: wire.AUTHENTICATION_FAILED}

// The frames that matches are tried on.
var frames = map[string][]byte{
	"init":     frame(protoUDP, udp(500, message(wire.IKE_SA_INIT, 0, true, false, &wire.KE{Group: 19, Data: make([]byte, 64)}))),
	"answer":   frame(protoUDP, udp(500, message(wire.IKE_AUTH, 1, false, true, notify))),
	"floated":  frame(protoUDP, udp(4500, append(make([]byte, 4), message(wire.INFORMATIONAL, 7, true, false, &wire.Delete{Protocol: wire.ProtoIKE})...))),
	"esp":      frame(protoESP, esp(0x1000, 5)),
	"espinudp": frame(protoUDP, udp(4500, esp(0x2000, 6))),
	"dns":      frame(protoUDP, udp(53, make([]byte, 40))),
	"icmp":     frame(1, make([]byte, 40)),
	"arp":      append(append(make([]byte, 12), 8, 6), make([]byte, 28)...),
}

// read reads a match as a file has it.
func read(t *testing.T, text string) *Match {
	t.Helper()
	m := &Match{}
	r := form.NewReader("f", []byte(text))
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(text), &doc))
	r.Read(doc.Content[0], form.Object("a match", m.Keys()))
	require.NoError(t, r.Err())
	return m
}

func TestMatches(t *testing.T) {
	l, w := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	for text, want := range map[string][]string{
		"{}":                                   {"answer", "dns", "esp", "espinudp", "floated", "icmp", "init"},
		"{node: R1}":                           {"answer", "dns", "esp", "espinudp", "floated", "icmp", "init"},
		"{node: R2}":                           nil,
		"{port: 'R1:Ethernet0/0', esp: true}":  {"esp", "espinudp"},
		"{port: 'R2:Ethernet0/0'}":             nil,
		"{exchange: IKE_SA_INIT}":              {"init"},
		"{exchange: CREATE_CHILD_SA}":          nil,
		"{message: request}":                   {"floated", "init"},
		"{message: response}":                  {"answer"},
		"{from: initiator}":                    {"floated", "init"},
		"{from: responder}":                    {"answer"},
		"{message-id: 0}":                      {"init"},
		"{message-id: 7}":                      {"floated"},
		"{message-id: 4294967295}":             nil,
		"{payload: KE}":                        {"init"},
		"{payload: AUTHENTICATION_FAILED}":     {"answer"},
		"{payload: SA}":                        nil,
		"{esp: true}":                          {"esp", "espinudp"},
		"{sequence: 6}":                        {"espinudp"},
		"{sequence: 6, exchange: IKE_SA_INIT}": nil,
	} {
		m, got := read(t, text), []string(nil)
		for _, name := range []string{"answer", "arp", "dns", "esp", "espinudp", "floated", "icmp", "init"} {
			p := parse(port, netsim.Frame{Data: frames[name]})
			if p.IKE {
				p.payloads = w.payloadsOf(p)
			}
			if m.Fits(p) {
				got = append(got, name)
			}
		}
		require.Equal(t, want, got, text)
		require.NotEmpty(t, m.String())
	}
	require.Equal(t, "IKE_AUTH response with N ESP 6 id 3 from the responder of R1 at R1:e0/0",
		read(t, "{exchange: IKE_AUTH, message: response, payload: N, sequence: 6, message-id: 3, from: responder, node: R1, port: 'R1:e0/0'}").String())
}

// TestBrokenFrames: whatever leaves a router is looked at, and nothing breaks.
func TestBrokenFrames(t *testing.T) {
	l, w := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	for _, what := range Whats {
		f := &Fault{What: what, Times: -1, By: time.Second, Forgery: Forgery{as: "old-sequence"}}
		w.faults = []*Fault{f}
		for _, whole := range frames {
			for n := range whole {
				w.judge(port, netsim.Frame{Data: whole[:n]})
				bent := append([]byte(nil), whole...)
				bent[n] ^= 0xff
				w.judge(port, netsim.Frame{Data: bent})
			}
		}
		f.End(w)
	}
}

// TestActs: the verdict that each kind of fault comes to.
func TestActs(t *testing.T) {
	l, w := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	judge := func(f *Fault, name string) netsim.Verdict {
		w.faults = []*Fault{f}
		return w.judge(port, netsim.Frame{Data: frames[name]})
	}
	require.True(t, judge(&Fault{What: Drop}, "esp").Drop)
	require.Equal(t, time.Second, judge(&Fault{What: Delay, By: time.Second}, "esp").Delay)
	require.Equal(t, 1, judge(&Fault{What: Duplicate}, "esp").Copies)
	require.Len(t, judge(&Fault{What: Truncate, Octets: 3}, "esp").Replace, len(frames["esp"])-3)
	corrupt := judge(&Fault{What: Corrupt}, "init").Replace
	require.Equal(t, frames["init"][:len(corrupt)-1][42:], corrupt[42:len(corrupt)-1])
	require.NotEqual(t, frames["init"][len(corrupt)-1], corrupt[len(corrupt)-1])

	second := &Fault{What: Drop, Nth: 2, Times: 1}
	require.False(t, judge(second, "esp").Drop)
	require.True(t, judge(second, "esp").Drop)
	require.False(t, judge(second, "esp").Drop)
	require.Equal(t, 1, second.Fired())

	hold := &Fault{What: Hold, Times: -1}
	require.True(t, judge(hold, "esp").Drop)
	require.Len(t, hold.held, 1)
	hold.End(w)
	require.Empty(t, hold.held)
	require.False(t, judge(hold, "esp").Drop)
}

// TestReorders: a packet waits for the one that is to overtake it, and no other
// lets it go.
func TestReorders(t *testing.T) {
	l, w := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	for _, row := range []struct {
		behind *Match
		lets   []string // frames, of which the last lets it go
	}{{nil, []string{"icmp"}}, {read(t, "{exchange: INFORMATIONAL}"), []string{"icmp", "esp", "floated"}}} {
		f := &Fault{What: Reorder, Match: *read(t, "{exchange: IKE_SA_INIT}"), Behind: row.behind}
		w.faults = []*Fault{f}
		require.True(t, w.judge(port, netsim.Frame{Data: frames["init"]}).Drop)
		for i, name := range row.lets {
			require.Len(t, f.held, 1)
			require.False(t, w.judge(port, netsim.Frame{Data: frames[name]}).Drop)
			require.Equal(t, i == len(row.lets)-1, len(f.held) == 0, name)
		}
	}
}

func TestForgeries(t *testing.T) {
	l, w := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	forged := func(as, name string) *Packet {
		p := parse(port, netsim.Frame{Data: frames[name]})
		f := Forgery{as: as, notify: wire.INVALID_SYNTAX}
		return parse(port, netsim.Frame{Data: p.changed(func(body []byte) []byte { return f.body(p, body) })})
	}
	require.Equal(t, uint32(0x10ff), forged("wrong-spi", "esp").SPI)
	require.Equal(t, uint32(1), forged("old-sequence", "espinudp").Seq)
	require.Zero(t, forged("old-sequence", "answer").Header.MessageID)
	for as, payload := range map[string]string{"notify": "INVALID_SYNTAX", "delete": "DELETE"} {
		p := forged(as, "answer")
		require.True(t, p.IKE && p.Header.Response())
		require.Contains(t, w.payloadsOf(p), payload)
	}
}

func FuzzFrame(f *testing.F) {
	for _, b := range frames {
		f.Add(b)
	}
	f.Add(frame6(protoUDP, 64, udp(500, message(wire.IKE_AUTH, 1, false, true, notify))))
	f.Add(cutAs(protoUDP, 1, udp(4500, esp(0x2000, 6))))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, w := street(t)
		port, err := l.Port("R1:Ethernet0/0")
		require.NoError(t, err)
		reuse := NewReuse(w)
		for _, what := range Whats {
			w.faults = append(w.faults, &Fault{What: what, By: time.Second, Forgery: Forgery{as: "delete"}})
		}
		for range len(w.faults) {
			w.judge(port, netsim.Frame{Data: data})
		}
		_ = reuse.Found
	})
}

// TestReuse: what is used twice is found, and what is merely repeated is not.
func TestReuse(t *testing.T) {
	sealed := func(octet byte) []byte {
		m := message(wire.INFORMATIONAL, 3, true, false, &wire.Encrypted{Body: append([]byte{octet}, make([]byte, 40)...)})
		return frame(protoUDP, udp(500, m))
	}
	for name, row := range map[string]struct {
		frames [][]byte
		want   string
	}{
		"repeated":     {[][]byte{sealed(1), sealed(1)}, ""},
		"another":      {[][]byte{sealed(1), sealed(2)}, "R1 sends another INFORMATIONAL under message id 3"},
		"clear":        {[][]byte{frames["init"], frames["init"]}, ""},
		"sequence":     {[][]byte{frame(protoESP, esp(9, 2)), frame(protoESP, esp(9, 2))}, "R1 sends ESP 2 under SPI 00000009 after 2"},
		"IV":           {[][]byte{frame(protoESP, esp(9, 2)), frame(protoESP, esp(9, 3))}, "R1 uses the IV 0000000000000000 twice under 10.0.0.2 00000009"},
		"another's SA": {[][]byte{frame(protoESP, esp(9, 2)), frame(protoESP, esp(8, 2))}, ""},
	} {
		l, w := street(t)
		port, err := l.Port("R1:Ethernet0/0")
		require.NoError(t, err)
		r := NewReuse(w)
		for _, f := range row.frames {
			w.judge(port, netsim.Frame{Data: f})
		}
		require.Equal(t, row.want, r.Found, name)
	}
}

func TestPartition(t *testing.T) {
	l, w := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	w.Part("R1")
	require.True(t, w.judge(port, netsim.Frame{Data: frames["icmp"]}).Drop)
	w.Part("R1", "R2")
	require.False(t, w.judge(port, netsim.Frame{Data: frames["icmp"]}).Drop)
	w.Part()
	require.False(t, w.judge(port, netsim.Frame{Data: frames["icmp"]}).Drop)
}
