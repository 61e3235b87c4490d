package crypto

import (
	"fmt"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// dpdRow is `dpd INTERVAL RETRY {on-demand|periodic}`.
func dpdRow[O any](command, help string, field func(*O) **iosconfig.DPD) editor.Row[O] {
	return editor.Row[O]{
		Syntax: command + " / <interval:10-3600> <retry:2-60> {on-demand|periodic}",
		Help:   help + "|DPD R-U-THERE interval|DPD Retry Interval|Send DPD queries only as required|Send DPD queries at regular intervals",
		Set: func(e *editor.At[O], a syntax.Args) error {
			*field(e.It) = &iosconfig.DPD{Interval: a.Int("interval"), Retry: a.Int("retry"), OnDemand: a.Has("on-demand")}
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { *field(e.It) = nil; return nil },
		Show: func(e *editor.At[O]) []string {
			d := *field(e.It)
			switch {
			case d == nil:
				return nil
			case d.OnDemand:
				return []string{fmt.Sprintf("%s %d %d on-demand", command, d.Interval, d.Retry)}
			}
			return []string{fmt.Sprintf("%s %d %d periodic", command, d.Interval, d.Retry)}
		},
	}
}
