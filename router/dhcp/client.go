package dhcp

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// State is a client's state (RFC 2131 4.4, figure 5).
type State uint8

// The states.
const (
	Init       State = iota // nothing is out: no line, or a pause
	Selecting               // DISCOVER is out
	Requesting              // REQUEST for an offer
	Rebooting               // REQUEST for the address of before
	Bound                   // the lease stands
	Renewing                // REQUEST to whom it is from
	Rebinding               // REQUEST to anybody
	Released                // somebody gave the address back
)

// String is the state's name on screens of IOS.
func (s State) String() string {
	return [...]string{"Init", "Selecting", "Requesting", "Rebooting", "Bound", "Renewing", "Rebinding", "Released"}[s]
}

// pause is how long a client waits that was refused (RFC 2131 3.1.5).
const pause = 10 * time.Second

// Way is a client's interface.
type Way interface {
	// Send sends a message of the client; an invalid address: to all on the link, from
	// none.
	Send(now time.Time, m *Message, from, to netip.Addr)
	// Leased says that the client has another lease, or none any more.
	Leased(now time.Time)
	// Fits says whether the interface may have an address.
	Fits(p netip.Prefix) bool
}

// ClientOptions are what a client is made of.
type ClientOptions struct {
	Interface string
	Hardware  [6]byte
	ClientID  string // octets of the option
	Hostname  string
	Way       Way
	Timers    *ip.Timers
	Records   *record.Emitter
	Random    func() uint32
}

// Client asks for the address of one interface.
type Client struct {
	o      ClientOptions
	state  State
	up     bool
	xid    uint32
	sent   int       // so often in this state
	asked  time.Time // when the first of these left
	offer  *Message
	lease  Lease
	leased bool
	timer  ip.Timer
}

// NewClient makes a client whose interface is down.
func NewClient(o ClientOptions) *Client {
	c := &Client{o: o}
	c.timer = ip.NewTimer(c.due)
	return c
}

// Lease is what the interface has; false: nothing.
func (c *Client) Lease() (Lease, bool) { return c.lease, c.leased }

// Line says that the interface came up, or went down: what comes then may be another
// network, so the address of before is asked for anew (RFC 2131 3.2, 4.4.2).
func (c *Client) Line(now time.Time, up bool) {
	if c.up == up {
		return
	}
	c.up = up
	switch {
	case c.state == Released:
	case !up:
		c.enter(now, Init)
		c.o.Timers.Set(&c.timer, c.lease.Ends)
	default: // behind whatever else follows from the line
		c.enter(now, Init)
		c.o.Timers.Set(&c.timer, now)
	}
}

// Renew is `renew dhcp`.
func (c *Client) Renew(now time.Time) {
	switch {
	case !c.up:
		c.enter(now, Init)
	case c.leased:
		c.begin(now, Renewing)
	default:
		c.begin(now, Selecting)
	}
}

// Release gives the address back.
func (c *Client) Release(now time.Time) {
	had, lease := c.leased, c.lease
	if had && c.up {
		c.xid = c.o.Random()
		m := c.message(Release)
		m.Client, m.Server = lease.Address.Addr(), lease.Server
		c.send(now, m, lease.Server)
	}
	c.enter(now, Released)
	c.lose(now, GivenBack)
}

// Stop releases, and is the end.
func (c *Client) Stop(now time.Time) {
	c.Release(now)
	c.o.Timers.Set(&c.timer, time.Time{})
}

// enter goes to a state in which nothing is due.
func (c *Client) enter(now time.Time, s State) {
	c.state, c.sent, c.offer = s, 0, nil
	c.o.Timers.Set(&c.timer, time.Time{})
}

// begin goes to a state that asks something, and asks.
func (c *Client) begin(now time.Time, s State) {
	offer := c.offer
	c.enter(now, s)
	c.offer, c.asked = offer, now
	if s != Requesting {
		c.xid = c.o.Random()
	}
	c.ask(now)
}

// ask sends what the state asks, and waits.
func (c *Client) ask(now time.Time) {
	c.sent++
	wait := now.Add(backoff(c.sent, c.o.Random()))
	m, to := c.message(Request), netip.Addr{}
	switch c.state {
	case Selecting:
		m.Type = Discover
		if c.leased {
			m.Requested = c.lease.Address.Addr()
		}
	case Requesting:
		m.Requested, m.Server = c.offer.Your, c.offer.Server
	case Rebooting:
		m.Requested = c.lease.Address.Addr()
	case Renewing:
		m.Client, m.Broadcast, to = c.lease.Address.Addr(), false, c.lease.Server
		wait = again(now, c.lease.T2)
	case Rebinding:
		m.Client = c.lease.Address.Addr()
		wait = again(now, c.lease.Ends)
	}
	if c.state == Renewing && c.lease.Ends.IsZero() { // asked for by hand
		wait = now.Add(time.Minute)
	}
	c.send(now, m, to)
	c.o.Timers.Set(&c.timer, wait)
}

// wanted are the options that a client of IOS asks for.
var wanted = []byte{codeMask, codeDNS, codeDomain, codeRouter, codeLease, codeT1, codeT2}

func (c *Client) message(t Type) *Message {
	m := &Message{Type: t, XID: c.xid, Broadcast: true, Hardware: c.o.Hardware}
	m.ClientID, m.Hostname = c.o.ClientID, c.o.Hostname
	if t == Discover || t == Request {
		m.Wanted = wanted
	} else {
		m.Broadcast, m.Hostname = false, ""
	}
	return m
}

func (c *Client) send(now time.Time, m *Message, to netip.Addr) {
	c.o.Records.Emit(said(c.o.Interface, true, m))
	c.o.Way.Send(now, m, m.Client, to)
}

// due is what comes of silence.
func (c *Client) due(now time.Time) {
	switch {
	case c.leased && !c.lease.Ends.IsZero() && !now.Before(c.lease.Ends):
		c.lose(now, RanOut)
		c.enter(now, Init)
		c.discover(now)
	case !c.up:
	case c.state == Bound:
		c.begin(now, Renewing)
	case c.state == Renewing && c.lease.Ends.IsZero():
		c.settle(now)
	case c.state == Renewing && !now.Before(c.lease.T2):
		c.begin(now, Rebinding)
	case c.state == Rebooting && c.sent >= 2: // RFC 2131 3.2.4: it may use the lease up
		c.settle(now)
	case c.state == Requesting && c.sent >= 4:
		c.discover(now)
	case c.state == Init && c.leased:
		c.begin(now, Rebooting)
	case c.state == Init:
		c.discover(now)
	default:
		c.ask(now)
	}
}

func (c *Client) discover(now time.Time) {
	if c.offer = nil; c.up {
		c.begin(now, Selecting)
	}
}

// settle has the lease that there is stand until it is due.
func (c *Client) settle(now time.Time) {
	c.enter(now, Bound)
	next := c.lease.T1
	if !next.IsZero() && !next.After(now) {
		next = again(now, c.lease.Ends)
	}
	c.o.Timers.Set(&c.timer, next)
}

// Receive takes a server's answer; what nobody asked for has no effect.
func (c *Client) Receive(now time.Time, m *Message) {
	if !m.Reply || m.XID != c.xid || m.Hardware != c.o.Hardware || !c.up {
		return
	}
	asks := c.state == Requesting || c.state == Rebooting || c.state == Renewing || c.state == Rebinding
	if m.Type == Offer && c.state != Selecting || m.Type != Offer && !asks {
		return
	}
	c.o.Records.Emit(said(c.o.Interface, false, m))
	switch m.Type {
	case Offer:
		if _, ok := leaseOf(m, now); ok {
			c.offer = m
			c.begin(now, Requesting)
		}
	case Ack:
		c.acknowledged(now, m)
	case Nak: // RFC 2131 3.1.5, after a moment: two that disagree make no storm
		c.lose(now, Refused)
		c.enter(now, Init)
		c.o.Timers.Set(&c.timer, now.Add(time.Second))
	}
}

// acknowledged takes a lease, or declines one that the interface cannot have.
func (c *Client) acknowledged(now time.Time, m *Message) {
	lease, ok := leaseOf(m, c.asked)
	if !ok || !lease.Ends.IsZero() && !lease.Ends.After(now) { // so late that it has ended
		return
	}
	if !c.o.Way.Fits(lease.Address) {
		d := c.message(Decline)
		d.Requested, d.Server = m.Your, m.Server
		c.send(now, d, netip.Addr{})
		c.lose(now, Overlaps)
		c.enter(now, Init)
		c.o.Timers.Set(&c.timer, now.Add(pause))
		return
	}
	before, had := c.lease, c.leased
	c.lease, c.leased = lease, true
	c.settle(now)
	renewed := had && before.Address == lease.Address
	c.o.Records.Emit(Leased{Interface: c.o.Interface, Address: lease.Address, Server: lease.Server, Routers: lease.Routers, Seconds: lease.Seconds, Renewed: renewed, Hostname: c.o.Hostname})
	if !renewed || len(before.Routers)+len(lease.Routers) > 0 && !sameFirst(before.Routers, lease.Routers) {
		c.o.Way.Leased(now)
	}
}

func sameFirst(a, b []netip.Addr) bool { return len(a) > 0 && len(b) > 0 && a[0] == b[0] }

// lose takes the address away.
func (c *Client) lose(now time.Time, why End) {
	if !c.leased {
		return
	}
	gone := c.lease.Address
	c.lease, c.leased = Lease{}, false
	c.o.Records.Emit(Lost{Interface: c.o.Interface, Address: gone, Why: why})
	c.o.Way.Leased(now)
}

// ClientState is what a screen shows of a client.
type ClientState struct {
	Interface string    `json:"interface"`
	State     State     `json:"state"`
	XID       uint32    `json:"transaction"`
	Sent      int       `json:"retries"`
	ClientID  string    `json:"client_id"`
	Hostname  string    `json:"hostname,omitempty"`
	Leased    bool      `json:"leased"`
	Due       time.Time `json:"next_timer,omitzero"`
	Lease
}

// MarshalText is the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Snapshot is what a screen shows.
func (c *Client) Snapshot() ClientState {
	return ClientState{c.o.Interface, c.state, c.xid, max(0, c.sent-1), c.o.ClientID, c.o.Hostname, c.leased, c.timer.At(), c.lease}
}
