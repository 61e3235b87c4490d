// Package line is the line that is being typed at an IOS terminal: keys in, what
// the terminal shows out. It is the same on every door, and does nothing itself.
//
//	l := line.New(line.Options{Prompt: "R1#", Width: 80, Keys: session})
//	for !ended {
//		ended = l.Key(octet) != line.Going
//		write(l.Shown()) // "\n" ends a line
//	}
//	run(l.Text())
//
// It draws with characters, blanks and backspaces only, as IOS does, so that any
// terminal will do; a line that is too long scrolls, with "$" where it goes on.
// Whatever octets come, it takes them: there are no errors.
package line
