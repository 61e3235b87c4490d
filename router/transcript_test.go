package router

import (
	"bufio"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireInOrder expects every wanted line among the lines got, in order, with
// at most extra others between the first and the last.
func requireInOrder(t *testing.T, want, got []string, extra int) {
	t.Helper()
	at, between := 0, 0
	for i, w := range want {
		for at < len(got) && got[at] != w {
			at++
			if i > 0 {
				between++
			}
		}
		require.Less(t, at, len(got), "line %d is missing: %s", i+1, w)
		at++
	}
	require.LessOrEqual(t, between, extra, "lines that the transcript does not have")
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var lines []string
	for s := bufio.NewScanner(f); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

// masks bring a line into the form of the canonical transcripts.
var masks = []struct {
	re   *regexp.Regexp
	with string
}{
	{regexp.MustCompile(` +`), " "},
	{regexp.MustCompile(`^ `), ""},
	{regexp.MustCompile(`SA ID = \d+`), "SA ID = <id>"},
	{regexp.MustCompile(`I_SPI=F\w+`), "I_SPI=<ispi>"},
	{regexp.MustCompile(`R_SPI=F\w+`), "R_SPI=<rspi>"},
	{regexp.MustCompile(`^IKEv2:\(\d+\):`), "IKEv2:(<n>):"},
	{regexp.MustCompile(`ikev2 \d+, platform \d+`), "ikev2 <n>, platform <n>"},
	{regexp.MustCompile(`0x[0-9A-F]+ associated with SPI 0x[0-9A-F]+ for session \d+`), "<hex> associated with SPI <hex> for session <n>"},
}

func mask(s string) string {
	for _, m := range masks {
		s = m.re.ReplaceAllString(s, m.with)
	}
	return s
}
