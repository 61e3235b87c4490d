package syntax

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// knotty has rows that begin alike and go on in all ways there are.
var knotty = NewTable("", []Command[int]{
	{Syntax: "show crypto ikev2 sa [detailed]"},
	{Syntax: "show crypto ikev2 session [detailed]"},
	{Syntax: "show crypto { ipsec | isakmp } sa"},
	{Syntax: "show <what:word> brief"},
	{Syntax: "show kind={ crypto | clock }"},
	{Syntax: "show interfaces [<name:interface>]"},
	{Syntax: "show interfaces counters"},
	{Syntax: "shut"},
	{Syntax: "set { peer <a:ip> | peer default | pfs { group1 | group14 | group1 more } } ..."},
	{Syntax: "set [a] [b] c"},
	{Syntax: "debug crypto ikev2"},
	{Syntax: "debug crypto ikev2 packet"},
	{Syntax: "debug crypto ikev2 { error | internal }"},
	{Syntax: "debug crypto ikev2 peer <a:ip>"},
	{Syntax: "debug crypto ikev2 [client] flexvpn"},
	{Syntax: "debug crypto ikev2 { [brief] [all] }... log"},
	{Syntax: "debug crypto ikev2 <what:word>"},
	{Syntax: "debug crypto ikev2 { packet hexdump | client }"},
	{Syntax: "debug crypto ikev2 cluster [detail]"},
	{Syntax: "debug crypto ikev2 <n:1-9>"},
	{Syntax: "debug crypto ikev1"},
	{Syntax: "debug crypto ipsec [error]"},
	{Syntax: "debug crypto { pki | isakmp } [error]"},
	{Syntax: "debug crypto condition / peer <a:ip>", Clear: func(*int, Args) error { return nil }},
	{Syntax: "debug ip { icmp | packet [detail] }"},
	{Syntax: "<n:1-100> permit", Clear: func(*int, Args) error { return nil }},
	{Syntax: "set / security association", Clear: func(*int, Args) error { return nil }},
	{Syntax: "show / crypto ikev2", Clear: func(*int, Args) error { return nil }},
})

// TestStandsAreThreads: what is known of lines that begin alike is what their words say one by one.
func TestStandsAreThreads(t *testing.T) {
	words := []string{"7", "1.1.1.1", "x", "Ethernet0/0", "Ethernet", "0/0"}
	for _, s := range knotty.grammar.rows {
		for _, tok := range s.tokens {
			if k := tok.keyword; k != "" {
				words = append(words, k, k[:1+len(k)/2], strings.ToUpper(k))
			}
		}
	}
	require.Greater(t, len(knotty.grammar.start.find("debug").to.find("crypto").to.find("ikev2").to.threads), fewThreads)
	r := rand.New(rand.NewPCG(1, 2))
	read, refused := 0, 0
	for n := range 30000 {
		line := ""
		if n%2 == 0 { // where stands lead furthest
			line = "debug crypto "
		}
		for range 1 + r.IntN(5) {
			line += words[r.IntN(len(words))] + " "
		}
		for _, negated := range []bool{false, true} {
			var quick, plain Memory
			_, err := quick.split(line, 0)
			require.NoError(t, err)
			w, x := knotty.grammar.begin(line, negated, &quick), knotty.grammar.begin(line, negated, &plain)
			for _, word := range quick.fields {
				x.at = nil
				want := x.step(word)
				require.Equal(t, want, w.step(word), line)
				if want != nil {
					refused++
					break
				}
				read++
				require.Equal(t, [2]bool{x.ambiguous, x.done}, [2]bool{w.ambiguous, w.done}, line)
				require.Len(t, w.threads, len(x.threads), line)
				for i, got := range w.threads {
					thread := x.threads[i]
					require.Equal(t, x.args(thread), w.args(got), line)
					got.last, thread.last = 0, 0
					require.Equal(t, thread, got, line)
				}
			}
		}
	}
	require.Greater(t, read, 10000)
	require.Greater(t, refused, 10000)
}
