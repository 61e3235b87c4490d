package swarm

import (
	"encoding/binary"
	"hash"
	"hash/fnv"
	"strings"
	"time"

	"ikelab/router/record"
	"ikelab/topologies/fault"
	"ikelab/topologies/lab"
)

// trace is a sum of all that left a router and of all that was recorded, with their
// instants. What a person typed is left out, and with it how records are numbered:
// whoever looks on types too.
type trace struct{ sum hash.Hash64 }

// traced begins a trace.
func traced(l *lab.Lab, w *fault.Wire) *trace {
	t := &trace{fnv.New64a()}
	w.Look(func(p *fault.Packet) { t.add(l.Sim.Now(), p.Port.Name(), p.Frame.Data) })
	l.Stream.Listen(func(r record.Record) {
		if kind := r.Body.Kind(); !strings.HasPrefix(kind, "operator.") {
			t.add(r.At, r.Node, []byte(kind))
		}
	})
	return t
}

func (t *trace) add(at time.Time, where string, what []byte) {
	// A hash never fails to be written to.
	_, _ = t.sum.Write(binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())))
	_, _ = t.sum.Write([]byte(where))
	_, _ = t.sum.Write(what)
}
