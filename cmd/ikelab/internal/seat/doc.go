// Package seat is somebody at a line of a router: it reads what he types at a
// terminal, in the way that the session awaits it, and hands it on.
//
//	err := seat.New(line).Serve(terminal)
//
// A Line is how the session is reached from a goroutine that does not own the
// lab. Serve returns when the line says that nobody is there any more, or with
// the error by which the terminal ended; it may be called again, with another terminal too, and goes on
// with the line that was half typed.
package seat
