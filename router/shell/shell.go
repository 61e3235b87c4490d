package shell

import (
	"slices"
	"time"

	"ikelab/router/debug"
	"ikelab/router/operator"
	"ikelab/router/record"
)

// Shell is the terminals of one router, and what they share: the debugs that
// are on and the logging buffer.
type Shell struct {
	device   Device
	records  *record.Emitter
	sessions []*Session
	switches debug.Switches
	log      logs
}

// New makes the shell of a device, which listens to the device's records from
// now on.
func New(d Device, records *record.Emitter) *Shell {
	sh := &Shell{device: d, records: records}
	records.ListenTo(sh.take, func() bool { return sh.switches.Details() })
	return sh
}

// Open opens a terminal.
func (sh *Shell) Open(o Options) *Session {
	s := &Session{
		sh: sh, options: o, privileged: o.Privileged, pager: pager{length: defaultLength}, width: defaultWidth,
		user: userTable, enabled: privilegedTable, vty: -1,
	}
	if !o.Console {
		s.vty = sh.freeVTY()
	}
	sh.sessions = append(sh.sessions, s)
	return s
}

// freeVTY is the lowest vty line that nobody uses.
func (sh *Shell) freeVTY() int {
	for n := 0; ; n++ {
		if !slices.ContainsFunc(sh.sessions, func(s *Session) bool { return s.vty == n }) {
			return n
		}
	}
}

// Restart puts every terminal back to where a booted router begins; the log
// and the debugs are gone.
func (sh *Shell) Restart(now time.Time) {
	for _, s := range sh.sessions {
		s.restart()
	}
	sh.switches, sh.log = debug.Switches{}, logs{}
}

// reload is `reload`, confirmed: a power cycle.
func (sh *Shell) reload(now time.Time, by string) {
	sh.records.Emit(operator.ReloadRequested{By: by})
	sh.Restart(now)
	sh.device.Reload(now)
	sh.records.Emit(operator.Restarted{})
}
