package track

import (
	"maps"
	"slices"
	"time"

	"ikelab/router/ip"
)

// Objects are the tracked objects of a device, and its operations.
type Objects struct {
	Options
	objects    map[int]*object
	operations map[int]*operation
	interested map[on]map[*object]bool // who looks at what
	touched    map[*object]bool
	soon       ip.Timer
}

// on is what an object depends on: an interface, an operation or another object.
type on struct {
	iface     string
	operation int
	object    int
}

type object struct {
	of      *Objects
	set     Settings
	up      bool
	looked  bool // at least once
	why     string
	code    string // of the route
	out     string // by which the route leads
	changes int
	since   time.Time
	moved   time.Time // when the state was another the last time; zero: never
	delay   ip.Timer
	watch   ip.Watch
	ons     []on
}

// New makes them; there are none yet.
func New(o Options) *Objects {
	t := &Objects{Options: o}
	t.soon = ip.NewTimer(t.look)
	return t
}

// Up says whether an object is up; not known: there is none.
func (t *Objects) Up(number int) (up, known bool) {
	x := t.objects[number]
	return x != nil && x.up, x != nil
}

// Set makes an object, or has it track something else.
func (t *Objects) Set(now time.Time, set Settings) {
	x := t.objects[set.Number]
	if x == nil {
		x = &object{of: t, since: now}
		x.delay = ip.NewTimer(func(now time.Time) { x.change(now, !x.up) })
		if t.objects == nil {
			t.objects, t.interested, t.touched = map[int]*object{}, map[on]map[*object]bool{}, map[*object]bool{}
		}
		t.objects[set.Number] = x
	}
	x.set = set
	x.depend()
	x.look(now)
	x.looked = true
	t.tell(now, set.Number)
}

// Remove takes an object away.
func (t *Objects) Remove(now time.Time, number int) {
	x := t.objects[number]
	if x == nil {
		return
	}
	t.Timers.Set(&x.delay, time.Time{})
	delete(t.objects, number)
	delete(t.touched, x)
	x.set = Settings{Number: number}
	x.depend()
	t.tell(now, number)
}

// tell has whoever depends on an object know.
func (t *Objects) tell(now time.Time, number int) {
	t.touch(now, on{object: number})
	if t.Changed != nil {
		t.Changed(now, number)
	}
}

// Interface says that an interface has changed.
func (t *Objects) Interface(now time.Time, name string) { t.touch(now, on{iface: name}) }

// touch has the objects that depend on something looked at, at the end of the instant.
func (t *Objects) touch(now time.Time, what on) {
	for x := range t.interested[what] {
		x.touch(now)
	}
}

func (x *object) touch(now time.Time) {
	if x.of.touched[x] = true; x.of.soon.At().IsZero() {
		x.of.Timers.Set(&x.of.soon, now)
	}
}

// RouteChanged is told by the table that the way to the route's prefix has changed.
func (x *object) RouteChanged(now time.Time) { x.touch(now) }

// look looks at what was touched, by number, and then at the lists that this has touched.
func (t *Objects) look(now time.Time) {
	for range t.objects { // a list may be part of another one, but not of itself
		list := slices.SortedFunc(maps.Keys(t.touched), func(a, b *object) int { return a.set.Number - b.set.Number })
		clear(t.touched)
		for _, x := range list {
			x.look(now)
		}
	}
	if len(t.touched) == 0 {
		t.Timers.Set(&t.soon, time.Time{})
	}
}

// depend has the object interested in what its settings name, and in nothing else.
func (x *object) depend() {
	for _, what := range x.ons {
		delete(x.of.interested[what], x)
		if len(x.of.interested[what]) == 0 {
			delete(x.of.interested, what)
		}
	}
	x.ons = nil
	x.interest(on{iface: x.set.Interface})
	x.interest(on{operation: x.set.Operation})
	x.interest(on{iface: x.out})
	for _, m := range x.set.Members {
		x.interest(on{object: m.Number})
	}
	// the address of a prefix is below whatever covers the prefix, and below the prefix itself
	x.of.Stack.VRF(x.set.VRF).Follow(&x.watch, x, x.set.Prefix.Addr())
}

func (x *object) interest(what on) {
	if what == (on{}) || x.of.objects[x.set.Number] != x {
		return
	}
	if x.of.interested[what] == nil {
		x.of.interested[what] = map[*object]bool{}
	}
	x.of.interested[what][x] = true
	x.ons = append(x.ons, what)
}

// pace is how long a state lasts that has changed: who follows an object may bring its condition
// about, or undo it, and this must not go on in one instant. IOS looks at interfaces that often.
const pace = time.Second

// look works out the state. Another one than before counts at once, or when it has lasted.
func (x *object) look(now time.Time) {
	up := x.state()
	if up == x.up {
		x.of.Timers.Set(&x.delay, time.Time{})
		return
	}
	wait := x.set.DelayDown
	if up {
		wait = x.set.DelayUp
	}
	if !x.moved.IsZero() {
		wait = max(wait, pace-now.Sub(x.moved))
	}
	switch {
	case wait == 0 || !x.looked:
		x.of.Timers.Set(&x.delay, time.Time{})
		x.change(now, up)
	case x.delay.At().IsZero():
		x.of.Timers.Set(&x.delay, now.Add(wait))
	}
}

func (x *object) change(now time.Time, up bool) {
	x.up, x.since = up, now
	if x.looked {
		x.moved = now
	}
	x.changes++
	x.of.Records.Emit(Changed{Object: x.set.Number, What: x.set.What, Up: up, First: !x.looked, Number: x.changes})
	if x.looked {
		x.of.tell(now, x.set.Number)
	}
}

// state is what the object tracks, as it stands.
func (x *object) state() bool {
	switch {
	case x.set.Interface != "":
		return x.interfaceState()
	case x.set.Operation != 0:
		return x.operationState()
	case x.set.Prefix.IsValid():
		return x.routeState()
	}
	return x.listState()
}

func (x *object) interfaceState() bool {
	i := x.of.Stack.Interfaces.Get(x.set.Interface)
	x.why = ""
	switch {
	case i == nil || i.Settings.Shutdown:
		x.why = "hw admin-down"
	case !i.Protocol && !i.Up:
		x.why = "hw down"
	case !i.Protocol:
		x.why = "line protocol down"
	case x.set.Routing && !i.State().Address.IsValid():
		x.why = "no IP addr"
	}
	return x.why == ""
}

func (x *object) routeState() bool {
	r, found := x.of.Stack.VRF(x.set.VRF).To(x.set.Prefix)
	if x.code = r.Code; x.out != r.Interface {
		x.out = r.Interface
		x.depend()
	}
	return found
}

func (x *object) operationState() bool {
	o := x.of.operations[x.set.Operation]
	return o != nil && (o.code == OK || !x.set.State && o.code == OverThreshold)
}

// listState: a list without objects is down, and an object that there is not is neither up
// nor its opposite.
func (x *object) listState() bool {
	ups := 0
	for _, m := range x.set.Members {
		if up, known := x.of.Up(m.Number); known && up != m.Not {
			ups++
		}
	}
	return ups > 0 && (x.set.List == "or" || ups == len(x.set.Members))
}
