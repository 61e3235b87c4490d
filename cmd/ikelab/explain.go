package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/topologies"
	"ikelab/topologies/explain"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
)

// explainFlags are what `ikelab explain` was asked for.
type explainFlags struct {
	lang, html, script string
	markdown           bool
	page               explain.Page
	until              time.Duration
	seed               uint64
	image              imageFlag
	played             bool // it is a scenario, whose steps are all that is done
}

func explainCommand() *cobra.Command {
	f := &explainFlags{}
	c := &cobra.Command{
		Use:   "explain [LAB, FILE.clab.yml, FILE.scenario.yml, FILE.log or -]",
		Short: "Tell the IKEv2 exchanges of a lab, or of a real router's debug, step by step",
		Long: `explain runs a lab as fast as possible and tells what its routers said to each other,
a story for each pair of peers: of each message what happens and why, its payloads and
what they are for, its number in a capture of the lab from power-on, what both ends
found and decided, the lines of their configurations that mattered, and what "debug
crypto ikev2" prints there; in the end the screens that are to be checked. An exchange
that fails is told where it fails, with both sides' values.

An embedded lab is run with lines that make all happen that there is to tell, and in others
hosts try to reach each other; --until lets a lab run for so long instead, --script types
other lines, one a line, as "ikelab exec" takes them. From 120 columns on both ends stand side by side.

Of a scenario the steps are carried out, those of its first row, and nothing else.

Any other file, and - for standard input, is read as what routers printed: IKEv2 debug and
syslog of IOS, IOS XE and ASA, cut, wrapped, of several routers, with anything between. It
tells the conversations, names what failed and what to do about it, says what the log lacks, and
counts the lines that it could not read.`,
		Example: `  ikelab explain
  ikelab explain hub-and-spoke --lang ja
  ikelab explain --html tour.html
  ikelab explain router.log
  ikelab explain mine/lab.clab.yml --until 2m --markdown`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completesLab,
		RunE: func(cmd *cobra.Command, args []string) error {
			name := topologies.DefaultLab
			if len(args) > 0 {
				name = args[0]
			}
			return f.run(cmd.OutOrStdout(), name)
		},
	}
	c.Flags().StringVar(&f.lang, "lang", phrase.Langs[phrase.English], "the `language`: "+strings.Join(phrase.Langs, " or "))
	c.Flags().StringVar(&f.html, "html", "", "write one HTML page, with all in it, to this `file`")
	c.Flags().BoolVar(&f.markdown, "markdown", false, "print Markdown")
	c.Flags().IntVar(&f.page.Width, "width", 0, "columns of the text; without it those of the terminal, or 80")
	c.Flags().IntVar(&f.page.Debug, "debug", 12, "the most lines of debug at each end of a step, except in HTML; 0: all")
	c.Flags().DurationVar(&f.until, "until", 0, "let the lab run for so long, and type nothing")
	c.Flags().StringVar(&f.script, "script", "", "type the lines of this `file`, those of exec")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all randomness")
	f.image.register(c, "without it what the lab says counts")
	c.MarkFlagsMutuallyExclusive("until", "script")
	c.MarkFlagsMutuallyExclusive("html", "markdown")
	return c
}

func (f *explainFlags) run(out io.Writer, name string) error {
	lang, err := phrase.ParseLang(f.lang)
	if err != nil {
		return err
	}
	if f.until < 0 || f.page.Width < 0 || f.page.Debug < 0 {
		return fmt.Errorf("--until, --width and --debug are not negative")
	}
	if !isLog(name) && !strings.HasSuffix(name, topologies.ScenarioSuffix) {
		if err := known(name); err != nil {
			return err
		}
	}
	f.page.Lang = lang
	stories, err := f.stories(name)
	if err != nil {
		return failed(err)
	}
	return failed(f.show(out, stories))
}

func (f *explainFlags) stories(name string) ([]*explain.Story, error) {
	if isLog(name) {
		return logStories(name, os.Stdin)
	}
	t, after, err := f.lab(name)
	if err != nil {
		return nil, err
	}
	if f.image != "" {
		t.SetImage(string(f.image))
	}
	steps, err := f.steps(t, after)
	if err != nil {
		return nil, err
	}
	l, err := lab.Build(t, lab.Options{Seed: f.seed, Predictable: true})
	if err != nil {
		return nil, err
	}
	list, err := explain.Tour(l, steps)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%s: nobody has sent an IKE message; --until lets it run for longer", name)
	}
	return list, err
}

// lab is a lab and what its own file has done in it: of one with a task, what shows its fault
// after the hosts have tried; of a scenario, its steps.
func (f *explainFlags) lab(name string) (*topologies.Topology, []*scenario.Step, error) {
	if !strings.HasSuffix(name, topologies.ScenarioSuffix) {
		t, task, err := readLab(name, f.seed)
		if err != nil || task == nil {
			return t, nil, err
		}
		return t, task.Symptom, nil
	}
	data, err := readFile(name)
	if err != nil {
		return nil, nil, err
	}
	beside := func(file string) string { return filepath.Join(filepath.Dir(name), file) }
	rows, err := scenario.Parse(name, data, func(file string) ([]byte, error) { return readFile(beside(file)) })
	if err != nil {
		return nil, nil, err
	}
	row := rows[0]
	if row.Seed != nil {
		f.seed = *row.Seed
	}
	f.played = true
	if row.Lab != "" {
		t, err := topologies.Embedded(row.Lab)
		return t, row.Steps, err
	}
	t, err := readTopology(beside(row.Topology))
	return t, row.Steps, err
}

// steps are what is done in the lab.
func (f *explainFlags) steps(t *topologies.Topology, after []*scenario.Step) ([]*scenario.Step, error) {
	var lines []string
	switch {
	case f.until > 0:
		lines, after = []string{"wait " + f.until.String()}, nil
	case f.script != "":
		after = nil
		text, err := readFile(f.script)
		if err != nil {
			return nil, err
		}
		for l := range strings.Lines(string(text)) {
			if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
				lines = append(lines, l)
			}
		}
	case !f.played:
		lines = explain.Lines(t)
	}
	var steps []*scenario.Step
	for _, l := range lines {
		s, err := scenario.ParseLine(l)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return append(steps, after...), nil
}

func (f *explainFlags) show(out io.Writer, list []*explain.Story) error {
	switch {
	case f.html != "":
		return files.Write(f.html, []byte(explain.HTML(list, f.page)))
	case f.markdown:
		_, err := io.WriteString(out, explain.Markdown(list, f.page))
		return err
	}
	if f.page.Width == 0 {
		f.page.Width = terminalColumns(80)
	}
	_, err := io.WriteString(out, explain.Text(list, f.page))
	return err
}

// terminalColumns are those of standard output, or so many where it is no terminal.
func terminalColumns(otherwise int) int {
	columns, _, _ := term.GetSize(int(os.Stdout.Fd()))
	return cmp.Or(columns, otherwise)
}
