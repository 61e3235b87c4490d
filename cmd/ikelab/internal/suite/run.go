package suite

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
	"ikelab/topologies/script"
)

// Options are how cases are run.
type Options struct {
	FailFast bool
	Update   bool
	Strict   bool   // no configuration may have lines that are refused
	Folder   string // for what is left of failures, a folder each
}

// Result is how a case went.
type Result struct {
	*Case
	scenario.Report
	Wall     time.Duration
	Skipped  bool                // another one had failed
	Folder   string              // with capture, records and consoles; "": there is none
	Consoles map[string][]string // the last lines of each
}

// Run runs the cases on all cores and returns their results in the same order.
// tell is called with each as it ends, by one goroutine at a time.
func Run(ctx context.Context, cases []*Case, o Options, tell func(Result)) []Result {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	results := make([]Result, len(cases))
	next := make(chan int)
	var workers sync.WaitGroup
	var telling sync.Mutex
	for range min(runtime.GOMAXPROCS(0), max(1, len(cases))) {
		workers.Go(func() {
			for i := range next {
				r := cases[i].run(ctx, o)
				telling.Lock()
				results[i] = r
				if r.Err != nil && o.FailFast {
					stop()
				}
				tell(r)
				telling.Unlock()
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	workers.Wait()
	return results
}

func (c *Case) run(ctx context.Context, o Options) Result {
	r := Result{Case: c}
	if ctx.Err() != nil {
		r.Skipped = true
		return r
	}
	start := time.Now()
	r.Report = c.once(ctx, scenario.Options{Strict: o.Strict, Settings: scenario.Settings{Update: o.Update}})
	if r.Failure() != nil && !r.paced && ctx.Err() == nil {
		c.again(ctx, o, &r)
	}
	r.Wall = time.Since(start)
	return r
}

// once runs the case in a lab of its own. A broken invariant of ours ends the
// case, and no other.
func (c *Case) once(ctx context.Context, o scenario.Options) (report scenario.Report) {
	defer func() {
		if broken := recover(); broken != nil {
			report.Err = fmt.Errorf("a fault of the program: %v\n%s", broken, debug.Stack())
		}
	}()
	rows, err := scenario.Parse(c.Path, c.data, c.read)
	if err != nil {
		return scenario.Report{Err: err}
	}
	t, err := c.lab(rows[c.row])
	if err != nil {
		return scenario.Report{Err: err}
	}
	o.Seed = c.Seed
	if t.External() {
		c.paced = true
		o.Connect = func(l *lab.Lab) (script.Driver, func() error, error) { return c.host.Paced(ctx, l) }
		o.Random = rand.Reader
	}
	o.Folder = func(name string) (lab.Folder, error) {
		return files.Folder(filepath.Join(filepath.Dir(c.Path), name)), nil
	}
	o.Stop = func() bool { return ctx.Err() != nil }
	return scenario.Run(rows[c.row], t, o)
}

// again runs a case that has failed once more, and keeps what it leaves.
func (c *Case) again(ctx context.Context, o Options, r *Result) {
	r.Folder = filepath.Join(o.Folder, slug(fmt.Sprintf("%s-seed-%d", c.Name, c.Seed)))
	logs, err := files.NewConsoles(filepath.Join(r.Folder, "consoles"))
	if err != nil {
		r.Err = errors.Join(r.Err, err)
		return
	}
	tails := map[string]*tail{}
	var closers []func() error
	report := c.once(ctx, scenario.Options{
		Strict: o.Strict,
		Settings: scenario.Settings{Captured: true, Console: func(node string) (io.Writer, error) {
			w, err := logs.Open(node)
			tails[node] = &tail{}
			return io.MultiWriter(w, tails[node]), err
		}},
		Opened: func(l *lab.Lab) error {
			close, err := record(l, files.Folder(r.Folder))
			closers = append(closers, close...)
			return err
		},
	})
	for _, f := range append(closers, logs.Close) {
		r.Err = errors.Join(r.Err, f())
	}
	if report.Err == nil || report.Failure() == nil || report.Failure().Error() != r.Failure().Error() {
		r.Err = errors.Join(r.Err, fmt.Errorf("with the same seed it did not go the same way again, which is a fault of the program: %w", report.Err))
	}
	r.Consoles = map[string][]string{}
	for node, t := range tails {
		r.Consoles[node] = t.lines()
	}
}

// record has a lab's frames and records written.
func record(l *lab.Lab, folder files.Folder) (closers []func() error, err error) {
	capture, err := l.StartCapture(folder)
	if err != nil {
		return nil, err
	}
	w, err := folder.Create("events.jsonl")
	if err != nil {
		return []func() error{capture.Stop}, err
	}
	events := l.WriteEvents(w, false)
	return []func() error{capture.Stop, events.Close, w.Close}, nil
}

// strange is what no file name should have.
var strange = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

func slug(name string) string { return strings.Trim(strange.ReplaceAllString(name, "-"), "-") }

// tail keeps the last lines of a console.
type tail struct{ text []byte }

const (
	tailLines = 12
	tailKept  = 8 << 10 // octets, at least
)

// Write takes what the console shows.
func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > 2*tailKept {
		t.text = append([]byte(nil), t.text[len(t.text)-tailKept:]...)
	}
	return len(p), nil
}

func (t *tail) lines() []string {
	lines := strings.Split(strings.TrimRight(string(t.text), "\n"), "\n")
	return lines[max(0, len(lines)-tailLines):]
}
