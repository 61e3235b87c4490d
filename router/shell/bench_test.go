package shell

import (
	"testing"

	"ikelab/ikev2"
)

// BenchmarkRecordUnread is what a record costs that no debug wants.
func BenchmarkRecordUnread(b *testing.B) {
	term := newTerminal(b, Options{Console: true})
	term.sh.records.Begin(term.now, 0, 0)
	step := &ikev2.Step{}
	b.ReportAllocs()
	for b.Loop() {
		term.sh.records.Emit(step)
	}
}
