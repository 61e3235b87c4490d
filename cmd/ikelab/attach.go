package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/attach"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

func attachCommand() *cobra.Command {
	take := false
	c := &cobra.Command{
		Use:   "attach [LAB] ROUTER",
		Short: "Open a router's console in a lab that another terminal runs",
		Long: `attach opens the console of a router in a lab that "ikelab run" runs in another
terminal of the same user. Without arguments it lists the labs that run, and their
routers. Where several run, LAB says which: a name, the number of the process, or both
as they are listed.

A console has one user at a time: --take sends the other one away. Ctrl-] leaves the
console, which stays as it is, a half-typed line included, for who comes next.`,
		Example: "  ikelab attach\n  ikelab attach R2\n  ikelab attach hub-and-spoke HUB --take",
		Args:    cobra.MaximumNArgs(2),

		ValidArgsFunction: completesConsole,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return failed(listLabs(cmd))
			}
			name := ""
			if len(args) == 2 {
				name = args[0]
			}
			place, err := attach.Find(name)
			if err != nil {
				return failed(err)
			}
			r := attach.Request{Router: args[len(args)-1], Take: take, From: whereAmI()}
			return failed(place.Console(r, os.Stdin, os.Stdout))
		},
	}
	c.Flags().BoolVar(&take, "take", false, "send away who is at the console")
	return c
}

// listLabs tells what there is to attach to.
func listLabs(cmd *cobra.Command) error {
	places, err := attach.Labs()
	if err != nil {
		return err
	}
	if len(places) == 0 {
		fmt.Fprintln(cmd.OutOrStdout(), "No lab is running; ikelab run boots one.")
	}
	for _, p := range places {
		routers, err := p.Routers()
		if err != nil {
			continue // it has ended
		}
		fmt.Fprint(cmd.OutOrStdout(), p.Name(), ":")
		for _, r := range routers {
			fmt.Fprint(cmd.OutOrStdout(), " ", r)
		}
		fmt.Fprintln(cmd.OutOrStdout())
	}
	return nil
}

// whereAmI is the name of this terminal, for people.
func whereAmI() string {
	name, err := os.Readlink("/proc/self/fd/0")
	if err != nil {
		name = "a terminal"
	}
	return fmt.Sprintf("%s (process %d)", name, os.Getpid())
}

// visited serves somebody who has come to a console from another terminal.
func (d *desk) visited(v *attach.Visit) {
	if v.Router == "" {
		var names []string
		d.in(func() {
			for _, r := range d.lab.Routers {
				names = append(names, r.Name())
			}
		})
		v.Answer(attach.Answer{Routers: names})
		return
	}
	var c *deskConsole
	var err error
	d.in(func() {
		var r *lab.Router
		if r, err = script.Find(d.lab.Lab, v.Router); err == nil {
			c = d.consoles[r.Name()]
		}
	})
	if err == nil {
		u := &user{terminal: v.Terminal, where: v.From, leaving: "(Ctrl-] leaves the console.)\n\n"}
		err = c.sit(u, v.Take, func() { v.Answer(attach.Answer{Router: c.node}) })
	}
	if err != nil {
		v.Answer(attach.Answer{Error: plain(err)})
		return
	}
	defer c.leave()
	_ = c.seat.Serve(v.Terminal) // who is gone needs no reason
}

// open lets others come to the consoles. That they cannot is no reason not to run.
func (d *desk) open() (shut func()) {
	s, err := attach.Listen(d.lab.Topology.Name, d.visited)
	if err != nil {
		fmt.Fprintln(os.Stderr, "warning: nobody can attach to this lab:", err)
		return func() {}
	}
	d.place = s.Place()
	return func() { _ = s.Close() }
}
