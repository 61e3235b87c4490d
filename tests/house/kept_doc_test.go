package house

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/rows"
)

const keptDoc = "../../docs/kept.md"

// TestKeptPage: the page of what is without effect is what the rows say.
func TestKeptPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Lines of configurations without effect\n\n<!-- Made from the source by: go test ./tests/house -run TestKeptPage -update -->\n\n" +
		"Lines that begin with these words are kept as they are typed, with what stands below them; nothing checks what follows. What a tunnel may miss says so.\n\n")
	for _, words := range rows.Families() {
		b.WriteString("- `" + words + "`\n")
	}
	b.WriteString("\nThese are checked and kept, but nothing acts on them:\n\n```\n" + strings.Join(rows.NoEffect(), "\n") + "\n```\n")
	if *update {
		require.NoError(t, os.WriteFile(keptDoc, []byte(b.String()), 0o644))
	}
	text, err := os.ReadFile(keptDoc)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(text))
}
