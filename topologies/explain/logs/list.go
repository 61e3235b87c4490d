package logs

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Lists of packets, as people make them of captures: a packet in a line, with the time, who sent it
// to whom, and of IKE the fields of its header:
//
//	2.535  A->B IKEv2 IKE_SA_INIT REQUEST msgid=0 len=496 I_SPI=489378C5D1F81879 R_SPI=0000000000000000
//
// Whoever lists packets sees both ends, but nothing of what is encrypted.

// listed is a packet of a list.
type listed struct {
	at, from, to string
	what         string // "IKEv2", "ESP", "ICMP"
	exchange     string
	response     bool
	values       map[string]string // "msgid"
}

// listedPacket takes a line apart.
func listedPacket(text string) (listed, bool) {
	fields := strings.Fields(text)
	if len(fields) < 4 {
		return listed{}, false
	}
	from, to, ok := strings.Cut(fields[1], "->")
	seconds, err := strconv.ParseFloat(fields[0], 64)
	if !ok || err != nil || !isName(from) || !isName(to) || seconds < 0 || seconds >= 24*60*60 {
		return listed{}, false
	}
	p := listed{from: from, to: to, values: map[string]string{}}
	p.at = time.Time{}.Add(time.Duration(seconds * float64(time.Second))).Format("15:04:05.000")
	for i, word := range fields[2:] {
		key, value, isValue := strings.Cut(word, "=")
		switch {
		case isValue:
			p.values[key] = value
		case p.what == "" && (word == "IKEv2" || word == "ESP" || word == "ICMP"):
			p.what = word
			if word == "IKEv2" && i+4 < len(fields) {
				p.exchange, p.response = fields[i+3], fields[i+4] == "RESPONSE"
			}
		case word == "initiator)":
			p.values["sender"] = "initiator"
		}
	}
	return p, p.what != ""
}

// list reads a packet of a list, at both ends.
func list(r *reader) bool {
	p, ok := listedPacket(r.line.raw)
	if !ok {
		return false
	}
	r.line.at = p.at
	switch {
	case p.what == "ESP":
		carries(r, p)
		return true
	case p.what != "IKEv2":
		return true
	}
	spi := strings.ToUpper(p.values["I_SPI"])
	if purposes[p.exchange][0] == "" || len(spi) != len(noSPI) {
		return false
	}
	for i, host := range []string{p.from, p.to} {
		r.desk = r.deskOf(host)
		r.desk.side = nil
		other := []string{p.to, p.from}[i]
		r.named(naming{spi, strings.ToUpper(p.values["R_SPI"]), p.role(i == 0), host, ""})
		s := r.desk.side
		if s == nil {
			return false
		}
		set(&s.Local, host)
		set(&s.Peer, other)
		keepListed(r, &Message{Line: r.line.number, At: p.at, Sent: i == 0, Exchange: p.exchange, Response: p.response, ID: p.values["msgid"],
			Length: p.values["len"], marks: marks{known: true, from: fromSummary}})
	}
	return true
}

// role is what the packet's sender is, or its receiver.
func (p listed) role(sender bool) Role {
	begins := p.exchange == "IKE_SA_INIT" || p.exchange == "IKE_AUTH"
	switch {
	case p.values["sender"] == "initiator", begins && !p.response:
		return []Role{Responder, Initiator}[boolCount(sender)]
	case begins:
		return []Role{Initiator, Responder}[boolCount(sender)]
	}
	return RoleUnknown
}

// keepListed adds a message; a request that was seen before was sent again.
func keepListed(r *reader, m *Message) {
	s := r.desk.side
	before := s.last(m)
	if before != nil && !before.Response && !m.Response {
		before.Repeats++
		if m.Sent {
			s.note(cluRetransmitted, m.Line)
		}
		return
	}
	if len(s.Messages) < mostMessages {
		s.Messages = append(s.Messages, m)
	}
	if m.Exchange == "IKE_AUTH" && m.Response {
		r.desk.proved = s
	}
}

// carries: the first packet under an SPI shows that the last IKE_AUTH which was answered has made a pair.
func carries(r *reader, p listed) {
	for _, host := range []string{p.from, p.to} {
		d := r.deskOf(host)
		key := fmt.Sprint(p.to, " ", p.values["spi"])
		if d.carrying[key] || len(d.carrying) >= mostSides {
			continue
		}
		if d.carrying == nil {
			d.carrying = map[string]bool{}
		}
		d.carrying[key] = true
		if s := d.proved; s != nil {
			s.note(cluUp, r.line.number)
		}
	}
}
