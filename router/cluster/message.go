package cluster

import "encoding/binary"

// Op is what a message says.
type Op uint8

// What a message says.
const (
	Hello Op = 1 // the member is there
	Load  Op = 2 // and has so much to do
	Leave Op = 3 // it takes part no more
)

var opNames = map[Op]string{Hello: "Hello", Load: "Load", Leave: "Leave"}

// MarshalText is its name.
func (o Op) MarshalText() ([]byte, error) { return []byte(opNames[o]), nil }

// message is one as it is sent: version, what it says, the priority and the length of the name of the group; of a
// load the sessions and the most of them; then the name.
type message struct {
	op    Op
	load  load
	group string
}

const (
	version    = 1
	headOctets = 4
	loadOctets = 8
	mostName   = 64
)

func (m *message) marshal() []byte {
	b := []byte{version, byte(m.op), byte(m.load.Priority), byte(len(m.group))}
	if m.op == Load {
		b = binary.BigEndian.AppendUint32(b, uint32(m.load.Sessions))
		b = binary.BigEndian.AppendUint32(b, uint32(m.load.Most))
	}
	return append(b, m.group...)
}

// parse reads one; false: it is none.
func parse(b []byte) (message, bool) {
	if len(b) < headOctets || b[0] != version || opNames[Op(b[1])] == "" || b[2] < 1 || b[2] > 100 || b[3] < 1 || b[3] > mostName {
		return message{}, false
	}
	m, name := message{op: Op(b[1]), load: load{Priority: int(b[2])}}, int(b[3])
	b = b[headOctets:]
	if m.op == Load {
		if len(b) < loadOctets {
			return message{}, false
		}
		sessions, most := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
		if sessions > mostSessions || most < 1 || most > mostSessions {
			return message{}, false
		}
		m.load.Sessions, m.load.Most = int(sessions), int(most)
		b = b[loadOctets:]
	}
	m.group = string(b)
	return m, len(b) == name
}

// mostSessions is more than any gateway has.
const mostSessions = 1 << 24

// load is what a member has to do.
type load struct {
	Sessions int `json:"sessions"`
	Most     int `json:"max_sessions"`
	Priority int `json:"priority"`
}

// percent is how much that is, where sessions weigh so much.
func (l load) percent(weight int) float64 {
	return float64(l.Sessions) * float64(weight) / float64(l.Most)
}

// less says whether a member is a better choice than another one: it has less to do, or as much and a higher
// priority.
func (l load) less(o load, weight int) bool {
	a, b := l.Sessions*o.Most, o.Sessions*l.Most
	if weight > 0 && a != b {
		return a < b
	}
	return l.Priority > o.Priority
}
