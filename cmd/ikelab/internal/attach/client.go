package attach

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// Routers lists those of a lab that can be attached to.
func (p Place) Routers() ([]string, error) {
	c, a, err := p.ask(Request{})
	if err != nil {
		return nil, err
	}
	return a.Routers, c.Close()
}

// ask makes a connection and has the first line of each direction exchanged.
func (p Place) ask(r Request) (net.Conn, Answer, error) {
	c, err := net.Dial("unix", p.path)
	if err != nil {
		return nil, Answer{}, err
	}
	line, err := json.Marshal(r)
	if err == nil {
		_, err = c.Write(append(line, '\n'))
	}
	var a Answer
	if err == nil {
		err = readLine(c, 1<<20, &a)
	}
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	if err != nil {
		return nil, a, errors.Join(err, c.Close())
	}
	return c, a, nil
}

// Console joins a terminal to the console of a router until the visit ends. in and
// out are a person's terminal, or what stands for one.
func (p Place) Console(r Request, in, out *os.File) error {
	atTerminal := term.IsTerminal(int(in.Fd()))
	r.Columns, _, _ = term.GetSize(int(out.Fd()))
	c, a, err := p.ask(r)
	if err != nil {
		return err
	}
	defer c.Close()
	if atTerminal {
		cooked, err := term.MakeRaw(int(in.Fd()))
		if err != nil {
			return err
		}
		defer func() { _ = term.Restore(int(in.Fd()), cooked) }()
		defer follow(c, out)()
	}
	fmt.Fprintf(out, "Console of %s in lab %s. Ctrl-] leaves it.\r\n", a.Router, p.Name())
	go func() {
		buf := make([]byte, most)
		for {
			n, err := in.Read(buf)
			if n > 0 && writeFrame(c, typed, buf[:n]) != nil {
				return
			}
			if err != nil {
				if u, ok := c.(*net.UnixConn); ok {
					_ = u.CloseWrite()
				}
				return
			}
		}
	}()
	_, err = io.Copy(out, c)
	if errors.Is(err, syscall.ECONNRESET) {
		err = nil
	}
	fmt.Fprintf(out, "\r\nThe console of %s is left.\r\n", a.Router)
	return err
}

// follow tells the lab of the window's size, now and when it changes.
func follow(c net.Conn, out *os.File) (stop func()) {
	changed := make(chan os.Signal, 1)
	notifyWindow(changed)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-changed:
				if columns, rows, err := term.GetSize(int(out.Fd())); err != nil || writeWindow(c, columns, rows) != nil {
					return
				}
			case <-done:
				return
			}
		}
	}()
	return func() { signal.Stop(changed); close(done) }
}
