package lab

import "ikelab/router/record"

// Stream is all that happens in a lab, in the order in which it does: the
// records of its devices and those of the fabric. Everything that shows a lab
// reads it.
type Stream struct {
	lab       *Lab
	listeners []func(record.Record)
}

// Listen has f called with each record from now on, after those who listen
// already.
func (s *Stream) Listen(f func(record.Record)) {
	if len(s.listeners) == 0 {
		for _, r := range s.lab.Routers {
			r.Records().Listen(s.tell)
		}
		for _, station := range s.lab.Stations {
			station.Records().Listen(s.tell)
		}
		s.lab.fabric.Listen(s.tell)
	}
	s.listeners = append(s.listeners, f)
}

func (s *Stream) tell(r record.Record) {
	for _, f := range s.listeners {
		f(r)
	}
}
