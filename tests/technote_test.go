package tests

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// The tech note's transcripts, in the form in which a run is compared with them.
// A line that begins with + is one that the note leaves out and a run prints; the
// word behind the + names its source. Nothing else may stand between.
const note = "testdata/note"

// lineSources say where the lines come from that the note leaves out.
var lineSources = map[string]string{
	// The note's dumps stop early: of the CFG_REQUEST at router 1, of the
	// notifies of the IKE_AUTH request and of router 2's own response. Each of
	// these payloads stands in the other router's dump of the same message, or
	// elsewhere in the note, in this form.
	"dump": "the note's dumps of the same payloads",
	// Texts, states and events of the same toolkit, in this place, in public
	// debugs of ASA 9.x (both roles, through a NAT).
	"toolkit": "ASA 9.x, debug crypto ikev2 protocol 127 and platform 127",
	// What the note or the toolkit's debugs print at the other end of the same
	// step: the outgoing count for the incoming one, the MIB index at the
	// responder.
	"mirror": "the other role's line in the same step",
	// The note leaves out that message 2 was refused: its id rises to 3 and its
	// length falls by 64, a KE payload of group 5 against one of group 2. States
	// and dumps are those that it prints for message 3 and for the initial
	// exchanges.
	"refusal": "inferred from the note's message ids and lengths",
	// The error level's reason for the new group.
	"reason": "IOS XE 26, debug crypto ikev2 error, as a course's simulator quotes it",
	// IOS's syslog, which shares the console.
	"syslog": "IOS XE 16.7.1, console with debug crypto ikev2",
	// Known by heart only: no capture was found.
	"memory": "no source",
}

// beyondSource is how many lines have no source. None should.
const beyondSource = 1

const seeds = 24

// canon brings a console line into the form of the transcripts.
var canon = []struct {
	is *regexp.Regexp
	to string
}{
	{regexp.MustCompile(`^[*.]?[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d\.\d+: `), ""},
	{regexp.MustCompile(`\s+`), " "},
	{regexp.MustCompile(`I_SPI=0{16}`), "I_SPI=zero"},
	{regexp.MustCompile(`R_SPI=0{16}`), "R_SPI=zero"},
	{regexp.MustCompile(`I_SPI=[0-9A-F]{16}`), "I_SPI=<ispi>"},
	{regexp.MustCompile(`R_SPI=[0-9A-F]{16}`), "R_SPI=<rspi>"},
	{regexp.MustCompile(`_SPI=zero`), "_SPI=0000000000000000"},
	{regexp.MustCompile(`SA ID = \d+`), "SA ID = <id>"},
	{regexp.MustCompile(`^IKEv2:\(\d+\): Choosing`), "IKEv2:(<n>): Choosing"},
	{regexp.MustCompile(`mib index ikev2 \d+, platform \d+`), "mib index ikev2 <n>, platform <n>"},
	{
		regexp.MustCompile(`ident handle (0x)?[0-9A-Fa-f]+ associated with SPI (0x)?[0-9A-Fa-f]+ for session \d+`),
		"ident handle <hex> associated with SPI <hex> for session <n>",
	},
}

func canonical(lines []string) []string {
	var list []string
	for _, l := range lines {
		for _, c := range canon {
			l = c.is.ReplaceAllString(l, c.to)
		}
		if l = strings.TrimSpace(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}

// window is the part of a console that begins as a transcript does and goes on
// with it the longest.
func window(transcript, console []string) []string {
	best, length := []string{}, 0
	for start := range console {
		rest := console[start:min(start+len(transcript), len(console))]
		n := 0
		for n < len(rest) && rest[n] == transcript[n] {
			n++
		}
		if n > length {
			best, length = rest, n
		}
	}
	return best
}

// splitSources takes the marks off a transcript's lines and lists the marks.
func splitSources(lines []string) (all, own, marks []string) {
	for _, l := range lines {
		mark, line, marked := strings.Cut(strings.TrimPrefix(l, "+"), " ")
		if !marked || !strings.HasPrefix(l, "+") {
			all, own = append(all, l), append(own, l)
			continue
		}
		all, marks = append(all, line), append(marks, mark)
	}
	return all, own, marks
}

func readNote(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return strings.Split(strings.TrimRight(string(data), "\n"), "\n")
}

func TestTranscripts(t *testing.T) {
	cases := []struct {
		file, node string
		lines      int
		wait       string
		edits      []func(*topologies.Topology)
	}{
		{"init-auth.R1.initiator.txt", "R1", 225, "wait 10s", nil},
		{"init-auth.R2.responder.txt", "R2", 202, "wait 10s", nil},
		// Router 2 began the SA whose rekey the note shows.
		{"rekey.R1.responder.txt", "R1", 103, "wait 100s", []func(*topologies.Topology){r2First}},
		{"rekey.R2.initiator.txt", "R2", 83, "wait 100s", []func(*topologies.Topology){r2First}},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			transcript, own, _ := splitSources(readNote(t, note+"/"+c.file))
			require.Len(t, own, c.lines)
			for seed := range uint64(seeds) {
				b := boot(t, topologies.DefaultLab, seed, c.edits...)
				for _, node := range []string{"R1", "R2"} {
					b.do(node+": debug crypto ikev2 packet", node+": debug crypto ikev2 internal")
				}
				b.do(c.wait)
				got := window(transcript, canonical(b.log(c.node)))
				for i, line := range got {
					require.Equal(t, transcript[i], line, "seed %d, line %d", seed, i+1)
				}
				require.Len(t, got, len(transcript))
			}
		})
	}
}

// TestEveryLineHasASource: what a run prints beyond the note is listed, and known
// from elsewhere.
func TestEveryLineHasASource(t *testing.T) {
	used := map[string]int{}
	for _, file := range []string{"init-auth.R1.initiator.txt", "init-auth.R2.responder.txt", "rekey.R1.responder.txt", "rekey.R2.initiator.txt"} {
		_, _, marks := splitSources(readNote(t, note+"/"+file))
		for _, m := range marks {
			require.Contains(t, lineSources, m, file)
			used[m]++
		}
	}
	require.Len(t, used, len(lineSources), "a source is not used any more")
	require.LessOrEqual(t, used["memory"], beyondSource)
}

// TestWindowIsStrict proves that the comparison can fail.
func TestWindowIsStrict(t *testing.T) {
	require.Equal(t, []string{"a", "b"}, window([]string{"a", "b"}, []string{"a", "x", "b", "a", "b", "c"}))
	require.NotEqual(t, []string{"a", "b"}, window([]string{"a", "b"}, []string{"a", "x", "b"}))
}

// screenMasks cover SPIs, counters, ids and times, and nothing else.
var screenMasks = []*regexp.Regexp{
	regexp.MustCompile(`0x[0-9A-F]+\(\d+\)`),              // ESP SPIs
	regexp.MustCompile(`spi: ([0-9A-F]{16})`),             // IKE SPIs
	regexp.MustCompile(`#pkts (?:en|de|di|ve)\w+: (\d+)`), // counters
	regexp.MustCompile(`conn id: (\d+)`),                  // ids
	regexp.MustCompile(`flow_id: SW:(\d+)`),               //
	regexp.MustCompile(`CE id: (\d+)`),                    //
	regexp.MustCompile(`Session-id: (\d+)`),               //
	regexp.MustCompile(`^(\d+) +\d+\.\d+\.\d+\.\d+/500`),  // tunnel id
	regexp.MustCompile(`(?:msg id|queued): +(\d+)`),       // message ids
	regexp.MustCompile(`\(k/sec\): \((\d+)/\d+\)`),        // volume and
	regexp.MustCompile(`\(k/sec\): \([^/]+/(\d+)\)`),      // time left
	regexp.MustCompile(`Life/Active Time: \d+/(\d+)`),     // time
}

// maskScreen replaces what the masks find, and the blanks that fill its column.
func maskScreen(lines []string) []string {
	var list []string
	for _, l := range lines {
		for _, m := range screenMasks {
			l = m.ReplaceAllStringFunc(l, func(s string) string {
				groups := m.FindStringSubmatch(s)
				return strings.Replace(s, groups[len(groups)-1], "<>", 1)
			})
		}
		list = append(list, regexp.MustCompile(`<> +`).ReplaceAllString(l, "<> "))
	}
	return list
}

// screens are the note's.
const screens = "../router/show/testdata"

func TestScreens(t *testing.T) {
	b := boot(t, topologies.DefaultLab, 7)
	b.do("wait 10s", "R1: ping 192.168.2.1 source Loopback0 repeat 10")
	for _, node := range []string{"R1", "R2"} {
		for file, command := range map[string]string{
			"show-crypto-ikev2-sa-detailed": "show crypto ikev2 sa detailed", "show-crypto-ipsec-sa": "show crypto ipsec sa",
			"show-crypto-session": "show crypto session",
		} {
			want := readNote(t, fmt.Sprintf("%s/%s.%s.txt", screens, file, node))
			got := strings.Split(strings.TrimRight(b.do(node+": "+command), "\n"), "\n")
			require.Equal(t, trim(maskScreen(want)), trim(maskScreen(got)), "%s: %s", node, command)
		}
	}
}

// trim takes off trailing blanks, which the note's files have lost.
func trim(lines []string) []string {
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

// TestPFSLine: the first child comes from IKE_AUTH, which has no exchange of
// its own for PFS; its successor does.
func TestPFSLine(t *testing.T) {
	pfs := func(node string) func(*topologies.Topology) {
		return edit(node, " set transform-set TS", " set transform-set TS\n set pfs group2\n set security-association lifetime seconds 120")
	}
	b := boot(t, topologies.DefaultLab, 1, pfs("R1"), pfs("R2"))
	b.do("wait 10s")
	for _, node := range []string{"R1", "R2"} {
		require.Contains(t, b.do(node+": show crypto ipsec sa"), "PFS (Y/N): N, DH group: none")
	}
	b.do("wait 120s")
	for _, node := range []string{"R1", "R2"} {
		require.Contains(t, b.do(node+": show crypto ipsec sa"), "PFS (Y/N): Y, DH group: group2")
	}
}
