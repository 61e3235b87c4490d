package main

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"ikelab/netsim/hostlink"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// notices are lines that come by themselves: to standard error until somebody
// shows them elsewhere.
type notices struct{ to atomic.Pointer[func(string)] }

func (n *notices) show(f func(string)) { n.to.Store(&f) }

func (n *notices) say(text string) {
	if show := n.to.Load(); show != nil {
		(*show)(text)
		return
	}
	fmt.Fprintln(os.Stderr, "ikelab: "+text)
}

// door is a link of a lab with its end in the host. What it does happens between
// two events of the simulation.
type door struct {
	*lab.Door
	lab   *runningLab
	host  hostlink.Link
	down  bool      // as the host said last, and
	mtu   int       // how long a packet it takes then, in octets; 0: not known
	said  string    // the last error, and
	again time.Time // when it is worth being said again
}

// quiet is how long an error that repeats itself is not told.
const quiet = time.Minute

// openDoor joins a link to its end in the host.
func (l *runningLab) openDoor(at *lab.Door) error {
	host, err := l.hostLink(at.Link)
	if err != nil {
		return fmt.Errorf("link of %s: %w", at.Name, err)
	}
	d := &door{Door: at, lab: l, host: host}
	l.doors = append(l.doors, host)
	at.Out = func(frame []byte) { d.complain(host.Send(frame)) }
	at.Host.OnCut(func(up bool) { d.complain(host.Carrier(up)) })
	host.Start(func(frame []byte) {
		l.pacer.Do(func() { at.Host.Inject(l.Sim.Now(), frame) })
	}, func(s hostlink.State) {
		l.pacer.Do(func() { d.state(s) })
	})
	return nil
}

// hostLink opens the end in the host.
func (l *runningLab) hostLink(link *topologies.Link) (hostlink.Link, error) {
	switch link.Type {
	case topologies.LinkTap:
		return hostlink.OpenTap(link.HostInterface, link.Ends[0].Impairments.MTU)
	case topologies.LinkHost:
		return hostlink.OpenPacket(link.HostInterface)
	case topologies.LinkVXLAN:
		return l.vteps.Open(link.Local.Addr(), link.Remote.Addr(), link.Remote.Port(), link.VNI)
	}
	return hostlink.OpenUDP(link.Local, link.Remote)
}

// state passes on how the host's end is.
func (d *door) state(s hostlink.State) {
	d.Host.SetCarrier(s.Up)
	d.Host.SetMTU(s.MTU)
	switch {
	case s.Gone:
		d.lab.notices.say(fmt.Sprintf("%s: %s is gone, and the port is down", d.Name, d.end()))
	case !s.Up:
		d.lab.notices.say(fmt.Sprintf("%s: %s is down, and so is the port", d.Name, d.end()))
	case d.down:
		d.lab.notices.say(fmt.Sprintf("%s: %s is up again", d.Name, d.end()))
	}
	if changed := d.mtu != 0 && s.MTU != d.mtu; changed && !s.Gone {
		d.lab.notices.say(fmt.Sprintf("%s: %s now takes packets of up to %d octets", d.Name, d.end(), s.MTU))
	}
	d.down, d.mtu = !s.Up, s.MTU
}

// end is what people call the end in the host.
func (d *door) end() string {
	switch d.Link.Type {
	case topologies.LinkTap, topologies.LinkHost:
		return "the host's interface " + d.Link.HostInterface
	}
	return "the socket to " + d.Link.Remote.String()
}

// complain tells of an error, but not of each frame's. Where the end is down, that
// was told.
func (d *door) complain(err error) {
	if err == nil || d.down {
		return
	}
	text := plain(err)
	if errors.Is(err, syscall.EMSGSIZE) {
		text += "; a smaller mtu of the link, and on the router's interface, helps"
	}
	now := d.lab.Sim.Now()
	if text == d.said && now.Before(d.again) {
		return
	}
	d.said, d.again = text, now.Add(quiet)
	d.lab.notices.say(d.Name + ": " + text)
}
