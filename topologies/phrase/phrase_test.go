package phrase

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var place = regexp.MustCompile(`\{[a-z_]+\}`)

// TestLanguages: every sentence is there in both languages, with the same places.
func TestLanguages(t *testing.T) {
	require.NotEmpty(t, catalogue)
	for key, f := range catalogue {
		require.NotEmpty(t, f.En, key)
		require.NotEmpty(t, f.Ja, key)
		en, ja := place.FindAllString(f.En, -1), place.FindAllString(f.Ja, -1)
		slices.Sort(en)
		slices.Sort(ja)
		require.Equal(t, slices.Compact(en), slices.Compact(ja), key)
		require.Equal(t, strings.TrimSpace(f.En), f.En, key)
		require.Equal(t, strings.TrimSpace(f.Ja), f.Ja, key)
	}
}

func TestPlaces(t *testing.T) {
	require.Equal(t, "R1, R2 and R3", And("R1", "R2", "R3").In(English))
	require.Equal(t, "R1、R2、R3", And("R1", "R2", "R3").In(Japanese))
	require.Equal(t, "R1", And("R1").In(English))
	require.Equal(t, "", And().In(English))
	require.Equal(t, "no.such", Of("no.such").In(English))
}

func TestParseLang(t *testing.T) {
	l, err := ParseLang("ja")
	require.NoError(t, err)
	require.Equal(t, Japanese, l)
	_, err = ParseLang("de")
	require.EqualError(t, err, `there is no language "de"; there are en, ja`)
}

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"the peer's", "identity"}, Wrap("the peer's identity", 12))
	require.Equal(t, []string{"the peer's", "identity"}, Wrap("the peer's identity", 18))
	require.Equal(t, []string{"the peer's identity"}, Wrap("the peer's identity ", 19))
	require.Equal(t, []string{"averyverylongword", "x"}, Wrap("averyverylongword x", 5))
	require.Equal(t, []string{""}, Wrap("", 10))
	require.Equal(t, []string{"事前共有", "鍵が違", "う。"}, Wrap("事前共有鍵が違う。", 8), "no line begins with a full stop")
	require.Equal(t, []string{"R1 の鍵は", "cisco です"}, Wrap("R1 の鍵は cisco です", 10))
	require.Equal(t, 9, Width("R1 の鍵は"))
	require.Equal(t, 2, Width("R\a1"))
}
