package why

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/topologies/phrase"
)

// Why pairs that were up are gone, or are there at one end only.

// gone says why a pair that was there is not any more.
func gone(e *end) []Claim {
	for _, look := range []func(*end) (Claim, bool){usedUp, restarted, forgotten} {
		if c, ok := look(e); ok {
			return []Claim{c}
		}
	}
	return idle(e)
}

// lost says why a pair that is there carries nothing.
func lost(e *end) []Claim {
	if c, ok := restarted(e); ok {
		return []Claim{c}
	}
	list := silent(e)
	if c, ok := downThere(e); ok { // of what is seen then only what follows from it is sure
		list = slices.DeleteFunc(list, func(c Claim) bool { return c.Key != "spi" })
		return append([]Claim{c}, list...)
	}
	return list
}

// downThere says that the other end is down by itself, which one that has its pair does not see.
func downThere(e *end) (Claim, bool) {
	o := met(e.peer)
	switch {
	case o == nil || o.tunnel == nil || spare(o):
		return Claim{}, false
	case o.tunnel.Shutdown && o == e.peer: // one that is made of a template does without that
		_, proof := o.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).protocol", o.port()))
		return shutDown(o, proof), true
	case o.tunnel.Tunnel.SourceInterface == "":
		return Claim{}, false
	}
	return badSource(o, o.tunnel.Name(), o.tunnel.Tunnel.SourceInterface)
}

// shutDown is the claim that an end is, by its configuration.
func shutDown(e *end, proof Evidence) Claim {
	return Claim{Key: "path.shutdown", Say: phrase.Of("why.path.shutdown", "node", e.name(), "interface", e.tunnel.Name()),
		Evidence: []Evidence{proof}, Lines: e.lines(e.head(), "", "shutdown"), Mend: []Line{e.typed(e.head(), "no shutdown")}}
}

// stale says that the peer goes on with a pair that this end has given up.
func stale(e *end, r crypto.Refused, c *Claim) {
	proof, still := stillSent(e, r)
	if !still {
		return
	}
	say := "why.spi.stale"
	c.RFC, c.Evidence, c.Mend = "RFC 7296 section 2.4", append(c.Evidence, proof), []Line{{Node: e.peer.name(), Text: "clear crypto session"}}
	gone := lately(e.w, e.name(), time.Time{}, func(b ikev2.SADown) bool { return b.Reason == ikev2.ReasonTimeout && isPeer(e, b.Info.Remote.Addr()) })
	for _, f := range gone[:min(1, len(gone))] {
		c.Evidence = append(c.Evidence, seen(f))
	}
	if proof, never := unasking(e.peer); never {
		say, c.Evidence = "why.spi.nodpd", append(c.Evidence, proof)
		if e.peer.cfg.IKEv2.DPD == nil {
			c.Mend = append([]Line{{Node: e.peer.name(), Text: "crypto ikev2 dpd 10 3 periodic"}}, c.Mend...) // what is up keeps what it began with
		}
	}
	c.Say = phrase.Of(say, "node", e.name(), "peer", e.peer.name())
}

// forgotten says that the peer sends by a pair that is not here.
func forgotten(e *end) (Claim, bool) {
	c, ok := refused(e)
	return c, ok && c.Key == "spi"
}

// usedUp says that a pair came to the end of its volume before there was another one.
func usedUp(e *end) (Claim, bool) {
	for _, o := range []*end{e, e.peer} {
		if met(o) == nil || met(o).protection() == nil {
			continue
		}
		for _, d := range lately(e.w, o.name(), edited(e), func(b ikev2.DeleteChild) bool { return o.owns(b.Entry) && b.Reason == ikev2.ReasonExpired }) {
			made := lately(e.w, o.name(), time.Time{}, func(i crypto.Installed) bool { return i.Pair.In.SPI == d.body.In })
			if len(made) == 0 {
				continue
			}
			i := made[0]
			lasted := d.At.Sub(i.At)
			if i.body.Kilobytes == 0 || i.body.Kilobytes >= iosconfig.DefaultKilobytes || lasted > i.body.Lifetime*9/10 {
				continue
			}
			c := Claim{Key: "child.lifetime", RFC: "RFC 7296 section 2.8", Evidence: []Evidence{seen(i), seen(d)}}
			c.Say = phrase.Of("why.child.volume", "node", o.name(), "kilobytes", i.body.Kilobytes, "after", lasted.Round(time.Millisecond))
			volumeLines(met(o), &c)
			return c, true
		}
	}
	return Claim{}, false
}

// volumeLines are the lines that say how much a pair may carry, and how to undo them.
func volumeLines(e *end, c *Claim) {
	const words = "security-association lifetime kilobytes"
	if c.Lines = e.lines(e.protectionHead(), "", "set "+words); len(c.Lines) > 0 {
		c.Mend = []Line{e.typed(e.protectionHead(), "no set "+words)}
		return
	}
	for _, line := range e.text {
		if strings.HasPrefix(line, "crypto ipsec "+words+" ") {
			c.Lines, c.Mend = []Line{{Node: e.name(), Text: line}}, []Line{{Node: e.name(), Text: "no crypto ipsec " + words}}
		}
	}
}

// restarted says that one end runs anew, and that the other one does not know it: it goes on
// with the pair that it has.
func restarted(e *end) (Claim, bool) {
	if e.peer == nil || !e.peer.there() || len(failures(e)) > 0 {
		return Claim{}, false
	}
	for _, anew := range []*end{e, e.peer} {
		started, first := anew.field("version", "started")
		old := anew.peer
		made, second := old.field("crypto ipsec sa", flowsOf(old)+"|#.up_since|@flatten|0")
		if pairs(anew) > 0 || pairs(old) == 0 || anew.since(started) >= old.since(made) {
			continue
		}
		c := Claim{Key: "peer.restarted", RFC: "RFC 7296 section 2.4", Evidence: []Evidence{first, second}}
		c.Say = phrase.Of("why.peer.restarted", "node", anew.name(), "peer", old.name())
		lost := lately(e.w, anew.name(), edited(e), func(r crypto.Refused) bool {
			return r.Why == crypto.InvalidSPI && isPeer(anew, r.From) && carriedTo(anew, r)
		})
		for _, f := range lost[:min(1, len(lost))] {
			c.Evidence = append(c.Evidence, seen(f))
		}
		if proof, never := unasking(old); never {
			c.Say = phrase.Of("why.peer.restarted.nodpd", "node", anew.name(), "peer", old.name())
			c.Evidence = append(c.Evidence, proof)
			c.Mend = []Line{{Node: old.name(), Text: "crypto ikev2 dpd 10 3 periodic"}}
			if old.cfg.IKEv2.DPD != nil { // what is up keeps what it began with
				c.Mend = []Line{{Node: old.name(), Text: "clear crypto session"}}
			}
		}
		return c, true
	}
	return Claim{}, false
}
