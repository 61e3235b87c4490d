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

// BenchmarkHelp is `?` where most words are possible: it must stay below 5 ms.
func BenchmarkHelp(b *testing.B) {
	term := privileged(b)
	for _, line := range []string{"", "show ", "show crypto ikev2 sa "} {
		b.Run("exec "+line, func(b *testing.B) {
			for b.Loop() {
				term.Help(line)
			}
		})
	}
	term.typed("conf t")
	for _, line := range []string{"", "crypto ", "ip "} {
		b.Run("config "+line, func(b *testing.B) {
			for b.Loop() {
				term.Help(line)
			}
		})
	}
}
