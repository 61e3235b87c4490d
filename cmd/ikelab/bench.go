package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikelab/topologies"
)

func benchCommand() *cobra.Command {
	format := "text"
	c := &cobra.Command{
		Use:       "bench handshake|esp|scale|idle...",
		Short:     "Measure, beside the limit that the machine sets",
		Long:      "bench runs benchmarks. Where there is a limit, it is measured in the same run and the ratio is printed.",
		ValidArgs: topologies.BenchNames(),
		Args:      cobra.MatchAll(cobra.MinimumNArgs(1), cobra.OnlyValidArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return fmt.Errorf("--format is text or json, not %q", format)
			}
			var all []topologies.Measure
			for _, name := range args {
				h := topologies.Host{Now: time.Now, Heap: heap}
				if name == "scale" {
					h.Workers = newWorkers()
				} else { // everything else is a figure of one core
					runtime.GOMAXPROCS(1)
				}
				list, err := topologies.Bench(name, h)
				runtime.GOMAXPROCS(runtime.NumCPU())
				if err != nil {
					return failed(err)
				}
				all = append(all, list...)
			}
			return failed(printMeasures(cmd.OutOrStdout(), all, format))
		},
	}
	c.Flags().StringVar(&format, "format", format, "text, or json: one object a line")
	return c
}

// heap is what is in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func printMeasures(out io.Writer, list []topologies.Measure, format string) error {
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

func optional(format string, v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf(format, v)
}
