package debug

import (
	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
)

// What failures read like on the newer generation, where that differs.

func xeFaultLines(v View, b ikev2.Fault) []Line {
	if b.Cause == ikev2.CauseMismatch {
		return xeMismatchLines(&b.Failure)
	}
	return faultLines(v, b)
}

func xeHintLines(v View, b ikev2.Hint) []Line {
	if b.Cause == ikev2.CauseMismatch {
		return xeMismatchLines(&b.Failure)
	}
	return hintLines(v, b)
}

func xeMismatchLines(f *ikev2.Failure) []Line {
	var lines []Line
	if m := f.Mismatch; m != nil {
		lines = append(xePolicyLines(f, sentence.ListReceived, m.Received), xePolicyLines(f, sentence.ListExpected, m.Local)...)
	}
	return append(lines, verdictLines(f)...)
}

// xePolicyLines: the first proposal runs on behind the verdict, as on XE.
func xePolicyLines(f *ikev2.Failure, title *sentence.Sentence, list []wire.Proposal) []Line {
	lines := policyLines(f.SA, title, f.Mismatch.Protocol, list)
	lines[0].Text += sentence.NoMatch.Say()
	if len(lines) < 2 {
		return lines
	}
	lines[0].Text += lines[1].Text
	return append(lines[:1], lines[2:]...)
}
