package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikelab/topologies"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
	"ikelab/topologies/why"
)

// whyFlags are what `ikelab why` was asked for.
type whyFlags struct {
	labFlags
	after time.Duration
	do    []string
	lang  string
	alone bool
	json  bool
	width int
}

func whyCommand() *cobra.Command {
	f := &whyFlags{}
	c := &cobra.Command{
		Use:   "why [LAB or FILE.clab.yml] [ROUTER [INTERFACE [ENTRY]]]",
		Short: "Say why a tunnel is down, comes and goes, or carries nothing",
		Long: `why runs a lab in virtual time and says of its tunnels, or of one, why they are not well: with the
records and fields of screens that show it, the lines of configuration that decided, and what to type.
What is found follows from what was recorded and what routers show, at both ends or, with --alone, at
this one only; where nothing shows a cause it says what to look at next. --do does something first, such
as a ping: that nothing is carried shows only where something is sent.

The exit status is 1 if a tunnel is not well, and 2 for wrong usage.`,
		Example: "  ikelab why\n  ikelab why route --seed 3 --do 'ping PC-GHENT 10.35.24.10'\n  ikelab why mine.clab.yml R1 Tunnel0 --after 10m --lang ja",

		Args:              cobra.MaximumNArgs(4),
		ValidArgsFunction: completesLab,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedSet = cmd.Flags().Changed("seed")
			return f.run(cmd.OutOrStdout(), args)
		},
	}
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all randomness")
	f.image.register(c, "of all routers; without it what the topology says counts")
	c.Flags().DurationVar(&f.after, "after", 3*time.Minute, "how much virtual time passes first")
	c.Flags().StringArrayVar(&f.do, "do", nil, "a line of exec that is done then, such as 'ping H1 192.168.2.10'; may be given several times")
	c.Flags().StringVar(&f.lang, "lang", phrase.Langs[phrase.English], "en or ja")
	c.Flags().BoolVar(&f.alone, "alone", false, "look at this end only")
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object a tunnel")
	c.Flags().IntVar(&f.width, "width", 0, "columns of the text; without it those of the terminal, at most 100")
	return c
}

func (f *whyFlags) run(out io.Writer, args []string) error {
	name := topologies.DefaultLab
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if f.after < 0 || f.width < 0 {
		return fmt.Errorf("--after and --width are not negative")
	}
	lang, err := phrase.ParseLang(f.lang)
	if err != nil {
		return err
	}
	if err := known(name); err != nil {
		return err
	}
	var steps []*scenario.Step
	for _, line := range f.do {
		s, err := scenario.ParseLine(line)
		if err != nil {
			return err
		}
		steps = append(steps, s)
	}
	lab, err := openLab(name, &f.labFlags, 0)
	if err != nil {
		return err
	}
	defer lab.close()
	w, err := f.watch(lab, steps)
	if err != nil {
		return err
	}
	return f.tell(out, w, lab, args, lang)
}

// watch lets the lab run, has the steps done and watches.
func (f *whyFlags) watch(lab *runningLab, steps []*scenario.Step) (*why.Witness, error) {
	w := why.Watch(lab.Lab)
	r, err := scenario.NewRunner(lab.Lab, scenario.Settings{Lenient: true})
	if err != nil {
		return nil, failed(err)
	}
	if err := r.Prepare(steps...); err != nil {
		return nil, err
	}
	r.Begin()
	lab.Sim.Run(lab.Topology.Clock.Add(f.after))
	for _, s := range steps {
		if _, err := r.Do(s); err != nil {
			return nil, failed(err)
		}
	}
	return w, failed(r.End())
}

// tell prints what there is to say.
func (f *whyFlags) tell(out io.Writer, w *why.Witness, lab *runningLab, args []string, lang phrase.Lang) error {
	list, err := asked(w, lab, args, f.alone)
	if err != nil {
		return err
	}
	well, width := true, cmp.Or(f.width, min(terminalColumns(why.PageColumns), why.PageColumns))
	for i, v := range list {
		text := v.In(lang, width)
		if f.json {
			data, err := v.JSON(lang)
			if err != nil {
				return failed(err)
			}
			text = string(data) + "\n"
		} else if i > 0 {
			text = "\n" + text
		}
		if _, err := io.WriteString(out, text); err != nil {
			return failed(err)
		}
		well = well && v.State.OK()
	}
	if !well {
		return exitCode(1)
	}
	return nil
}

// asked are the verdicts of a router's tunnel, of all its tunnels, or of all.
func asked(w *why.Witness, lab *runningLab, args []string, alone bool) (list []*why.Verdict, err error) {
	explain := w.Explain
	if alone {
		explain = w.ExplainAlone
	}
	routers := args[:min(1, len(args))]
	if len(args) == 0 {
		for _, r := range lab.Routers {
			routers = append(routers, r.Name())
		}
	}
	for _, router := range routers {
		tunnels := w.Tunnels(router)
		if len(args) > 1 {
			tunnels = []string{strings.Join(args[1:], " ")}
		}
		if len(args) == 1 && len(tunnels) == 0 {
			tunnels = []string{""} // whose error says what is wrong
		}
		for _, tunnel := range tunnels {
			v, err := explain(router, tunnel)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return nil, failed(errors.New("no router has a tunnel interface with protection, or a crypto map"))
	}
	return list, nil
}
