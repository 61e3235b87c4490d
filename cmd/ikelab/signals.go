package main

import (
	"os"
	"os/signal"
	"syscall"
)

// signalled ends the program because of a signal, with the exit status that a
// shell gives such an end.
type signalled struct{ syscall.Signal }

func (s signalled) Error() string { return "ended by signal: " + s.Signal.String() }

func (s signalled) exit() int { return 128 + int(s.Signal) }

// onSignal tells of the first signal that asks the program to end; the next
// one ends it at once.
func onSignal(tell func(error)) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		defer signal.Stop(signals)
		select {
		case s := <-signals:
			number, _ := s.(syscall.Signal)
			tell(signalled{number})
		case <-done:
		}
	}()
	return func() { close(done) }
}

// surviveSIGPIPE has a write that nobody reads fail like any other, so that
// files are closed before the program ends.
func surviveSIGPIPE() { signal.Ignore(syscall.SIGPIPE) }
