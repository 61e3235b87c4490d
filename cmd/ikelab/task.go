package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"ikelab/topologies/exercise"
)

// Labs with a task, and what a folder says of the one that is kept in it.

// taskFile is what the file of a lab with a task is called.
const taskFile = "task.yml"

// isTask says whether a name is that of a lab with a task, or of its file.
func isTask(name string) bool { return exercise.Known(name) || filepath.Base(name) == taskFile }

// nameOfTask is what a lab is called whose file is somebody's own: as the folder.
func nameOfTask(name string) string {
	if exercise.Known(name) {
		return name
	}
	if full, err := filepath.Abs(name); err == nil {
		name = full
	}
	return filepath.Base(filepath.Dir(name))
}

// readTask reads one.
func readTask(name string, seed uint64) (*exercise.Lab, error) {
	if exercise.Known(name) {
		return exercise.Open(name, seed)
	}
	dir := filepath.Dir(name)
	return exercise.Read(nameOfTask(name), seed, func(file string) ([]byte, error) { return readFile(filepath.Join(dir, file)) })
}

func does(n int) string {
	if n == 1 {
		return " does"
	}
	return " do"
}

// verifyTasks tries labs with a task, each with so many seeds, and tells what they do not keep.
func verifyTasks(out io.Writer, names []string, first uint64, seeds int) error {
	broken := 0
	for _, name := range names {
		for seed := first; seed < first+uint64(seeds); seed++ {
			l, err := readTask(name, seed)
			if err != nil {
				return err
			}
			problems, err := l.Verify()
			if err != nil {
				return failed(fmt.Errorf("%s, seed %d: %w", l.Name, seed, err))
			}
			if len(problems) == 0 {
				fmt.Fprintf(out, "ok    %s, seed %d: earns nothing as it is found; the solution passes, and %s not\n", l.Name, seed, count(l.Wrong(), "wrong mend")+does(l.Wrong()))
				continue
			}
			broken++
			fmt.Fprintf(out, "FAIL  %s, seed %d\n", l.Name, seed)
			for _, p := range problems {
				fmt.Fprintf(out, "      %s\n", p)
			}
		}
	}
	if broken > 0 {
		return exitCode(1)
	}
	return nil
}

// markFile is where it says so.
const markFile = "task"

// mark is a lab with a task, as a seed gives it.
type mark struct {
	lab  string
	seed uint64
}

func (m mark) String() string { return fmt.Sprintf("%s %d\n", m.lab, m.seed) }

// markOf reads what a folder says of itself.
func markOf(folder string) (m mark, err error) {
	text, err := readFile(filepath.Join(folder, markFile))
	if err != nil {
		return m, err
	}
	return parseMark(text)
}

func parseMark(text []byte) (m mark, err error) {
	line := strings.TrimSpace(string(text))
	at := strings.LastIndexByte(line, ' ')
	if at > 0 {
		m.lab = line[:at]
		m.seed, err = strconv.ParseUint(line[at+1:], 10, 64)
	}
	if at <= 0 || err != nil || strings.ContainsAny(m.lab, "\r\n") {
		return mark{}, fmt.Errorf("the file %s does not name a lab and a seed", markFile)
	}
	return m, nil
}
