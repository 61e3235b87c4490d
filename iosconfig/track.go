package iosconfig

import (
	"cmp"
	"iter"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Tracking is what a router watches: tracked objects, and the operations of IP SLA.
type Tracking struct {
	Objects    Numbered[TrackedObject]
	Operations Numbered[Operation]
}

// TrackedObject is `track N …`: an interface, a route, an operation or a list of others.
type TrackedObject struct {
	Number    int
	Interface string // "": none
	Routing   bool   // … ip routing, not line-protocol
	Prefix    netip.Prefix
	VRF       string // of the route
	Operation int    // 0: none
	State     bool   // … state, not reachability
	List      string // "and", "or"
	Members   []TrackMember
	DelayUp   int // seconds
	DelayDown int
}

// TrackMember is an object of a list.
type TrackMember struct {
	Number int
	Not    bool
}

// What is what the object tracks, as the line says it.
func (o *TrackedObject) What() string {
	switch {
	case o.Interface != "" && o.Routing:
		return "interface " + o.Interface + " ip routing"
	case o.Interface != "":
		return "interface " + o.Interface + " line-protocol"
	case o.List != "":
		return "list boolean " + o.List
	case o.Operation != 0 && o.State:
		return "ip sla " + strconv.Itoa(o.Operation)
	case o.Operation != 0:
		return "ip sla " + strconv.Itoa(o.Operation) + " reachability"
	}
	return "ip route " + o.Prefix.Addr().String() + " " + MaskOf(o.Prefix) + " reachability"
}

// Operation is `ip sla N`: an echo that is sent again and again.
type Operation struct {
	Number    int
	Target    netip.Addr // invalid: none, or an operation that nothing here carries out
	SourceIP  netip.Addr
	Source    string // interface; "": none
	VRF       string
	Tag       string
	Owner     string
	Frequency int // seconds; 0: 60
	Timeout   int // milliseconds; 0: 5000
	Threshold int // milliseconds; 0: 5000
	Data      int // octets; 0: 28
	TOS       int
	Verify    bool
	Schedule  *Schedule // nil: none
	Texts     Texts     // what nothing acts on
}

// Schedule is `ip sla schedule`. Without a start it waits for one.
type Schedule struct {
	Forever   bool
	Life      int    // seconds; 0: 3600
	Start     string // "now", "after HH:MM:SS", a time of day; "": pending
	Ageout    int
	Recurring bool
}

// The defaults of an operation.
const (
	OperationFrequency = 60
	OperationTimeout   = 5000
	OperationData      = 28
	OperationLife      = 3600
)

// String is the line behind `ip sla schedule N`.
func (s *Schedule) String() string {
	var words []string
	switch {
	case s.Forever:
		words = append(words, "life forever")
	case s.Life != 0:
		words = append(words, "life "+strconv.Itoa(s.Life))
	}
	if s.Start != "" {
		words = append(words, "start-time "+s.Start)
	}
	if s.Ageout != 0 {
		words = append(words, "ageout "+strconv.Itoa(s.Ageout))
	}
	if s.Recurring {
		words = append(words, "recurring")
	}
	return strings.Join(words, " ")
}

// Numbered holds objects whose names are numbers, in the order of these.
type Numbered[O any] struct{ tree Tree[string, any] } // of *O: see objects

func numberKey(name string) string {
	name = strings.TrimLeft(name, "0")
	return strings.Repeat("0", max(0, 10-len(name))) + name
}

// NumberOf reads the name of such an object.
func NumberOf(name string) int {
	n, _ := strconv.Atoi(name)
	return n
}

// Len is how many objects there are.
func (l *Numbered[O]) Len() int { return l.tree.Len() }

// Get returns the object with the number, or nil.
func (l *Numbered[O]) Get(name string) *O {
	v, _ := l.tree.Get(numberKey(name))
	o, _ := v.(*O)
	return o
}

// At returns the object with the number, or nil.
func (l *Numbered[O]) At(number int) *O { return l.Get(strconv.Itoa(number)) }

// Put adds an object, or puts it in the place of the one with its number.
func (l *Numbered[O]) Put(name string, o *O) { l.tree.Put(numberKey(name), o) }

// Remove takes an object away.
func (l *Numbered[O]) Remove(name string) { l.tree.delete(numberKey(name)) }

// All are the objects.
func (l *Numbered[O]) All() iter.Seq[*O] {
	return func(yield func(*O) bool) {
		for _, o := range l.tree.All() {
			if !yield(o.(*O)) {
				return
			}
		}
	}
}

// Limits are threshold, timeout and frequency, all in milliseconds.
func (o *Operation) Limits() (threshold, timeout, frequency int) {
	return cmp.Or(o.Threshold, OperationTimeout), cmp.Or(o.Timeout, OperationTimeout), 1000 * cmp.Or(o.Frequency, OperationFrequency)
}

// ParseSpan reads hh:mm:ss, or hh:mm.
func ParseSpan(text string) (time.Duration, bool) {
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	sum := time.Duration(0)
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second}[:len(parts)] {
		n, err := strconv.ParseUint(parts[i], 10, 8)
		if err != nil || i == 0 && n > 23 || i > 0 && n > 59 {
			return 0, false
		}
		sum += time.Duration(n) * unit
	}
	return sum, true
}
