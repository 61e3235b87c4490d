package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/cmd/ikelab/internal/keep"
	"ikelab/cmd/ikelab/internal/pace"
	"ikelab/netsim/hostlink"
	"ikelab/topologies"
	"ikelab/topologies/exercise"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
	"ikelab/topologies/script"
)

// labFlags are the flags of every command that runs a lab.
type labFlags struct {
	seed    uint64
	seedSet bool
	capture string
	record  string    // a file for the log
	save    string    // a folder for what routers keep
	cast    string    // a file for what the terminal shows
	image   imageFlag // of all routers; "": what the topology says
	strict  bool
	events  eventsFlags
}

func (f *labFlags) register(c *cobra.Command) {
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all randomness; the same seed gives the same octets")
	f.events.register(c)
	c.Flags().BoolVar(&f.strict, "strict", false, "end with status 1 where a router's configuration is not understood whole")
	f.image.register(c, "of all routers; without it what the topology says counts")
	c.Flags().StringVar(&f.record, "record", "", "write what was done from outside into this `file`; run --replay does it again")
	c.Flags().StringVar(&f.save, "save", "", "keep what routers write, startup-config and flash, in this `folder`, and begin with what is there")
	c.Flags().StringVar(&f.capture, "capture", "", "write a capture that Wireshark opens decrypted into this `folder`")
}

// toReplay reads the log that a run begins with, whose seed it takes; nil: it
// begins with none.
func (f *labFlags) toReplay(name string) (*scenario.Log, error) {
	if name == "" {
		return nil, nil
	}
	log, err := readLog(name)
	if err == nil && !f.seedSet {
		f.seed, f.seedSet = log.Seed, true
	}
	return log, err
}

// writeLog writes what was done, if somebody wants it.
func (f *labFlags) writeLog(l *runningLab, r *scenario.Runner) error {
	if f.record == "" {
		return nil
	}
	return writeLog(f.record, l.Lab, r.Log(version(), l.name))
}

// mostWarnings is how many are printed; check prints all.
const mostWarnings = 20

// warn prints warnings to standard error.
func warn(list form.Problems) {
	for i, w := range list {
		if i == mostWarnings {
			fmt.Fprintf(os.Stderr, "and %s more; ikelab check lists those of a file\n", count(len(list)-i, "warning"))
			return
		}
		fmt.Fprintln(os.Stderr, w.Error())
	}
}

// readTopology reads a file or an embedded lab.
func readTopology(name string) (*topologies.Topology, error) {
	if !isFile(name) {
		return topologies.Embedded(name)
	}
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	t, err := topologies.Parse(name, data, func(file string) ([]byte, error) {
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(name), file)
		}
		return readFile(file)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// known says whether a name is that of a lab, or of a file, which may be missing.
func known(name string) error {
	if isFile(name) || isTask(name) {
		return nil
	}
	if _, err := topologies.Embedded(name); err != nil {
		return fmt.Errorf("%w; ikelab labs lists them", err)
	}
	return nil
}

// readLab reads a file, an embedded lab, or one with a task, as a seed gives it; the task
// is nil without.
func readLab(name string, seed uint64) (*topologies.Topology, *exercise.Lab, error) {
	if !isTask(name) {
		t, err := readTopology(name)
		return t, nil, err
	}
	l, err := readTask(name, seed)
	if err != nil {
		return nil, nil, err
	}
	return l.Topology, l, nil
}

// goOn takes the seed of a lab with a task that is kept in a folder already.
func (f *labFlags) goOn(name string) {
	if f.save == "" || f.seedSet || !isTask(name) {
		return
	}
	if m, err := markOf(f.save); err == nil && m.lab == nameOfTask(name) {
		f.seed, f.seedSet = m.seed, true
	}
}

// runningLab is a lab with what connects it to the host.
type runningLab struct {
	*lab.Lab
	task    *exercise.Lab // nil: it has none
	driver  script.Driver
	stopped func() bool  // somebody has given up; nil: nobody can
	name    string       // as it was asked for
	pacer   *pace.Pacer  // nil: as fast as possible
	kept    *keep.Folder // nil: nothing outlives the lab
	capture *lab.Capture
	events  *eventsFile // nil: nobody wants them
	doors   []hostlink.Link
	vteps   hostlink.VTEPs
	notices notices
}

// openLab builds a lab. Warnings go to standard error. It is paced by the wall clock when speed is given, and
// at speed 1 when it has a link to a real network.
func openLab(name string, f *labFlags, speed float64) (*runningLab, error) {
	f.goOn(name)
	t, task, err := readLab(name, f.seed)
	if err != nil {
		return nil, failed(err)
	}
	if f.image != "" {
		t.SetImage(string(f.image))
	}
	if t.External() && f.record != "" {
		return nil, failed(errExternal)
	}
	if t.External() && speed == 0 {
		speed = 1
	}
	kept, err := f.keep(t)
	if err != nil {
		return nil, failed(err)
	}
	if task != nil && kept != nil {
		if err := kept.Mark(markFile, mark{task.Name, f.seed}.String()); err != nil {
			return nil, failed(errors.Join(err, kept.Close()))
		}
	}
	running, err := f.build(t, speed, kept)
	if err != nil {
		return nil, failed(errors.Join(err, closeKept(kept)))
	}
	running.name, running.task = name, task
	if speed > 0 {
		running.pacer = pace.New(running.Sim, speed)
		running.driver = running.pacer
	}
	if err := running.open(f); err != nil {
		return nil, failed(errors.Join(err, running.close()))
	}
	return running, nil
}

// keep opens the folder of a lab, if it has one, and has the lab begin with what
// is there.
func (f *labFlags) keep(t *topologies.Topology) (*keep.Folder, error) {
	if f.save == "" {
		return nil, nil
	}
	kept, err := keep.Open(f.save)
	if err != nil {
		return nil, err
	}
	if err := kept.Load(t); err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	return kept, nil
}

func closeKept(k *keep.Folder) error {
	if k == nil {
		return nil
	}
	return k.Close()
}

// build makes the lab itself.
func (f *labFlags) build(t *topologies.Topology, speed float64, kept *keep.Folder) (*runningLab, error) {
	o := lab.Options{Seed: f.seed, Strict: f.strict}
	if kept != nil {
		o.Keep = kept.Storage
	}
	switch {
	case f.seedSet && t.External():
		o.Predictable = true
		fmt.Fprintln(os.Stderr, "warning: with a seed the keys of this lab can be foretold; do not carry secrets over its links")
	case t.External():
		o.Random = rand.Reader
		if t.Seed != nil {
			fmt.Fprintln(os.Stderr, "warning: the seed in the file has no effect, as the lab has a link to a real network; --seed would")
		}
	case !f.seedSet && t.Seed != nil:
		o.Seed = *t.Seed
	}
	if speed == 0 {
		o.Workers = pace.NewWorkers()
	}
	l, err := lab.Build(t, o)
	if err != nil {
		return nil, err
	}
	warn(slices.Concat(t.Warnings, l.Warnings))
	return &runningLab{Lab: l, driver: l.Sim, kept: kept}, nil
}

// RunUntil makes the lab a script.Driver, which gives up when it is told to.
func (l *runningLab) RunUntil(cond func() bool, limit time.Time) (holds bool) {
	l.driver.RunUntil(func() bool {
		holds = cond()
		return holds || l.stopped != nil && l.stopped()
	}, limit)
	return holds
}

// stopWith has the driver give up when ctx ends.
func (l *runningLab) stopWith(ctx context.Context) {
	l.stopped = func() bool { return ctx.Err() != nil }
	if l.pacer != nil {
		context.AfterFunc(ctx, func() { l.pacer.Do(func() {}) }) // wakes the driver so that it looks
	}
}

func (l *runningLab) open(f *labFlags) error {
	if f.events.file != "" {
		var err error
		if l.events, err = f.events.open(l.Lab, l.pacer); err != nil {
			return err
		}
	}
	for _, d := range l.Doors {
		if err := l.openDoor(d); err != nil {
			return err
		}
	}
	if f.capture == "" {
		return nil
	}
	folder, err := captureFolder(f.capture)
	if err != nil {
		return err
	}
	l.capture, err = l.StartCapture(folder)
	return err
}

// captureFolder refuses a person's own Wireshark folder, whose preferences a
// capture would replace.
func captureFolder(name string) (files.Folder, error) {
	own, err := readFile(filepath.Join(name, "preferences"))
	if err == nil && !bytes.HasPrefix(own, []byte("# Wireshark reads this folder with WIRESHARK_CONFIG_DIR")) {
		return "", fmt.Errorf("%s holds Wireshark preferences that no capture wrote; name another folder", name)
	}
	return files.Folder(name), nil
}

// pacedLab joins a lab that was built elsewhere to the host, paced by the wall
// clock, until ctx ends.
func pacedLab(ctx context.Context, l *lab.Lab) (script.Driver, func() error, error) {
	p := pace.New(l.Sim, 1)
	running := &runningLab{Lab: l, driver: p, pacer: p}
	running.stopWith(ctx)
	if err := running.open(&labFlags{}); err != nil {
		return nil, nil, errors.Join(err, running.close())
	}
	return running, running.close, nil
}

func (l *runningLab) close() error {
	if l.pacer != nil {
		l.pacer.Stop()
	}
	return errors.Join(l.closeFiles(), closeKept(l.kept))
}

func (l *runningLab) closeFiles() error {
	var errs []error
	for _, u := range l.doors {
		errs = append(errs, u.Close())
	}
	if l.capture != nil {
		errs = append(errs, l.capture.Stop())
	}
	if l.events != nil {
		errs = append(errs, l.events.close())
	}
	return errors.Join(errs...)
}

// stamp is an instant of virtual time for people.
func stamp(t time.Time) string { return t.Format("Jan _2 15:04:05.000") }
