package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ikelab/topologies/scenario"
)

// rerun is a log that the user wants run instead of what runs.
type rerun struct {
	log  *scenario.Log
	done chan error
}

// begin switches the lab on, and does first what a log says, as far as that goes.
func (d *desk) begin(log *scenario.Log) {
	d.lab.stopped = d.gone
	if log == nil {
		d.runner.Begin()
		return
	}
	d.muted, d.lab.driver = true, d.lab.Sim
	if d.lab.kept != nil {
		d.lab.kept.Rewind()
	}
	err := d.runner.Replay(log)
	d.muted, d.lab.driver = false, d.lab.pacer
	if d.lab.kept != nil {
		if err := d.lab.kept.Settle(); err != nil {
			d.terminal.Write("Not all is in the lab's folder: " + plain(err) + ".\n")
		}
	}
	d.lab.pacer.Follow(d.lab.Sim)
	d.tellOfPast()
	if err != nil {
		d.terminal.Write("The log was followed no further: " + plain(err) + ".\n")
	}
}

// tellOfPast shows those who sit at other consoles what those have shown in the run
// that they are in now.
func (d *desk) tellOfPast() {
	for _, r := range d.lab.Routers {
		if c := d.consoles[r.Name()]; c.user != nil {
			c.user.terminal.Notice("[The lab was run again, up to here]\n" + strings.TrimSuffix(c.missed.take(), "\n"))
		}
	}
}

// forever is further away than anybody waits.
const forever = 100 * 365 * 24 * time.Hour

// drive lets the lab run, and others in its place, until somebody quits.
func (d *desk) drive(quit context.CancelCauseFunc) {
	for !d.gone() {
		d.lab.driver.RunUntil(func() bool { d.look(); return d.gone() || d.rerun != nil }, d.lab.Sim.Now().Add(forever))
		if r := d.rerun; r != nil {
			d.rerun = nil
			r.done <- d.again(r.log, quit)
		}
	}
}

// again runs a log in a new lab of the same topology, and sits down there. A log
// of another lab changes nothing.
func (d *desk) again(log *scenario.Log, quit context.CancelCauseFunc) error {
	flags := *d.flags
	flags.seed, flags.seedSet = log.Seed, true
	l, err := flags.build(d.lab.Topology, 1, d.lab.kept)
	if err != nil {
		return err
	}
	if err := fits(log, l.Lab); err != nil {
		return err
	}
	l.name, l.pacer = d.lab.name, d.lab.pacer
	if err := d.move(l, &flags); err != nil {
		quit(failed(err))
		return err
	}
	d.begin(log)
	return nil
}

// move leaves a lab for another one. The files of the run are those of the new
// one, from its beginning.
func (d *desk) move(l *runningLab, flags *labFlags) error {
	if err := d.lab.closeFiles(); err != nil {
		return err
	}
	l.pacer.OnIdle(func() {})
	d.tellOfFiles(flags)
	if err := errors.Join(l.open(flags), d.sit(l)); err != nil {
		return err
	}
	d.tellOfEvents()
	return nil
}

// tellOfFiles says what becomes of files that are being written when another run
// takes the place of this one.
func (d *desk) tellOfFiles(flags *labFlags) {
	for _, f := range []struct{ what, name string }{{"capture in ", flags.capture}, {"records in ", flags.events.file}} {
		if f.name != "" {
			d.terminal.Write(fmt.Sprintf("The %s%s now hold this run, from its beginning; the other run's are gone.\n", f.what, f.name))
		}
	}
	if d.lab.capture != nil && flags.capture == "" {
		d.terminal.Write("The capture that was begun here has ended with the other run; capture start begins another.\n")
	}
}

// tellOfEvents has the user told at once when the file of events has failed, and
// what becomes of doors to real networks.
func (d *desk) tellOfEvents() {
	d.lab.notices.show(func(text string) { d.terminal.Notice("[" + text + "]") })
	if e := d.lab.events; e != nil {
		tell := func(err error) { d.terminal.Notice("[" + plain(err) + "]") }
		e.tell.Store(&tell)
	}
}

// end writes what is to stay.
func (d *desk) end() error {
	return errors.Join(d.flags.writeLog(d.lab, d.runner), d.lab.close())
}

// instead has a log run in place of what runs, and waits for it.
func (d *desk) instead(log *scenario.Log) (next, error) {
	r := &rerun{log, make(chan error, 1)}
	d.in(func() { d.rerun = r })
	if err := <-r.done; err != nil {
		return stay, err
	}
	return showTime(d, nil)
}

func (d *desk) log() (log *scenario.Log) {
	d.in(func() { log = d.runner.Log(version(), d.lab.name) })
	return log
}

func back(d *desk, args []string) (next, error) {
	if len(args) != 1 {
		return stay, errors.New("usage: back DURATION, such as 10s")
	}
	t, err := duration(args[0])
	if err != nil {
		return stay, err
	}
	if d.lab.Topology.External() {
		return stay, errExternal
	}
	log := d.log()
	return d.instead(log.Before(log.End.At - t))
}

func recordLog(d *desk, args []string) (next, error) {
	if len(args) != 1 {
		return stay, errors.New("usage: record FILE")
	}
	return stay, writeLog(args[0], d.lab.Lab, d.log())
}

func replayFile(d *desk, args []string) (next, error) {
	if len(args) != 1 {
		return stay, errors.New("usage: replay FILE")
	}
	log, err := readLog(args[0])
	if err != nil {
		return stay, err
	}
	return d.instead(log)
}
