package exercise

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/scenario"
)

// complaint is what users do before they complain: they wait, and try.
func complaint(t *testing.T, l *Lab) (steps []*scenario.Step) {
	d := newDraw(l.seed)
	for _, line := range []string{"wait 40s", fmt.Sprintf("ping PC-%s %v", d.A.Name, d.B.Host), fmt.Sprintf("ping PC-%s %v", d.B.Name, d.A.Host)} {
		s, err := scenario.ParseLine(line)
		require.NoError(t, err)
		steps = append(steps, s)
	}
	return append(steps, l.Symptom...)
}

var looks = regexp.MustCompile("`((?:show|debug) [^`]*)`")

// TestHints: what a hint tells to look at shows what the hint says, in the network as it is found.
func TestHints(t *testing.T) {
	for _, name := range Names() {
		for _, seed := range seeds {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) {
				t.Parallel()
				l, err := Open(name, seed)
				require.NoError(t, err)
				require.Len(t, l.shows, len(l.Hints))
				steps := complaint(t, l)
				for i, hint := range l.Hints {
					typed := ""
					for _, s := range l.shows[i] {
						typed += s.Text + "\n"
					}
					for _, m := range looks.FindAllStringSubmatch(hint, -1) {
						require.Contains(t, typed, "run "+m[1]+" at ", "hint %d tells to look there", i+1)
					}
					steps = append(steps, l.shows[i]...)
				}
				report := scenario.Run(&scenario.Scenario{Steps: steps}, l.Topology, scenario.Options{Seed: seed})
				if f := report.Failure(); f != nil {
					t.Errorf("%s: %s: %v", f.Step, f.Message, f.Findings)
				}
				require.NoError(t, report.Err)
			})
		}
	}
}
