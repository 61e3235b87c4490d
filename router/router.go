package router

import (
	"io"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec/spd"
)

// Router is one device. New makes it, switched off.
type Router struct {
	options Options
	send    func(port int, frame []byte, cause uint64) (number uint64)
	job     func(cost time.Duration, id uint64)
	jobs    jobs

	on       bool
	started  time.Time // power on or reload
	reason   string    // why it started
	startup  string    // startup-config; "": none
	config   *iosconfig.Config
	carriers []bool // by port

	ifaces []*iface // ports first, then loopbacks and tunnels in order of configuration
	fib    fib
	arpDue time.Time // when some ARP entry has something to do
	frags  reassembler
	icmp   icmpLimits
	ipID   uint16
	work   []byte // packet being forwarded or just decrypted
	sealed []byte // packet being encrypted

	engine    *ikev2.Engine
	policy    ikev2.Config                 // what the engine was last given
	flows     map[string]ikev2.ChildPolicy // and the demands of tunnels
	tunnels   []*tunnel                    // the protected ones, by interface order
	tunnelDue time.Time                    // when some tunnel has something to do
	sad       spd.SAD[*saPair]             // by the SPI that we receive on
	lastConn  int                          // connection id of the last SA
	drops     dropState
	keyRand   io.Reader // for the engine
	ivRand    io.Reader // for ESP
	paceRand  io.Reader // for the moments at which tunnels come up

	shell shellState
}

// New makes a router that is switched off and has no configuration.
func New(o Options) *Router {
	if o.Image == "" {
		o.Image = "15.1"
	}
	if o.Stream == nil {
		panic("router: Options.Stream is nil")
	}
	for _, name := range o.Ports {
		if _, _, ok := splitName(name); !ok {
			panic("router: no port can be called " + name)
		}
	}
	r := &Router{
		options: o, carriers: make([]bool, len(o.Ports)), reason: "power-on",
		keyRand: o.Stream("ikev2"), ivRand: o.Stream("esp"), paceRand: o.Stream("tunnel"),
	}
	r.config = r.blankConfig()
	return r
}

// Attach gives the router its way out. send copies the frame at once and
// tells its number; job calls Work and, cost later, Deliver.
func (r *Router) Attach(send func(port int, frame []byte, cause uint64) (number uint64), job func(cost time.Duration, id uint64)) {
	r.send, r.job = send, job
}

// LoadStartup makes text the startup configuration, which takes effect when
// the router starts. A text with errors, which are all reported, changes
// nothing.
func (r *Router) LoadStartup(text string) []iosconfig.FileError {
	config, problems := iosconfig.Load(text)
	if len(problems) > 0 {
		return problems
	}
	r.startup = text
	if !r.on {
		r.config = r.withPorts(config)
	}
	return nil
}

// Start is power on.
func (r *Router) Start(now time.Time) {
	r.on, r.started = true, now
	r.engine = ikev2.New(r.keyRand)
	r.applyConfig(now, r.config)
}

// reload is a power cycle: everything but the startup configuration is lost.
func (r *Router) reload(now time.Time) {
	config, _ := iosconfig.Load(r.startup)
	if config == nil {
		config = iosconfig.New()
	}
	r.ifaces, r.tunnels, r.sad, r.fib = nil, nil, spd.SAD[*saPair]{}, fib{}
	r.frags, r.icmp, r.drops = reassembler{}, icmpLimits{}, dropState{}
	r.policy, r.flows, r.jobs.running = ikev2.Config{}, nil, nil
	r.arpDue, r.tunnelDue = time.Time{}, time.Time{}
	r.config, r.reason = r.withPorts(config), "reload"
	r.Start(now)
}

// Advance does what has become due.
func (r *Router) Advance(now time.Time) {
	if !r.on {
		return
	}
	if isDue(r.arpDue, now) {
		r.advanceARP(now)
	}
	if isDue(r.frags.due, now) {
		r.expireFragments(now)
	}
	if isDue(r.tunnelDue, now) {
		r.advanceTunnels(now)
	}
	if isDue(r.engine.Deadline(), now) {
		r.apply(now, r.engine.Advance(now))
	}
	r.advanceSessions(now)
}

// Deadline is when Advance must next be called; zero: never.
func (r *Router) Deadline() time.Time {
	if !r.on {
		return time.Time{}
	}
	due := earliest(r.arpDue, r.frags.due)
	due = earliest(due, r.tunnelDue)
	due = earliest(due, r.engine.Deadline())
	return earliest(due, r.sessionsDeadline())
}

// isDue says whether an instant has come; the zero instant never does.
func isDue(t, now time.Time) bool { return !t.IsZero() && !t.After(now) }

// earliest is the earlier of two instants, of which zero means never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (r *Router) observe(now time.Time, ev any) {
	if r.options.Observe != nil {
		r.options.Observe(now, ev)
	}
}

// Name is the name of the device in its lab.
func (r *Router) Name() string { return r.options.Name }

// Hostname is what the prompt shows.
func (r *Router) Hostname() string { return r.config.Hostname }

// generation is the generation of IOS whose screens, debugs and defaults the
// router has.
func (r *Router) generation() iosconfig.Generation { return iosconfig.Generation(r.options.Image) }

// running is the configuration; editing it takes effect by applyConfig.
func (r *Router) running() *iosconfig.Config { return r.config }

func (r *Router) startupText() string        { return r.startup }
func (r *Router) setStartupText(text string) { r.startup = text }
func (r *Router) startedAt() time.Time       { return r.started }
func (r *Router) restartReason() string      { return r.reason }

// TunnelUp says whether the line protocol of a tunnel interface is up, which
// it is while it has SAs. name is the full name.
func (r *Router) TunnelUp(name string) bool {
	i := r.ifaceByName(name)
	return i != nil && i.tunnel != nil && i.protocol
}

// MAC is the address of a port by its full name; zero when there is none.
func (r *Router) MAC(name string) [6]byte {
	if i := r.ifaceByName(name); i != nil {
		return i.mac
	}
	return [6]byte{}
}
