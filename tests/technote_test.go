package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// The tech note's transcripts and screens, in the form in which a run is
// compared with them: see the files' own package for where they come from.
const note = "../router/debug/testdata"

// maxExtra is how many lines a run may print between those of a transcript:
// the ones that the note leaves out.
const maxExtra = 60

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

// reproduces finds the window of a console that holds all lines of a
// transcript in order with the fewest lines between.
func reproduces(transcript, console []string) (extra int, missing string) {
	extra, best := -1, -1
	for start, l := range console {
		if l != transcript[0] {
			continue
		}
		found, end := 0, start
		for end < len(console) && found < len(transcript) {
			if console[end] == transcript[found] {
				found++
			}
			end++
		}
		switch {
		case found == len(transcript) && (extra < 0 || end-start-found < extra):
			extra = end - start - found
		case found < len(transcript) && found > best:
			best, missing = found, transcript[found]
		}
	}
	if best < 0 {
		missing = transcript[0]
	}
	return extra, missing
}

func readNote(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(note, name))
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
			transcript := canonical(readNote(t, c.file))
			require.Len(t, transcript, c.lines)
			for seed := range uint64(seeds) {
				b := boot(t, topologies.DefaultLab, seed, c.edits...)
				for _, node := range []string{"R1", "R2"} {
					b.do(node+": debug crypto ikev2 packet", node+": debug crypto ikev2 internal")
				}
				b.do(c.wait)
				extra, missing := reproduces(transcript, canonical(b.log(c.node)))
				require.GreaterOrEqual(t, extra, 0, "seed %d lacks %q", seed, missing)
				require.LessOrEqual(t, extra, maxExtra, "seed %d", seed)
			}
		})
	}
}

// TestReproducesIsStrict proves that the comparison can fail.
func TestReproducesIsStrict(t *testing.T) {
	extra, _ := reproduces([]string{"a", "b", "c"}, []string{"a", "x", "b", "a", "b", "c"})
	require.Zero(t, extra)
	extra, missing := reproduces([]string{"a", "b", "c"}, []string{"a", "c", "b"})
	require.Negative(t, extra)
	require.Equal(t, "c", missing)
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

func TestScreens(t *testing.T) {
	b := boot(t, topologies.DefaultLab, 7)
	b.do("wait 10s", "R1: ping 192.168.2.1 source Loopback0 repeat 10")
	for _, node := range []string{"R1", "R2"} {
		for file, command := range map[string]string{
			"show-crypto-ikev2-sa-detailed": "show crypto ikev2 sa detailed", "show-crypto-ipsec-sa": "show crypto ipsec sa",
			"show-crypto-session": "show crypto session",
		} {
			want := readNote(t, fmt.Sprintf("../../show/testdata/%s.%s.txt", file, node))
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
