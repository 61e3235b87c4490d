package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"ikelab/topologies/exercise"
	"ikelab/topologies/phrase"
)

// A class hands in folders as --save makes them: one for each learner, which says of
// which lab and seed it is. What is in them, and what they are called, is anybody's.

const (
	mostHandedIn = 64 << 10    // octets of a configuration; the labs' own have four thousand at most
	mostGrading  = time.Minute // for one learner
)

// graded is what somebody has handed in, and what it is worth.
type graded struct {
	Name  string          `json:"name"`
	Lab   string          `json:"lab"`
	Seed  uint64          `json:"seed"`
	Grade *exercise.Grade `json:"grade,omitempty"`
	// Unsaved are the learner's routers when of none of them anything was handed in.
	Unsaved unsaved `json:"unsaved,omitempty"`
	Error   string  `json:"error,omitempty"`
}

// gradeAll grades the folders of a class, side by side, and tells of them in order.
func gradeAll(out io.Writer, folder, own, format string) error {
	tell, ok := gradeFormats[format]
	if !ok {
		return fmt.Errorf("--format is table, csv or json, not %q", format)
	}
	class := class{own: own}
	if own != "" {
		if !isTask(own) || exercise.Known(own) {
			return fmt.Errorf("--lab is the file task.yml of a lab of your own, not %q", own)
		}
		if _, err := readTask(own, 1); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return !e.IsDir() && e.Type()&fs.ModeSymlink == 0 || strings.HasPrefix(e.Name(), ".")
	})
	if len(entries) == 0 {
		return fmt.Errorf("%s has no folders as --save makes them", folder)
	}
	results := make([]chan graded, len(entries))
	for i := range results {
		results[i] = make(chan graded, 1)
	}
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for i := next.Add(1) - 1; i < int64(len(entries)); i = next.Add(1) - 1 {
				results[i] <- class.gradeOne(entries[i], filepath.Join(folder, entries[i].Name()))
			}
		}()
	}
	return tell(out, func(yield func(graded) bool) {
		for _, r := range results {
			if !yield(<-r) {
				return
			}
		}
	})
}

// gradeFormats are the ways of telling.
var gradeFormats = map[string]func(out io.Writer, list iter.Seq[graded]) error{
	"json": func(out io.Writer, list iter.Seq[graded]) error {
		return json.NewEncoder(out).Encode(slices.Collect(list))
	},
	"csv":   gradesAsCSV,
	"table": gradesAsTable,
}

// gradesAsTable tells of each in a line, and of what does not hold below it.
func gradesAsTable(out io.Writer, list iter.Seq[graded]) (err error) {
	line := func(format string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(out, format+"\n", args...)
		}
	}
	all, passed := 0, 0
	line("%s %s %-6s %s", cell("name"), cell("lab"), "seed", "points")
	for g := range list {
		if all++; g.Grade != nil && g.Grade.Passed() {
			passed++
		}
		line("%s %s %-6s %s", cell(g.Name), cell(g.Lab), g.seed(), g)
		for _, what := range g.missing() {
			line("    not: %s", what)
		}
	}
	line("%d of %s with all points", passed, count(all, "folder"))
	return err
}

// cell is a word of somebody's in a column: a terminal does nothing that it says.
func cell(word string) string {
	const columns = 20
	if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsGraphic(r) || r == utf8.RuneError }) {
		word = strconv.QuoteToASCII(word)
	}
	return word + strings.Repeat(" ", max(0, columns-phrase.Width(word)))
}

// String is how it went, in a line.
func (g graded) String() string {
	var list []string
	if g.Grade != nil {
		list = append(list, fmt.Sprintf("%d of %d", g.Grade.Points, g.Grade.Of))
		if g.Grade.Unmended {
			list = append(list, "nothing mended")
		}
	}
	for _, text := range []string{g.Unsaved.String(), g.Error} {
		if text != "" {
			list = append(list, text)
		}
	}
	return strings.Join(list, "; ")
}

// missing is what does not hold.
func (g graded) missing() (list []string) {
	if g.Grade != nil {
		for _, item := range g.Grade.Items {
			if !item.Holds {
				list = append(list, item.What)
			}
		}
	}
	return list
}

// seed is that of the lab, if the folder tells it.
func (g graded) seed() string {
	if g.Lab == "" {
		return ""
	}
	return strconv.FormatUint(g.Seed, 10)
}

// unsaved are routers of which there is no configuration: they count as they were found.
type unsaved []string

func (u unsaved) String() string {
	if len(u) == 0 {
		return ""
	}
	return "nothing saved at " + strings.Join(u, ", ")
}

// class is who hands in.
type class struct {
	own string // the file of a lab of the teacher's own; "": all are embedded ones
}

// open opens the lab that a folder names. Nothing else of what a learner names is opened.
func (c class) open(m mark) (*exercise.Lab, error) {
	if c.own != "" && m.lab == nameOfTask(c.own) {
		return readTask(c.own, m.seed)
	}
	return exercise.Open(m.lab, m.seed)
}

func (c class) gradeOne(e fs.DirEntry, folder string) graded {
	g := graded{Name: e.Name()}
	m, configs, err := c.handedIn(e, folder)
	if g.Lab, g.Seed = m.lab, m.seed; err == nil {
		g.Grade, g.Unsaved, err = c.gradeConfigs(m, configs)
	}
	if err != nil {
		g.Error = plain(err)
	}
	return g
}

// handedIn reads the configurations in a folder, and of which lab they are; no link leads out of it.
func (c class) handedIn(e fs.DirEntry, folder string) (m mark, configs map[string]string, err error) {
	if !e.IsDir() {
		return m, nil, errors.New("is a symbolic link, which is not followed")
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return m, nil, err
	}
	defer root.Close()
	text, err := readHandedIn(root, markFile)
	if err != nil {
		return m, nil, err
	}
	if m, err = parseMark(text); err != nil {
		return m, nil, err
	}
	l, err := c.open(m)
	if err != nil {
		return m, nil, err
	}
	configs = map[string]string{}
	for _, name := range l.Routers() {
		switch text, err := readHandedIn(root, filepath.Join(name, "startup-config")); {
		case err == nil:
			configs[name] = string(text)
		case !errors.Is(err, fs.ErrNotExist):
			return m, nil, err
		}
	}
	return m, configs, nil
}

// readHandedIn reads a file of a learner's.
func readHandedIn(root *os.Root, name string) ([]byte, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return nil, fmt.Errorf("%s: %w", name, path.Err) // how it was opened says nothing to people
	} else if err != nil {
		return nil, err
	}
	text, err := readOpened(f, name, mostHandedIn)
	if len(text) > mostHandedIn {
		return nil, fmt.Errorf("%s has more than %d KiB", name, mostHandedIn>>10)
	}
	return text, err
}

// gradeConfigs grades configurations; of a router that wrote none the one that it was found with counts.
func (c class) gradeConfigs(m mark, configs map[string]string) (*exercise.Grade, unsaved, error) {
	l, err := c.open(m)
	if err != nil {
		return nil, nil, err
	}
	var none unsaved
	if len(configs) == 0 {
		none = l.Routers()
	}
	end := time.Now().Add(mostGrading)
	g, err := l.Grade(configs, func() bool { return time.Now().After(end) })
	return g, none, err
}

func gradesAsCSV(out io.Writer, list iter.Seq[graded]) error {
	w := csv.NewWriter(out)
	if err := w.Write([]string{"name", "lab", "seed", "points", "of", "missing", "note"}); err != nil {
		return err
	}
	for g := range list {
		row := []string{inert(g.Name), inert(g.Lab), g.seed(), "", "", strings.Join(g.missing(), "; "), g.Unsaved.String() + g.Error}
		if g.Grade != nil {
			row[3], row[4] = strconv.Itoa(g.Grade.Points), strconv.Itoa(g.Grade.Of)
		}
		if err := w.Write(row); err != nil {
			return err
		}
		w.Flush()
	}
	return w.Error()
}

// inert is a word that no spreadsheet takes for a formula.
func inert(word string) string {
	if strings.ContainsAny(word[:min(1, len(word))], "=+-@\t\r") {
		return "'" + word
	}
	return word
}
