package netsim

import "time"

// HostPort is a port whose far end is the host: a function takes the frames
// that come out, and the driver of the simulation injects those that come in.
type HostPort struct {
	sim  *Sim
	port *Port
	out  func(now time.Time, frame []byte)
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
		h.port.originate(frame, 0)
		return
	}
	data := append([]byte(nil), frame...)
	h.sim.At(now, func(time.Time) { h.port.originate(data, 0) })
}

func (h *HostPort) ready() bool { return true }

func (h *HostPort) receive(_ *Port, f *frame) { h.out(h.sim.now, f.data) }

func (h *HostPort) carrier(*Port, bool) {}
