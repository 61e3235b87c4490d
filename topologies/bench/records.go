package bench

import (
	"io"
	"math"

	"ikelab/router/record"
	"ikelab/topologies/lab"
)

// recordedPairs is how many pairs of routers make the records, and
// recordedRounds how often.
const recordedPairs, recordedRounds = 200, 10

// benchRecords is what the stream costs: as a share of a run in which nobody
// listens, and for each record that is written as a JSON line.
func benchRecords(h Host) ([]Measure, error) {
	made, all, err := h.countRecords()
	if err != nil {
		return nil, err
	}
	quiet, written, unheard := math.Inf(1), math.Inf(1), math.Inf(1)
	for range recordedRounds { // in turn, so that all see the same machine
		for _, run := range []struct {
			least *float64
			setup func(*lab.Lab)
		}{{&quiet, func(*lab.Lab) {}}, {&written, writeEvents}} {
			seconds, err := h.recorded(run.setup)
			if err != nil {
				return nil, err
			}
			*run.least = min(*run.least, seconds)
		}
		unheard = min(unheard, h.unheard())
	}
	return []Measure{
		{Name: "record that nobody hears", Value: unheard * 1e9, Unit: "ns"},
		{Name: "  those of a handshake, of its time", Value: 100 * unheard * float64(made) / quiet, Unit: "%", Target: new(2.0)},
		{Name: "record made and written as a JSON line", Value: (written - quiet) / float64(all) * 1e6, Unit: "us", Target: new(1.0)},
	}, nil
}

func writeEvents(l *lab.Lab) { l.WriteEvents(io.Discard, false) }

// recorded brings up pairs and says how long it took.
func (h Host) recorded(setup func(*lab.Lab)) (seconds float64, err error) {
	t := pairs(recordedPairs, group19, "esp-aes esp-sha256-hmac")
	l, err := lab.Build(t, lab.Options{Strict: true, Seed: 1})
	if err != nil {
		return 0, err
	}
	l.Sim.Run(t.Clock.Add(booted))
	setup(l)
	h.Heap()
	seconds = h.took(func() { err = bringUp(l) })
	return seconds, err
}

// countRecords counts the records of such a run: those that are made while
// nobody wants details, and all that are written.
func (h Host) countRecords() (made, all int, err error) {
	if _, err = h.recorded(func(l *lab.Lab) {
		for _, r := range l.Routers {
			r.Records().ListenTo(func(record.Record) { made++ }, func() bool { return false })
		}
	}); err != nil {
		return 0, 0, err
	}
	_, err = h.recorded(func(l *lab.Lab) { l.Stream.Listen(func(record.Record) { all++ }) })
	return made, all, err
}

// unheard is the time to make a record that nobody hears.
func (h Host) unheard() float64 {
	const many = 200_000
	e, notes := record.New(1, "R1"), [2]string{"", "odd"} // no constant: each is made
	return h.took(func() {
		for i := range many {
			e.Emit(lab.FrameDropped{Port: "R1:Ethernet0/0", Reason: "bench", Note: notes[i&1]})
		}
	}) / many
}
