package logs

import (
	"slices"
	"strings"
)

// reader goes through a log, line by line.
type reader struct {
	log      *Log
	desks    map[string]*desk // by the name of the router
	desk     *desk            // whose lines are being read
	line     *line
	unread   map[Unread]*Unread
	lastWhat string // of which debug the last line that was not read is
	places   [mostPlaces]string
}

// meaning is what is learned from the places of a sentence; nil: it only tells of a step.
type meaning func(*reader, []string)

// desk is what is known of one router while its lines are read. Lines without a name
// are all of one.
type desk struct {
	host    string
	current map[string]*Side   // by the SA's id as lines have it
	bySPI   map[string][]*Side // by the initiator's SPI
	side    *Side              // whom the last line was about
	waiting []func(*Side)      // what lines about no SA say of the next one

	// Of lists of packets, and of an ASA's.
	proved    *Side                // whose IKE_AUTH was answered last
	carrying  map[string]bool      // the SPIs under which packets were seen, with their receiver
	endpoints map[string][2]string // here and there, by the initiator's SPI
	block
}

// mostSides is how many IKE SAs of a log are told apart, mostMessages how many messages of each.
const (
	mostSides    = 4096
	mostMessages = 2048
	mostStates   = 2048
	mostEvents   = 4096
	mostWaiting  = 256
)

// Read reads a log.
func Read(data []byte) *Log {
	r := &reader{log: &Log{}, desks: map[string]*desk{}, unread: map[Unread]*Unread{}}
	host := ""
	for _, row := range rows(data) {
		for _, l := range lines(row) {
			if l.host == "" && l.level == bare {
				l.host = host // it goes on with what was said
			}
			host = l.host
			r.read(&l)
		}
	}
	r.finish()
	return r.log
}

func (r *reader) deskOf(host string) *desk {
	d := r.desks[host]
	if d == nil {
		if len(r.desks) >= mostSides {
			host = ""
		}
		if d = r.desks[host]; d == nil {
			d = &desk{host: host, current: map[string]*Side{}, bySPI: map[string][]*Side{}}
			r.desks[host] = d
		}
	}
	return d
}

// read reads a line.
func (r *reader) read(l *line) {
	if l.text == "" && (l.level == bare || l.level == other) {
		r.lastWhat = ""
		return // nothing stands there
	}
	r.log.Lines++
	r.desk, r.line = r.deskOf(l.host), l
	if r.understands() {
		r.log.Read++
		r.lastWhat = ""
		return
	}
	r.count()
}

// understands reads a line and says whether there was a meaning in it.
func (r *reader) understands() bool {
	l := r.line
	switch l.level {
	case system:
		return r.message()
	case other:
		return r.foreign() || r.says()
	case bare:
		if prompt(l.raw) != "" {
			return false // somebody types between what is shown
		}
		if r.lastWhat != "" && r.lastWhat != "log.unread.prompt" && l.sa == "" && strings.HasPrefix(l.raw, " ") {
			return false // it goes on with what was not read
		}
		if l.sa != "" && r.desk.current[l.sa] != nil {
			r.about(r.desk.current[l.sa])
		}
		return r.continues() || list(r)
	}
	if l.text == "" {
		return true // IOS prints empty ones
	}
	r.desk.ends()
	tells := !strings.HasPrefix(l.text, "SM Trace") // a trace names its SA itself
	if l.sa != "" && tells && (l.level != platform || r.desk.current[l.sa] != nil) {
		r.about(r.desk.of(r, l.session, l.sa))
	}
	return r.says() || r.continues()
}

// says reads what a line says by itself.
func (r *reader) says() bool {
	f, places := sentences.find(r.line.text, r.places[:0])
	if f != nil && f.take != nil {
		f.take(r, places)
	}
	return f != nil
}

// continues reads what stands in dumps, below or behind a line.
func (r *reader) continues() bool {
	d := r.desk
	if d.data && !isDump(r.line.text) {
		return true
	}
	return r.dumped()
}

// of is the side that lines with an id are about.
func (d *desk) of(r *reader, session, id string) *Side {
	s := d.current[id]
	if s == nil {
		s = r.newSide(d)
		s.ID = id
		d.current[id] = s
	}
	if session != "" {
		s.Session = session
	}
	return s
}

func (r *reader) newSide(d *desk) *Side {
	if len(r.log.Sides) >= mostSides {
		return &Side{span: span{First: r.line.number}}
	}
	s := &Side{Router: d.host, span: span{First: r.line.number, At: r.line.at}}
	r.log.Sides = append(r.log.Sides, s)
	return s
}

// about makes a side the one that lines are about, and tells it what waits for it.
func (r *reader) about(s *Side) {
	d := r.desk
	d.side = s
	s.Last = r.line.number
	for _, say := range d.waiting {
		say(s)
	}
	d.waiting = d.waiting[:0]
}

// later keeps what a line about no SA says for the side that the next lines are about.
func (r *reader) later(say func(*Side)) {
	if d := r.desk; r.line.sa != "" && d.side != nil {
		say(d.side)
	} else if len(d.waiting) < mostWaiting {
		d.waiting = append(d.waiting, say)
	}
}

// now tells the side that the line is about, or the last one that was spoken of.
func (r *reader) now(say func(*Side)) {
	if r.desk.side != nil {
		say(r.desk.side)
	} else {
		r.later(say)
	}
}

// noSPI is that of an end that has not chosen one.
const noSPI = "0000000000000000"

// named says that the line is about the SA of these SPIs, at the end of a role.
func (r *reader) named(say naming) {
	d := r.desk
	if say.spiI == noSPI || say.spiI == "" {
		return
	}
	s := d.side
	if s == nil || s.SPIi == "" || !say.fits(s) {
		s = d.known(r, say)
	}
	if s.SPIi == "" {
		s.SPIi = say.spiI
		d.bySPI[s.SPIi] = append(d.bySPI[s.SPIi], s)
	}
	if say.spiR != noSPI && say.spiR != "" {
		s.SPIr = say.spiR
	}
	if s.Role == RoleUnknown {
		s.Role = say.role
	}
	if id := say.id; id != "" {
		s.ID = id
		if !s.over {
			d.current[id] = s
		}
	}
	r.about(s)
}

// naming is what a line says of the SA that it is about.
type naming struct {
	spiI, spiR string
	role       Role
	local, id  string
}

func (n naming) fits(s *Side) bool {
	switch {
	case s.SPIi != "" && s.SPIi != n.spiI, s.SPIi == "" && s.ID != "" && s.ID != n.id:
		return false
	case n.role != RoleUnknown && s.Role != RoleUnknown && s.Role != n.role:
		return false
	case n.id != "" && s.ID != "" && n.id != s.ID:
		return false
	case s.over && s.SPIr != n.spiR:
		return false // another with the same beginning
	}
	return n.local == "" || s.Local == "" || sameHost(s.Local, n.local)
}

// known is the side that fits, made where there is none.
func (d *desk) known(r *reader, n naming) *Side {
	for _, s := range d.bySPI[n.spiI] {
		if n.fits(s) {
			return s
		}
	}
	for _, s := range []*Side{d.current[n.id], d.side} {
		if s != nil && n.fits(s) {
			return s
		}
	}
	return r.newSide(d)
}

// count counts a line that was not read.
func (r *reader) count() {
	kind, what := r.kind()
	if r.lastWhat = kind + what; kind == "log.unread.note" {
		r.lastWhat = "" // nothing goes on with it
	}
	k := Unread{Kind: kind, What: what}
	u := r.unread[k]
	if u == nil {
		if len(r.unread) >= mostKinds {
			k.What = ""
		}
		if u = r.unread[k]; u == nil {
			u = &Unread{Kind: k.Kind, What: k.What, First: r.line.number}
			r.unread[k] = u
		}
	}
	u.Lines++
}

// mostKinds is how many kinds of lines are counted apart.
const mostKinds = 256

// kind is what a line is that was not read.
func (r *reader) kind() (kind, what string) {
	l := r.line
	switch {
	case l.level == system:
		what, _ = messageName(l.raw)
		return "log.unread.message", what
	case l.level == other:
		return "log.unread.debug", strings.TrimRight(firstWord(l.raw), ":")
	case l.level == platform:
		return "log.unread.platform", ""
	case l.level != bare:
		return "log.unread.ike", ""
	case prompt(l.raw) != "":
		return "log.unread.prompt", ""
	case isNote(l.raw):
		return "log.unread.note", ""
	case r.lastWhat != "" && strings.HasPrefix(l.raw, " "):
		return "log.unread.below", ""
	}
	return "log.unread.other", ""
}

// finish draws the conclusions.
func (r *reader) finish() {
	for _, s := range r.log.Sides {
		if ends, ok := r.deskOf(s.Router).endpoints[s.SPIi]; ok {
			set(&s.Local, ends[0])
			set(&s.Peer, ends[1])
		}
		s.conclude()
	}
	r.log.Sides = slices.DeleteFunc(r.log.Sides, (*Side).empty)
	for _, u := range r.unread {
		r.log.Unread = append(r.log.Unread, *u)
	}
	slices.SortFunc(r.log.Unread, func(a, b Unread) int { return a.First - b.First })
	r.log.diagnose()
}

// empty says whether nothing is known of a side but that there was a line about it.
func (s *Side) empty() bool {
	for c := range s.clues {
		if c != cluGone && c != cluAborted {
			return false
		}
	}
	return s.SPIi == "" && len(s.Messages) == 0 && s.PeerID.Text == "" && s.Lookup.Profile == "" && s.Lookup.Keyring == ""
}
