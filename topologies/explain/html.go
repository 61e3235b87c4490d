package explain

import (
	"fmt"
	"html"
	"strings"

	"ikelab/topologies/phrase"
)

// HTML is stories as one page that needs nothing beside it: the ladder of messages, and
// the steps below, with what is long folded away until it is asked for.
func HTML(list []*Story, p Page) string {
	h := &page{Page: p}
	title := ""
	if len(list) > 0 {
		title = list[0].Title.In(p.Lang)
	}
	h.line(`<!DOCTYPE html>`)
	h.line(`<html lang="%s">`, phrase.Langs[p.Lang])
	h.line(`<head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><title>%s</title><style>%s</style></head>`, shown(title), style)
	h.line(`<body>`)
	for i, s := range list {
		h.story(s, i+1)
	}
	h.line(`</body>`)
	h.line(`</html>`)
	return h.b.String()
}

// page is a page that is being written.
type page struct {
	Page
	b strings.Builder
}

func (h *page) line(format string, a ...any) { fmt.Fprintf(&h.b, format+"\n", a...) }

// shown is a text as it stands in a page.
func shown(text string) string { return html.EscapeString(harmless(text)) }

// p writes an element with text in it.
func (h *page) p(tag, text string) {
	if text != "" {
		h.line("<%s>%s</%s>", tag, shown(text), strings.Fields(tag)[0])
	}
}

func (h *page) items(list []phrase.Phrase) {
	if len(list) == 0 {
		return
	}
	h.line("<ul>")
	for _, s := range list {
		h.p("li", s.In(h.Lang))
	}
	h.line("</ul>")
}

func (h *page) story(s *Story, n int) {
	h.line(`<main>`)
	h.p("h1", s.Title.In(h.Lang))
	h.p("p", h.all(s.Intro))
	h.ladder(s, n)
	for i := range s.Steps {
		h.step(s, n, i)
	}
	if len(s.Outcome) > 0 {
		h.p("h2", h.say("tour.outcome"))
		h.items(s.Outcome)
	}
	if len(s.Screens) > 0 {
		h.p("h2", h.say("tour.screens"))
	}
	for _, c := range s.Screens {
		h.folded(s.Ends[c.End].Name+"# "+c.Command, c.Lines, true)
		if len(c.Points) == 0 {
			continue
		}
		h.line("<dl>")
		for _, p := range c.Points {
			h.line("<dt><code>%s</code></dt>", shown(strings.TrimSpace(p.Line)))
			h.p("dd", p.Says.In(h.Lang))
		}
		h.line("</dl>")
	}
	h.line(`</main>`)
}

// folded writes lines that are opened by their summary.
func (h *page) folded(summary string, lines []string, open bool) {
	attribute := ""
	if open {
		attribute = ` open="open"`
	}
	h.line(`<details%s><summary>%s</summary><pre>%s</pre></details>`, attribute, shown(summary), shown(strings.Join(lines, "\n")))
}

func (h *page) step(story *Story, n, i int) {
	s := &story.Steps[i]
	class := "step"
	if s.Failed {
		class += " failed"
	}
	h.line(`<section class="%s" id="s%d-%d">`, class, n, i+1)
	h.p("h2", h.title(i+1, s))
	h.p(`p class="about"`, h.about(story, s))
	h.p("p", h.all(s.Text))
	if len(s.Payloads) > 0 {
		h.p("h3", h.say("tour.payloads"))
		h.line("<table>")
		for _, p := range s.Payloads {
			h.line("<tr><th>%s</th><td><code>%s</code><br/>%s</td></tr>", shown(p.Name), shown(h.holds(p)), shown(p.For.In(h.Lang)))
		}
		h.line("</table>")
	}
	h.line(`<div class="sides">`)
	for end := range s.Sides {
		h.side(story.Ends[end].Name, &s.Sides[end])
	}
	h.line("</div>")
	h.line("</section>")
}

func (h *page) side(name string, s *Side) {
	h.line(`<div class="side">`)
	if !s.empty() {
		h.p("h3", name)
	}
	h.items(s.Facts)
	if len(s.Config) > 0 {
		var lines []string
		for _, b := range s.Config {
			lines = append(lines, b.Lines...)
			if b.Note.Key != "" {
				lines = append(lines, "  "+b.Note.In(h.Lang))
			}
		}
		h.folded(h.say("tour.configuration"), lines, true)
	}
	if len(s.Debug) > 0 {
		h.folded(h.say("tour.debug"), s.Debug, false)
	}
	h.line("</div>")
}

// Measures of the ladder, in its own units.
const (
	ladderLeft  = 110
	ladderRight = 610
	ladderTop   = 46
	ladderRow   = 34
)

// ladder draws the messages between the two ends; each leads to its step.
func (h *page) ladder(s *Story, n int) {
	height := ladderTop + ladderRow*len(s.Steps) + 16
	h.line(`<svg viewBox="0 0 720 %d" role="img" aria-label="%s">`, height, shown(s.Title.In(h.Lang)))
	for i, x := range [2]int{ladderLeft, ladderRight} {
		h.line(`<text class="end" x="%d" y="24" text-anchor="middle">%s</text>`, x, shown(s.Ends[i].Name))
		h.line(`<line class="life" x1="%d" y1="34" x2="%d" y2="%d"/>`, x, x, height-6)
	}
	for i := range s.Steps {
		h.rung(s, n, i)
	}
	h.line(`</svg>`)
}

func (h *page) rung(story *Story, n, i int) {
	s := &story.Steps[i]
	y := ladderTop + ladderRow*i + 20
	class := "rung"
	if s.Failed {
		class += " failed"
	}
	h.line(`<a href="#s%d-%d"><g class="%s">`, n, i+1, class)
	if !s.At.IsZero() {
		h.line(`<text class="time" x="4" y="%d">%s</text>`, y+4, elapsed(s.At.Sub(story.Begin)))
	}
	if m := s.Message; m == nil {
		h.line(`<text x="360" y="%d" text-anchor="middle">%d. %s</text>`, y, i+1, shown(s.Key.In(h.Lang)))
	} else {
		from, to, point := ladderLeft, ladderRight, -8
		if m.From == 1 {
			from, to, point = ladderRight, ladderLeft, 8
		}
		if m.Lost {
			to = (from + 2*to) / 3
			h.line(`<path d="M%d %d l8 8 m0 -8 l-8 8"/>`, to+point-4, y-4)
		} else {
			h.line(`<path d="M%d %d l%d -5 l0 10 z"/>`, to, y, point)
		}
		h.line(`<line x1="%d" y1="%d" x2="%d" y2="%d"/>`, from, y, to+point, y)
		h.line(`<text x="360" y="%d" text-anchor="middle">%d. %s</text>`, y-6, i+1, shown(h.rungLabel(m, s)))
	}
	h.line(`</g></a>`)
}

// rungLabel is a message with its payloads: "IKE_SA_INIT request: SA, KE, N".
func (h *page) rungLabel(m *Message, s *Step) string {
	var names []string
	for _, p := range s.Payloads {
		if p.Name != "NOTIFY" && p.Name != "VID" {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return h.label(m)
	}
	return h.label(m) + ": " + strings.Join(names, ", ")
}

// style follows the reader's choice of light or dark, and prints all that is folded.
const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#f2f4f7;--line:#c5ccd6;--accent:#0b5cad;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--paper:#14171b;--soft:#1f242b;--line:#48515d;--accent:#7db7f5;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,"Hiragino Sans","Noto Sans CJK JP","Yu Gothic",sans-serif}
main{max-width:74rem;margin:0 auto;padding:1rem 1.2rem 3rem}
h1{font-size:1.6rem;line-height:1.3}h2{font-size:1.2rem;margin:0 0 .3rem}h3{font-size:1rem;margin:.8rem 0 .2rem}
svg{display:block;width:100%;max-width:46rem;margin:1rem auto;font-size:12px;fill:var(--ink)}
svg .end{font-weight:700;font-size:15px}svg .life{stroke:var(--line);stroke-width:2}svg .time{font-size:10px;opacity:.75}
svg .rung line,svg .rung path{stroke:var(--accent);fill:var(--accent);stroke-width:1.5}
svg .failed line,svg .failed path{stroke:var(--bad);fill:var(--bad)}svg .failed text{fill:var(--bad)}svg a{text-decoration:none}
.step{border-top:1px solid var(--line);padding:1rem 0}.failed h2{color:var(--bad)}.about{margin:.1rem 0 .6rem;opacity:.8;font-size:.9rem}
table{border-collapse:collapse;width:100%}th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}th{width:6rem}
pre,code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Noto Sans Mono CJK JP",monospace;font-size:.82rem}code{overflow-wrap:anywhere}
pre{background:var(--soft);padding:.6rem;margin:.3rem 0;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
details{margin:.5rem 0}summary{cursor:pointer;font-weight:600}ul{padding-left:1.2rem;margin:.3rem 0}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:0 1.4rem}.side{min-width:0}
@media(max-width:52rem){.sides{grid-template-columns:1fr}}
@media(max-width:40rem){main{padding:.8rem .8rem 2rem}h1{font-size:1.35rem}h2{font-size:1.1rem}th{width:4.6rem;font-size:.85rem}svg{font-size:18px}svg .end{font-size:22px}svg .time{font-size:15px}}
@media print{:root{--ink:#000;--paper:#fff;--soft:#f4f4f4;--line:#999;--accent:#000;--bad:#000}body{font-size:10pt}.step{break-inside:auto}h2,h3,summary{break-after:avoid}details::details-content{content-visibility:visible;height:auto}}
`
