package rows

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// long is a configuration of 10,000 lines, of which half are kept as text.
func long() string {
	var b strings.Builder
	for i := range 1000 {
		hi, lo := i/250, i%250
		fmt.Fprintf(&b, "interface Loopback%d\n description number %d\n ip address 10.%d.%d.1 255.255.255.255\n ip ospf 1 area 0\n!\n", i, i, hi, lo)
		fmt.Fprintf(&b, "ip route 10.200.%d.%d 255.255.255.255 Null0 name x%d\nsnmp-server host 192.0.%d.%d version 2c x\n", hi, lo, i, hi, lo)
		fmt.Fprintf(&b, "ip prefix-list P seq %d permit 10.0.0.0/8\nntp server 192.1.%d.%d\nlogging host 192.2.%d.%d\n", i+1, hi, lo, hi, lo)
	}
	return b.String()
}

// BenchmarkLoad10000 must stay below 0.3 s.
func BenchmarkLoad10000(b *testing.B) {
	text := long()
	b.ReportAllocs()
	for b.Loop() {
		require.Empty(b, Load(text, iosconfig.IOS151).Refused)
	}
}

// BenchmarkRunning10000 is show running-config of the same.
func BenchmarkRunning10000(b *testing.B) {
	c := Load(long(), iosconfig.IOS151).Commit.After
	b.ReportAllocs()
	for b.Loop() {
		Running(c)
	}
}
