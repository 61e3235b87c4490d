package shell

import (
	"time"

	"ikelab/iosconfig"
	"ikelab/router/debug"
	"ikelab/router/record"
	"ikelab/router/show"
)

const (
	defaultLogBuffer = 4096        // octets, IOS's default
	logPause         = time.Minute // between two messages about the same kind of bad packet
)

// logs is the logging buffer and the counts of `show logging`.
type logs struct {
	buffer  []string // oldest first
	octets  int
	console int // messages logged
	monitor int
	buffers int
	trap    int // of a severity that would go to a server
	last    map[string]time.Time
}

// take renders a record for whoever listens.
func (sh *Shell) take(r record.Record) {
	if !debug.Wanted(r.Body, sh.switches) {
		return
	}
	c := sh.device.Running()
	view := debug.View{Generation: sh.device.Generation(), LogSession: c.IKEv2.LogSession, LogIKEv2: c.IKEv2.LogIKEv2, LogNTP: c.Service.NTP.Logging, Detailed: sh.switches.Detailed}
	for _, l := range debug.Render(r.Body, sh.switches, view) {
		if !sh.wants(l, r) || !sh.log.admits(r.At, l.Limit) {
			continue
		}
		text := l.Text
		if l.Stamped {
			stamps := c.Service.DebugTimestamps
			if l.Class == debug.Syslog {
				stamps = c.Service.LogTimestamps
			}
			text = stamped(text, sh.device.Clock(), r.At, sh.device.Started(), stamps)
		}
		sh.emit(c.Logging, l.Severity, text)
	}
}

// wants says whether the conditions of debugs let a line pass: whom it is about, or
// whether the access list of `debug ip packet` permits the packet.
func (sh *Shell) wants(l debug.Line, r record.Record) bool {
	if list := sh.switches.List; l.Class == debug.Packets && list != "" {
		return sh.device.Permits(list, debug.Header(r.Body))
	}
	return sh.conditions == nil || sh.conditions.Admits(l, r, sh.ends)
}

// ends are the IKE SAs that there are.
func (sh *Shell) ends() []debug.Ends {
	vrfs := map[int]show.IKEVRFs{}
	for _, sa := range show.IKESAsOf(sh.device, show.Which{}) {
		vrfs[sa.ID] = sa.IKEVRFs
	}
	var list []debug.Ends
	for _, sa := range sh.device.IKESAs(show.Which{}) {
		v := vrfs[sa.ID]
		list = append(list, debug.Ends{ID: sa.ID, SPIi: sa.SPIi, Local: sa.Local.Addr(), Remote: sa.Remote.Addr(), FVRF: v.FVRF, IVRF: v.IVRF})
	}
	return list
}

// admits says whether a message that is limited is due again.
func (l *logs) admits(now time.Time, kind string) bool {
	if kind == "" {
		return true
	}
	if last, known := l.last[kind]; known && now.Sub(last) < logPause {
		return false
	}
	if l.last == nil {
		l.last = map[string]time.Time{}
	}
	l.last[kind] = now
	return true
}

// emit hands a finished line to everything that listens at its severity: the
// buffer, the console and the terminals with `terminal monitor`.
func (sh *Shell) emit(level iosconfig.Logging, severity int, line string) {
	if severity <= level.Buffered {
		sh.log.buffers++
		sh.log.append(line, level.BufferedSize)
	}
	if severity <= level.Console {
		sh.log.console++
	}
	if severity <= debug.Informational {
		sh.log.trap++
	}
	for s := range sh.all {
		if s.monitor && severity <= level.Monitor {
			sh.log.monitor++
		}
		if s.options.Console && severity <= level.Console || s.monitor && severity <= level.Monitor {
			s.async(line)
		}
	}
}

// append adds a line and drops the oldest ones beyond the buffer's size.
func (l *logs) append(line string, size int) {
	if size <= 0 {
		size = defaultLogBuffer
	}
	l.buffer = append(l.buffer, line)
	l.octets += len(line) + 1
	drop := 0
	for l.octets > size && drop < len(l.buffer) {
		l.octets -= len(l.buffer[drop]) + 1
		drop++
	}
	l.buffer = l.buffer[drop:]
}

func (l *logs) clear() { l.buffer, l.octets = nil, 0 }

func loggingScreen(x *exec, _ args) show.Screen {
	level, log := x.d.Running().Logging, &x.s.sh.log
	s := show.Logging{
		Console: show.LogTarget{Level: level.Console, Messages: log.console}, Monitor: show.LogTarget{Level: level.Monitor, Messages: log.monitor},
		Buffer: show.LogTarget{Level: level.Buffered, Messages: log.buffers}, Trap: show.LogTarget{Level: debug.Informational, Messages: log.trap},
		Size: level.BufferedSize, Buffered: append([]string{}, log.buffer...),
	}
	if s.Size <= 0 {
		s.Size = defaultLogBuffer
	}
	return s
}
