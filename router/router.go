package router

import (
	"io"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/shell"
	"ikelab/router/tunnel"
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
	store    *iosconfig.Store
	carriers []bool // by port

	records *record.Emitter
	timers  *ip.Timers
	ip      *ip.Stack        // nil until power on
	routes  []ip.StaticRoute // that it was given
	crypto  *crypto.Crypto
	tunnels *tunnel.Tunnels

	engine   *ikev2.Engine
	policy   ikev2.Config                 // what the engine was last given
	flows    map[string]ikev2.ChildPolicy // and the demands of tunnels
	natt     uint64                       // datagrams for UDP port 4500, refused
	keyRand  io.Reader                    // for the engine
	ivRand   io.Reader                    // for ESP
	paceRand io.Reader                    // for the moments at which tunnels come up

	shell *shell.Shell
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
		if _, ok := portOf(name); !ok {
			panic("router: no port can be called " + name)
		}
	}
	r := &Router{
		options: o, carriers: make([]bool, len(o.Ports)), reason: "power-on",
		records: record.New(o.Node, o.Name),
		keyRand: o.Stream("ikev2"), ivRand: o.Stream("esp"), paceRand: o.Stream("tunnel"),
	}
	r.assemble()
	r.store = iosconfig.NewStore(r.blankConfig())
	r.shell = shell.New(device{r}, r.records)
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
func (r *Router) LoadStartup(text string) []editor.FileError {
	commit, problems := rows.Load(text, r.generation())
	if len(problems) > 0 {
		return problems
	}
	r.startup = text
	if !r.on {
		r.store.Replace(r.withPorts(commit.After))
	}
	return nil
}

// newStack makes the Internet layer of a device that was just switched on.
func (r *Router) newStack() *ip.Stack {
	ports := make([]ip.Port, 0, len(r.options.Ports))
	for _, name := range r.options.Ports {
		ports = append(ports, ip.Port{Name: name, Kind: string(iosconfig.TypeOf(name))})
	}
	s := ip.New(ip.Options{
		Records: r.records, Timers: r.timers, Kinds: r.kinds(), Ports: ports, Carriers: r.carriers, MAC: r.options.macOf,
		Send: func(port int, frame []byte) { r.send(port, frame, uint64(r.records.Last())) },
	})
	s.UDP.Handle(portIKE, r.receiveIKE)
	s.UDP.Handle(portNATT, r.refuseNATT)
	return s
}

// assemble makes the rooms of a device that was just switched on.
func (r *Router) assemble() {
	r.timers = ip.NewTimers(r.records)
	r.ip = r.newStack()
	r.crypto = r.newCrypto()
	r.tunnels = tunnel.New(r.ip, r.crypto)
}

// Start is power on.
func (r *Router) Start(now time.Time) {
	r.records.Begin(now, 0, 0)
	r.boot(now)
}

func (r *Router) boot(now time.Time) {
	r.on, r.started = true, now
	r.engine, r.flows = ikev2.New(r.keyRand), map[string]ikev2.ChildPolicy{}
	r.applyConfig(now)
}

// reload is a power cycle: everything but the startup configuration is lost.
func (r *Router) reload(now time.Time) {
	config := iosconfig.New(r.generation())
	if commit, problems := rows.Load(r.startup, r.generation()); len(problems) == 0 {
		config = commit.After
	}
	r.assemble()
	r.routes, r.natt, r.policy, r.flows, r.jobs.running = nil, 0, ikev2.Config{}, nil, nil
	r.reason = "reload"
	r.store.Replace(r.withPorts(config))
	r.boot(now)
}

// Advance does what has become due.
func (r *Router) Advance(now time.Time) {
	if !r.on {
		return
	}
	r.timers.Run(now)
	if isDue(r.engine.Deadline(), now) {
		r.records.Begin(now, 0, 0)
		r.apply(now, r.engine.Advance(now))
	}
}

// Deadline is when Advance must next be called; zero: never.
func (r *Router) Deadline() time.Time {
	if !r.on {
		return time.Time{}
	}
	return earliest(r.timers.Next(), r.engine.Deadline())
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

// Records is the router's part of the lab's stream.
func (r *Router) Records() *record.Emitter { return r.records }

// Name is the name of the device in its lab.
func (r *Router) Name() string { return r.options.Name }

// Hostname is what the prompt shows.
func (r *Router) Hostname() string { return r.running().Hostname }

// generation is the generation of IOS whose screens, debugs and defaults the
// router has.
func (r *Router) generation() iosconfig.Generation { return iosconfig.Generation(r.options.Image) }

// Shell is the router's command line.
func (r *Router) Shell() *shell.Shell { return r.shell }

// TunnelUp says whether the line protocol of a tunnel interface is up, which
// it is while it has SAs. name is the full name.
func (r *Router) TunnelUp(name string) bool {
	i := r.ip.Interfaces.Get(name)
	return i != nil && i.Holds() && i.Protocol
}

// MAC is the address of a port by its full name; zero when there is none.
func (r *Router) MAC(name string) [6]byte {
	if i := r.ip.Interfaces.Get(name); i != nil {
		return i.MAC
	}
	return [6]byte{}
}

// running is the configuration; what a session commits takes effect by
// applyConfig.
func (r *Router) running() *iosconfig.Config { return r.store.Running() }
