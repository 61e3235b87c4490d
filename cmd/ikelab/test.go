package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/cmd/ikelab/internal/suite"
	"ikelab/topologies"
)

// testFlags are what `ikelab test` was asked for.
type testFlags struct {
	suite.Options
	wanted     suite.Wanted
	run        string
	grade      string // a folder
	lab        string // somebody's own
	format     string
	seed       uint64
	junit, tap string
}

func testCommand() *cobra.Command {
	f := &testFlags{}
	c := &cobra.Command{
		Use:   "test FILE.scenario.yml|FOLDER|LAB|task.yml...",
		Short: "Run scenarios, side by side",
		Long: `test runs scenarios, which say what must happen in a lab (docs/scenarios.md): the
files that are named, those in folders, and those that come with embedded labs. They
run side by side on all cores, each as fast as possible in a virtual time of its own.
Of a lab with a task (its name, or its file task.yml) test tries whether it earns nothing
as it is found, the solution passes, each wrong mend fails for its reason, and hints are true.

A scenario that fails is run again with the same seed, which goes the same way, to
write its capture, records and consoles.

The exit status is 0 when all is as it must be, 1 when a scenario failed, and 2 for
wrong usage and for files that cannot be read.`,
		Example: `  ikelab test psk-site-to-site
  ikelab test tests/scenarios --junit report.xml
  ikelab test x.scenario.yml --seeds 100 --fail-fast
  ikelab test x.scenario.yml --update
  ikelab test mine/task.yml --seeds 3
  ikelab test --grade CLASS --format csv
  ikelab test --grade CLASS --lab mine/task.yml`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.grade != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.MinimumNArgs(1)(cmd, args)
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return topologies.LabNames(), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("seed") {
				f.wanted.Seed = &f.seed
			}
			if f.grade != "" {
				return failed(gradeAll(cmd.OutOrStdout(), f.grade, f.lab, f.format))
			}
			return f.test(cmd.OutOrStdout(), args)
		},
	}
	c.Flags().StringVar(&f.run, "run", "", "only scenarios whose name matches this `regexp`")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "the first seed, instead of the file's")
	c.Flags().IntVar(&f.wanted.Seeds, "seeds", 1, "run each scenario with so many seeds")
	c.Flags().BoolVar(&f.FailFast, "fail-fast", false, "begin no further scenario once one has failed")
	c.Flags().BoolVar(&f.Strict, "strict", false, "fail where a router's configuration is not understood whole")
	c.Flags().BoolVar(&f.Update, "update", false, "write screens that have changed into the files")
	c.Flags().StringVar(&f.grade, "grade", "", "grade what a class has saved: a `folder` with one for each learner, as run --save makes it")
	c.Flags().StringVar(&f.lab, "lab", "", "the `file` task.yml of a lab of your own that a class has done, for --grade")
	c.Flags().StringVar(&f.format, "format", "table", "of grades: table, csv or json")
	c.Flags().StringVar(&f.junit, "junit", "", "write the results as JUnit's XML into this `file`")
	c.Flags().StringVar(&f.tap, "tap", "", "write the results as TAP into this `file`; -: standard output")
	c.Flags().StringVar(&f.Folder, "failures", "ikelab-failures", "`folder` for what is left of scenarios that fail")
	return c
}

func (f *testFlags) test(out io.Writer, args []string) error {
	var err error
	if f.wanted.Seeds < 1 {
		return fmt.Errorf("--seeds is at least 1")
	}
	if f.wanted.Run, err = regexp.Compile(f.run); err != nil {
		return fmt.Errorf("--run: %w", err)
	}
	tasks := slices.DeleteFunc(slices.Clone(args), func(name string) bool { return !isTask(name) })
	if args = slices.DeleteFunc(slices.Clone(args), isTask); len(tasks) > 0 {
		if err := verifyTasks(out, tasks, f.seed, f.wanted.Seeds); err != nil || len(args) == 0 {
			return err
		}
	}
	sources, err := suite.Find(args, suite.Host{Read: readFile, Topology: readTopology, Paced: pacedLab})
	if err != nil {
		return err
	}
	cases, err := suite.Cases(sources, f.wanted)
	if err != nil {
		return err
	}
	if len(cases) == 0 {
		return fmt.Errorf("no scenario is called like %q", f.run)
	}
	if f.tap == "-" {
		return f.carryOut(cases, io.Discard, out)
	}
	return f.carryOut(cases, out, nil)
}

// carryOut runs the cases. A signal ends them.
func (f *testFlags) carryOut(cases []*suite.Case, out, tap io.Writer) error {
	ctx, quit := context.WithCancelCause(context.Background())
	stop := onSignal(quit)
	defer stop()
	start := time.Now()
	teller := suite.NewTeller(out, terminalOf(out) == os.Stdout && term.IsTerminal(int(os.Stdout.Fd())), len(cases))
	results := suite.Run(ctx, cases, f.Options, teller.Tell)
	fmt.Fprintln(out, suite.Summary(results, time.Since(start)))
	if err := f.write(results, out, tap); err != nil {
		return failed(err)
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	for _, r := range results {
		if r.Err != nil {
			return exitCode(1)
		}
	}
	return nil
}

// write writes what was asked for.
func (f *testFlags) write(results []suite.Result, out, tap io.Writer) error {
	if tap != nil {
		if err := suite.TAP(tap, results); err != nil {
			return err
		}
	}
	for _, report := range []struct {
		path  string
		write func(io.Writer, []suite.Result) error
	}{{f.junit, suite.JUnit}, {f.tap, suite.TAP}} {
		if report.path == "" || report.path == "-" {
			continue
		}
		if err := writeReport(report.path, results, report.write); err != nil {
			return err
		}
	}
	if !f.Update {
		return nil
	}
	return suite.Write(results, func(path string) { fmt.Fprintln(out, "updated", path) })
}

func writeReport(path string, results []suite.Result, write func(io.Writer, []suite.Result) error) error {
	w, err := files.Create(path)
	if err != nil {
		return err
	}
	if err := write(w, results); err != nil {
		_ = w.Close()
		return err
	}
	return w.Close()
}
