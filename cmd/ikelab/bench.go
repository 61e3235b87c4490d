package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/pace"
	"ikelab/topologies"
	"ikelab/topologies/bench"
)

func benchCommand() *cobra.Command {
	format, plot := "text", ""
	c := &cobra.Command{
		Use:       "bench " + strings.Join(bench.Names(), "|") + "...",
		Short:     "Measure, beside the limit that the machine sets",
		Long:      "bench runs benchmarks. Where there is a limit, it is measured in the same run and the ratio is printed.",
		Example:   "  ikelab bench handshake esp\n  ikelab bench scale --plot FILE",
		ValidArgs: bench.Names(),
		Args:      cobra.MatchAll(cobra.MinimumNArgs(1), cobra.OnlyValidArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return fmt.Errorf("--format is text or json, not %q", format)
			}
			list, err := measure(args, plot)
			if err != nil {
				return failed(err)
			}
			return failed(printMeasures(cmd.OutOrStdout(), list, format))
		},
	}
	c.Flags().StringVar(&format, "format", format, "text, or json: one object a line")
	c.Flags().StringVar(&plot, "plot", "", "draw the growth that scale measures into this SVG `file`")
	return c
}

// measure runs benchmarks one after the other. All but the one that says
// otherwise are figures of one core.
func measure(names []string, plot string) ([]bench.Measure, error) {
	var all []bench.Measure
	for _, name := range names {
		h := bench.Host{Now: time.Now, Heap: heap, Allocs: allocs}
		if bench.Cores(name) {
			h.Workers = pace.NewWorkers()
		} else {
			runtime.GOMAXPROCS(1)
		}
		list, err := run(name, h, plot)
		runtime.GOMAXPROCS(runtime.NumCPU())
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	if slices.Contains(names, "idle") {
		m, err := startTime()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// run runs one benchmark, and draws what can be drawn.
func run(name string, h bench.Host, plot string) ([]bench.Measure, error) {
	if name != "scale" || plot == "" {
		return bench.Run(name, h)
	}
	points, err := bench.Scale(h)
	if err != nil {
		return nil, err
	}
	return bench.ScaleMeasures(points), os.WriteFile(plot, []byte(bench.Plot(points)), 0o644)
}

// heap is what is in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// allocs is how often memory has been allocated.
func allocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// startTime is how long the whole program takes for a small job.
func startTime() (bench.Measure, error) {
	self, err := os.Executable()
	if err != nil {
		return bench.Measure{}, err
	}
	least := math.Inf(1)
	for range 5 {
		start := time.Now()
		c := exec.Command(self, "exec", topologies.DefaultLab, "wait 10s", "R1: show crypto session")
		if out, err := c.CombinedOutput(); err != nil {
			return bench.Measure{}, fmt.Errorf("%v: %w\n%s", c, err, out)
		}
		least = min(least, time.Since(start).Seconds())
	}
	return bench.Measure{Name: "exec, whole process", Value: least * 1e3, Unit: "ms", Target: new(60.0)}, nil
}

func printMeasures(out io.Writer, list []bench.Measure, format string) error {
	if format == "json" {
		enc := json.NewEncoder(out)
		for _, m := range list {
			if err := enc.Encode(m); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "name\tvalue\tunit\tlimit\tratio\ttarget\t")
	for _, m := range list {
		fmt.Fprintf(w, "%s\t%.4g\t%s\t%s\t%s\t%s\t\n", m.Name, m.Value, m.Unit, optional("%.4g", m.Limit), optional("%.2f", m.Ratio), optional("%g", m.Target))
	}
	return w.Flush()
}

func optional(format string, v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf(format, *v)
}
