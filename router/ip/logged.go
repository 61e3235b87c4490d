package ip

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/router/record"
)

// AccessLogged says that packets met a line of an access list with `log`: the first of a
// conversation at once, those that follow every five minutes.
type AccessLogged struct {
	List             string
	Line             int
	Standard         bool // a standard list, which asks for the source alone
	Denied           bool
	From, To         netip.Addr
	Protocol         uint8
	FromPort, ToPort uint16  // of TCP and UDP; 0 of a later fragment
	Type, Code       uint8   // of ICMP
	Interface        string  // by which they came, with `log-input`; "": that is not told
	MAC              [6]byte // from where
	Packets          uint64
}

func (AccessLogged) Kind() string { return "ip.access_logged" }

// AccessMissed says that others met such a line, of more conversations than are told apart.
type AccessMissed struct{ Packets uint64 }

func (AccessMissed) Kind() string { return "ip.access_missed" }

const (
	accessInterval = 5 * time.Minute
	maxLogged      = 1024 // conversations that are told apart
)

// accessLog counts what access lists are to tell of.
type accessLog struct {
	records *record.Emitter
	timers  *Timers
	list    []*AccessLogged // in the order of their first packets
	known   map[AccessLogged]*AccessLogged
	missed  uint64
	timer   Timer
}

func (l *accessLog) init(e *record.Emitter, t *Timers) {
	l.records, l.timers, l.timer = e, t, NewTimer(l.tell)
}

// saw takes note of a packet.
func (l *accessLog) saw(now time.Time, what AccessLogged) {
	if same := l.known[what]; same != nil {
		same.Packets++
		return
	}
	if len(l.list) == maxLogged {
		l.missed++
		return
	}
	l.note(now, what)
	what.Packets = 1
	l.records.Emit(what)
}

// note remembers a conversation.
func (l *accessLog) note(now time.Time, what AccessLogged) {
	if len(l.list) == 0 {
		l.timers.Set(&l.timer, now.Add(accessInterval))
		l.known = map[AccessLogged]*AccessLogged{}
	}
	counted := what
	l.list = append(l.list, &counted)
	l.known[what] = &counted
}

// tell tells of what has come since the last time, and forgets of what nothing has.
func (l *accessLog) tell(now time.Time) {
	l.list = slices.DeleteFunc(l.list, func(x *AccessLogged) bool {
		told := *x
		if x.Packets = 0; told.Packets > 0 {
			l.records.Emit(told)
			return false
		}
		delete(l.known, told)
		return true
	})
	if l.missed > 0 {
		l.records.Emit(AccessMissed{l.missed})
		l.missed = 0
	}
	if len(l.list) > 0 {
		l.timers.Set(&l.timer, now.Add(accessInterval))
	}
}
