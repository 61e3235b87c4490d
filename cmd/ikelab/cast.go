package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ikelab/cmd/ikelab/internal/files"
)

// registerCast is for the commands that show a lab: --record is the name of logs.
func (f *labFlags) registerCast(c *cobra.Command) {
	c.Flags().StringVar(&f.cast, "cast", "", "write what the terminal shows into this `file`, for asciinema (asciicast v2)")
}

// castOfTerminal is a cast in the time of the wall clock; nil: nobody wants one.
func (f *labFlags) castOfTerminal(l *runningLab) (*files.Cast, error) {
	if f.cast == "" {
		return nil, nil
	}
	began := time.Now()
	return files.NewCast(f.cast, files.Screen{
		Title: l.Topology.Name, Began: began, Since: func() time.Duration { return time.Since(began) }, Size: func() (int, int) {
			if columns, rows, err := term.GetSize(int(os.Stdout.Fd())); err == nil && columns > 0 && rows > 0 {
				return columns, rows
			}
			return castColumns, castRows
		},
	}, false)
}

// castOfRun is one in virtual time.
func (f *labFlags) castOfRun(l *runningLab) (*files.Cast, error) {
	if f.cast == "" {
		return nil, nil
	}
	return files.NewCast(f.cast, files.Screen{
		Title: l.Topology.Name, Began: l.Topology.Clock, Since: func() time.Duration { return l.Sim.Now().Sub(l.Topology.Clock) },
		Size: func() (int, int) { return castColumns, castRows },
	}, true)
}

// What a terminal has that has no size.
const castColumns, castRows = 80, 24

func closeCast(c *files.Cast) error {
	if c == nil {
		return nil
	}
	return c.Close()
}
