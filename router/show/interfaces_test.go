package show

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/router/tunnel"
)

// cabled is a source with interfaces and nothing else.
type cabled struct {
	Source
	list []Interface
}

func (c cabled) Generation() iosconfig.Generation { return iosconfig.IOS151 }
func (c cabled) Started() time.Time               { return time.Unix(0, 0) }
func (c cabled) Interfaces(string) []Interface    { return c.list }

// TestInterfacesAsJSON: what IOS shows of an interface's type, and the load, can be read.
func TestInterfacesAsJSON(t *testing.T) {
	ethernet := Interface{InterfaceState: ip.InterfaceState{Name: "Ethernet0/0", Type: "Ethernet", Physical: true, Up: true, Counters: ip.CounterState{InOctets: 250_000, InPackets: 500}}}
	gre := Interface{InterfaceState: ip.InterfaceState{Name: "Tunnel0", Type: "Tunnel", Bandwidth: 77}, Tunnel: &tunnel.State{Mode: iosconfig.TunnelGRE, Keepalive: 10, Retries: 3}}
	s := InterfacesOf(cabled{list: []Interface{ethernet, gre}}, time.Unix(100, 0), "")
	text, object := strings.Join(s.Lines(iosconfig.IOS151), "\n"), strings.Join(JSON(s), "\n")
	for said, key := range map[string]string{
		"MTU 1500 bytes, BW 10000 Kbit/sec, DLY 1000 usec": `"bandwidth_kbit": 10000,` + "\n" + `      "delay_usec": 1000,`,
		"Hardware is AmdP2": `"hardware": "AmdP2"`, "Encapsulation ARPA": `"encapsulation": "ARPA"`,
		"MTU 17916 bytes, BW 77 Kbit/sec": `"mtu": 17916,` + "\n" + `      "bandwidth_kbit": 77,`, "Keepalive set (10 sec), retries 3": `"keepalive": "set (10 sec), retries 3"`,
		"5 minute input rate 20000 bits/sec, 5 packets/sec": `"in_bits_per_second": 20000,` + "\n" + `        "in_packets_per_second": 5,`,
	} {
		require.Contains(t, text, said)
		require.Contains(t, object, key)
	}
}
