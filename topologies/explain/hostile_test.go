package explain

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/phrase"
)

// hostile is a story of which everything that others write is meant to break out.
func hostile(evil string) *Story {
	says := phrase.Of("tour.typed", "node", evil, "line", evil)
	side := Side{Facts: []phrase.Phrase{says}, Config: []Block{{Lines: []string{evil, " " + evil}}, {Lines: []string{evil}, Note: says}}, Debug: []string{evil, "before " + evil + " behind"}}
	return &Story{
		Title: phrase.Of("tour.title", "lab", evil, "a", evil, "b", evil), Ends: [2]End{{evil, evil}, {evil, evil}}, Intro: []phrase.Phrase{says},
		Steps: []Step{
			{Key: says, Message: &Message{Exchange: evil, Packets: []uint64{1}}, Text: []phrase.Phrase{says}, Payloads: []Payload{{Name: evil, Value: evil, For: says}}, Sides: [2]Side{side, side}},
			{Key: says, Sides: [2]Side{{}, side}, Failed: true},
		},
		Outcome: []phrase.Phrase{says}, Screens: []Screen{{Command: evil, Lines: []string{evil}, Points: []Point{{evil, says}}}},
	}
}

var evils = []string{
	"<script>alert(1)</script>", `"><img src="x" onerror="y">`, "</pre></details></body>", "]]>", "&lt;b&gt; &amp;", "<!--",
	"```", "`", "``` `` `", "````\n# no heading", "**bold** _it_ [x](javascript:y) | ~~a~~", "# head", "\x1b[2J\x1b]0;title\x07", "a\x00b\x7f", "\u202egnp.exe", "\xff\xfe", "\r\n\r\nx",
}

// TestHostile: what others have written stays text: no element, no heading, no end of a fence, nothing that a terminal does.
func TestHostile(t *testing.T) {
	plain := HTML([]*Story{hostile("plain")}, Page{})
	for _, evil := range evils {
		list := []*Story{hostile(evil)}
		for lang := range phrase.Langs {
			page := Page{Lang: phrase.Lang(lang), Width: 60}
			require.Equal(t, elements(t, plain), elements(t, HTML(list, page)), "%q", evil)
			for l := range strings.Lines(Text(list, page)) {
				l = strings.TrimSuffix(l, "\n")
				require.Equal(t, harmless(l), l, "%q", evil)
				require.LessOrEqual(t, phrase.Width(l), 60, "%q: %q", evil, l)
			}
			require.Equal(t, outline(t, Markdown([]*Story{hostile("plain")}, page)), outline(t, Markdown(list, page)), "%q", evil)
		}
	}
}

// elements are the elements of a page and their attributes, in order.
func elements(t *testing.T, text string) (list []string) {
	for x := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := x.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok {
			name := e.Name.Local
			for _, a := range e.Attr {
				name += " " + a.Name.Local
			}
			list = append(list, name)
		}
	}
}

// outline are the headings, items and fences of Markdown, in order, and what a browser would take for an element.
func outline(t *testing.T, text string) (list []string) {
	fence := ""
	for l := range strings.Lines(text) {
		l = strings.TrimSuffix(l, "\n")
		switch ticks := l[:len(l)-len(strings.TrimLeft(l, "`"))]; {
		case fence != "" && len(ticks) >= len(fence) && strings.Trim(l, "` ") == "":
			list, fence = append(list, "end"), ""
		case fence != "":
		case len(ticks) >= 3 && !strings.Contains(l[len(ticks):], "`"):
			list, fence = append(list, "fence"), ticks
		case strings.HasPrefix(l, "#"):
			list = append(list, "heading")
		case strings.HasPrefix(l, "- "):
			list = append(list, "item")
		}
		if fence == "" && !strings.Contains(l, "`") {
			require.NotContains(t, l, "<")
			require.NotRegexp(t, `(^|[^\\])(\[|\|)`, l)
		}
	}
	require.Empty(t, fence, "a fence that is not closed")
	return list
}
