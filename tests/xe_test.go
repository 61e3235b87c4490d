package tests

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// What the image xe-17 prints, and where it is known from. testdata/xe/sources.txt has a
// row for each sentence; testdata/xe/initiator.txt is a whole run, in the form of the
// tech note's transcripts: a line that begins with + is one that the console of XE 16.7.1
// has not, as its negotiation made no pair.

const xeData = "testdata/xe/"

// xeSources say where sentences come from.
var xeSources = map[string]string{
	"xe16":    "IOS XE 16.7.1, console with debug crypto ikev2, initiator; the level of each is thereby known",
	"xe":      "other public consoles of IOS XE 16 and 17: FlexVPN hub, internal level, errors",
	"toolkit": "ASA 9.x, debug crypto ikev2 protocol: the same toolkit; its level 1 is XE's error, 2 default, 3 packet, 5 internal",
	"note":    "the tech note's line of IOS 15.1, at the level that the toolkit has its like",
	"course":  "IOS XE 26, debug crypto ikev2 error, as a course's simulator quotes it",
	"typed":   "the prompt, and what was typed at it",
	"syslog":  "messages of the system, which share the console",
	"memory":  "known by heart only, no capture was found",
	"ours":    "no image is known to say it: what happens has no line in any capture",
}

// mostUnsourced is how many rows are of memory or ours. They should become fewer.
const mostUnsourced = 14

// xeCanon brings a line into the form of the files.
var xeCanon = []struct {
	is *regexp.Regexp
	to string
}{
	{regexp.MustCompile(`^[*.]?[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d\.\d+: `), ""},
	{regexp.MustCompile(`\s+`), " "},
	{regexp.MustCompile(`0{16}`), "<none>"},
	{regexp.MustCompile(`\b(0x)?[0-9A-F]{16}\b`), "<spi>"},
	{regexp.MustCompile(`SPI: 0x[0-9A-F]+\]`), "SPI: <spi>]"},
	{regexp.MustCompile(`SESSION ID = \d+`), "SESSION ID = <n>"},
	{regexp.MustCompile(`SA ID = \d+`), "SA ID = <id>"},
	{regexp.MustCompile(`data: Cisco IOS .*`), "data: <version>"},
}

func xeCanonical(lines []string) []string {
	var list []string
	for _, l := range lines {
		for _, c := range xeCanon {
			l = c.is.ReplaceAllString(l, c.to)
		}
		if l = strings.TrimSpace(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}

const xeLab = "xe-site-to-site"

// TestXETranscript: a whole run of an initiator, from its first line to the last of its
// SA's, at the default level.
func TestXETranscript(t *testing.T) {
	transcript, own, marks := splitSources(readNote(t, xeData+"initiator.txt"))
	for _, m := range marks {
		require.Contains(t, xeSources, m)
	}
	require.Greater(t, len(own), 100)
	for seed := range uint64(4) {
		b := boot(t, xeLab, seed)
		b.do("R1: debug crypto ikev2", "wait 10s", "R1: clear crypto session", "wait 500ms")
		got := window(transcript, xeCanonical(b.log("R1")))
		for i, line := range got {
			require.Equal(t, transcript[i], line, "seed %d, line %d", seed, i+1)
		}
		require.Len(t, got, len(transcript))
	}
}

// xeRow is a sentence and its source.
type xeRow struct {
	source string
	is     *regexp.Regexp
	used   bool
}

func xeRows(t *testing.T) []*xeRow {
	t.Helper()
	data, err := os.ReadFile(xeData + "sources.txt")
	require.NoError(t, err)
	var rows []*xeRow
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		source, pattern, found := strings.Cut(line, " ")
		require.True(t, found, line)
		require.Contains(t, xeSources, source)
		rows = append(rows, &xeRow{source: source, is: regexp.MustCompile("^" + pattern + "$")})
	}
	return rows
}

// newer has all routers of a lab run the newer image.
func newer(t *topologies.Topology) {
	for _, n := range t.Nodes {
		if n.Kind == topologies.KindIOS {
			n.Image = topologies.NewerImage
		}
	}
}

// xeLives are runs that between them come to all that a life may have.
func xeLives(t *testing.T) []*bench {
	short := edit("R1", "authentication local pre-share", "authentication local pre-share\n lifetime 120\n dpd 10 2 periodic")
	brief := edit("R1", "set transform-set AES", "set transform-set AES\n set security-association lifetime seconds 120")
	newKey := edit("R2", "remote for-site-2", "remote other")
	runs := []struct {
		lab   string
		edits []func(*topologies.Topology)
		then  []string
	}{
		{xeLab, []func(*topologies.Topology){short, brief}, []string{"wait 4m", "R1: clear crypto session", "wait 30s", "stop R2", "wait 3m"}},
		{xeLab, []func(*topologies.Topology){newKey}, []string{"wait 10s"}},
		{xeLab, []func(*topologies.Topology){edit("R1", "crypto logging ikev2", "crypto ikev2 proposal default\n group 15")}, []string{"wait 10s"}},
		{xeLab, []func(*topologies.Topology){edit("R1", "crypto logging ikev2", "crypto ikev2 proposal default\n group 14 19\n encryption aes-cbc-256 aes-cbc-128")}, []string{"wait 10s"}},
		{xeLab, []func(*topologies.Topology){edit("R2", "identity remote address 10.0.0.1 ", "identity remote address 10.9.9.9 ")}, []string{"wait 10s"}},
		{xeLab, []func(*topologies.Topology){edit("R2", "esp-aes 256 ", "esp-aes ")}, []string{"wait 10s"}},
		{"nat-site-to-site", []func(*topologies.Topology){newer}, []string{"wait 20s"}},
		{"psk-site-to-site", []func(*topologies.Topology){newer}, []string{"wait 100s"}},
	}
	var list []*bench
	for _, run := range runs {
		b := boot(t, run.lab, 3, run.edits...)
		for _, n := range b.Topology.Nodes {
			if n.Kind == topologies.KindIOS {
				b.do(n.Name+": debug crypto ikev2", n.Name+": debug crypto ikev2 internal", n.Name+": debug crypto ikev2 packet")
			}
		}
		b.do(run.then...)
		list = append(list, b)
	}
	return list
}

var xePrefix = regexp.MustCompile(`^IKEv2(|-ERROR|-INTERNAL|-PAK):(\(SESSION ID = <n>,SA ID = <id>\):|\(SA ID = <id>\):)?`)

var xeLevels = map[string]string{"": "default", "-ERROR": "error", "-INTERNAL": "internal", "-PAK": "packet"}

// levelled has the level before a sentence, in the place of IKEv2's words; none: "-".
func levelled(line string) string {
	m := xePrefix.FindStringSubmatch(line)
	if m == nil {
		return "- " + line
	}
	return strings.TrimSpace(xeLevels[m[1]] + " " + line[len(m[0]):])
}

// TestEveryXELineHasASource: whatever the newer image prints of a life has a row, and
// each row is of something that it prints.
func TestEveryXELineHasASource(t *testing.T) {
	rows, unknown := xeRows(t), map[string]bool{}
	for _, b := range xeLives(t) {
		for node := range b.logs {
			for _, line := range xeCanonical(b.log(node)) {
				line, known := levelled(line), false
				for _, r := range rows {
					if r.is.MatchString(line) {
						r.used, known = true, true
						break
					}
				}
				if !known {
					unknown[line] = true
				}
			}
		}
	}
	require.Empty(t, unknown)
	unsourced := 0
	for _, r := range rows {
		require.True(t, r.used, "nobody says %v", r.is)
		if r.source == "memory" || r.source == "ours" {
			unsourced++
		}
	}
	require.LessOrEqual(t, unsourced, mostUnsourced)
}
