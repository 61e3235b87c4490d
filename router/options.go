package router

import (
	"io"
	"time"
)

// Options are what a router is made of.
type Options struct {
	Node     uint32   // number of the device in its lab, from 1
	Name     string   // of the device in its lab
	Hostname string   // what it is called unless its configuration says otherwise; "": "Router"
	Image    string   // generation of screens and defaults; "": "15.1"
	Ports    []string // full names of the physical ports; their index is the port number

	// MAC gives the address of a port. Nil: derived from the name of the
	// device, which is enough where names differ.
	MAC func(port int) [6]byte

	// Stream gives a source of random octets by purpose. It is asked once for
	// each purpose.
	Stream func(purpose string) io.Reader

	// Authority finds a certification authority by the URL at which routers ask it. Nil: there
	// is none.
	Authority func(url string) Authority

	Epoch time.Time // instant at which the clock of the lab began
	Clock time.Time // what the router's clock shows whenever it boots; zero: what that of the lab does
}

// later is a stream that is asked for when somebody reads from it, which few routers do.
type later struct {
	stream  func(purpose string) io.Reader
	purpose string
	from    io.Reader
}

func (o *Options) later(purpose string) io.Reader { return &later{stream: o.Stream, purpose: purpose} }

func (l *later) Read(b []byte) (int, error) {
	if l.from == nil {
		l.from = l.stream(l.purpose)
	}
	return l.from.Read(b)
}

// macOf is the address of a port; a locally administered one.
func (o *Options) macOf(port int) [6]byte {
	if o.MAC != nil {
		return o.MAC(port)
	}
	h := uint32(2166136261) // FNV-1a
	for _, c := range []byte(o.Name) {
		h = (h ^ uint32(c)) * 16777619
	}
	return [6]byte{0xaa, byte(h >> 16), byte(h >> 8), byte(h), byte(port >> 8), byte(port)}
}
