package router

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

const testStartup = `hostname Router1
interface Loopback0
 ip address 192.168.1.1 255.255.255.0
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 10.0.0.2
`

var testNow = time.Date(2013, 11, 11, 20, 28, 34, 3e6, time.UTC)

// terminal is a session with what it has shown.
type terminal struct {
	*Session
	r    *Router
	now  time.Time
	text strings.Builder
}

// newTestRouter is a started router with one Ethernet port that hears nobody.
func newTestRouter(t testing.TB, startup string) *Router {
	r := New(Options{
		Name: "R1", Image: "15.1", Ports: []string{"Ethernet0/0"},
		MAC:    func(port int) [6]byte { return [6]byte{0xaa, 0xbb, 0xcc, 0, 1, byte(port)} },
		Stream: func(string) io.Reader { return rand.NewChaCha8([32]byte{}) },
		Epoch:  testNow,
	})
	require.Empty(t, r.LoadStartup(startup))
	r.Attach(func(int, []byte, uint64) uint64 { return 0 }, func(_ time.Duration, id uint64) { finish(r, testNow, id) })
	r.Start(testNow)
	r.Carrier(testNow, 0, true)
	return r
}

func newTerminal(t testing.TB, o SessionOptions) *terminal {
	term := &terminal{r: newTestRouter(t, testStartup), now: testNow}
	o.Out = func(s string) { term.text.WriteString(s) }
	term.Session = term.r.NewSession(o)
	return term
}

// type enters a line and returns what was shown since the last one.
func (t *terminal) typed(line string) string {
	t.Enter(t.now, line)
	return t.shown()
}

func (t *terminal) shown() string {
	s := t.text.String()
	t.text.Reset()
	return s
}

// pass lets virtual time go by.
func (t *terminal) pass(d time.Duration) {
	end := t.now.Add(d)
	for {
		due := t.r.Deadline()
		if due.IsZero() || due.After(end) {
			break
		}
		t.now = due
		t.r.Advance(due)
	}
	t.now = end
}

func script(t testing.TB) *terminal {
	return newTerminal(t, SessionOptions{Privileged: true, Script: true})
}

func TestPrompts(t *testing.T) {
	term := newTerminal(t, SessionOptions{Console: true})
	require.Equal(t, "Router1>", term.Prompt())
	require.Empty(t, term.typed("enable"))
	require.Equal(t, "Router1#", term.Prompt())
	require.Equal(t, "Enter configuration commands, one per line.  End with CNTL/Z.\n", term.typed("conf t"))
	require.Equal(t, "Router1(config)#", term.Prompt())
	term.typed("interface Ethernet0/0")
	require.Equal(t, "Router1(config-if)#", term.Prompt())
	term.typed("hostname a-host-name-of-more-than-twenty")
	require.Equal(t, "a-host-name-of-more-(config)#", term.Prompt(), "configuration prompts are cut")
	require.Contains(t, term.typed("end"), "%SYS-5-CONFIG_I: Configured from console by console")
	require.Equal(t, "a-host-name-of-more-than-twenty#", term.Prompt())
	term.typed("disable")
	require.Equal(t, "a-host-name-of-more-than-twenty>", term.Prompt())
}

// TestRefusals compares IOS's words and the place of the caret.
func TestRefusals(t *testing.T) {
	term := script(t)
	for line, want := range map[string]string{
		"show bogus":     "             ^\n% Invalid input detected at '^' marker.\n\n",
		"show crypto":    "% Incomplete command.\n\n",
		"show c":         "% Ambiguous command:  \"show c\"\n\n",
		"bogus":          "Translating \"bogus\"...domain server (255.255.255.255)\n% Unknown command or computer name, or unable to find computer address\n",
		"show clock | x": "                     ^\n% Invalid input detected at '^' marker.\n\n",
		"show clock |":   "% Incomplete command.\n\n",
		"ping nowhere":   "% Unrecognized host or address, or protocol not running.\n\n",
	} {
		require.Equal(t, want, term.typed(line), line)
		require.True(t, term.Refused(), line)
	}
	term.typed("show clock")
	require.False(t, term.Refused())
	term.typed("conf t")
	require.Equal(t, "                           ^\n% Invalid input detected at '^' marker.\n\n", term.typed("hostname b c"))
	require.True(t, term.Refused())
	require.Contains(t, term.typed("do show bogus"), "                        ^\n")
}

func TestUserLevelHasNoConfiguration(t *testing.T) {
	term := newTerminal(t, SessionOptions{})
	for _, line := range []string{"show running-config", "configure terminal", "debug crypto ikev2", "reload"} {
		term.typed(line)
		require.True(t, term.Refused(), line)
	}
}

func TestDo(t *testing.T) {
	term := script(t)
	term.typed("conf t")
	require.Equal(t, "*20:28:34.003 UTC Mon Nov 11 2013\n", term.typed("do show clock"))
	require.Equal(t, "Router1(config)#", term.Prompt())
}

func TestPaging(t *testing.T) {
	term := newTerminal(t, SessionOptions{Privileged: true})
	term.SetLength(5)
	first := term.typed("show ip route")
	require.Equal(t, 4, strings.Count(first, "\n"))
	require.Equal(t, " --More-- ", term.Pending())
	require.Equal(t, 1, strings.Count(term.typed(""), "\n"))
	require.Equal(t, 4, strings.Count(term.typed(" "), "\n"))
	require.Empty(t, term.typed("q"))
	require.Empty(t, term.Pending())
	term.typed("terminal length 0")
	term.typed("show ip route")
	require.Empty(t, term.Pending())
	require.Empty(t, script(t).Pending())
}

func TestFilters(t *testing.T) {
	term := script(t)
	all := term.typed("show ip route")
	require.Equal(t, "S*    0.0.0.0/0 [1/0] via 10.0.0.2\n", term.typed("show ip route | include ^S\\*"))
	require.NotContains(t, term.typed("sh ip route | ex Codes"), "Codes")
	require.Equal(t, all[strings.Index(all, "Gateway"):], term.typed("show ip route | begin Gateway"))
	require.Equal(t, "Number of lines which match regexp = 1\n", term.typed("show ip route | c ^Codes"))
	require.Equal(t, "interface Loopback0\n ip address 192.168.1.1 255.255.255.0\n", term.typed("show running-config | section Loopback0"))
	require.Equal(t, "% Failed to compile regular expression: unmatched ()\n", term.typed("show ip route | i ("))
	require.True(t, term.Refused())
	require.Equal(t, []string{"  include  Include lines that match"}, filterHelp("i"))
	require.Equal(t, []string{"section"}, term.Complete("show run | se"))
}

func TestQuestions(t *testing.T) {
	term := newTerminal(t, SessionOptions{Privileged: true})
	require.Empty(t, term.typed("copy run start"))
	require.Equal(t, "Destination filename [startup-config]? ", term.Pending())
	require.Equal(t, "Building configuration...\n[OK]\n"+notKept+"\n", term.typed(""))
	term.typed("clear counters")
	require.Equal(t, `Clear "show interface" counters on all interfaces [confirm]`, term.Pending())
	term.typed("n")
	require.Empty(t, term.Pending())
	require.Equal(t, "Destination filename [startup-config]? \nBuilding configuration...\n[OK]\n"+notKept+"\n", script(t).typed("copy run start"))
}

func TestSaving(t *testing.T) {
	term := script(t)
	require.Equal(t, "Building configuration...\n[OK]\n"+notKept+"\n", term.typed("write memory"))
	require.False(t, term.r.unsaved())
	term.typed("conf t")
	term.typed("hostname Other")
	term.typed("end")
	require.True(t, term.r.unsaved())
	require.Contains(t, term.typed("show startup-config"), "hostname Router1")
	require.Contains(t, term.typed("reload"), "System configuration has been modified. Save? [yes/no]: \nBuilding configuration...\n[OK]\n"+notKept+"\nProceed with reload? [confirm]\n")
	require.Equal(t, "Other#", term.Prompt())
}

func TestRunningConfig(t *testing.T) {
	term := script(t)
	text := term.typed("show running-config")
	require.True(t, strings.HasPrefix(text, "Building configuration...\n\nCurrent configuration : "), text)
	require.Equal(t, 1, strings.Count(text, "\nversion 15.1\n"))
	require.True(t, strings.HasSuffix(text, "\nend\n\n"), text)
	body := text[strings.Index(text, "!"):]
	c, problems := iosconfig.Load(body)
	require.Empty(t, problems)
	require.Equal(t, iosconfig.Running(term.r.running()), iosconfig.Running(c))
	require.Contains(t, term.typed("show running-config interface Lo0"), "!\ninterface Loopback0\n ip address 192.168.1.1 255.255.255.0\nend\n")
}

func TestDebugCommands(t *testing.T) {
	term := script(t)
	require.Equal(t, "IKEv2 packet debugging is on\n", term.typed("debug crypto ikev2 packet"))
	require.Equal(t, "IKEv2 internal debugging is on\n", term.typed("deb cry ike int"))
	require.Equal(t, "Crypto IPSEC debugging is on\n", term.typed("debug crypto ipsec"))
	require.Equal(t, "IKEV2:\n  IKEv2 packet debugging is on\n  IKEv2 internal debugging is on\n\nCryptographic Subsystem:\n  Crypto IPSEC debugging is on\n",
		term.typed("show debugging"))
	require.Equal(t, "IKEv2 packet debugging is off\n", term.typed("no debug crypto ikev2 packet"))
	require.Equal(t, "All possible debugging has been turned off\n", term.typed("u all"))
	require.Empty(t, term.typed("show debug"))
	require.Equal(t, "IKEv2 default debugging is on\n", term.typed("debug crypto ikev2"))
}

func TestPingDialogue(t *testing.T) {
	term := newTerminal(t, SessionOptions{Privileged: true})
	for _, step := range [][2]string{
		{"ping", "Protocol [ip]: "}, {"", "Target IP address: "}, {"10.0.0.9", "Repeat count [5]: "}, {"2", "Datagram size [100]: "},
		{"", "Timeout in seconds [2]: "}, {"1", "Extended commands [n]: "}, {"y", "Source address or interface: "},
		{"Loopback0", "Set DF bit in IP header? [no]: "}, {"y", "Sweep range of sizes [n]: "},
	} {
		require.Empty(t, term.typed(step[0]))
		require.Equal(t, step[1], term.Pending())
	}
	require.Equal(t, "Type escape sequence to abort.\nSending 2, 100-byte ICMP Echos to 10.0.0.9, timeout is 1 seconds:\n"+
		"Packet sent with a source address of 192.168.1.1\nPacket sent with the DF bit set\n", term.typed(""))
}

func TestLogging(t *testing.T) {
	console := newTerminal(t, SessionOptions{Console: true, Privileged: true})
	r := console.r
	var vty strings.Builder
	other := r.NewSession(SessionOptions{Out: func(s string) { vty.WriteString(s) }, Privileged: true})
	console.shown()
	r.running().Service.LogTimestamps = iosconfig.Timestamps{Kind: iosconfig.TimestampDatetime, Msec: true}
	r.running().Logging = iosconfig.Logging{Buffered: 7, Console: 7, Monitor: 7}
	r.logf(testNow, "LINK", 3, "UPDOWN", "Interface %s, changed state to %s", "Ethernet0/0", "up")
	const line = "*Nov 11 20:28:34.003: %LINK-3-UPDOWN: Interface Ethernet0/0, changed state to up"
	require.Equal(t, line+"\n", console.shown())
	require.Empty(t, vty.String(), "a terminal without `terminal monitor` hears nothing")
	other.Enter(testNow, "terminal monitor")
	r.logf(testNow, "SYS", 5, "CONFIG_I", "x")
	require.Contains(t, vty.String(), "%SYS-5-CONFIG_I: x")
	require.Contains(t, console.typed("show logging | include LINK"), line)
	r.running().Logging.Console = 4
	r.logf(testNow, "SYS", 5, "CONFIG_I", "y")
	require.Empty(t, console.shown(), "notifications are less severe than warnings")
	require.Contains(t, console.typed("show logging | include Console"), "Console logging: level warnings, ")
}

func TestStamps(t *testing.T) {
	r := newTestRouter(t, testStartup)
	require.Empty(t, r.stamp(testNow, iosconfig.Timestamps{}))
	full := iosconfig.Timestamps{Kind: iosconfig.TimestampDatetime, Msec: true, Year: true, Timezone: true}
	require.Equal(t, "*Nov 11 2013 20:28:34.003 UTC: ", r.stamp(testNow, full))
	require.Equal(t, "*Nov  1 20:28:34: ", r.stamp(testNow.AddDate(0, 0, -10), iosconfig.Timestamps{Kind: iosconfig.TimestampDatetime}))
	require.Equal(t, "00:01:40: ", r.stamp(r.startedAt().Add(100*time.Second), iosconfig.Timestamps{Kind: iosconfig.TimestampUptime}))
}

// TestLogBufferIsBounded: the oldest lines go first.
func TestLogBufferIsBounded(t *testing.T) {
	var l logState
	for i := range 100 {
		l.append(strings.Repeat(string(rune('a'+i%26)), 99), 1000)
	}
	require.Len(t, l.buffer, 10)
	require.LessOrEqual(t, l.octets, 1000)
	require.Equal(t, "v", l.buffer[9][:1])
}

// TestEveryTokenHasHelp walks all rows of EXEC.
func TestEveryTokenHasHelp(t *testing.T) {
	for _, table := range []*syntax.Table[exec]{userTable, privilegedTable} {
		for _, line := range helpPlaces(table) {
			lines, err := table.Help(line)
			require.NoError(t, err, line)
			for _, l := range lines {
				if word := strings.Fields(l); word[0] != "<cr>" && line != "" {
					require.Greater(t, len(word), 1, "no help for %q behind %q", word[0], line)
				}
			}
		}
	}
}

// helpPlaces are the beginnings of lines reached by following keywords.
func helpPlaces(table *syntax.Table[exec]) []string {
	places, seen := []string{""}, map[string]bool{}
	for i := 0; i < len(places) && i < 2000; i++ {
		lines, err := table.Help(places[i])
		if err != nil {
			continue
		}
		for _, l := range lines {
			f := strings.Fields(l)
			if len(f) == 0 || strings.HasSuffix(l, ":") {
				continue
			}
			word := map[string]string{"A.B.C.D": "10.0.0.1", "WORD": "zz", "<0-255>/<0-255>": "0/0", "<0-2147483647>": "0"}[f[0]]
			switch {
			case f[0] == "<cr>":
				continue
			case word == "" && strings.HasPrefix(f[0], "<"):
				word = strings.Trim(f[0][:strings.Index(f[0], "-")], "<")
			case word == "":
				word = f[0]
			}
			if next := places[i] + word + " "; !seen[next] && strings.Count(next, " ") < 8 {
				seen[next] = true
				places = append(places, next)
			}
		}
	}
	return places
}

// TestScreensExist runs every show command on a router at rest.
func TestScreensExist(t *testing.T) {
	term := script(t)
	for _, line := range []string{
		"show version", "show clock", "show privilege", "show interfaces", "show interfaces Ethernet0/0", "show ip interface brief", "show ip route",
		"show ip route connected", "show ip route static", "show arp", "show ip arp", "show logging", "show debugging", "show terminal",
		"show crypto ikev2 sa", "show crypto ikev2 sa detailed", "show crypto ikev2 session", "show crypto ikev2 session detailed",
		"show crypto ikev2 stats", "show crypto ikev2 proposal", "show crypto ikev2 policy", "show crypto ikev2 profile", "show crypto ipsec sa",
		"show crypto ipsec transform-set", "show crypto ipsec profile", "show crypto session", "show crypto session detail",
		"show running-config", "show startup-config",
	} {
		term.typed(line)
		require.False(t, term.Refused(), line)
	}
	require.Contains(t, term.typed("show version"), "Cisco IOS Software, ")
	require.Contains(t, term.typed("show version"), "Router1 uptime is ")
	require.Contains(t, term.typed("show ip interface brief"), "Loopback0                  192.168.1.1     YES NVRAM  up                    up\n")
}

// TestUnderscore: it stands for a delimiter or an end of the line, and for
// itself, so that the names of messages are found.
func TestUnderscore(t *testing.T) {
	for _, row := range []struct {
		pattern, line string
		want          bool
	}{
		{"SYS-5-CONFIG_I", "*Nov 11 20:28:34.003: %SYS-5-CONFIG_I: Configured", true}, {"_10_", "10 20", true}, {"_10_", "5 10", true},
		{"_10_", "110", false}, {"a_b", "a,b", true}, {"a_b", "a_b", true}, {"a_b", "axb", false}, {"a[_]b", "a_b", true}, {"a[_]b", "a b", false},
		{`a\_b`, "a_b", true}, {`a\_b`, "a b", false}, {"^_$", "", true},
	} {
		f, err := parseFilter("include "+row.pattern, 0)
		require.NoError(t, err)
		require.Equal(t, row.want, len(f.apply([]string{row.line})) == 1, "%s in %q", row.pattern, row.line)
	}
}

// TestBadPatterns: a pattern that is none is refused in words, without a
// caret, as IOS's compiler of regular expressions does.
func TestBadPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		"(": "unmatched ()", ")": "unmatched ()", "[a": "unmatched []", "*": "?+* follows nothing", "+a": "?+* follows nothing", `a\`: `trailing \`,
	} {
		_, err := parseFilter("include "+pattern, 0)
		require.Equal(t, []string{"% Failed to compile regular expression: " + want}, iosconfig.Refusal(err, 4))
	}
}

// TestJSONOfEveryScreen: behind any show row stands `| json`, and its keys are
// lower_snake_case.
func TestJSONOfEveryScreen(t *testing.T) {
	term := script(t)
	key := regexp.MustCompile(`"([^"]*)":`)
	for _, rows := range [][]iosconfig.Command[exec]{showRows, configurationRows} {
		for _, row := range rows {
			line, _, _ := strings.Cut(row.Syntax, " [")
			text := term.typed(line + " | json")
			require.True(t, json.Valid([]byte(text)), "%s: %s", line, text)
			for _, k := range key.FindAllStringSubmatch(text, -1) {
				require.Regexp(t, `^[a-z][a-z0-9_]*$`, k[1], line)
			}
		}
	}
	require.Contains(t, term.typed("show clock | json x"), "^\n% Invalid input")
}

// TestInterfaceThatIsNot is refused with the caret below its name.
func TestInterfaceThatIsNot(t *testing.T) {
	term := script(t)
	require.Equal(t, "                     ^\n% Invalid input detected at '^' marker.\n\n", term.typed("show run int tu9"))
	require.Equal(t, "                        ^\n% Invalid input detected at '^' marker.\n\n", term.typed("show interfaces tu9"))
}

// FuzzSession types arbitrary lines: never a panic, and the session goes on.
func FuzzSession(f *testing.F) {
	for _, seed := range []string{
		"show ip route | section x\nenable\nconf t\ninterface Tunnel0\ntunnel mode ipsec ipv4\nend\nshow run", "ping\n\n10.0.0.2\n\n\n\ny\n\n\n\n",
		"show clock | include _", "\x00", "reload\nyes\n\n", "ping 10.0.0.1 repeat 3\n", "traceroute 10.0.0.2\n", "?", "show |", "debug crypto ikev2\nu all",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		term := newTerminal(t, SessionOptions{Privileged: true})
		for _, line := range strings.Split(text, "\n") {
			term.Help(line)
			term.Complete(line)
			term.Enter(term.now, line)
			term.pass(100 * time.Millisecond)
		}
		term.Interrupt(term.now)
		require.False(t, term.Busy())
		require.NotEmpty(t, term.Prompt())
	})
}
