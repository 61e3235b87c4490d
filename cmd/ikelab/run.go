package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/chzyer/readline"
	"github.com/spf13/cobra"

	"ikelab/topologies"
)

func runCommand() *cobra.Command {
	f := &labFlags{}
	speed := 1.0
	c := &cobra.Command{
		Use:   "run [LAB or FILE.clab.yml]",
		Short: "Boot a lab and open a console on its first router",
		Long: `run boots a lab, paced by the wall clock, and opens a console on its first router.
Ctrl-] leads from the console to the lab prompt, where "help" lists what there is.
Without a terminal, run reads the same lines from standard input; a line ^] stands
for the key.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedSet = cmd.Flags().Changed("seed")
			name := topologies.DefaultLab
			if len(args) > 0 {
				name = args[0]
			}
			if !(speed > 0) || math.IsInf(speed, 0) {
				return fmt.Errorf("--speed must be a positive number, not %v", speed)
			}
			if !isFile(name) {
				if _, err := topologies.Embedded(name); err != nil {
					return err
				}
			}
			return runLab(name, f, speed)
		},
	}
	f.register(c)
	c.Flags().Float64Var(&speed, "speed", speed, "virtual seconds per second")
	return c
}

// forever is further away than anybody waits.
const forever = 100 * 365 * 24 * time.Hour

// runLab drives the simulation here while another goroutine talks to the user.
func runLab(name string, f *labFlags, speed float64) error {
	lab, err := openLab(name, f, speed)
	if err != nil {
		return err
	}
	var t terminal
	if readline.IsTerminal(int(os.Stdin.Fd())) && readline.IsTerminal(int(os.Stdout.Fd())) {
		if t, err = newTTY(); err != nil {
			return failed(errors.Join(err, lab.close()))
		}
	} else {
		t = newPipe(os.Stdin, os.Stdout)
	}
	t.write(fmt.Sprintf("Lab %s, %s. Ctrl-] leads to the lab prompt.\n", lab.Topology.Name, count(len(lab.Routers), "router")))
	quit := make(chan struct{})
	d := newDesk(lab, t)
	go func() {
		defer close(quit)
		d.talk()
	}()
	over := func() bool {
		select {
		case <-quit:
			return true
		default:
			return false
		}
	}
	go func() {
		<-quit
		lab.pacer.do(func() {}) // wakes the driver so that it looks
	}()
	lab.driver.RunUntil(over, lab.Sim.Now().Add(forever))
	return failed(errors.Join(t.close(), lab.close()))
}
