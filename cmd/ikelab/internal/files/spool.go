package files

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	// mostSpooled is how much waits for a file that is written more slowly than
	// the lab runs, in octets.
	mostSpooled = 64 << 20
	// lastChance is how long an end waits for such a file, and a beginning for who reads
	// a pipe.
	lastChance = 5 * time.Second
)

// Spool is a file that a lab's records go to, on a goroutine of its own. A patient
// one has the lab wait for a slow file; another loses what is too much, since a
// lab that follows the wall clock cannot wait. Either way Close tells of it.
type Spool struct {
	file    *os.File
	patient bool
	most    int
	failed  func(error) // called once, when the file fails or lags

	mu      sync.Mutex
	changed *sync.Cond
	waiting []byte
	lost    int // writes
	closed  bool
	err     error
	done    chan struct{}
}

// NewSpool makes the file, as Create does. failed may be nil.
func NewSpool(path string, patient bool, failed func(error)) (*Spool, error) {
	file, err := Create(path)
	if err != nil {
		return nil, err
	}
	s := &Spool{file: file, patient: patient, most: mostSpooled, failed: failed, done: make(chan struct{})}
	s.changed = sync.NewCond(&s.mu)
	go s.drain()
	return s, nil
}

// openPipe opens a pipe that has a name, for whose reader it waits a little: an open
// without one would never return, whatever signal came.
func openPipe(path string, patience time.Duration) (*os.File, error) {
	for last := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		file, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if !errors.Is(err, syscall.ENXIO) {
			return file, err
		}
		if time.Now().After(last) {
			return nil, fmt.Errorf("open %s: nobody reads it", path)
		}
	}
}

// Write takes whole lines. It fails when the file has failed.
func (s *Spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.patient && s.err == nil && len(s.waiting)+len(p) > s.most && len(s.waiting) > 0 {
		s.changed.Wait()
	}
	switch {
	case s.err != nil:
		return 0, s.err
	case !s.patient && len(s.waiting)+len(p) > s.most:
		if s.lost++; s.lost == 1 && s.failed != nil {
			s.failed(fmt.Errorf("%s is written too slowly; records are lost", s.file.Name()))
		}
		return len(p), nil
	}
	s.waiting = append(s.waiting, p...)
	s.changed.Broadcast()
	return len(p), nil
}

// drain writes what waits, as much at a time as there is.
func (s *Spool) drain() {
	defer close(s.done)
	var next []byte
	for {
		s.mu.Lock()
		for len(s.waiting) == 0 && !s.closed {
			s.changed.Wait()
		}
		next, s.waiting = s.waiting, next[:0]
		s.changed.Broadcast()
		s.mu.Unlock()
		if len(next) == 0 {
			return
		}
		if _, err := s.file.Write(next); err != nil {
			s.fail(err)
			return
		}
	}
}

func (s *Spool) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	s.changed.Broadcast()
	if s.failed != nil {
		s.failed(err)
	}
}

// Close writes out what waits and says what did not reach the file.
func (s *Spool) Close() error {
	s.mu.Lock()
	s.closed = true
	s.changed.Broadcast()
	s.mu.Unlock()
	var late error
	if s.patient {
		<-s.done
	} else {
		select {
		case <-s.done:
		case <-time.After(lastChance):
			late = fmt.Errorf("%s is written too slowly; its end is missing", s.file.Name())
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := errors.Join(s.err, late, s.file.Close())
	if s.lost > 0 {
		err = errors.Join(err, fmt.Errorf("%s was written too slowly: %d records are lost", s.file.Name(), s.lost))
	}
	return err
}
