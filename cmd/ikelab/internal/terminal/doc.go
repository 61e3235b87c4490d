// Package terminal is where a person sits: a terminal in raw mode, or a pipe
// that stands for one.
//
// Open chooses. A Terminal reads a line at a prompt (Read), or one key
// (ReadKey), shows what commands print (Write) and lines that come by themselves
// (Notice), and waits for a break while a command runs (AwaitBreak). Close
// leaves the terminal as it was found, however often it is called.
//
// Who may call: one goroutine reads; Write and Notice may come from any. The line
// editor runs on a goroutine of its own, and nobody else touches the line: who
// has something to show hands the editor's keyboard a private rune (wake), and
// the editor's input filter shows what waits before it goes on.
package terminal
