package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
	"ikelab/topologies/script"
)

// execFlags are what `ikelab exec` was asked for.
type execFlags struct {
	labFlags
	consoles string
	format   string
	limit    time.Duration
}

func execCommand() *cobra.Command {
	f := &execFlags{}
	c := &cobra.Command{
		Use:   "exec [LAB or FILE.clab.yml] COMMAND...",
		Short: "Run commands on the routers of a lab, as fast as possible",
		Long: `exec boots a lab and runs commands in order:

` + scenario.Lines() + `
The first command runs the instant the routers have their configuration, before
any packet. Configuration mode lasts from one command to the next. Virtual time
passes only in wait and in commands that take time, such as ping.

Nothing is answered by itself. Where a command asks a question, the next line
for that router is the answer; a question that nobody answered is reported.
Output is not paged. A step's further keys are written key=value, and a condition
in braces, as in a scenario file: wait {interface: "R1:Tunnel0", is: up} limit=1m

The exit status is 1 when a router refused a command, when a question was left
open, when a command was cut off at --limit, when something was not as expected
and when a file could not be written; 2 for wrong usage; 128 and the signal's
number after a signal.`,
		Example: `  ikelab exec psk-site-to-site 'wait 10s' 'Router1: show crypto session'
  ikelab exec 'R1: configure terminal' 'R1: interface Loopback9' 'R1: end' 'R1: show ip interface brief'
  ikelab exec 'R1: reload' 'R1:' 'wait 10s' 'R1: show logging'
  ikelab exec 'wait 10s' 'link R1:Ethernet0/0 down' 'wait 3m' 'R1: show crypto session' 'expect DOWN'
  ikelab exec 'wait {state: settled}' 'reload R2' 'wait {record: ike.sa_up, node: R2}'`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completesExec,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedSet = cmd.Flags().Changed("seed")
			return f.run(cmd.OutOrStdout(), args)
		},
	}
	f.register(c)
	f.registerCast(c)
	c.Flags().StringVar(&f.consoles, "consoles", "", "write the whole console of each router to NODE.log in this `folder`")
	c.Flags().StringVar(&f.format, "format", "text", "text or json")
	c.Flags().DurationVar(&f.limit, "limit", script.DefaultLimit, "the longest that a single command may take, in virtual time")
	return c
}

// splitLab tells the lab from the commands: it is one word and no command, or a
// file.
func splitLab(args []string) (lab string, commands []string) {
	_, err := scenario.ParseLine(args[0])
	word := err != nil && !scenario.IsStep(args[0]) && !strings.ContainsAny(args[0], " \t")
	if _, missing := os.Stat(args[0]); word || missing == nil {
		return args[0], args[1:]
	}
	return topologies.DefaultLab, args
}

func (f *execFlags) run(out io.Writer, args []string) error {
	name, texts := splitLab(args)
	if f.format != "text" && f.format != "json" {
		return fmt.Errorf("--format is text or json, not %q", f.format)
	}
	if f.limit < 0 {
		return fmt.Errorf("--limit is not negative")
	}
	if err := f.events.check(); err != nil {
		return err
	}
	var steps []*scenario.Step
	for _, text := range texts {
		step, err := scenario.ParseLine(text)
		if err != nil {
			return err
		}
		steps = append(steps, step)
	}
	if err := known(name); err != nil {
		return err
	}
	ctx, quit := context.WithCancelCause(context.Background())
	defer onSignal(quit)() // before anything is made in the host
	lab, err := openLab(name, &f.labFlags, 0)
	if err != nil {
		return err
	}
	return f.inLab(ctx, lab, steps, out)
}

// inLab carries the commands out. A signal ends them, with all files whole.
func (f *execFlags) inLab(ctx context.Context, lab *runningLab, steps []*scenario.Step, out io.Writer) error {
	lab.stopWith(ctx)
	fine, err := f.steps(lab, steps, out)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	var usage wrongUsage
	switch err := errors.Join(err, lab.close()); {
	case errors.As(err, &usage):
		return err
	case err != nil:
		return failed(err)
	case !fine:
		return exitCode(1)
	}
	return nil
}

// wrongUsage is an error of how something was asked for.
type wrongUsage struct{ error }

// steps carries the steps out and prints what they showed. It is not fine when
// a router refused one, or one did not come to its end.
func (f *execFlags) steps(running *runningLab, steps []*scenario.Step, out io.Writer) (fine bool, err error) {
	logs, err := files.NewConsoles(f.consoles)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, logs.Close()) }()
	runner, err := scenario.NewRunner(running.Lab, scenario.Settings{Driver: running, Console: logs.Open, Limit: f.limit, Lenient: true, Folder: func(name string) (lab.Folder, error) { return captureFolder(name) }})
	if err != nil {
		return false, err
	}
	if err := runner.Prepare(steps...); err != nil {
		return false, wrongUsage{err}
	}
	runner.Begin()
	cast, err := f.castOfRun(running)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, closeCast(cast)) }()
	if cast != nil {
		out = files.Seen{Writer: out, Copy: files.Lines{Writer: cast}}
	}
	printer := &resultPrinter{out: out, json: f.format == "json", fine: true}
	for _, step := range steps {
		if err := printer.step(runner, step, f.limit); err != nil {
			return false, errors.Join(err, printer.end())
		}
	}
	for _, text := range runner.Unanswered() {
		printer.complain(text)
	}
	return printer.fine, errors.Join(printer.end(), runner.End(), f.writeLog(running, runner))
}

// resultPrinter prints what commands printed: as text at once, as JSON in the
// end.
type resultPrinter struct {
	out     io.Writer
	json    bool
	fine    bool
	results []script.Result
}

// step carries a step out. One that does not go as it must is told, and the next
// one follows.
func (p *resultPrinter) step(r *scenario.Runner, step *scenario.Step, limit time.Duration) error {
	results, err := r.Do(step)
	var failed *scenario.Failure
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	for _, res := range results {
		if err := p.add(res, limit); err != nil {
			return err
		}
	}
	if failed != nil {
		p.complain(failed.Error())
	}
	return nil
}

func (p *resultPrinter) add(r script.Result, limit time.Duration) error {
	p.fine = p.fine && !r.Refused
	if r.Cut {
		p.complain(fmt.Sprintf("%s: %q was cut off after %v of virtual time; --limit allows more", r.Node, r.Command, limit))
	}
	if p.json {
		p.results = append(p.results, r)
		return nil
	}
	text := r.Output
	if r.Node != "" {
		text = r.Prompt + r.Command + "\n" + r.Output
	}
	_, err := io.WriteString(p.out, text)
	return err
}

// complain reports what did not go as the script may expect.
func (p *resultPrinter) complain(text string) {
	p.fine = false
	fmt.Fprintln(os.Stderr, "ikelab: "+strings.TrimSpace(withoutPackages(text)))
}

func (p *resultPrinter) end() error {
	if !p.json {
		return nil
	}
	enc := json.NewEncoder(p.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(append([]script.Result{}, p.results...))
}
