package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"ikelab/topologies/exercise"
)

// A class hands in folders as --save makes them: one for each learner, which says of
// which lab and seed it is.

// graded is what somebody has handed in, and what it is worth.
type graded struct {
	Name  string          `json:"name"`
	Lab   string          `json:"lab"`
	Seed  uint64          `json:"seed"`
	Grade *exercise.Grade `json:"grade,omitempty"`
	Error string          `json:"error,omitempty"`
}

// gradeAll grades the folders of a class.
func gradeAll(out io.Writer, folder, format string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var list []graded
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			list = append(list, gradeOne(e.Name(), filepath.Join(folder, e.Name())))
		}
	}
	if len(list) == 0 {
		return fmt.Errorf("%s has no folders as --save makes them", folder)
	}
	switch format {
	case "json":
		return json.NewEncoder(out).Encode(list)
	case "csv":
		return gradesAsCSV(out, list)
	}
	for _, g := range list {
		fmt.Fprintf(out, "%-20s %-20s %-6d %s\n", g.Name, g.Lab, g.Seed, g)
	}
	return nil
}

// String is how it went, in a line.
func (g graded) String() string {
	if g.Grade == nil {
		return g.Error
	}
	text := fmt.Sprintf("%d of %d", g.Grade.Points, g.Grade.Of)
	for _, item := range g.Grade.Items {
		if !item.Holds {
			text += "; not: " + item.What
		}
	}
	return text
}

func gradeOne(name, folder string) graded {
	g := graded{Name: name}
	m, err := markOf(folder)
	if err == nil {
		g.Lab, g.Seed = m.lab, m.seed
		g.Grade, err = gradeFolder(m, folder)
	}
	if err != nil {
		g.Error = plain(err)
	}
	return g
}

// gradeFolder grades the startup configurations in a folder; of a router that wrote none
// the one that it was found with counts.
func gradeFolder(m mark, folder string) (*exercise.Grade, error) {
	l, err := exercise.Open(m.lab, m.seed)
	if err != nil {
		return nil, err
	}
	configs := map[string]string{}
	for _, name := range l.Routers() {
		text, err := readFile(filepath.Join(folder, name, "startup-config"))
		switch {
		case err == nil:
			configs[name] = string(text)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	return l.Grade(configs)
}

func gradesAsCSV(out io.Writer, list []graded) error {
	w := csv.NewWriter(out)
	rows := [][]string{{"name", "lab", "seed", "points", "of", "missing"}}
	for _, g := range list {
		row := []string{g.Name, g.Lab, strconv.FormatUint(g.Seed, 10), "", "", g.Error}
		if g.Grade != nil {
			var missing []string
			for _, item := range g.Grade.Items {
				if !item.Holds {
					missing = append(missing, item.What)
				}
			}
			row[3], row[4], row[5] = strconv.Itoa(g.Grade.Points), strconv.Itoa(g.Grade.Of), strings.Join(missing, "; ")
		}
		rows = append(rows, row)
	}
	return w.WriteAll(rows)
}
