package tests

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// TestParsers: the lines that parsers of IOS want stand on the screens of either image
// while a tunnel is up; what an image lacks, the file says with the reason.
func TestParsers(t *testing.T) {
	data, err := os.ReadFile("testdata/parsers.txt")
	require.NoError(t, err)
	labs := map[string]*bench{topologies.DefaultImage: boot(t, topologies.DefaultLab, 1), topologies.NewerImage: boot(t, xeLab, 1)}
	screens := map[string][]string{}
	for _, b := range labs {
		b.do("wait 10s", "R1: ping 192.168.2.1 source Loopback0")
	}
	commands := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(line, " | ", 3)
		require.Len(t, fields, 3, line)
		commands[fields[0]] = true
		image, lacks := strings.CutPrefix(fields[1], "no ")
		pattern, why, explained := strings.Cut(fields[2], " # ")
		require.Equal(t, lacks, explained && why != "", "%s: what an image lacks needs a reason", line)
		is := regexp.MustCompile("^" + pattern + "$")
		for _, name := range []string{topologies.DefaultImage, topologies.NewerImage} {
			if image != "both" && image != name {
				continue
			}
			at := name + fields[0]
			if screens[at] == nil {
				screens[at] = strings.Split(labs[name].do("R1: "+fields[0]), "\n")
			}
			require.Equal(t, !lacks, hasLine(screens[at], is), "%s: %s\n%s", name, line, strings.Join(screens[at], "\n"))
		}
	}
	require.GreaterOrEqual(t, len(commands), 25)
}

func hasLine(lines []string, is *regexp.Regexp) bool {
	for _, l := range lines {
		if is.MatchString(strings.TrimSpace(l)) {
			return true
		}
	}
	return false
}
