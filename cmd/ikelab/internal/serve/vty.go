package serve

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"ikelab/cmd/ikelab/internal/seat"
	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/router/shell"
	"ikelab/topologies/lab"
)

// visit is somebody who has logged in: a seat.Line.
type visit struct {
	*Server
	router   *lab.Router
	terminal *terminal.Remote
	hangUp   func() // ends the connection
	idle     *idleness

	// Who owns the lab:
	session *shell.Session
	over    chan struct{} // closed when the command that runs is over
	acting  bool          // the user is doing what may end the session
}

// visitor is who comes.
type visitor struct {
	user          string
	from          net.Addr
	privileged    bool
	columns, rows int // of his window, 0: unknown
}

// vacant is the vty that the next who comes would be on.
func (s *Server) vacant(r *lab.Router) (v shell.VTY, ok bool) {
	s.in(func() {
		if v, ok = r.Shell().Vacant(); ok {
			ok = r.Device.Started()
		}
	})
	return v, ok
}

// account finds a user; one that does not exist has a password that nobody
// types.
func (s *Server) account(r *lab.Router, user string) (a shell.Account, ok bool) {
	s.in(func() { a, ok = r.Shell().Account(user) })
	if !a.Password.Set() {
		a.Password = shell.Unguessable()
	}
	return a, ok
}

// errBusy is when all lines are taken.
var errBusy = errors.New("all lines are taken")

// newVisit makes the terminal at the other end of a connection. Nobody sits there
// before begin.
func (s *Server) newVisit(r *lab.Router, c io.ReadWriter, hangUp func()) *visit {
	v := &visit{Server: s, router: r, hangUp: sync.OnceFunc(hangUp), idle: &idleness{}}
	v.terminal = terminal.NewRemote(keys{c, v.idle}, c)
	return v
}

// serve is the session from its first prompt to its end.
func (v *visit) serve() {
	_ = seat.New(v).Serve(v.terminal) // who is gone needs no reason
	v.end()
}

// begin takes a line and shows what stands before the first prompt.
func (v *visit) begin(who visitor) error {
	err := errBusy
	if !v.in(func() { err = v.open(who) }) {
		return net.ErrClosed
	}
	return err
}

// open is called by who owns the lab.
func (v *visit) open(who visitor) error {
	line, ok := v.router.Shell().Vacant()
	if !ok || !v.router.Device.Started() {
		return errBusy
	}
	v.session = v.router.Shell().Open(shell.Options{
		Out: v.terminal.Write, Log: v.terminal.Notice, User: who.user, From: hostOf(who.from), Line: line,
		Privileged: who.privileged || line.Privileged, Over: v.told,
	})
	columns, rows := line.Width, line.Length
	if who.columns > 0 {
		columns = who.columns
	}
	if who.rows > 0 && rows > 0 {
		rows = who.rows
	}
	v.session.Resize(columns, rows)
	if banner := v.router.Shell().Banners().Exec; banner != "" {
		v.terminal.Write("\n" + banner + "\n")
	}
	v.idle.begin(line.Idle, v.timeout)
	return nil
}

// hostOf is an address without its port.
func hostOf(a net.Addr) string {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.IP.String()
	}
	return ""
}

// told is called when a command is over, or the session.
func (v *visit) told() {
	if v.over != nil {
		close(v.over)
		v.over = nil
	}
	if v.session.Closed() && !v.acting {
		go v.hangUp()
	}
}

// timeout ends a session in which nobody types and no command runs.
func (v *visit) timeout() {
	busy := false
	v.in(func() { busy = v.session.Busy() })
	if busy {
		v.idle.touch()
	} else {
		v.hangUp()
	}
}

// resize follows the user's window. What that does not know, 0, says nothing
// (RFC 4254 6.2), and who has no pages wants none.
func (v *visit) resize(columns, rows int) {
	v.in(func() {
		if v.session == nil {
			return
		}
		if columns == 0 {
			columns = v.session.Width()
		}
		if rows == 0 || v.session.Length() == 0 {
			rows = v.session.Length()
		}
		v.session.Resize(columns, rows)
		v.terminal.Fit(columns)
	})
}

// end leaves the line.
func (v *visit) end() {
	v.idle.end()
	v.in(func() {
		v.acting = true
		v.router.Call(func(time.Time) { v.session.Close() })
	})
}

// In makes a visit a seat.Line.
func (v *visit) In(f func()) { v.in(f) }

// Session is the session on the vty.
func (v *visit) Session() *shell.Session { return v.session }

// Enter types a line.
func (v *visit) Enter(line string) {
	v.in(func() {
		v.acting = true
		v.router.Enter(v.session, line)
		v.acting = false
	})
}

// Interrupt types Ctrl-C.
func (v *visit) Interrupt() { v.in(func() { v.router.Interrupt(v.session) }) }

// Await waits while a command runs. The user may break it off.
func (v *visit) Await() error {
	for {
		var over chan struct{}
		closed := true
		v.in(func() {
			if closed = v.session.Closed(); !closed && v.session.Busy() {
				over = make(chan struct{})
				v.over = over
			}
		})
		switch {
		case closed, v.terminal.Failure() != nil:
			return io.EOF
		case over == nil:
			return nil
		}
		if err := v.terminal.AwaitBreak(over); errors.Is(err, terminal.ErrBreak) {
			v.Interrupt()
		}
	}
}
