package track

import (
	"maps"
	"net/netip"
	"slices"
	"time"
)

// What the screens see: snapshots, with the names that JSON gives them.

// State is the objects and operations of a device.
type State struct {
	Objects    []ObjectState    `json:"objects"`
	Operations []OperationState `json:"operations"`
}

// ObjectState is an object.
type ObjectState struct {
	Number    int           `json:"number"`
	What      string        `json:"what"`
	Up        bool          `json:"up"`
	Why       string        `json:"why,omitempty"` // an interface is down
	Changes   int           `json:"changes"`
	Since     time.Time     `json:"last_change"`
	Interface string        `json:"interface,omitempty"` // that is tracked, or by which the route leads
	Code      string        `json:"route_code,omitempty"`
	Operation int           `json:"operation,omitempty"`
	Members   []MemberState `json:"members,omitempty"`
}

// MemberState is an object of a list.
type MemberState struct {
	Number int  `json:"number"`
	Not    bool `json:"not,omitempty"`
	Up     bool `json:"up"`
}

// OperationState is an operation.
type OperationState struct {
	Number    int        `json:"number"`
	Target    netip.Addr `json:"target,omitzero"`
	Running   bool       `json:"running"`
	Pending   bool       `json:"pending"` // it has not begun
	Code      Code       `json:"return_code"`
	RTTMillis int        `json:"rtt_ms,omitempty"`
	Begun     time.Time  `json:"last_start,omitzero"`
	Ends      time.Time  `json:"ends,omitzero"` // zero: never
	Successes int        `json:"successes"`
	Failures  int        `json:"failures"`
}

// State is what there is, by number.
func (t *Objects) State() State {
	s := State{Objects: []ObjectState{}, Operations: []OperationState{}}
	for _, n := range slices.Sorted(maps.Keys(t.objects)) {
		x := t.objects[n]
		v := ObjectState{Number: n, What: x.set.What, Up: x.up, Why: x.why, Changes: x.changes, Since: x.since, Interface: x.set.Interface, Operation: x.set.Operation}
		if x.set.Prefix.IsValid() {
			v.Interface, v.Code = x.out, x.code
		}
		for _, m := range x.set.Members {
			up, _ := t.Up(m.Number)
			v.Members = append(v.Members, MemberState{m.Number, m.Not, up})
		}
		s.Objects = append(s.Objects, v)
	}
	for _, n := range slices.Sorted(maps.Keys(t.operations)) {
		o := t.operations[n]
		s.Operations = append(s.Operations, OperationState{
			Number: n, Target: o.set.Ping.Destination, Running: o.running, Pending: !o.running && o.begun.IsZero(), Code: o.code, RTTMillis: millis(o.rtt),
			Begun: o.begun, Ends: o.ends, Successes: o.successes, Failures: o.failures,
		})
	}
	return s
}

// millis are whole milliseconds: what has begun counts.
func millis(d time.Duration) int { return int((d + time.Millisecond - 1) / time.Millisecond) }
