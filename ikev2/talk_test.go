package ikev2

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
)

// talk is a conversation of two engines, A and B, followed message by message.
// What a test has wanted is delivered 1 ms after it was sent, unless the test
// drops or holds it; nothing may be sent that the test does not want.
type talk struct {
	*lab
	sent   []*letter // by the engines, not wanted yet
	posted []*letter // wanted, to be delivered when time goes on
	seen   [2]int    // events of each end that were wanted or passed over
}

// letter is a datagram that an engine sent.
type letter struct {
	Datagram
	from int
	text string
}

// newTalk is a conversation that has not begun.
func newTalk(t *testing.T, edit ...func(*testPolicy)) *talk {
	return talkOf(t, 1, edit...)
}

func talkOf(t reporter, seed uint64, edit ...func(*testPolicy)) *talk {
	c := &talk{lab: newLab(t, seed, append([]func(*testPolicy){quick}, edit...)...)}
	c.tamper = func(from int, d Datagram) []Datagram {
		c.sent = append(c.sent, &letter{d, from, c.peers[from].text(d)})
		return nil
	}
	return c
}

// upTalk is one after the initial exchanges, which A began.
func upTalk(t *testing.T, edit ...func(*testPolicy)) *talk {
	c := newTalk(t, edit...)
	c.establish()
	return c
}

// establish goes through the initial exchanges without a look at them.
func (c *talk) establish() {
	c.t.Helper()
	c.acquire(0)
	c.pass(4)
	c.settle()
	require.Empty(c.t, c.sent)
	c.requireUp()
	c.look()
}

// look passes over what has happened.
func (c *talk) look() { c.seen = [2]int{len(c.peers[0].events), len(c.peers[1].events)} }

// pass lets the next n messages through, whatever they are.
func (c *talk) pass(n int) {
	c.t.Helper()
	for range n {
		c.posted = append(c.posted, c.next())
	}
}

// patience is how long a conversation waits for a message: less than the
// engine's first retransmission.
const patience = time.Second

// next is the next message that either end sends.
func (c *talk) next() *letter {
	c.t.Helper()
	c.post()
	for end := c.now.Add(patience); len(c.sent) == 0 && c.step(end); {
	}
	require.NotEmpty(c.t, c.sent, "nobody sends anything")
	l := c.sent[0]
	c.sent = c.sent[1:]
	return l
}

// post hands what was wanted to the link.
func (c *talk) post() {
	for _, l := range c.posted {
		c.peers[l.from].transmit(l.Datagram)
	}
	c.posted = nil
}

// run lets time pass, and what was wanted arrive.
func (c *talk) run(d time.Duration) {
	c.post()
	c.lab.run(d)
}

// settle lets what is under way end.
func (c *talk) settle() { c.run(100 * time.Millisecond) }

// wantSend requires that the next message is this end's and reads like that:
// "IKE_AUTH request 1 { IDi AUTH ... }", where ... is any payloads.
func (c *talk) wantSend(from, like string) *letter {
	c.t.Helper()
	l := c.next()
	require.Equal(c.t, from, endNames[l.from], "%s sends %s", endNames[l.from], l.text)
	require.True(c.t, reads(l.text, like), "%s sends %s\nwanted     %s", from, l.text, like)
	c.posted = append(c.posted, l)
	return l
}

// reads says whether a message reads as wanted.
func reads(text, like string) bool {
	head, rest, more := strings.Cut(like, "...")
	if !more {
		return text == like
	}
	if !strings.HasPrefix(text, head) {
		return false
	}
	for i := len(head); i <= len(text); i++ {
		if reads(strings.TrimPrefix(text[i:], " "), strings.TrimPrefix(rest, " ")) {
			return true
		}
	}
	return false
}

// drop loses a message that was wanted; hold keeps it for deliver.
func (c *talk) drop(l *letter) { c.hold(l) }

func (c *talk) hold(l *letter) *letter {
	c.t.Helper()
	for i, p := range c.posted {
		if p == l {
			c.posted = append(c.posted[:i:i], c.posted[i+1:]...)
			return l
		}
	}
	require.Fail(c.t, "the message has left already")
	return nil
}

// deliver sends a message on its way, once more if it has arrived before.
func (c *talk) deliver(l *letter) { c.posted = append(c.posted, l) }

// forge lets a datagram arrive at an end that its peer has not sent, from the
// peer's address.
func (c *talk) forge(to string, data []byte) {
	p := c.end(to)
	a := testConfig(p.index).Children[0]
	p.apply(p.Receive(c.now, Datagram{Local: netip.AddrPortFrom(a.Local, ikePort), Remote: netip.AddrPortFrom(a.Remote, ikePort), Data: data}))
}

// advanceToDeadline lets time pass until an end has something to do.
func (c *talk) advanceToDeadline(of string) time.Duration {
	c.t.Helper()
	c.post()
	require.Empty(c.t, c.sent)
	began := c.now
	for due := c.end(of).Deadline(); c.step(due); {
		if len(c.sent) > 0 {
			break
		}
	}
	return c.now.Sub(began)
}

// wantIdle requires that nobody sends anything and nothing happens, except that
// something is refused.
func (c *talk) wantIdle(why string) {
	c.t.Helper()
	c.run(patience)
	for _, l := range c.sent {
		require.Fail(c.t, why, "%s sends %s", endNames[l.from], l.text)
	}
	for i := range c.peers {
		for _, s := range c.unseen(i) {
			require.True(c.t, strings.HasPrefix(s, "refused"), "%s: %s: %s", why, endNames[i], s)
		}
	}
}

// wantEvent requires that this has happened at an end, after what was wanted
// before.
func (c *talk) wantEvent(at, what string) {
	c.t.Helper()
	p := c.end(at)
	all := p.events[c.seen[p.index]:]
	for i, ev := range all {
		if inWords(ev) == what {
			c.seen[p.index] += i + 1
			return
		}
	}
	require.Fail(c.t, "it has not happened", "%s: wanted %q among %q", at, what, c.unseen(p.index))
}

// unseen lists what happened at an end since the last look.
func (c *talk) unseen(i int) []string {
	var list []string
	for _, ev := range c.peers[i].events[c.seen[i]:] {
		if s := inWords(ev); s != "" {
			list = append(list, s)
		}
	}
	c.seen[i] = len(c.peers[i].events)
	return list
}

func (c *talk) end(name string) *end { return c.peers[name[0]-'A'] }

// record lets everything pass from here on and keeps what is said.
func (c *talk) record() *[]*wire.Message {
	all := &[]*wire.Message{}
	c.tamper = func(from int, d Datagram) []Datagram {
		*all = append(*all, c.peers[from].message(d))
		return []Datagram{d}
	}
	return all
}

// plain are the octets of a message without protection.
func plain(h wire.Header, payloads ...wire.Payload) []byte {
	h.Version = 0x20
	return (&wire.Message{Header: h, Payloads: payloads}).Append(nil)
}

// header is the header of a letter.
func (l *letter) header(t reporter) wire.Header {
	h, err := wire.ParseHeader(l.Data)
	require.NoError(t, err)
	return h
}
