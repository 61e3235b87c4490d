package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikelab/tests/kit"

	"github.com/stretchr/testify/require"
)

// Our side of the matrix: one lab with a router for each cell. All routers share
// a segment with the peer, whose kernel is a guest, and have each a network of
// their own with a host, which is another guest and speaks TCP.

// matrixSpeed is how much faster our routers' clocks go than the guests': what
// takes minutes by a router's lifetimes passes in seconds.
const matrixSpeed = "4"

// consoles are the routers of a lab at one terminal.
type consoles struct {
	*dialog
	current string // the router whose console it shows
}

func startLab(t *testing.T, list []cell, peer, host [2]int) *consoles {
	dir := t.TempDir()
	file := filepath.Join(dir, "matrix.clab.yml")
	require.NoError(t, os.WriteFile(file, []byte(labFile(list, peer, host)), 0o644))
	for _, c := range list {
		require.NoError(t, os.WriteFile(filepath.Join(dir, c.router()+".cfg"), []byte(c.config()), 0o644))
	}
	return &consoles{dialog: startDialog(t, "the lab", kit.Ikelab(t, "run", "--speed", matrixSpeed, file),
		func(n int, line string) string { return fmt.Sprintf("%s\n!%d\n", line, n) },
		func(n int, out string) bool { return strings.HasSuffix(out, fmt.Sprintf("#!%d", n)) })}
}

// labFile is the topology; of two ports the first is ours.
func labFile(list []cell, peer, host [2]int) string {
	var b strings.Builder
	b.WriteString("name: matrix\ntopology:\n  nodes:\n    outside: {kind: bridge}\n    inside: {kind: bridge}\n")
	for _, c := range list {
		fmt.Fprintf(&b, "    %[1]s: {kind: ios, startup-config: %[1]s.cfg}\n", c.router())
	}
	b.WriteString("  links:\n")
	for name, ports := range map[string][2]int{"outside": peer, "inside": host} {
		fmt.Fprintf(&b, "    - {type: udp, endpoint: \"%s:guest\", local: \"127.0.0.1:%d\", remote: \"127.0.0.1:%d\"}\n", name, ports[0], ports[1])
	}
	for _, c := range list {
		fmt.Fprintf(&b, "    - endpoints: [\"%[1]s:Ethernet0/0\", \"outside:%[1]s\"]\n    - endpoints: [\"%[1]s:Ethernet0/1\", \"inside:%[1]s\"]\n", c.router())
	}
	return b.String()
}

// config is the cell's router. It waits for the peer until it is told otherwise.
func (c cell) config() string {
	integrity, group := " integrity "+c.integrity.ios, ""
	if c.aead() {
		integrity = " prf " + c.integrity.ios
	}
	if c.pfs.ios != "" {
		group = " set pfs group" + c.group.ios + "\n"
	}
	return fmt.Sprintf(`hostname %s
no logging console
crypto ikev2 proposal P
 encryption %s
%s
 group %s
crypto ikev2 policy P
 proposal P
crypto ikev2 keyring K
 peer P
  address %[6]s
  pre-shared-key interop
crypto ikev2 profile P
 match identity remote address %[6]s 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
 lifetime 86400
crypto ipsec transform-set T %[5]s
crypto ipsec profile P
 set transform-set T
 set ikev2-profile P
 responder-only
%[7]sinterface Ethernet0/0
 ip address %[8]s 255.255.255.0
interface Ethernet0/1
 ip address %[9]s.1 255.255.255.0
interface Tunnel0
 ip address 172.16.0.1 255.255.255.252
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination %[6]s
 tunnel protection ipsec profile P
ip route %[10]s 255.255.255.255 Tunnel0
`, c.router(), c.encryption.ios, integrity, c.group.ios, c.esp.ios, c.theirs(), group, c.ours(), c.inside(), c.theirInner())
}

// at types lines at a router and returns what the last one printed.
func (l *consoles) at(t *testing.T, router string, lines ...string) (out string) {
	t.Helper()
	l.turn.Lock()
	defer l.turn.Unlock()
	for _, line := range lines {
		typed := line
		if l.current != router {
			typed = "^]\nconnect " + router + "\n" + line
			l.current = router
		}
		out = l.do(t, typed)
		if _, answer, ok := strings.Cut(out, "#"+line+"\n"); ok {
			out = answer
		}
	}
	return out
}

// until repeats a command at a router until its output satisfies cond.
func (l *consoles) until(t *testing.T, limit time.Duration, router, line string, cond func(string) bool) string {
	t.Helper()
	return repeat(t, limit, router+": "+line, func() string { return l.at(t, router, line) }, cond)
}
