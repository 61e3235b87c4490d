package serve

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"ikelab/topologies/lab"
)

// Options say where a server listens and how it reaches the lab.
type Options struct {
	Do          func(f func()) // has f called by who owns the lab
	Address     string         // to listen on
	SSH, Telnet int            // port of the first router, the next has the next; 0: whichever are free, -1: none
	HostKey     func(router string) (ssh.Signer, error)
	Grace       time.Duration // to log in; 0: half a minute
}

// Door is where a router is.
type Door struct {
	Router string `json:"router"`
	SSH    string `json:"ssh,omitempty"`
	Key    string `json:"host-key,omitempty"` // SHA256 fingerprint
	Telnet string `json:"telnet,omitempty"`
}

// Server is the doors of a lab.
type Server struct {
	options Options
	doors   []Door
	gate    *gate
	closing chan struct{}
	all     sync.WaitGroup

	mu     sync.Mutex
	open   map[interface{ Close() error }]bool
	closed bool
}

// Open listens. Nobody is let in before the router has started.
func Open(routers []*lab.Router, o Options) (*Server, error) {
	o.Grace = cmp.Or(o.Grace, grace)
	s := &Server{options: o, gate: newGate(), closing: make(chan struct{}), open: map[interface{ Close() error }]bool{}}
	for i, r := range routers {
		if err := s.door(i, r); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", r.Name(), err), s.Close())
		}
	}
	return s, nil
}

// Doors are where the routers are.
func (s *Server) Doors() []Door { return s.doors }

// door opens those of one router.
func (s *Server) door(i int, r *lab.Router) error {
	d := Door{Router: r.Name()}
	if s.options.SSH >= 0 {
		key, err := s.options.HostKey(r.Name())
		if err != nil {
			return err
		}
		host := &sshHost{Server: s, router: r, key: key}
		if d.SSH, err = s.listen(port(s.options.SSH, i), host.serve); err != nil {
			return err
		}
		d.Key = ssh.FingerprintSHA256(key.PublicKey())
	}
	if s.options.Telnet >= 0 {
		var err error
		host := &telnetHost{Server: s, router: r}
		if d.Telnet, err = s.listen(port(s.options.Telnet, i), host.serve); err != nil {
			return err
		}
	}
	s.doors = append(s.doors, d)
	return nil
}

// port is that of the ith router.
func port(first, i int) int {
	if first == 0 {
		return 0
	}
	return first + i
}

// listen has each connection to a port served by a goroutine of its own.
func (s *Server) listen(port int, serve func(net.Conn)) (address string, err error) {
	l, err := net.Listen("tcp", net.JoinHostPort(s.options.Address, strconv.Itoa(port)))
	if err != nil {
		return "", err
	}
	s.keep(l)
	s.all.Go(func() {
		for {
			c, err := l.Accept()
			switch {
			case errors.Is(err, net.ErrClosed):
				return
			case err != nil: // too many files: it passes
				time.Sleep(retry)
				continue
			}
			s.all.Go(func() { s.admit(c, serve) })
		}
	})
	return l.Addr().String(), nil
}

// retry is how long a port waits that could not take a connection.
const retry = 100 * time.Millisecond

// admit serves a connection, if there are not too many that nobody has logged
// in on.
func (s *Server) admit(c net.Conn, serve func(net.Conn)) {
	defer c.Close()
	if !s.gate.enter() {
		return
	}
	defer s.forget(c)
	if !s.keep(c) {
		s.gate.leave()
		return
	}
	_ = c.SetDeadline(time.Now().Add(s.options.Grace)) // to log in
	serve(c)
}

// keep has Close close something; false: it has been, already.
func (s *Server) keep(c interface{ Close() error }) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.open[c] = true
	}
	return !s.closed
}

func (s *Server) forget(c interface{ Close() error }) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// in has f called by who owns the lab, and waits; false: the lab has ended.
func (s *Server) in(f func()) bool {
	done := make(chan struct{})
	go s.options.Do(func() { f(); close(done) })
	select {
	case <-done:
		return true
	case <-s.closing:
		return false
	}
}

// Close ends all sessions, and waits until they have.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.closing)
	var errs []error
	for c := range s.open {
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	s.mu.Unlock()
	s.all.Wait()
	return errors.Join(errs...)
}
