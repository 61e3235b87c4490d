package main

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/cmd/ikelab/internal/pace"
	"ikelab/topologies/lab"
)

// eventsFlags say where the lab's stream of records goes.
type eventsFlags struct {
	file    string
	secrets bool
}

func (f *eventsFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.file, "events", "", "write all that happens as JSON lines into this `file` (docs/events.md)")
	c.Flags().BoolVar(&f.secrets, "secrets", false, "write keys and passwords too, with --events")
}

func (f *eventsFlags) check() error {
	if f.secrets && f.file == "" {
		return errors.New("--secrets belongs to --events")
	}
	return nil
}

// eventsFile is the stream on its way to a file.
type eventsFile struct {
	events *lab.Events
	spool  *files.Spool
	tell   atomic.Pointer[func(error)] // shows a person that the file has failed; nil: the end does
}

// open begins to write the stream. A lab that follows the wall clock does
// not wait for a slow file, and writes what there is before it sleeps.
func (f eventsFlags) open(l *lab.Lab, p *pace.Pacer) (*eventsFile, error) {
	e := &eventsFile{}
	var err error
	if e.spool, err = files.NewSpool(f.file, p == nil, e.failed); err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	e.events = l.WriteEvents(e.spool, f.secrets)
	if p != nil {
		p.OnIdle(e.events.Flush)
	}
	return e, nil
}

// failed is called by the file's own goroutine.
func (e *eventsFile) failed(err error) {
	if tell := e.tell.Load(); tell != nil {
		(*tell)(fmt.Errorf("events: %w", err))
	}
}

// close tells why records are missing, once.
func (e *eventsFile) close() error {
	err := e.events.Close()
	if whole := e.spool.Close(); whole != nil {
		err = whole // and the reason of the other
	}
	if err != nil {
		return fmt.Errorf("events: %w", err)
	}
	return nil
}
