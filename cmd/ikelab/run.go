package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/topologies"
	"ikelab/topologies/scenario"
)

func runCommand() *cobra.Command {
	f := &labFlags{}
	speed, replay, split := 1.0, "", false
	c := &cobra.Command{
		Use:   "run [LAB or FILE.clab.yml]",
		Short: "Boot a lab and open a console on its first router",
		Long: `run boots a lab, paced by the wall clock, and opens a console on its first router.
Ctrl-] leads from the console to the lab prompt, where "help" lists what there is.
Without a terminal, run reads the same lines from standard input; a line ^] stands
for the key.`,
		Example: `  ikelab run
  ikelab run hub-and-spoke --save DIR --split
  ikelab run lab.clab.yml --speed 10 --capture DIR
  ikelab run --replay FILE`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completesLab,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedSet = cmd.Flags().Changed("seed")
			name := topologies.DefaultLab
			if len(args) > 0 {
				name = args[0]
			}
			if !(speed > 0) || math.IsInf(speed, 0) {
				return fmt.Errorf("--speed must be a positive number, not %v", speed)
			}
			if err := f.events.check(); err != nil {
				return err
			}
			log, err := f.toReplay(replay)
			if err != nil {
				return failed(err)
			}
			if log != nil && len(args) == 0 {
				name = log.Lab
			}
			if err := known(name); err != nil {
				return err
			}
			if split {
				if err := insideTmux(); err != nil {
					return failed(err)
				}
			}
			return runLab(name, f, runOptions{speed: speed, log: log, split: split, in: cmd.InOrStdin(), out: cmd.OutOrStdout()})
		},
	}
	f.register(c)
	f.registerCast(c)
	c.Flags().Float64Var(&speed, "speed", speed, "virtual seconds per second")
	c.Flags().BoolVar(&split, "split", false, "lay the routers' consoles side by side, in tmux")
	c.Flags().StringVar(&replay, "replay", "", "first do what this `file` says, as --record wrote it")
	return c
}

// runOptions are how a lab is run at a terminal.
type runOptions struct {
	speed float64
	log   *scenario.Log // to be done first; nil: nothing
	split bool
	in    io.Reader
	out   io.Writer
}

// runLab drives the simulation here while another goroutine talks to the user.
// A signal ends the lab as `quit` does, so that its files are whole and the
// terminal is as it was.
func runLab(name string, f *labFlags, o runOptions) error {
	ctx, quit := context.WithCancelCause(context.Background())
	defer onSignal(quit)() // before anything is made in the host
	lab, err := openLab(name, f, o.speed)
	if err != nil {
		return err
	}
	if o.log != nil {
		if err := fits(o.log, lab.Lab); err != nil {
			return failed(errors.Join(err, lab.close()))
		}
	}
	cast, err := f.castOfTerminal(lab)
	if err != nil {
		return failed(errors.Join(err, lab.close()))
	}
	var seen io.Writer
	if cast != nil {
		seen = cast
	}
	t, err := terminal.Open(o.in, terminalOf(o.out), seen)
	if err != nil {
		return failed(errors.Join(err, lab.close()))
	}
	defer t.Close()
	d, err := newDesk(lab, f, t)
	if err != nil {
		return failed(errors.Join(err, lab.close()))
	}
	d.tellOfEvents()
	defer d.open()()
	t.Write(greeting(lab, t.Columns()))
	if o.split {
		d.split()
	}
	pacer := lab.pacer
	context.AfterFunc(ctx, func() {
		pacer.Do(func() {}) // wakes the driver so that it looks
	})
	d.gone = func() bool { return ctx.Err() != nil }
	d.begin(o.log)
	go func() {
		defer t.Close()
		quit(d.talk())
	}()
	d.drive(quit)
	err = errors.Join(t.Close(), d.end(), closeCast(cast))
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	return failed(err)
}

// greeting says where one is, and how to leave.
func greeting(l *runningLab, columns int) string {
	text := fmt.Sprintf("Lab %s, %s", l.Topology.Name, count(len(l.Routers), "router"))
	if len(l.Routers) > 0 {
		text += fmt.Sprintf(". This is the console of %s", l.Routers[0].Name())
	}
	if len(l.Routers) > 1 {
		text += fmt.Sprintf("; in another terminal, ikelab attach %s opens that of %s", l.Routers[1].Name(), l.Routers[1].Name())
	}
	text = fold(text+".", columns) + fold("Type ? for help. Ctrl-] leads to the lab prompt; quit there ends the lab.", columns)
	if l.task != nil {
		text += "\n" + (&tutor{lab: l.task}).task(columns) + "\n"
	}
	return text
}
