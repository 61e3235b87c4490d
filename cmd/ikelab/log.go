package main

import (
	"errors"
	"fmt"
	"os"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

// readLog reads what was done in a run.
func readLog(name string) (*scenario.Log, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	return scenario.ReadLog(name, data)
}

// errExternal is why a lab cannot be run again.
var errExternal = errors.New("this lab has a link to a real network, and what comes from there is in no log")

// writeLog writes what was done in a lab so far.
func writeLog(file string, l *lab.Lab, log *scenario.Log) error {
	if l.Topology.External() {
		return errExternal
	}
	data, err := log.Bytes()
	if err != nil {
		return err
	}
	return files.Write(file, data)
}

// fits refuses a log that is not the lab's.
func fits(log *scenario.Log, l *lab.Lab) error {
	warning, err := log.Fits(l, version())
	if warning != "" {
		fmt.Fprintln(os.Stderr, "warning: "+warning)
	}
	return err
}
