package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"ikelab/topologies"
	"ikelab/topologies/form"
	"ikelab/topologies/phrase"
	"ikelab/topologies/verdict"
)

func checkCommand() *cobra.Command {
	f := &checkFlags{}
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check router configurations, and whether they come up with each other",
		Long: "check reads router configurations and prints every error with its place, and warns of lines that are accepted but do not do what\n" +
			"they seem to: nothing acts on them yet, or they name what does not exist. A file with a line version 16 or above is read as image xe-17,\n" +
			"others as 15.1. Of two and more files it tells whether their tunnels come up with each other, carry packets and survive a day and rekeys of\n" +
			"both kinds from both ends: it joins the routers as their addresses say, and tries them in virtual time. The exit status is 1 if there is any\n" +
			"error, if a tunnel does not work, and if of two files with tunnels none leads to the other.",
		Example: "  ikelab check --json r1.cfg\n  ikelab check r1.cfg r2.cfg\n  ikelab check --nat branch.cfg branch.cfg hub.cfg",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := f.read(args)
			if err != nil {
				return failed(err)
			}
			report, err := f.tried(list)
			if err != nil {
				return failed(err)
			}
			return f.print(cmd.OutOrStdout(), list, report)
		},
	}
	f.image.register(c, "without it what a file's line version speaks of counts")
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	c.Flags().StringArrayVar(&f.nat, "nat", nil, "place the router of this `file` behind a NAT gateway")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all randomness when they are tried")
	c.Flags().StringVar(&f.lang, "lang", phrase.Langs[phrase.English], "of why tunnels do not work: en or ja")
	return c
}

type checkFlags struct {
	json  bool
	image imageFlag
	nat   []string // a file or host name; none: nobody is behind one
	lang  string
	seed  uint64
}

// read checks each file by itself.
func (f *checkFlags) read(names []string) (list []checkedFile, err error) {
	for _, name := range names {
		text, err := readFile(name)
		if err != nil {
			return nil, err
		}
		list = append(list, checkedFile{name, string(text), topologies.CheckConfig(name, string(text), string(f.image))})
	}
	return list, nil
}

// tried tries the routers with each other; nil: there is nothing to try.
func (f *checkFlags) tried(list []checkedFile) (*verdict.Report, error) {
	if len(list) < 2 {
		if len(f.nat) > 0 {
			return nil, errors.New("--nat says which of the files is behind the gateway: name both ends' files besides")
		}
		return nil, nil
	}
	var configs []verdict.Config
	for _, c := range list {
		configs = append(configs, verdict.Config{File: c.name, Text: c.text, Image: c.Image})
	}
	lang, err := phrase.ParseLang(f.lang)
	if err != nil {
		return nil, err
	}
	if len(f.nat) > 1 {
		return nil, errors.New("--nat may be given once: of two routers that are behind a NAT gateway each, neither reaches the other")
	}
	p, err := verdict.Join(configs, verdict.Options{NAT: strings.Join(f.nat, ""), Seed: f.seed, Lang: lang})
	if err != nil {
		return nil, err
	}
	return p.Try()
}

// checkedFile is a file and what came of it.
type checkedFile struct {
	name, text string
	topologies.Checked
}

// checkTotals are the counts of all files.
type checkTotals struct {
	newer int // of the files, those of the newer image

	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Passed   int `json:"lines_passed_over"`
	Warnings int `json:"warnings"`
	Kept     int `json:"lines_without_effect"`
}

func totals(list []checkedFile) checkTotals {
	t := checkTotals{Files: len(list)}
	for _, f := range list {
		if f.Image == topologies.NewerImage {
			t.newer++
		}
		t.Errors, t.Warnings, t.Passed = t.Errors+len(f.Errors), t.Warnings+len(f.Warnings), t.Passed+f.Passed
		for _, k := range f.Kept {
			t.Kept += k.Lines
		}
	}
	return t
}

// String is the line behind all findings.
func (t checkTotals) String() string {
	text := count(t.Files, "file") + t.images()
	if t.Errors > 0 {
		text += ", " + count(t.Errors, "error")
	} else {
		text += ", no errors"
	}
	if t.Passed > 0 {
		text += " (" + count(t.Passed, "line") + " below passed over)"
	}
	if t.Warnings > 0 {
		text += ", " + count(t.Warnings, "warning")
	}
	if t.Kept > 0 {
		text += ", " + count(t.Kept, "line") + " without effect"
	}
	return text
}

// images tells what the files were read as, if it is not what one expects.
func (t checkTotals) images() string {
	switch t.newer {
	case 0:
		return ""
	case t.Files:
		return " of image " + topologies.NewerImage
	}
	return fmt.Sprintf(" (%d of image %s, %d of %s)", t.Files-t.newer, topologies.DefaultImage, t.newer, topologies.NewerImage)
}

func (f *checkFlags) print(out io.Writer, list []checkedFile, report *verdict.Report) error {
	t := totals(list)
	if err := f.printAll(out, list, t, report); err != nil {
		return failed(err)
	}
	if t.Errors > 0 || report != nil && !report.OK() {
		return exitCode(1)
	}
	return nil
}

func (f *checkFlags) printAll(out io.Writer, list []checkedFile, t checkTotals, report *verdict.Report) error {
	if f.json {
		r := checkReport(list, t)
		r.Verdict = report
		return json.NewEncoder(out).Encode(r)
	}
	for _, f := range list {
		for _, p := range append(f.Errors, f.Warnings...) {
			if _, err := fmt.Fprintln(out, p.Error()); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintln(out, t)
	if err == nil && report != nil {
		_, err = fmt.Fprintf(out, "\n%s", report)
	}
	return err
}

// The object that `check --json` prints.
type (
	checkJSON struct {
		Files  []checkFileJSON `json:"files"`
		Totals checkTotals     `json:"totals"`

		Verdict *verdict.Report `json:"verdict,omitempty"` // of two and more files with tunnels
	}
	checkFileJSON struct {
		File     string        `json:"file"`
		Image    string        `json:"image"`
		Errors   []findingJSON `json:"errors"`
		Warnings []findingJSON `json:"warnings"`
		Kept     []keptJSON    `json:"without_effect"`
	}
	findingJSON struct {
		Line    int    `json:"line"`
		Column  int    `json:"column"`
		Message string `json:"message"`
	}
	keptJSON struct {
		Command string `json:"command"`
		Lines   int    `json:"lines"`
	}
)

func checkReport(list []checkedFile, t checkTotals) checkJSON {
	r := checkJSON{Files: []checkFileJSON{}, Totals: t}
	for _, f := range list {
		file := checkFileJSON{File: f.name, Image: f.Image, Errors: findings(f.Errors), Warnings: findings(f.Warnings), Kept: []keptJSON{}}
		for _, k := range f.Kept {
			file.Kept = append(file.Kept, keptJSON{k.Head, k.Lines})
		}
		r.Files = append(r.Files, file)
	}
	return r
}

func findings(list form.Problems) []findingJSON {
	out := []findingJSON{}
	for _, p := range list {
		out = append(out, findingJSON{p.Line, p.Column, p.Message})
	}
	return out
}
