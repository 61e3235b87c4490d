package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ikelab/topologies"
	"ikelab/topologies/form"
)

func checkCommand() *cobra.Command {
	asJSON, image := false, imageFlag("")
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check router configurations",
		Long: "check reads router configurations and prints every error with its place, and warns of lines that are accepted but do not do what\n" +
			"they seem to: nothing acts on them yet, or they name what does not exist. A file with a line version 16 or above is read as image xe-17,\n" +
			"others as 15.1. The exit status is 1 if there is any error.",
		Example: "  ikelab check r1.cfg r2.cfg\n  ikelab check --json r1.cfg",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var list []checkedFile
			for _, name := range args {
				text, err := readFile(name)
				if err != nil {
					return failed(err)
				}
				list = append(list, checkedFile{name, topologies.CheckConfig(name, string(text), string(image))})
			}
			return printChecked(cmd.OutOrStdout(), list, asJSON)
		},
	}
	image.register(c, "without it what a file's line version speaks of counts")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// checkedFile is a file and what came of it.
type checkedFile struct {
	name string
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

func printChecked(out io.Writer, list []checkedFile, asJSON bool) error {
	t := totals(list)
	if err := printFindings(out, list, t, asJSON); err != nil {
		return failed(err)
	}
	if t.Errors > 0 {
		return exitCode(1)
	}
	return nil
}

func printFindings(out io.Writer, list []checkedFile, t checkTotals, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(checkReport(list, t))
	}
	for _, f := range list {
		for _, p := range append(f.Errors, f.Warnings...) {
			if _, err := fmt.Fprintln(out, p.Error()); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintln(out, t)
	return err
}

// The object that `check --json` prints.
type (
	checkJSON struct {
		Files  []checkFileJSON `json:"files"`
		Totals checkTotals     `json:"totals"`
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
