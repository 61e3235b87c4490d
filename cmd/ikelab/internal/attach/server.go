package attach

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"

	"ikelab/cmd/ikelab/internal/terminal"
)

// Request is what a visitor wants.
type Request struct {
	Router  string `json:"router"` // "": to be told who is there
	Take    bool   `json:"take,omitempty"`
	Columns int    `json:"columns,omitempty"`
	From    string `json:"from,omitempty"` // where he sits, for people
}

// Answer is what he is told first.
type Answer struct {
	Error   string   `json:"error,omitempty"`
	Router  string   `json:"router,omitempty"`
	Routers []string `json:"routers,omitempty"`
}

const (
	mostVisits  = 64
	longestAsk  = 4096
	patience    = 10 * time.Second // with who says nothing
	unread      = time.Minute      // with who does not read
	mostFrom    = 100
	lingerAfter = 2 * time.Second // for the last words to be read
)

// Server is a lab's socket.
type Server struct {
	place    Place
	listener net.Listener
	serve    func(*Visit)
	slots    chan struct{}

	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
}

// Listen makes the socket of a lab. serve is called for each visit, on a goroutine
// of its own, and answers.
func Listen(lab string, serve func(*Visit)) (*Server, error) {
	place, err := newPlace(lab)
	if err != nil {
		return nil, err
	}
	if _, err := Labs(); err != nil { // which removes what labs have left that were killed
		return nil, err
	}
	_ = os.Remove(place.path) // of a process that had this number
	l, err := net.Listen("unix", place.path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(place.path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	s := &Server{place: place, listener: l, serve: serve, slots: make(chan struct{}, mostVisits), open: map[net.Conn]bool{}}
	go s.accept()
	return s, nil
}

// Place is where it listens.
func (s *Server) Place() Place { return s.place }

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // too many files: it passes
			time.Sleep(100 * time.Millisecond)
			continue
		}
		select {
		case s.slots <- struct{}{}:
			go s.visit(c)
		default:
			_ = c.Close()
		}
	}
}

// visit is one connection, from what is asked to its end.
func (s *Server) visit(c net.Conn) {
	defer func() { <-s.slots }()
	defer c.Close()
	if !s.keep(c) {
		return
	}
	defer s.forget(c)
	_ = c.SetDeadline(time.Now().Add(patience))
	v := &Visit{}
	if err := readLine(c, longestAsk, &v.Request); err != nil {
		return
	}
	_ = c.SetDeadline(time.Time{})
	v.From = plain(v.From)
	k := &keyboard{from: c, ready: make(chan struct{})}
	v.Terminal = terminal.NewWindow(k, impatient{c})
	k.resize = v.Terminal.Resize
	close(k.ready)
	v.Terminal.Resize(v.Columns)
	go func() { // what he does not read ends the visit
		<-v.Terminal.Done()
		_ = c.Close()
	}()
	s.serve(v)
	_ = v.Terminal.Close()
	select {
	case <-v.Terminal.Done():
	case <-time.After(lingerAfter):
	}
}

// impatient is a connection whose other end has to read now and then.
type impatient struct{ net.Conn }

func (i impatient) Write(p []byte) (int, error) {
	_ = i.SetWriteDeadline(time.Now().Add(unread))
	return i.Conn.Write(p)
}

// plain is a text that does nothing to somebody's terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text[:min(len(text), mostFrom)])
}

func (s *Server) keep(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.open[c] = true
	}
	return !s.closed
}

func (s *Server) forget(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// Close ends all visits, and removes the socket.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.open {
		_ = c.Close()
	}
	return s.listener.Close()
}

// Visit is somebody who has come.
type Visit struct {
	Request
	Terminal *terminal.Window
}

// Answer is the first that he is shown.
func (v *Visit) Answer(a Answer) {
	line, err := json.Marshal(a)
	if err == nil {
		v.Terminal.Write(string(line) + "\n")
	}
}

// readLine reads a line of JSON.
func readLine(from io.Reader, longest int, into any) error {
	text, err := io.ReadAll(&oneLine{from: from, left: longest})
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// oneLine reads up to the end of a line and not one octet further: what follows is
// for somebody else.
type oneLine struct {
	from io.Reader
	left int
	over bool
}

func (o *oneLine) Read(p []byte) (int, error) {
	if o.over || o.left == 0 || len(p) == 0 {
		return 0, io.EOF
	}
	n, err := o.from.Read(p[:1])
	o.left -= n
	o.over = n == 1 && p[0] == '\n'
	return n, err
}
