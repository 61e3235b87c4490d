// Package attach lets the same user come to the consoles of a running lab from
// other terminals, over a Unix socket.
//
//	s, err := attach.Listen(lab, serve)     // in the lab: serve is called for each visit
//	labs, err := attach.Labs()              // those that run; sockets of dead ones are removed
//	err = labs[0].Console(attach.Request{Router: "R2"})
//
// The sockets are in a folder that is the user's only, $XDG_RUNTIME_DIR/ikelab or
// else ikelab-UID where temporary files are: LAB.PID. A visit begins with a line of
// JSON in each direction; then what is typed, and the sizes of the window, come as
// frames (stream.go), and what is shown goes as it is.
//
// A visitor's terminal (internal/terminal) never has the lab wait, however slowly
// he reads, and who is gone is gone.
package attach
