package router

import (
	"io"
	"time"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/router/ntp"
	"ikelab/router/record"
	"ikelab/router/shell"
)

// Router is one device. New makes it, switched off.
type Router struct {
	options   Options
	random    random
	records   *record.Emitter
	store     *iosconfig.Store // the running configuration
	nvram     NVRAM
	file      *editor.Loaded // what startup-config is, until it takes effect; nil: it has
	reason    string         // why the router started
	carriers  []bool         // by port
	jobs      jobs
	certified *certified
	clock     ntp.Clock
	shell     *shell.Shell

	send func(port int, frame []byte, cause uint64) (number uint64)
	borrowed
	deadlines deadlines
	on        bool
	machine   *machine
}

// random are the router's streams of random octets.
type random struct {
	keys io.Reader // for the engine
	iv   io.Reader // for ESP
	pace io.Reader // for the moments at which tunnels come up

	lease   io.Reader // for the names and pauses of DHCP
	standby io.Reader // for the moments at which HSRP speaks
}

// New makes a router that is switched off and has no configuration.
func New(o Options) *Router {
	if o.Stream == nil {
		panic("router: Options.Stream is nil")
	}
	for _, name := range o.Ports {
		if _, ok := portOf(name); !ok {
			panic("router: no port can be called " + name)
		}
	}
	r := &Router{
		options: o, random: random{keys: o.Stream("ikev2"), iv: o.later("esp"), pace: o.Stream("tunnel"), lease: o.later("dhcp"), standby: o.later("hsrp")},
		records: record.New(o.Node, o.Name), carriers: make([]bool, len(o.Ports)), file: &editor.Loaded{}, jobs: jobs{load: load{recent: make([]interval, 0, 1)}}, reason: "power-on",
	}
	r.store = iosconfig.NewStore(r.options.withPorts(iosconfig.New(r.generation())))
	r.certified = newCertified(&r.options, r.records, &r.clock)
	r.certified.running = func() *iosconfig.Config { return r.machine.running() }
	r.certified.changed = func(now time.Time) {
		t := newTouched()
		t.ike.all = true
		r.machine.settle(now, t)
	}
	r.certified.enter = func(now time.Time, lines []string) { enterAll(newEditor(r), now, lines) }
	r.machine = r.newMachine()
	r.shell = shell.New(deviceOf(r), r.records, shell.EXEC())
	return r
}

// Attach gives the router its way out. send copies the frame at once and
// tells its number; job calls Work and, cost later, Deliver.
func (r *Router) Attach(send func(port int, frame []byte, cause uint64) (number uint64), job func(cost time.Duration, id uint64)) {
	r.send, r.jobs.ask = send, job
}

// borrowed is where frames are made that send then need not copy; nil: nobody lends.
type borrowed struct{ lend func(use, n int) []byte }

// Borrow has the router, from when it starts, fill its frames in what lend gives.
func (b *borrowed) Borrow(lend func(use, n int) []byte) { b.lend = lend }

// LoadStartup gives the router its startup configuration, which takes effect
// when the router starts: the lines that are understood.
func (r *Router) LoadStartup(s Startup) {
	r.nvram.startup = s.text
	r.certified.keys = readKeys(r.nvram.private)
	if !r.on {
		r.file = &s.Loaded
		r.store.Replace(r.options.withPorts(s.Commit.After))
	}
}

// NVRAM is what the router has without power.
func (r *Router) NVRAM() *NVRAM { return &r.nvram }

// Start is power on. A router that was on has lost its power meanwhile.
func (r *Router) Start(now time.Time) {
	r.records.Begin(now, 0, 0)
	if r.on {
		r.shell.Restart(now)
		r.afresh("power-on")
	}
	r.boot(now)
}

// reload is a power cycle.
func (r *Router) reload(now time.Time) {
	r.afresh("reload")
	r.boot(now)
}

// afresh has all but the startup configuration lost.
func (r *Router) afresh(reason string) {
	file := rows.Load(r.nvram.startup, r.generation())
	r.jobs.forget()
	r.certified.keys = readKeys(r.nvram.private)
	clear(r.certified.keyless)
	clear(r.certified.renewals)
	r.machine = r.newMachine()
	r.reason, r.file = reason, &file
	r.store.Replace(r.options.withPorts(file.Commit.After))
}

// boot has the startup configuration take effect.
func (r *Router) boot(now time.Time) {
	r.on, r.machine.ip.Lend = true, r.lend
	r.clock.Boot(now, r.options.Clock)
	recordRefused(r.records, r.file)
	r.machine.boot(now, r.file.Commit)
	r.file = nil
	r.certified.enrolAll(now)
}

// Receive takes a frame from a port. The frame is not modified and not kept.
func (r *Router) Receive(now time.Time, port int, frame []byte, number, cause uint64) {
	if r.on {
		r.records.Begin(now, record.ID(cause), number)
		r.machine.ip.Receive(now, port, frame)
	}
}

// Carrier says that a port's carrier changed.
func (r *Router) Carrier(now time.Time, port int, up bool) {
	if port < 0 || port >= len(r.carriers) {
		return
	}
	r.carriers[port] = up
	if r.on {
		r.records.Begin(now, 0, 0)
		r.machine.ip.Interfaces.Carrier(now, port, up)
	}
}

// Advance does what has become due.
func (r *Router) Advance(now time.Time) {
	if r.on {
		r.machine.advance(now)
		r.shell.Advance(now)
	}
}

// Deadline is when Advance must next be called; zero: never.
func (r *Router) Deadline() time.Time {
	if !r.on {
		return time.Time{}
	}
	a, b, c := r.machine.timers.Next(), r.machine.engine.Deadline(), r.shell.Deadline()
	if d := &r.deadlines; a != d.timers || b != d.engine || c != d.shell {
		*d = deadlines{a, b, c, earlier(earlier(a, b), c)}
	}
	return r.deadlines.earliest
}

// deadlines are those that a router's is made of, which is asked for after each packet and mostly
// what it was before.
type deadlines struct{ timers, engine, shell, earliest time.Time }

// earlier is the earlier of two deadlines; zero: never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Work is what a job computes; nil when the router was reloaded meanwhile.
func (r *Router) Work(id uint64) func() { return r.jobs.work(id, r.machine.engine.Job) }

// Deliver says that a job's cost has passed.
func (r *Router) Deliver(now time.Time, id uint64) {
	if j := r.jobs.take(id); j != nil {
		r.records.Begin(now, j.cause, 0)
		r.machine.apply(now, r.machine.engine.Deliver(now, j.id, j.result))
	}
}

// Ping sends echoes, as somebody does who is no terminal.
func (r *Router) Ping(now time.Time, p shell.PingRequest) (stop func()) {
	r.records.Begin(now, 0, 0)
	if !p.Source.IsValid() {
		p.Source = deviceOf(r).SourceFor(p.VRF, p.Destination)
	}
	return deviceOf(r).Ping(now, p)
}

// Records is the router's part of the lab's stream.
func (r *Router) Records() *record.Emitter { return r.records }

// Name is the name of the device in its lab.
func (r *Router) Name() string { return r.options.Name }

// Hostname is what the prompt shows.
func (r *Router) Hostname() string { return r.store.Running().Hostname }

// Shell is the router's command line.
func (r *Router) Shell() *shell.Shell { return r.shell }

// Age uses the sequence numbers of all ESP SAs up, as packets would, until so many are
// left.
func (r *Router) Age(left int) { r.machine.crypto.Age(uint64(left)) }

// TunnelUp says whether the line protocol of an interface is up, which that of a
// protected tunnel is while it has SAs. name is the full name.
func (r *Router) TunnelUp(name string) bool {
	i := r.machine.ip.Interfaces.Get(name)
	return i != nil && i.Protocol
}

// MAC is the address of a port by its full name; zero when there is none.
func (r *Router) MAC(name string) [6]byte {
	if i := r.machine.ip.Interfaces.Get(name); i != nil {
		return i.MAC
	}
	return [6]byte{}
}

// generation is the generation of IOS whose screens, debugs and defaults the
// router has.
func (r *Router) generation() iosconfig.Generation { return generationOf(r.options.Image) }

// clockMoved has all follow that goes by the clock: certificates, and a reload at a time of the day.
func clockMoved(now time.Time, r *Router) {
	clear(r.certified.renewals) // what was of no use at another time
	r.certified.changed(now)
	r.shell.ClockMoved(now)
}
