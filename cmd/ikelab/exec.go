package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ikelab/topologies"
	"ikelab/topologies/script"
)

// execFlags are what `ikelab exec` was asked for.
type execFlags struct {
	labFlags
	consoles string
	format   string
}

func execCommand() *cobra.Command {
	f := &execFlags{}
	c := &cobra.Command{
		Use:   "exec [LAB or FILE.clab.yml] COMMAND...",
		Short: "Run commands on the routers of a lab, as fast as possible",
		Long: `exec boots a lab and runs commands in order: 'R1: show version', 'wait 10s'.
The first command runs the instant the routers have their configuration, before
any packet. Configuration mode lasts from one command to the next. Virtual time
passes only in wait and in commands that take time, such as ping.

The exit status is 1 when a router refused a command, 2 for wrong usage.`,
		Example: `  ikelab exec psk-site-to-site 'wait 10s' 'R1: show crypto session'
  ikelab exec 'R1: configure terminal' 'R1: interface Loopback9' 'R1: end' 'R1: show ip interface brief'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedSet = cmd.Flags().Changed("seed")
			return f.run(cmd.OutOrStdout(), args)
		},
	}
	f.register(c)
	c.Flags().StringVar(&f.consoles, "consoles", "", "write the whole console of each router to NODE.log in this `folder`")
	c.Flags().StringVar(&f.format, "format", "text", "text or json")
	return c
}

// splitLab tells the lab from the commands: a command has a colon, or is a wait.
func splitLab(args []string) (lab string, commands []string) {
	if _, err := script.ParseCommand(args[0]); err != nil && !strings.HasPrefix(args[0], "wait") {
		return args[0], args[1:]
	}
	return topologies.DefaultLab, args
}

func (f *execFlags) run(out io.Writer, args []string) error {
	name, texts := splitLab(args)
	if f.format != "text" && f.format != "json" {
		return fmt.Errorf("--format is text or json, not %q", f.format)
	}
	var commands []script.Command
	for _, text := range texts {
		c, err := script.ParseCommand(text)
		if err != nil {
			return err
		}
		commands = append(commands, c)
	}
	if !isFile(name) {
		if _, err := topologies.Embedded(name); err != nil {
			return err
		}
	}
	lab, err := openLab(name, &f.labFlags, 0)
	if err != nil {
		return err
	}
	for _, c := range commands {
		if c.Node != "" && lab.Router(c.Node) == nil {
			return errors.Join(fmt.Errorf("there is no router %q in %s", c.Node, name), lab.close())
		}
	}
	refused, err := f.commands(lab, commands, out)
	if err := errors.Join(err, lab.close()); err != nil {
		return failed(err)
	}
	if refused {
		return exitCode(1)
	}
	return nil
}

// commands carries the commands out and prints what they printed.
func (f *execFlags) commands(lab *runningLab, commands []script.Command, out io.Writer) (refused bool, err error) {
	logs := &logFiles{folder: f.consoles}
	runner, err := script.NewRunner(lab.Lab, lab.driver, logs.open)
	if err != nil {
		return false, err
	}
	runner.Begin()
	results := []script.Result{}
	for _, c := range commands {
		r, err := runner.Do(c)
		if err != nil {
			return false, errors.Join(err, logs.close())
		}
		refused = refused || r.Refused
		results = append(results, r)
		if f.format == "text" && r.Node != "" {
			fmt.Fprintf(out, "%s%s\n%s", r.Prompt, r.Command, r.Output)
		}
	}
	if f.format == "json" {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		err = enc.Encode(results)
	}
	return refused, errors.Join(err, runner.Err(), logs.close())
}

// logFiles are the console logs, NODE.log each, made under a temporary name.
type logFiles struct {
	folder string
	files  []*logFile
}

type logFile struct {
	*bufio.Writer
	file *os.File
	name string
}

func (l *logFiles) open(node string) (io.Writer, error) {
	if l.folder == "" {
		return io.Discard, nil
	}
	if err := os.MkdirAll(l.folder, 0o755); err != nil {
		return nil, err
	}
	name := filepath.Join(l.folder, node+".log")
	file, err := os.Create(name + ".part")
	if err != nil {
		return nil, err
	}
	l.files = append(l.files, &logFile{bufio.NewWriter(file), file, name})
	return l.files[len(l.files)-1], nil
}

func (l *logFiles) close() error {
	var errs []error
	for _, f := range l.files {
		errs = append(errs, f.Flush(), f.file.Close(), os.Rename(f.file.Name(), f.name))
	}
	return errors.Join(errs...)
}
