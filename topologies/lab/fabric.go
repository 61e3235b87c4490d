package lab

import (
	"ikelab/netsim"
	"ikelab/router/record"
)

// The bodies of what happens between the devices. A record of the fabric bears
// the number of the frame, and follows from the sender's record.

// FrameSent is a frame that a device, or the host, sent out of a port.
type FrameSent struct {
	Port   string
	Octets int
}

// FrameDropped is a frame that left a port and does not arrive. A frame that
// is flooded or duplicated may be dropped in one place and arrive in another.
type FrameDropped struct {
	Port   string
	Reason string
	Note   string // of a filter
}

// FrameAltered is what a fault did to a frame that goes on.
type FrameAltered struct{ Port, What string }

// LinkChanged is a link that was cut or mended.
type LinkChanged struct {
	Link string
	Up   bool
}

// PortChanged is a port that was taken down or up.
type PortChanged struct {
	Port string
	Up   bool
}

// FaultsSet are the impairments of a port, which act from now on.
type FaultsSet struct {
	Port string
	netsim.Impairments
}

// Kind names the body in the stream.
func (FrameSent) Kind() string    { return "fabric.frame_sent" }
func (FrameDropped) Kind() string { return "fabric.frame_dropped" }
func (FrameAltered) Kind() string { return "fabric.frame_altered" }
func (LinkChanged) Kind() string  { return "fabric.link_changed" }
func (PortChanged) Kind() string  { return "fabric.port_changed" }
func (FaultsSet) Kind() string    { return "fabric.faults_set" }

// observer makes records of what netsim tells.
type observer struct{ *Lab }

func (o observer) FrameSent(p *netsim.Port, number, cause uint64, octets int) {
	if !o.fabric.Unheard() {
		o.fabric.Begin(o.Sim.Now(), record.ID(cause), number)
		o.fabric.Emit(FrameSent{p.Name(), octets})
	}
}

func (o observer) Happened(e netsim.Event) {
	if !o.fabric.Unheard() {
		o.fabric.Begin(o.Sim.Now(), record.ID(e.Cause), e.Number)
		o.fabric.Emit(fabricBody(e))
	}
}

func fabricBody(e netsim.Event) record.Body {
	switch e.What {
	case netsim.FrameDropped:
		return FrameDropped{e.Port.Name(), e.Drop.String(), e.Note}
	case netsim.FrameAltered:
		return FrameAltered{e.Port.Name(), e.Note}
	case netsim.LinkUp, netsim.LinkDown:
		return LinkChanged{e.Link.Name(), e.What == netsim.LinkUp}
	case netsim.PortUp, netsim.PortDown:
		return PortChanged{e.Port.Name(), e.What == netsim.PortUp}
	}
	return FaultsSet{e.Port.Name(), e.Port.Impairments()}
}
