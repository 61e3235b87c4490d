package interop

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// docs/interop.md is what the last whole run of the matrix saw.

const pageFile = "../../docs/interop.md"

// title has a version, which may be another than the page's.
var title = regexp.MustCompile(`(?m)^## .*`)

var update = flag.Bool("update", false, "write docs/interop.md anew")

const pageHead = `# Real peers

Written by ` + "`make matrix`" + `, which brings up each tunnel below with an IKE daemon in a Linux kernel of its own (User Mode Linux) that does
ESP. Between them the rows of a daemon hold every pair of values of two columns that both ends can. A tunnel has **passed** where it came up, carried a ping and
TCP both ways (checksummed), both ends counted the same packets, it was rekeyed (child and IKE SA, at the side that began), carried them again, and ended with no
SA left at either end; first when the peer began, then when we did. OpenIKED begins and rekeys by itself.
`

// results are the outcomes of a kind of peer: by cell and role.
type results struct {
	mu   sync.Mutex
	seen map[string]string
}

func (r *results) put(c cell, role string, passed bool) {
	r.say(c, role, map[bool]string{true: "passed", false: "**failed**"}[passed])
}

func (r *results) say(c cell, role, outcome string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil {
		r.seen = map[string]string{}
	}
	r.seen[c.name()+role] = outcome
}

// page is the part of a kind of peer.
func (m *matrix) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n", m.title)
	if lacks := m.lacks(); lacks != "" {
		fmt.Fprintf(&b, "Unsupported by %s, and therefore in no row: %s.\n\n", m.kind, lacks)
	}
	features := ""
	b.WriteString("| | IKE encryption | integrity, PRF | group | ESP | PFS | identities | they begin | we begin |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range m.cells {
		if c.feature != nil {
			features += fmt.Sprintf("| %s | %s |\n", c.feature.name, m.results.seen[c.name()])
			continue
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s | %s | %s | %s | %s |\n", c.n, c.encryption.name, c.integrity.name, c.group.name, c.esp.name,
			c.pfs.name, c.identity.name, m.results.seen[c.name()+theyBegin], m.results.seen[c.name()+weBegin])
	}
	if features != "" {
		b.WriteString("\n| besides | |\n|---|---|\n" + features)
	}
	return b.String()
}

// lacks are the values that the peer cannot.
func (m *matrix) lacks() string {
	var list []string
	for _, f := range factors {
		for i, v := range f.values {
			if !f.can(i, m.kind) {
				list = append(list, f.name+" "+v.name)
			}
		}
	}
	return strings.Join(list, ", ")
}

// checkPage compares what a whole run saw with the page, or writes it.
func checkPage(t *testing.T, parts []string) {
	page := pageHead + strings.Join(parts, "")
	if *update {
		require.NoError(t, os.WriteFile(pageFile, []byte(page), 0o644))
		return
	}
	old, err := os.ReadFile(pageFile)
	require.NoError(t, err)
	require.Equal(t, title.ReplaceAllString(string(old), ""), title.ReplaceAllString(page, ""), "make matrix UPDATE=1 writes %s anew", pageFile)
}

// TestPairwise says that the rows hold what they should: each pair at least once.
func TestPairwise(t *testing.T) {
	for _, peer := range []string{strongSwan, libreswan, openIKED} {
		rows := pairwise(peer)
		for _, row := range rows {
			for f, value := range row {
				require.True(t, factors[f].can(value, peer))
			}
		}
		eachPair(peer, func(p [4]int) {
			require.True(t, slices.ContainsFunc(rows, func(row []int) bool { return row[p[0]] == p[1] && row[p[2]] == p[3] }), "%s: %v", peer, p)
		})
	}
}
