package router

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
)

// noteLab is the tech note's lab with a console on each router, `debug crypto
// ikev2 packet` and `… internal` on; the other router starts a second later.
type noteLab struct {
	*lab
	console map[string]*strings.Builder
	session map[string]*shell.Session
}

func newNoteLab(t *testing.T, first, second string) *noteLab {
	l := &noteLab{lab: newLab(t), console: map[string]*strings.Builder{}, session: map[string]*shell.Session{}}
	for i, name := range []string{"R1", "R2"} {
		text, err := os.ReadFile("../topologies/labs/psk-site-to-site/r" + name[1:] + ".cfg")
		require.NoError(t, err)
		l.add(name, []string{"Ethernet0/0"}, "hostname Router"+string(rune('1'+i))+"\nservice timestamps debug datetime msec\n"+string(text))
		out := &strings.Builder{}
		l.console[name] = out
		l.session[name] = l.nodes[name].Shell().Open(shell.Options{Out: func(s string) { out.WriteString(s) }, Console: true, Privileged: true})
		l.session[name].SetLength(0)
	}
	l.connect("R1", 0, "R2", 0)
	l.start(first)
	l.run(time.Second)
	l.start(second)
	for _, s := range l.session {
		s.Enter(l.now, "debug crypto ikev2 packet")
		s.Enter(l.now, "debug crypto ikev2 internal")
	}
	return l
}

// typed enters a command and lets it finish.
func (l *noteLab) typed(name, line string) []string {
	l.console[name].Reset()
	l.session[name].Enter(l.now, line)
	for range 100 {
		if !l.session[name].Busy() {
			break
		}
		l.run(time.Second)
	}
	return l.lines(name)
}

func (l *noteLab) lines(name string) []string {
	return strings.Split(strings.TrimSuffix(l.console[name].String(), "\n"), "\n")
}

var (
	stampRE = regexp.MustCompile(`^\*\w+ +\d+ [\d:.]+: `)
	spiRE   = regexp.MustCompile(`([IR])_SPI=([0-9A-F]{16})`)
)

// canonical brings a console into the form of the canonical transcripts.
func canonical(lines []string) []string {
	list := make([]string, len(lines))
	for i, l := range lines {
		l = spiRE.ReplaceAllStringFunc(stampRE.ReplaceAllString(l, ""), func(s string) string {
			if strings.HasSuffix(s, strings.Repeat("0", 16)) {
				return s
			}
			return s[:6] + "<" + strings.ToLower(s[:1]) + "spi>"
		})
		list[i] = mask(l)
	}
	return list
}

// requireTranscript finds a canonical transcript in a console, wherever it
// begins, with at most 60 other lines between its own.
func requireTranscript(t *testing.T, name string, console []string) {
	t.Helper()
	want := readLines(t, "debug/testdata/"+name+".txt")
	best := -1
	for from, l := range console {
		if l != want[0] {
			continue
		}
		if extra, ok := extraLines(want, console[from:]); ok && (best < 0 || extra < best) {
			best = extra
		}
	}
	if best < 0 {
		at := slices.Index(console, want[0])
		require.GreaterOrEqual(t, at, 0, "%s does not begin", name)
		requireInOrder(t, want, console[at:], 60)
	}
	require.LessOrEqual(t, best, 60, name)
}

func extraLines(want, got []string) (extra int, ok bool) {
	at := 0
	for _, w := range want {
		n := slices.Index(got[at:], w)
		if n < 0 {
			return 0, false
		}
		extra += n
		at += n + 1
	}
	return extra, true
}

// TestNoteTranscripts runs the tech note's two configurations and reads the
// consoles.
func TestNoteTranscripts(t *testing.T) {
	l := newNoteLab(t, "R1", "R2")
	l.run(10 * time.Second)
	requireTranscript(t, "init-auth.R1.initiator", canonical(l.lines("R1")))
	requireTranscript(t, "init-auth.R2.responder", canonical(l.lines("R2")))
	l = newNoteLab(t, "R2", "R1")
	l.run(90 * time.Second)
	requireTranscript(t, "rekey.R1.responder", canonical(l.lines("R1")))
	requireTranscript(t, "rekey.R2.initiator", canonical(l.lines("R2")))
}

// screenMasks hide what differs between two runs: SPIs, counters, ids, times.
var screenMasks = []struct {
	re   *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`[0-9A-F]{16}`), "<spi>"},
	{regexp.MustCompile(`0x[0-9A-F]+\(\d+\)`), "<spi>"},
	{regexp.MustCompile(`(#pkts (en|de)caps: |#pkts (en|de)crypt: |#pkts digest: |#pkts verify: )\d+`), "$1<n>"},
	{regexp.MustCompile(`conn id: \d+, flow_id: SW:\d+`), "conn id: <n>, flow_id: SW:<n>"},
	{regexp.MustCompile(`\(\d+/\d+\)$`), "(<k/s>)"},
	{regexp.MustCompile(`Time: (\d+)/\d+`), "Time: $1/<n>"},
	{regexp.MustCompile(`CE id: \d+, Session-id: \d+`), "CE id: <n>, Session-id: <n>"},
	{regexp.MustCompile(`(msg id: +|queued: +)\d+ *`), "$1<n> "},
	{regexp.MustCompile(`^\d+( +10\.0\.0)`), "<n>$1"},
}

func masked(lines []string) []string {
	list := slices.Clone(lines)
	for i := range list {
		for _, m := range screenMasks {
			list[i] = m.re.ReplaceAllString(list[i], m.with)
		}
	}
	return list
}

// TestNoteScreens compares the six screens of a live run with the note's.
func TestNoteScreens(t *testing.T) {
	l := newNoteLab(t, "R1", "R2")
	l.run(10 * time.Second)
	for _, s := range l.session {
		s.Enter(l.now, "undebug all")
	}
	ping := l.typed("R1", "ping 192.168.2.1 source Loopback0")
	require.Equal(t, []string{
		"Type escape sequence to abort.", "Sending 5, 100-byte ICMP Echos to 192.168.2.1, timeout is 2 seconds:",
		"Packet sent with a source address of 192.168.1.1", "!!!!!",
	}, ping[:4])
	require.Regexp(t, `^Success rate is 100 percent \(5/5\), round-trip min/avg/max = \d+/\d+/\d+ ms$`, ping[4])
	for _, name := range []string{"R1", "R2"} {
		for file, command := range map[string]string{
			"show-crypto-ikev2-sa-detailed": "show crypto ikev2 sa detailed", "show-crypto-ipsec-sa": "show crypto ipsec sa",
			"show-crypto-session": "sh cry session",
		} {
			require.Equal(t, masked(readLines(t, "show/testdata/"+file+"."+name+".txt")), masked(l.typed(name, command)), "%s: %s", name, command)
		}
	}
	require.Contains(t, l.typed("R1", "show crypto ipsec sa"), "    #pkts encaps: 5, #pkts encrypt: 5, #pkts digest: 5")
	require.Contains(t, l.typed("R1", "show ip interface brief"), "Tunnel0                    172.16.0.101    YES NVRAM  up                    up")
	require.Contains(t, l.typed("R1", "show crypto ikev2 session"), "Session-id:1, Status:UP-ACTIVE, IKE count:1, CHILD count:1")
}

// TestNoteConfiguration corrects a wrong key from the console.
func TestNoteConfiguration(t *testing.T) {
	l := newNoteLab(t, "R1", "R2")
	r2 := l.session["R2"]
	for _, line := range []string{"configure terminal", "crypto ikev2 keyring KEYRNG", "peer peer2", "pre-shared-key remote wrong", "end"} {
		r2.Enter(l.now, line)
		require.False(t, r2.Refused(), line)
	}
	l.run(20 * time.Second)
	require.Contains(t, l.console["R2"].String(), "Verification of peer's authentication data FAILED")
	require.Contains(t, l.typed("R1", "show crypto session"), "Session status: DOWN")
	for _, line := range []string{"configure terminal", "crypto ikev2 keyring KEYRNG", "peer peer2", "pre-shared-key remote cisco", "end"} {
		r2.Enter(l.now, line)
		require.False(t, r2.Refused(), line)
	}
	l.run(2 * time.Minute)
	require.Contains(t, l.typed("R1", "show crypto session"), "Session status: UP-ACTIVE")
}

// TestClearing deletes the SAs from the console; the tunnel comes back.
func TestClearing(t *testing.T) {
	l := newNoteLab(t, "R1", "R2")
	l.run(10 * time.Second)
	before := l.typed("R1", "show crypto ikev2 sa detailed | include Local spi")
	l.typed("R1", "clear crypto session")
	l.run(10 * time.Second)
	after := l.typed("R1", "show crypto ikev2 sa detailed | include Local spi")
	require.Len(t, after, 1)
	require.NotEqual(t, before, after)
	esp := l.typed("R2", "show crypto ipsec sa | include current outbound")
	l.typed("R2", "clear crypto sa")
	l.run(10 * time.Second)
	require.NotEqual(t, esp, l.typed("R2", "show crypto ipsec sa | include current outbound"))
	require.Equal(t, after, l.typed("R1", "show crypto ikev2 sa detailed | include Local spi"), "the IKE SA stays")
}
