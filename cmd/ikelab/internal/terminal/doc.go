// Package terminal is where a person sits: a terminal in raw mode, or a pipe
// that stands for one.
//
// Open chooses. A Terminal reads a line at a prompt (Read), or one key
// (ReadKey), shows what commands print (Write) and lines that come by themselves
// (Notice), and waits for a break while a command runs (AwaitBreak). Close
// leaves the terminal as it was found, however often it is called.
//
// Who may call: one goroutine reads, and edits the line (router/shell/line);
// Write and Notice may come from any. Who has something to show meanwhile leaves
// it and wakes the reader, who shows it between two keys. So nobody else touches
// the line, whatever comes.
package terminal
