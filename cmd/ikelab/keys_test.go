package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// typing is keys that are pressed at Router1's console, and what must be seen.
type typing struct{ keys, sees string }

// editingKeys are the keys that edit; the line that they leave is carried out.
var editingKeys = []typing{
	{"xshow clock\x01\x04", "UTC"}, {"how clock\x01s", "UTC"}, {"show clokc\x14", "UTC"}, {"show cloc\x02\x05k", "UTC"}, {"show lock\x02\x02\x02\x02c", "UTC"},
	{"showx\x7f clock", "UTC"}, {"showx\x08 clock", "UTC"}, {"show clockxx\x02\x02\x0b", "UTC"}, {"junk\x15show clock", "UTC"}, {"junk\x18show clock", "UTC"},
	{"show junk\x17clock", "UTC"}, {"clock show\x17\x01show \x05\x7f", "UTC"}, {"show clock\x17\x19", "UTC"},
	{"sho clock\x1bb\x1bb\x1bfw", "UTC"}, {"junk show clock\x01\x1bd\x04", "UTC"}, {"SHOW CLOCK\x01\x1bl\x1bl", "UTC"}, {"show clock\x01\x1bu", "UTC"}, {"show clock\x01\x1bc", "UTC"},
	{"show clock\x12", "UTC"}, {"show clock\x0c", "UTC"}, {"sho\tclo\t", "UTC"}, {"show cloc\x1b[D\x1b[Ck", "UTC"}, {"show cloc\x1bOD\x1bOCk", "UTC"}, {"how clock\x1b[Hs", "UTC"},
	{"how clock\x1b[1~s", "UTC"}, {"show cloc\x1b[H\x1b[Fk", "UTC"}, {"xshow clock\x1b[H\x1b[3~", "UTC"}, {"show clock\x04\x06\x06", "UTC"}, {"\x02\x08\x7f\x04show clock", "UTC"},
	{"show clock\x00\x07\x13", "UTC"}, {"\x1b[200~show clock\x1b[201~", "UTC"}, {"show clock\x1b[1;5D\x1b[15~", "UTC"}, {"show clock\x10\x0e", "UTC"}, {"show clock\x1b[A\x1b[B", "UTC"},
	{"junk\x10\x0e\x15show clock", "UTC"}, {"show\x11 clock", "UTC"},
}

// errorsAndScreens are lines, and what IOS answers.
var errorsAndScreens = []typing{
	{"show", "% Type \"show ?\" for a list of subcommands"}, {"sh", "% Type \"show ?\""}, {"show crypto", "% Incomplete command."}, {"show c", "% Ambiguous command:"},
	{"show qqq", "% Invalid input detected at '^' marker."}, {"qqq", "% Unknown command or computer name"}, {"ping nowhere", "% Unrecognized host or address"},
	{"show run | i (", "unmatched ()"}, {"show run int tu9", "% Invalid input"}, {"show clock | count UTC", "regexp = 1"}, {"show clock | i U_?C\x15show clock | i UTC", "UTC"},
	{"where", "% No connections open"}, {"telnet 10.0.0.2", "telnet is not simulated"}, {"show cdp", "% CDP is not enabled"},
	{"show history", "show cdp"}, {"show privilege", "level is 15"}, {"dir", "Directory of flash:/"}, {"show aliases", "undebug"},
	{"show ip route 9.9.9.9", "% Network not in table"}, {"more nothing", "No such file or directory"},
}

// modes are the ways into each mode of configuration, and what its prompt says.
var modes = []typing{
	{"interface Ethernet0/0", "(config-if)#"}, {"interface Tunnel0", "(config-if)#"}, {"interface Ethernet0/0.10", "(config-subif)#"}, {"line con 0", "(config-line)#"},
	{"crypto ikev2 proposal X", "(config-ikev2-proposal)#"}, {"crypto ikev2 policy X", "(config-ikev2-policy)#"}, {"crypto ikev2 keyring X", "(config-ikev2-keyring)#"},
	{"peer Y", "(config-ikev2-keyring-peer)#"}, {"crypto ikev2 profile X", "(config-ikev2-profile)#"}, {"crypto ipsec transform-set X esp-aes esp-sha-hmac", "(cfg-crypto-trans)#"},
	{"crypto ipsec profile X", "(ipsec-profile)#"}, {"crypto map X 10 ipsec-isakmp", "(config-crypto-map)#"}, {"ip access-list extended X", "(config-ext-nacl)#"},
	{"ip access-list standard Y", "(config-std-nacl)#"}, {"exit", "(config)#"},
}

// What is different on the console and on a line that one came to by the network.
var (
	consoleScreens = []typing{{"terminal monitor", "% Console already monitors"}, {"show users", "*  0 con 0"}}
	vtyScreens     = []typing{{"show users", "*  2 vty 0      admin"}, {"show terminal", "Line 2,"}}
)

// turnPages presses what keys there are at --More--.
func turnPages(t *testing.T, p doorway) {
	t.Helper()
	p.keys("terminal length 10\r")
	p.wants("length 10")
	p.wants("#")
	for _, ends := range []string{"q", "x", "\x03"} {
		from := len(p.screen())
		p.keys("show running-config\r")
		for _, key := range []string{" ", "\r", "/interface\r"} {
			p.wants("--More--")
			p.keys(key)
		}
		p.wants("filtering")
		p.wants("interface Loopback0")
		p.wants("--More--")
		p.keys(ends)
		p.wants("#")
		require.NotContains(t, p.screen()[from:], "\nend", "nobody has turned so many pages")
	}
	p.keys("show clock\r")
	p.wants("UTC")
	p.wants("#")
}

// everyKey presses more than 300 times what must be seen, at a terminal of any
// width, which changes under the hands that type.
func everyKey(t *testing.T, p doorway, own []typing) {
	t.Helper()
	turnPages(t, p)
	p.keys("terminal length 0\r")
	p.wants("length 0")
	p.wants("#")
	cases := 0
	press := func(list []typing) {
		for _, c := range list {
			p.keys(c.keys + "\r")
			p.wants("\r\n")
			p.wants(c.sees)
			cases++
		}
	}
	for _, columns := range widths {
		p.resize(columns)
		press(editingKeys)
		press(errorsAndScreens)
		press(own)
		press([]typing{{"conf t", "End with CNTL/Z."}})
		press(modes)
		press([]typing{{"do show clock", "UTC"}, {"no crypto ikev2 proposal X\x1a", "#"}})
		p.keys("show clo")
		p.resize(80)
		press([]typing{{"ck", "UTC"}})
	}
	require.Greater(t, cases, 300)
	t.Logf("%d cases", cases)
}

// widths are columns of terminals; 0 is one that nobody told.
var widths = []int{0, 1, 20, 80, 500}

func TestKeysAtATerminal(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("quit there ends the lab")
	p.wants("#")
	everyKey(t, p, consoleScreens)
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
}

// TestKeysOverSSH and TestKeysOverTelnet: the same keys do the same to whoever
// comes over the network.
func TestKeysOverSSH(t *testing.T) {
	t.Parallel()
	everyKey(t, bySSH(t, serveNote(t)), vtyScreens)
}

func TestKeysOverTelnet(t *testing.T) {
	t.Parallel()
	everyKey(t, byTelnet(t, serveNote(t)), vtyScreens)
}

// TestWindows: a session follows the other end's window (RFC 4254 6.7, RFC 1073);
// what that does not know stays as it was: "Zero dimension parameters MUST be
// ignored" (RFC 4254 6.2).
func TestWindows(t *testing.T) {
	t.Parallel()
	doors := serveNote(t)
	for _, p := range []doorway{bySSH(t, doors), byTelnet(t, doors)} {
		for _, columns := range append([]int{132}, widths...) {
			p.resize(columns)
			if columns == 0 {
				columns = 132
			}
			p.keys("!\r")
			p.wants("#")
			until(t, p, "show terminal | include Width\r", fmt.Sprintf("Length: 24 lines, Width: %d columns", columns))
		}
		p.keys("terminal length 0\r")
		p.wants("length 0")
		p.resize(90)
		until(t, p, "show terminal | include Width\r", "Length: 0 lines, Width: 90 columns")
	}
}

// until types a line until it shows something.
func until(t *testing.T, p doorway, line, want string) {
	t.Helper()
	require.Eventually(t, func() bool {
		before := len(p.screen())
		p.keys(line)
		time.Sleep(20 * time.Millisecond)
		return strings.Contains(p.screen()[before:], want)
	}, patience, time.Millisecond, want)
	p.wants(want)
}

// TestPaste: a hundred lines at once, as a terminal sends them with and without
// brackets around.
func TestPaste(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("quit there ends the lab")
	p.wants("Router1#")
	pasteInto(p)
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
}

// TestPasteOverTheNetwork: the same, by SSH and by telnet.
func TestPasteOverTheNetwork(t *testing.T) {
	t.Parallel()
	doors := serveNote(t)
	for _, p := range []doorway{bySSH(t, doors), byTelnet(t, doors)} {
		p.keys("terminal monitor\r")
		p.wants("#")
		pasteInto(p)
		p.keys("configure terminal\r" + manyLoopbacks("no interface Loopback%d\r") + "end\r")
		p.wants("Configured from console by admin")
	}
}

// manyLoopbacks are lines about 49 interfaces.
func manyLoopbacks(form string) string {
	var b strings.Builder
	for n := range 49 {
		fmt.Fprintf(&b, form, 100+n)
	}
	return b.String()
}

func pasteInto(p doorway) {
	for i, around := range [][2]string{{"", ""}, {"\x1b[200~", "\x1b[201~"}} {
		p.keys(around[0] + "configure terminal\r\n" + manyLoopbacks("interface Loopback%d\r\n ip address 172.16.%[1]d.1 255.255.255.0\r\n") + "end\r\n" + around[1])
		p.wants("Loopback148")
		p.wants("Configured from console by ")
		p.keys("show running-config | count ^interface Loopback1..$\r")
		p.wants("regexp = 49")
		if i == 0 {
			p.keys("configure terminal\r" + manyLoopbacks("no interface Loopback%d\r") + "end\r")
			p.wants("Configured from console")
		}
	}
}

// TestHalfTypedLine is there when one comes back to a console.
func TestHalfTypedLine(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run", "--speed", "50")
	p.wants("Tunnel0, changed state to up")
	p.keys("show clo\x1d")
	p.wants("ikelab> ")
	p.keys("connect R2\r")
	p.wants("Router2#")
	p.keys("show priv\x1d")
	p.wants("ikelab> ")
	p.keys("connect R1\r")
	p.wants("Router1#show clo")
	p.keys("ck\r")
	p.wants("UTC Fri")
	p.keys("\x1dconnect R2\r")
	p.wants("Router2#show priv")
	p.keys("\r")
	p.wants("level is 15")
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
}

// TestSynchronous: a log line leaves what is typed alone, unless the line has
// `logging synchronous`.
func TestSynchronous(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("Router1#")
	p.keys("show pri")
	p.wants("Tunnel0, changed state to up\r\n")
	p.keys("v\r")
	p.wants("v\r\nCurrent privilege level is 15") // no prompt before it
	p.keys("configure terminal\rline con 0\rlogging synchronous\rend\r")
	p.wants("Configured from console by console")
	p.wants("Router1#")
	p.keys("show pri\x1dlink R1:Ethernet0/0 down\rconnect\r")
	p.wants("Router1#show pri")
	p.keys("v\r")
	p.wants("level is 15")
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
}
