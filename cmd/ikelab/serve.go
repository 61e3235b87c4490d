package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/serve"
	"ikelab/topologies"
	"ikelab/topologies/scenario"
)

// serveFlags are those of `ikelab serve`.
type serveFlags struct {
	labFlags
	speed       float64
	address     string
	ssh, telnet int
	json        bool
}

func serveCommand() *cobra.Command {
	f := &serveFlags{speed: 1}
	c := &cobra.Command{
		Use:   "serve [LAB or FILE.clab.yml]",
		Short: "Boot a lab whose routers are reached by SSH and telnet",
		Long: `serve boots a lab, paced by the wall clock, and lets people and programs come to its
routers over the network: each router at a port for SSH and one for telnet, on the
loopback interface unless --address says otherwise. It prints where they are.

Who may come, and how, is in each router's configuration, as on a router: line vty
with login local, transport input and exec-timeout; username; ip ssh pubkey-chain;
enable secret. There is no password that is not configured.

With --save the routers' host keys stay in the folder; without, they are new each time.

A signal ends it, and all sessions with it.`,
		Example: "  ikelab serve lab.clab.yml\n  ssh -p 10001 admin@127.0.0.1",
		Args:    cobra.MaximumNArgs(1),

		ValidArgsFunction: completesLab,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedSet = cmd.Flags().Changed("seed")
			name := topologies.DefaultLab
			if len(args) > 0 {
				name = args[0]
			}
			if err := f.check(); err != nil {
				return err
			}
			if err := known(name); err != nil {
				return err
			}
			return f.run(name, cmd.OutOrStdout())
		},
	}
	f.register(c)
	c.Flags().Float64Var(&f.speed, "speed", f.speed, "virtual seconds per second")
	c.Flags().StringVar(&f.address, "address", "127.0.0.1", "`address` to listen on")
	c.Flags().IntVar(&f.ssh, "ssh", 10001, "SSH `port` of the first router, the next has the next; 0: whichever are free, -1: none")
	c.Flags().IntVar(&f.telnet, "telnet", 11001, "telnet `port` of the first router, likewise")
	c.Flags().BoolVar(&f.json, "json", false, "print where the routers are as JSON")
	return c
}

func (f *serveFlags) check() error {
	switch {
	case !(f.speed > 0):
		return fmt.Errorf("--speed must be a positive number, not %v", f.speed)
	case net.ParseIP(f.address) == nil:
		return fmt.Errorf("--address must be an IP address, not %q", f.address)
	case f.ssh < -1 || f.ssh > 65535 || f.telnet < -1 || f.telnet > 65535:
		return errors.New("--ssh and --telnet must be ports, 0 or -1")
	}
	return f.events.check()
}

// run drives the lab until a signal comes.
func (f *serveFlags) run(name string, out io.Writer) error {
	ctx, quit := context.WithCancelCause(context.Background())
	defer onSignal(quit)() // before anything is made in the host
	lab, err := openLab(name, &f.labFlags, f.speed)
	if err != nil {
		return err
	}
	lab.stopWith(ctx)
	runner, err := scenario.NewRunner(lab.Lab, scenario.Settings{Driver: lab, Console: func(string) (io.Writer, error) { return io.Discard, nil }})
	if err != nil {
		return failed(errors.Join(err, lab.close()))
	}
	server, err := serve.Open(lab.Routers, serve.Options{
		Do: lab.pacer.Do, Address: f.address, SSH: f.ssh, Telnet: f.telnet, HostKey: serve.HostKeys(f.save),
	})
	if err != nil {
		return failed(errors.Join(err, lab.close()))
	}
	if err := f.print(out, server.Doors()); err != nil {
		quit(err)
	}
	runner.Begin()
	for ctx.Err() == nil {
		lab.RunUntil(func() bool { return false }, lab.Sim.Now().Add(forever))
	}
	return failed(errors.Join(context.Cause(ctx), server.Close(), runner.End(), lab.close()))
}

// print says where the routers are.
func (f *serveFlags) print(out io.Writer, doors []serve.Door) error {
	if f.json {
		return json.NewEncoder(out).Encode(doors)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "router\tssh\ttelnet\thost key")
	for _, d := range doors {
		fmt.Fprintln(w, strings.Join([]string{d.Router, orNone(d.SSH), orNone(d.Telnet), orNone(d.Key)}, "\t"))
	}
	return w.Flush()
}

func orNone(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
