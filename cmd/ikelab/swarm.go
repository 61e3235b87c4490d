package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/cmd/ikelab/internal/pace"
	"ikelab/topologies/lab"
	"ikelab/topologies/swarm"
)

// swarmFlags are what `ikelab swarm` was asked for.
type swarmFlags struct {
	seeds, from uint64
	tries       int
	hours       int
	plan        string
	folder      string
}

func swarmCommand() *cobra.Command {
	f := &swarmFlags{}
	c := &cobra.Command{
		Use:   "swarm",
		Short: "Run networks that a seed draws, with faults, and look for what must never be",
		Long: `swarm draws a network from each seed, and what crosses and befalls it in 20 to 80
virtual minutes; then the network heals and must converge. All along it looks for what
must never be (docs/swarm.md). Seeds run side by side on all cores.

A plan that fails is made smaller as long as it still fails, and is left as a file.

The exit status is 0 when nothing was found, 1 when something was, and 2 for wrong usage.`,
		Example: `  ikelab swarm --seeds 200
  ikelab swarm --seeds 1 --from 371
  ikelab swarm --plan ikelab-failures/swarm-371.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.seeds < 1 || f.tries < 0 || f.hours < 0 {
				return errors.New("--seeds is at least 1, and --shrink and --shrink-hours are not negative")
			}
			if f.plan != "" {
				return f.replay(cmd.OutOrStdout())
			}
			return f.all(cmd.OutOrStdout())
		},
	}
	c.Flags().Uint64Var(&f.seeds, "seeds", 100, "how many")
	c.Flags().Uint64Var(&f.from, "from", 0, "the first seed")
	c.Flags().IntVar(&f.tries, "shrink", 300, "how often a smaller plan is tried")
	c.Flags().IntVar(&f.hours, "shrink-hours", 200, "how many virtual hours smaller plans may take")
	c.Flags().StringVar(&f.plan, "plan", "", "carry out the plan in this `file`, and leave capture and records in the folder of failures")
	c.Flags().StringVar(&f.folder, "failures", "ikelab-failures", "`folder` for plans that fail")
	return c
}

// replay carries out one plan with everything recorded.
func (f *swarmFlags) replay(out io.Writer) error {
	text, err := readFile(f.plan)
	if err != nil {
		return err
	}
	p := &swarm.Plan{}
	if err := json.Unmarshal(text, p); err != nil {
		return fmt.Errorf("%s: %w", f.plan, err)
	}
	if err := p.Check(); err != nil {
		return fmt.Errorf("%s: %w", f.plan, err)
	}
	folder := files.Folder(filepath.Join(f.folder, fmt.Sprintf("swarm-%d", p.Seed)))
	var closers []func() error
	r := swarm.Run(p, swarm.Options{Opened: func(l *lab.Lab) error {
		capture, err := l.StartCapture(folder)
		if err != nil {
			return err
		}
		w, err := folder.Create("events.jsonl")
		if err != nil {
			return err
		}
		closers = []func() error{capture.Stop, l.WriteEvents(w, false).Close, w.Close}
		return nil
	}})
	for _, close := range closers {
		if err := close(); err != nil {
			return failed(err)
		}
	}
	fmt.Fprintf(out, "%v virtual, converged after %v, capture and records in %s\n", r.Virtual, r.Converged, folder)
	return f.verdict(out, []swarm.Report{r})
}

// all carries out the plans of all seeds.
func (f *swarmFlags) all(out io.Writer) error {
	ctx, quit := context.WithCancelCause(context.Background())
	stop := onSignal(quit)
	defer stop()
	s := &swarmed{flags: f, out: out, workers: pace.NewWorkers(), start: time.Now(), patience: wallMost, stuck: make(chan struct{}), faults: map[swarm.Kind]int{},
		goroutines: runtime.NumGoroutine(), cores: runtime.GOMAXPROCS(0), most: heapMost}
	s.run(ctx)
	if err := context.Cause(ctx); err != nil {
		return err
	}
	s.mutex.Lock() // a run that does not end is still there
	defer s.mutex.Unlock()
	s.tell()
	return f.verdict(out, s.bad)
}

// verdict prints what was violated.
func (f *swarmFlags) verdict(out io.Writer, bad []swarm.Report) error {
	found := false
	for _, r := range bad {
		for _, v := range r.Violations {
			fmt.Fprintf(out, "seed %d %v\n", r.Seed, v)
			found = true
		}
	}
	if found {
		return exitCode(1)
	}
	return nil
}

// swarmed is a swarm under way.
type swarmed struct {
	flags      *swarmFlags
	out        io.Writer
	workers    *pace.Workers
	start      time.Time
	goroutines int
	cores      int    // that the program may use
	most       uint64 // octets of heap
	patience   time.Duration
	stuck      chan struct{} // closed when a run does not end

	mutex         sync.Mutex
	done          int
	virtual       time.Duration
	sent, arrived int
	heap          uint64 // most that was in use
	faults        map[swarm.Kind]int
	bad           []swarm.Report
}

// run hands the seeds to as many goroutines as there are cores, until one does not come back.
func (s *swarmed) run(ctx context.Context) {
	seeds := make(chan uint64)
	var group sync.WaitGroup
	for range s.cores {
		group.Go(func() {
			for seed := range seeds {
				s.one(seed)
			}
		})
	}
	s.hand(ctx, seeds)
	ended := make(chan struct{})
	go func() {
		group.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-s.stuck:
		return
	}
	if n := s.left(); n > s.goroutines {
		s.bad = append(s.bad, swarm.Report{Violations: []swarm.Violation{{Invariant: swarm.LeavesNone, What: fmt.Sprintf("%d goroutines, %d at the beginning", n, s.goroutines)}}})
	}
}

// hand hands out the seeds.
func (s *swarmed) hand(ctx context.Context, seeds chan<- uint64) {
	defer close(seeds)
	for i := uint64(0); i < s.flags.seeds && ctx.Err() == nil; i++ {
		select {
		case seeds <- s.flags.from + i:
		case <-s.stuck:
			return
		}
	}
}

// left is how many goroutines there are when those that are ending have had a
// second to end.
func (s *swarmed) left() int {
	for range 100 {
		if runtime.NumGoroutine() <= s.goroutines {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return runtime.NumGoroutine()
}

// heapMost is what all runs together may occupy, garbage included.
const heapMost = 1 << 30

// wallMost is how long a run may take by the wall clock: a thousand times what most take.
const wallMost = 5 * time.Minute

// endless tells of a run that does not end, and where everybody is. Nothing can stop it but the
// end of the program.
func (s *swarmed) endless(seed uint64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.bad = append(s.bad, swarm.Report{Seed: seed, Violations: []swarm.Violation{{Invariant: swarm.Ends, What: fmt.Sprintf("it has run for %v", s.patience)}}})
	fmt.Fprintf(s.out, "seed %d does not end:\n  ikelab swarm --seeds 1 --from %d\n", seed, seed)
	_ = pprof.Lookup("goroutine").WriteTo(s.out, 1) // what s.out does not take is lost like all that it does not take
	select {
	case <-s.stuck: // another one has been told of
	default:
		close(s.stuck)
	}
}

// one carries out the plan of a seed.
func (s *swarmed) one(seed uint64) {
	p := swarm.Draw(seed)
	watchdog := time.AfterFunc(s.patience, func() { s.endless(seed) })
	r := swarm.Check(p, s.onlooker(seed))
	watchdog.Stop()
	heap := heapNow()
	if heap > s.most {
		r.Violations = append(r.Violations, swarm.Violation{Invariant: swarm.Bounded, What: fmt.Sprintf("%d MiB of heap", heap>>20)})
	}
	note := ""
	if len(r.Violations) > 0 {
		note = s.shrink(p, r.Violations[0].Invariant)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.add(r, heap)
	if note != "" {
		fmt.Fprintf(s.out, "seed %d %v\n%s", seed, r.Violations[0], note)
	} else if s.done%100 == 0 {
		s.tell()
	}
}

func (s *swarmed) add(r swarm.Report, heap uint64) {
	s.done++
	s.virtual += r.Virtual
	s.sent, s.arrived, s.heap = s.sent+r.Sent, s.arrived+r.Arrived, max(s.heap, heap)
	for k, n := range r.Faults {
		s.faults[k] += n
	}
	if len(r.Violations) > 0 {
		s.bad = append(s.bad, r)
	}
}

// onlooker is another way to look at a run: step by step, with debug, a capture,
// public-key operations on other cores, and another number of those.
func (s *swarmed) onlooker(seed uint64) swarm.Options {
	return swarm.Options{Step: 7300 * time.Millisecond, Workers: s.workers, Debug: true, Opened: func(l *lab.Lab) error {
		runtime.GOMAXPROCS(cores(seed))
		_, err := l.StartCaptureFile(func() (io.WriteCloser, error) { return nowhere{io.Discard}, nil })
		return err
	}, Closed: func() { runtime.GOMAXPROCS(s.cores) }}
}

// cores is how many of them a run is repeated with, one to five. Seeds that are
// repeated are multiples of twenty.
func cores(seed uint64) int { return 1 + int(seed/20%5) }

type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }

// shrink makes a plan smaller that fails, and leaves it as a file. It tells how to
// carry either out again.
func (s *swarmed) shrink(p *swarm.Plan, i swarm.Invariant) string {
	again := fmt.Sprintf("  ikelab swarm --seeds 1 --from %d\n", p.Seed)
	most := swarm.Limits{Tries: s.flags.tries, Virtual: time.Duration(s.flags.hours) * time.Hour}
	small, least := swarm.Shrink(p, most, swarm.Fails(i, s.onlooker(p.Seed)))
	limit := ""
	if !least {
		limit = " (it may not be the least: --shrink or --shrink-hours is used up)"
	}
	text, err := json.MarshalIndent(small, "", "  ")
	if err == nil {
		err = os.MkdirAll(s.flags.folder, 0o755)
	}
	path := filepath.Join(s.flags.folder, fmt.Sprintf("swarm-%d.json", p.Seed))
	if err == nil {
		err = files.Write(path, append(text, '\n'))
	}
	if err != nil {
		return again + fmt.Sprintf("  the smaller plan could not be written: %v\n", err)
	}
	return again + fmt.Sprintf("  with %d routers, %d tunnels, %d faults, %v%s:\n  ikelab swarm --plan %s\n",
		len(small.Routers), len(small.Tunnels), len(small.Faults), small.Length, limit, path)
}

func heapNow() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// tell prints how it stands.
func (s *swarmed) tell() {
	wall := time.Since(s.start)
	hours := s.virtual.Hours()
	fmt.Fprintf(s.out, "%d seeds, %.0f virtual hours in %v, %.1f a second and core; %d of %d packets arrived; heap %d MiB; %d bad\n  %s\n", s.done, hours,
		wall.Round(time.Second), hours/wall.Seconds()/float64(s.cores), s.arrived, s.sent, s.heap>>20, len(s.bad), byKind(s.faults))
}

func byKind(faults map[swarm.Kind]int) string {
	var words []string
	for _, k := range slices.Sorted(maps.Keys(faults)) {
		words = append(words, fmt.Sprintf("%s %d", k, faults[k]))
	}
	return strings.Join(words, ", ")
}
