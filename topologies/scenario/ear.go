package scenario

import (
	"ikelab/router/record"
	"ikelab/topologies/lab"
)

// ear hears the stream for the step that is carried out, and listens to it once, however many
// steps there are.
type ear struct {
	open bool
	hear func(record.Record) // nil: no step minds
}

// lend has a step hear; nil: it has heard enough.
func (e *ear) lend(l *lab.Lab, hear func(record.Record)) {
	e.hear = hear
	if !e.open {
		e.open = true
		l.Stream.Listen(func(r record.Record) {
			if e.hear != nil {
				e.hear(r)
			}
		})
	}
}
