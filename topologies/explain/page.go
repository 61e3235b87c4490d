package explain

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ikelab/topologies/phrase"
)

// Page is how a story is shown.
type Page struct {
	Lang  phrase.Lang
	Width int // columns of the terminal; of text only
	Debug int // the most lines of debug that a step has on each side; 0: all
}

// say says a sentence in the language of the page.
func (p Page) say(key string, with ...any) string {
	return phrase.Phrase{Key: key, With: with}.In(p.Lang)
}

// holds is what is in a payload.
func (p Page) holds(in Payload) string {
	switch {
	case in.Octets == 0:
		return in.Value
	case in.Value == "":
		return p.say("tour.octets", "n", in.Octets)
	}
	return in.Value + ", " + p.say("tour.octets", "n", in.Octets)
}

// all says several, one behind the other as a paragraph.
func (p Page) all(list []phrase.Phrase) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 && p.Lang != phrase.Japanese {
			b.WriteByte(' ')
		}
		b.WriteString(s.In(p.Lang))
	}
	return b.String()
}

// debug are the lines that are shown, and how many are not.
func (p Page) debug(lines []string) (shown []string, more int) {
	if p.Debug <= 0 || len(lines) <= p.Debug {
		return lines, 0
	}
	return lines[:p.Debug], len(lines) - p.Debug
}

// title is the heading of a step.
func (p Page) title(n int, s *Step) string { return p.say("tour.step", "n", n, "what", s.Key) }

// about is the line below it: when, and what is on the wire.
func (p Page) about(story *Story, s *Step) string {
	var parts []string
	if !s.At.IsZero() {
		parts = append(parts, p.say("tour.at", "time", elapsed(s.At.Sub(story.Begin))))
	}
	if m := s.Message; m != nil {
		parts = append(parts, p.say("tour.message-id", "id", m.ID))
		if m.Octets > 0 {
			parts = append(parts, p.say("tour.octets", "n", m.Octets))
		}
		switch len(m.Packets) {
		case 0:
		case 1:
			parts = append(parts, p.say("tour.packet", "n", m.Packets[0]))
		default:
			parts = append(parts, p.say("tour.packets", "n", numbers(m.Packets)))
		}
		if m.Arrived > 0 {
			parts = append(parts, p.say("tour.arrived", "n", m.Arrived))
		}
	}
	if s.Again > 0 {
		parts = append(parts, p.say("tour.again", "n", s.Again))
	}
	if p.Lang == phrase.Japanese {
		return strings.Join(parts, "、")
	}
	return strings.Join(parts, ", ")
}

// numbers lists the packets of a message.
func numbers(list []uint64) phrase.Phrase {
	var items []any
	for _, n := range list {
		items = append(items, n)
	}
	return phrase.And(items...)
}

// elapsed is a time since the beginning: "2.131 s", "1:02:03.500".
func elapsed(d time.Duration) string {
	ms := d.Milliseconds()
	switch s := ms / 1000; {
	case s < 60:
		return fmt.Sprintf("%d.%03d s", s, ms%1000)
	case s < 3600:
		return fmt.Sprintf("%d:%02d.%03d", s/60, s%60, ms%1000)
	default:
		return fmt.Sprintf("%d:%02d:%02d.%03d", s/3600, s/60%60, s%60, ms%1000)
	}
}

// label is what stands at a message's arrow: "IKE_AUTH request".
func (p Page) label(m *Message) string {
	if m.Response {
		return p.say("tour.response", "exchange", m.Exchange)
	}
	return p.say("tour.request", "exchange", m.Exchange)
}

// harmless is a text without signs that a terminal or a browser acts on: names and lines
// are what others have written.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case ' ' <= r && r <= '~': // almost all
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return '?'
		}
		return r
	}, text)
}
