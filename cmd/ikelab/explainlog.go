package main

import (
	"io"
	"os"
	"strings"

	"ikelab/topologies/explain"
	"ikelab/topologies/explain/logs"
)

// mostLog is how long a log may be, in octets: it is read into memory.
const mostLog = 256 << 20

// isLog says whether an argument is what a router printed: standard input, or a file
// that is neither a lab's name nor a topology.
func isLog(name string) bool {
	if name == "-" {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular() && !strings.HasSuffix(name, ".yml") && !strings.HasSuffix(name, ".yaml")
}

// logStories tells what a log shows.
func logStories(name string, in io.Reader) ([]*explain.Story, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(io.LimitReader(in, mostLog))
	} else {
		data, err = readWhole(name, mostLog)
	}
	if err != nil {
		return nil, err
	}
	return logs.Read(data).Stories(), nil
}
