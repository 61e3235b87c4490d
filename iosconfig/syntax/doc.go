// Package syntax is the grammar of the IOS command language: rows, tables,
// abbreviations, `?`, Tab, `no` forms, refusals and interface names. It knows
// no command.
//
//	var exec = syntax.NewTable("Exec commands:", []syntax.Command[session]{{
//		Syntax: "show crypto ikev2 sa [local <local:ip>] [detailed]",
//		Help:   "Show running system information|Encryption module|Shows IKEv2 info|Shows ikev2 SAs|Local address|Local address|Detailed",
//		Set:    func(s *session, a syntax.Args) error { return s.showSAs(a.Addr("local"), a.Has("detailed")) },
//	}})
//
//	m, err := exec.Parse(line)          // ErrInvalid, ErrIncomplete, ErrAmbiguous
//	err = m.Command.Set(s, m.Args)      // may return Refuse("% text …")
//	for _, l := range syntax.Refusal(err, len(prompt)) { … } // IOS's words with the caret
//	lines, err := exec.Help(line)       // `?`
//	words := exec.Complete(line)        // Tab
//
// Syntax:
//
//	word            a keyword; case-insensitive, any unique prefix will do, but of a number
//	<name:type>     an argument; types: word, line (the rest), ip, mask,
//	                interface, hex, LO-HI (a number); see argument.go
//	[ … ]           optional           { a | b }   alternatives
//	...             (after an element) once or more, no keyword twice
//	name={ a | b }  alternatives whose keyword Args.Word(name) returns
//	/               what follows may be left out after `no` and `default`
//
// Help holds one text for each token of Syntax in the order in which they are
// written, separated by "|"; an empty one is taken from another row that begins
// alike. Of a keyword and an argument that both fit, the keyword wins; of two
// arguments, the narrower (ip before word, word before line).
package syntax
