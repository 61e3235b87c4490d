package netsim

import "time"

// HostPort is a port whose far end is the host: a function takes the frames
// that come out, and the driver of the simulation injects those that come in.
type HostPort struct {
	sim  *Sim
	port *Port
	out  func(now time.Time, frame []byte)
	cut  func(up bool) // nil: nobody wants to know
}

// HostPort adds a port named "host:" and name, to be linked like any other.
// out is called when a frame has arrived there; the frame is valid during the
// call only and must not be modified.
func (s *Sim) HostPort(name string, out func(now time.Time, frame []byte)) *HostPort {
	h := &HostPort{sim: s, out: out}
	h.port = s.newPort("host", name, 0, h)
	return h
}

// Port is the port, to be linked.
func (h *HostPort) Port() *Port { return h.port }

// Inject sends a frame into the simulation at now, which is the current
// instant or later. The frame is copied.
func (h *HostPort) Inject(now time.Time, frame []byte) {
	if !now.After(h.sim.now) {
		h.port.originate(h.sim.frames.copyOf(frame), 0)
		return
	}
	data := append([]byte(nil), frame...)
	h.sim.At(now, func(time.Time) { h.port.originate(h.sim.frames.copyOf(data), 0) })
}

// OnCut has f called when somebody cuts or mends the link.
func (h *HostPort) OnCut(f func(up bool)) { h.cut = f }

// SetCarrier says whether the host's end of the link is there: a link has
// carrier while both it and nobody has cut it.
func (h *HostPort) SetCarrier(up bool) {
	if l := h.port.link; l != nil {
		l.set(&l.dark, !up)
	}
}

// SetMTU says how large a packet the host's end takes, in octets; 0: any. Longer
// ones are dropped before they leave.
func (h *HostPort) SetMTU(octets int) {
	if far := h.port.far; far != nil {
		far.egress.mtu = octets
		far.egress.activate(far.impairments)
	}
}

func (h *HostPort) ready() bool { return true }

func (h *HostPort) receive(_ *Port, f *frame) { h.out(h.sim.now, f.data) }

func (h *HostPort) carrier(*Port, bool) {}

// told passes on what somebody did to the link, but not what the host itself did.
func (h *HostPort) told(cut bool) {
	if h.cut != nil {
		h.cut(!cut)
	}
}
