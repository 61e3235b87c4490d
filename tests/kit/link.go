package kit

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// Link is devices on one wire of 10.0.0.0/24, who hear each other at once but for those that are deaf.
type Link struct {
	Now     time.Time
	devices []*Device
	wire    []func()
}

// Device has an IP stack with one port, and what a protocol above it needs.
type Device struct {
	At      netip.Addr
	Stack   *ip.Stack
	Timers  *ip.Timers
	Records *record.Emitter
	Deaf    bool
	Said    []record.Body
	Sent    [][]byte
}

// Port is the name of each device's port.
const Port = "Ethernet0/0"

// NewLink is a link without devices.
func NewLink() *Link { return &Link{Now: time.Date(2002, time.March, 1, 0, 0, 0, 0, time.UTC)} }

// Add is a device more. with makes what it runs, before its port comes up.
func (l *Link) Add(at netip.Addr, with func(d *Device)) {
	k := byte(len(l.devices))
	d := &Device{At: at, Records: record.New(uint32(k)+1, at.String())}
	d.Records.ListenTo(func(r record.Record) { d.Said = append(d.Said, r.Body) }, func() bool { return true })
	d.Timers = ip.NewTimers(d.Records)
	d.Stack = ip.New(ip.Options{
		Records: d.Records, Timers: d.Timers, Carriers: []bool{true}, Kind: func(name string) ip.Kind { return ip.Kind{Port: name == "Ethernet"} }, Ports: []ip.Port{{Name: Port, Kind: "Ethernet"}},
		MAC:  func(int) [6]byte { return [6]byte{2, 0, 0, 0, 0, k} },
		Send: func(_ int, frame []byte) { l.send(d, slices.Clone(frame)) },
	})
	with(d)
	l.devices = append(l.devices, d)
	d.Stack.Interfaces.Set(l.Now, ip.InterfaceSettings{Name: Port, Kind: "Ethernet", Addresses: []netip.Prefix{netip.PrefixFrom(d.At, 24)}})
}

func (l *Link) send(from *Device, frame []byte) {
	from.Sent = append(from.Sent, frame)
	for _, d := range l.devices {
		if d != from && !d.Deaf && !from.Deaf {
			l.wire = append(l.wire, func() { d.Stack.Receive(l.Now, 0, frame) })
		}
	}
}

// Pass lets time pass.
func (l *Link) Pass(long time.Duration) {
	for end := l.Now.Add(long); ; {
		for len(l.wire) > 0 {
			first := l.wire[0]
			l.wire = l.wire[1:]
			first()
		}
		next := end
		for _, d := range l.devices {
			if at := d.Timers.Next(); !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		l.Now = next
		for _, d := range l.devices {
			d.Timers.Run(l.Now)
		}
		if len(l.wire) == 0 && !l.Now.Before(end) {
			return
		}
	}
}
