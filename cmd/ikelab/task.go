package main

import (
	"fmt"
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

// readTask reads one.
func readTask(name string, seed uint64) (*exercise.Lab, error) {
	if exercise.Known(name) {
		return exercise.Open(name, seed)
	}
	dir := filepath.Dir(name)
	return exercise.Read(filepath.Base(dir), seed, func(file string) ([]byte, error) { return readFile(filepath.Join(dir, file)) })
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
	words := strings.Fields(string(text))
	if len(words) == 2 {
		m.lab = words[0]
		m.seed, err = strconv.ParseUint(words[1], 10, 64)
	}
	if len(words) != 2 || err != nil {
		return mark{}, fmt.Errorf("the file %s does not name a lab and a seed", markFile)
	}
	return m, nil
}
