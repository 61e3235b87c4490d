package explain

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
)

// built builds an embedded lab.
func built(t testing.TB, name string, edit func(*topologies.Topology)) *lab.Lab {
	t.Helper()
	topology, err := topologies.Embedded(name)
	require.NoError(t, err)
	if edit != nil {
		edit(topology)
	}
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	return l
}

// parsed reads lines of `ikelab exec`.
func parsed(t testing.TB, lines ...string) (steps []*scenario.Step) {
	t.Helper()
	for _, text := range lines {
		s, err := scenario.ParseLine(text)
		require.NoError(t, err)
		steps = append(steps, s)
	}
	return steps
}

// toured tells an embedded lab.
func toured(t testing.TB, name string, lines ...string) []*Story {
	t.Helper()
	l := built(t, name, nil)
	if lines == nil {
		lines = Lines(l.Topology)
	}
	list, err := Tour(l, parsed(t, lines...))
	require.NoError(t, err)
	return list
}

// edited has a router's configuration changed.
func edited(node, before, after string) func(*topologies.Topology) {
	return func(t *topologies.Topology) {
		n := t.Node(node)
		if !strings.Contains(n.Config, before) {
			panic(before)
		}
		n.Config = strings.ReplaceAll(n.Config, before, after)
	}
}

// says finds a step by the key of its title, of which from or facts have a key too.
func says(s *Story, title, key string) bool {
	return slices.ContainsFunc(s.Steps, func(step Step) bool {
		all := append(slices.Clone(step.Text), step.Sides[0].Facts...)
		all = append(all, step.Sides[1].Facts...)
		for _, p := range step.Payloads {
			all = append(all, p.For)
		}
		return step.Key.Key == title && slices.ContainsFunc(all, func(p phrase.Phrase) bool { return p.Key == key })
	})
}

// TestPoints: the tour of the tech note's lab has every point of the note, and what the
// note does not reach.
func TestPoints(t *testing.T) {
	s := toured(t, "psk-site-to-site")[0]
	for _, row := range []struct{ point, step, key string }{
		{"1 the initiator starts", "tour.init.request", "tour.init.request.what"},
		{"1 what wants it", "tour.init.request", "tour.fact.requested"},
		{"2 the request: SA", "tour.init.request", "tour.payload.sa"},
		{"2 the request: KE", "tour.init.request", "tour.payload.ke"},
		{"2 the request: nonce", "tour.init.request", "tour.payload.nonce"},
		{"3, 4 the responder receives it and begins an SA", "tour.init.request", "tour.init.request.receiver"},
		{"5 the responder verifies it", "tour.init.request", "tour.fact.chosen"},
		{"5 the keys", "tour.init.response", "tour.init.response.keys"},
		{"6 the responder builds the response", "tour.init.response", "tour.init.response.what"},
		{"7 and sends it", "tour.init.response", "tour.fact.keys"},
		{"8 the timer of the authentication", "tour.init.response", "tour.init.response.timer"},
		{"9 the initiator verifies it", "tour.init.response", "tour.init.response.receiver"},
		{"10 IKE_AUTH: identity, proof", "tour.auth.request", "tour.auth.request.proof"},
		{"10 the first CHILD_SA", "tour.auth.request", "tour.auth.request.child"},
		{"10 selectors", "tour.auth.request", "tour.payload.tsi"},
		{"11 the responder verifies", "tour.auth.request", "tour.fact.authenticated"},
		{"12 the response", "tour.auth.response", "tour.auth.response.what"},
		{"13, 14 sent, and the SAD", "tour.auth.response", "tour.auth.response.sad"},
		{"15 the initiator verifies", "tour.auth.response", "tour.auth.response.receiver"},
		{"16 tunnel up", "tour.auth.response", "tour.auth.response.up"},
		{"16 READY", "tour.auth.response", "tour.fact.sa-up"},
		{"17 what CREATE_CHILD_SA is", "tour.child.request", "tour.child.what"},
		{"18 the request", "tour.child.request", "tour.child.request.payloads"},
		{"18 PFS and the wrong guess", "tour.child.request", "tour.child.request.ke"},
		{"18 REKEY_SA", "tour.child-rekey.request", "tour.notify.rekey"},
		{"18 the rekey of the IKE SA", "tour.ike-rekey.request", "tour.ike-rekey.why"},
		{"19, 20 the reply", "tour.child.response", "tour.child.response.what"},
		{"21, 22 both ends activate it", "tour.child.response", "tour.child.response.active"},
		{"beyond: rekey of the pair", "tour.child-rekey.response", "tour.fact.pair"},
		{"beyond: Delete of a pair", "tour.delete-child.request", "tour.payload.delete"},
		{"beyond: Delete of the IKE SA", "tour.delete-ike.request", "tour.delete-ike.what"},
		{"beyond: liveness", "tour.liveness.request", "tour.liveness.what"},
		{"beyond: what was typed", "tour.delete-child.request", "tour.typed"},
	} {
		require.True(t, says(s, row.step, row.key), row.point)
	}
	var points []string
	for _, c := range s.Screens {
		for _, p := range c.Points {
			require.Contains(t, c.Lines, p.Line)
			points = append(points, p.Says.Key)
		}
	}
	require.Subset(t, points, []string{"tour.screen.pfs-no", "tour.screen.up-active", "tour.screen.ready", "tour.screen.suite"}, "23, 24")
	require.Empty(t, slices.DeleteFunc(slices.Clone(s.Steps), func(s Step) bool { return !s.Failed }), "nothing fails")
}

// memory is a capture in memory.
type memory struct{ bytes.Buffer }

func (*memory) Close() error { return nil }

// TestPackets: the numbers are those of packets of a capture, which are those messages.
func TestPackets(t *testing.T) {
	for _, name := range topologies.LabNames() {
		l := built(t, name, nil)
		var file memory
		capture, err := l.StartCaptureFile(func() (io.WriteCloser, error) { return &file, nil })
		require.NoError(t, err)
		list, err := Tour(l, parsed(t, Lines(l.Topology)...))
		require.NoError(t, err)
		require.NoError(t, capture.Stop())
		packets := numbered(t, file.Bytes())
		for _, s := range list {
			require.NotEmpty(t, s.Steps, name)
			for _, step := range s.Steps {
				m := step.Message
				if m == nil {
					continue
				}
				data := packets[m.Packets[0]]
				require.NotEmpty(t, data, "%s: packet %d", name, m.Packets[0])
				header := data[len(data)-m.Octets:]
				require.Equal(t, m.ID, binary.BigEndian.Uint32(header[20:]), name)
				require.Equal(t, m.Response, header[19]&0x20 != 0, name)
			}
		}
	}
}

// numbered are the packets of a capture by their numbers.
func numbered(t *testing.T, file []byte) map[uint64][]byte {
	all, le := map[uint64][]byte{}, binary.LittleEndian
	for len(file) > 0 {
		block := file[:le.Uint32(file[4:])]
		file = file[len(block):]
		if le.Uint32(block) != 6 { // an Enhanced Packet Block
			continue
		}
		n := le.Uint32(block[20:])
		options := block[28+(n+3)/4*4:]
		if le.Uint16(options) == 5 { // epb_packetid
			all[le.Uint64(options[4:])] = block[28 : 28+n]
		}
	}
	return all
}

// stamp is what stands before a line on the console.
var stamp = regexp.MustCompile(`^\*[A-Z][a-z]{2} [ \d]\d [\d:.]+: `)

// TestDebugIsTheConsoles: the lines are those that consoles print.
func TestDebugIsTheConsoles(t *testing.T) {
	for name, debugs := range map[string][]string{"psk-site-to-site": {"debug crypto ikev2"}, "xe-site-to-site": {"debug crypto ikev2", "debug crypto ikev2 packet"}} {
		story := toured(t, name, "wait 10s")[0]
		consoles := map[string]*memory{}
		l := built(t, name, nil)
		runner, err := scenario.NewRunner(l, scenario.Settings{Console: func(node string) (io.Writer, error) {
			consoles[node] = &memory{}
			return consoles[node], nil
		}})
		require.NoError(t, err)
		lines := []string{}
		for _, d := range debugs {
			lines = append(lines, "R1: "+d, "R2: "+d)
		}
		for i, text := range append(lines, "wait 10s") {
			step, err := scenario.ParseLine(text)
			require.NoError(t, err)
			require.NoError(t, runner.Prepare(step))
			if i == 0 {
				runner.Begin()
			}
			_, err = runner.Do(step)
			require.NoError(t, err)
		}
		for end, e := range story.Ends {
			var told []string
			for _, s := range story.Steps {
				told = append(told, s.Sides[end].Debug...)
			}
			var printed []string
			for l := range strings.Lines(consoles[e.Name].String()) {
				printed = append(printed, stamp.ReplaceAllString(strings.TrimRight(l, "\n"), ""))
			}
			require.Greater(t, len(told), 30)
			require.Subset(t, printed, told)
			for _, l := range printed {
				if strings.HasPrefix(l, "IKEv2") && !strings.HasSuffix(l, "debugging is on") {
					require.Contains(t, told, l, "%s: %s: nothing is left out", name, e.Name)
				}
			}
		}
	}
}

// TestConfigurationIsTheRouters: each line stands in the running configuration.
func TestConfigurationIsTheRouters(t *testing.T) {
	for _, name := range topologies.LabNames() {
		l := built(t, name, nil)
		list, err := Tour(l, parsed(t, Lines(l.Topology)...))
		require.NoError(t, err)
		for _, s := range list {
			for end, e := range s.Ends {
				text, refused := l.Router(e.Name).Shell().Screen(l.Sim.Now(), "show running-config")
				require.False(t, refused)
				var lines []string
				for l := range strings.Lines(text) {
					lines = append(lines, masked(strings.TrimRight(l, "\n")))
				}
				count := 0
				for _, step := range s.Steps {
					for _, b := range step.Sides[end].Config {
						if b.Note.Key == "" {
							require.Subset(t, lines, b.Lines, "%s: %s", name, e.Name)
							count++
						}
					}
				}
				require.Greater(t, count, 2, "%s: %s", name, e.Name)
			}
		}
	}
}

// TestWidths: no line is wider than the terminal, in either language.
func TestWidths(t *testing.T) {
	for _, name := range []string{"psk-site-to-site", "hub-and-spoke", "xe-site-to-site"} {
		list := toured(t, name)
		for lang := range phrase.Langs {
			for _, width := range []int{1, 20, 40, 80, 119, 120, 160, 500} {
				text := Text(list, Page{Lang: phrase.Lang(lang), Width: width})
				for l := range strings.Lines(text) {
					l = strings.TrimRight(l, "\n")
					require.LessOrEqual(t, phrase.Width(l), max(width, narrowest), "%d: %s", width, l)
				}
				require.NotContains(t, text, "tour.", "a sentence that is missing")
				require.NotRegexp(t, `\{[a-z_]+\}`, text, "a place that is not filled")
			}
		}
	}
}

// TestLengths: how long a payload is, is told in the language of the page.
func TestLengths(t *testing.T) {
	list := toured(t, "psk-site-to-site")
	for _, show := range []func([]*Story, Page) string{Text, Markdown} {
		require.Contains(t, show(list, Page{Lang: phrase.English, Width: 100}), "128 octets")
		text := show(list, Page{Lang: phrase.Japanese, Width: 100})
		require.Contains(t, text, "128 オクテット")
		require.NotRegexp(t, `\d octets`, text)
	}
}

// TestHTML: the page is well-formed, whole in itself, and its anchors lead somewhere.
func TestHTML(t *testing.T) {
	list := toured(t, "hub-and-spoke")
	for lang := range phrase.Langs {
		text := HTML(list, Page{Lang: phrase.Lang(lang)})
		d := xml.NewDecoder(strings.NewReader(text))
		d.Strict = true
		ids, refs := map[string]bool{}, []string{}
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			element, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			require.NotContains(t, []string{"script", "link", "img", "iframe"}, element.Name.Local)
			for _, a := range element.Attr {
				switch a.Name.Local {
				case "id":
					require.False(t, ids[a.Value])
					ids[a.Value] = true
				case "href":
					refs = append(refs, strings.TrimPrefix(a.Value, "#"))
				case "src":
					require.Fail(t, "a resource")
				}
			}
		}
		require.NotEmpty(t, refs)
		for _, r := range refs {
			require.True(t, ids[r], r)
		}
		require.NotContains(t, text, "http:")
		require.NotContains(t, text, "https:")
		require.NotContains(t, text, "url(")
	}
}

// TestNoSecret: no key is told, in no form.
func TestNoSecret(t *testing.T) {
	for _, lines := range [][]string{{"wait 10s"}, {"wait 10s", "R1: configure terminal", "R1: crypto ikev2 keyring KEYRNG", "R1: peer peer1", "R1: pre-shared-key remote sesame2", "R1: end", "R1: clear crypto sa", "wait 1m"}} {
		l := built(t, "psk-site-to-site", func(t *topologies.Topology) {
			edited("R1", "cisco", "sesame")(t)
			edited("R2", "cisco", "sesame")(t)
		})
		list, err := Tour(l, parsed(t, lines...))
		require.NoError(t, err)
		for _, text := range []string{Text(list, Page{Width: 200}), Markdown(list, Page{}), HTML(list, Page{})} {
			require.NotContains(t, text, "sesame")
			require.Contains(t, text, "pre-shared-key local "+hidden)
		}
	}
}

// TestMasked: whatever a line has of a secret stays out, and no more than that.
func TestMasked(t *testing.T) {
	for line, want := range map[string]string{
		"  pre-shared-key sesame": "  pre-shared-key ***", "  pre-shared-key 6 sesame": "  pre-shared-key ***", "  pre-shared-key local 0 sesame": "  pre-shared-key local ***",
		"  pre-shared-key remote sesame": "  pre-shared-key remote ***", "  pre-shared-key hex 5e5a": "  pre-shared-key hex ***",
		"  ppk manual id q key sesame required": "  ppk manual id q key ***", "  ppk manual id r key hex 00ff": "  ppk manual id r key ***",
		" authentication local pre-share key 0 sesame": " authentication local pre-share key ***", "crypto isakmp key sesame address 0.0.0.0": "crypto isakmp key ***",
		" keyring local KEYS": " keyring local KEYS", "crypto ikev2 keyring KEYS": "crypto ikev2 keyring KEYS", " tunnel key 7": " tunnel key 7",
		" authentication remote pre-share": " authentication remote pre-share", "  pre-shared-key local <removed>": "  pre-shared-key local ***",
	} {
		require.Equal(t, want, masked(line))
	}
}

// TestFailures: each family of misconfiguration is told at the step where it shows, with
// both sides' values.
func TestFailures(t *testing.T) {
	const policy = "crypto ikev2 proposal OTHER\n encryption aes-cbc-256\n integrity sha512\n group 20\ncrypto ikev2 policy OTHER\n proposal OTHER\n!\n"
	for _, row := range []struct {
		name                string
		node, before, after string
		step, key           string
		also                []string // in the text
	}{
		{"the key differs", "R2", "pre-shared-key remote cisco", "pre-shared-key remote other", "tour.auth.request", "tour.cause.bad-auth", []string{"AUTHENTICATION_FAILED", "pre-shared-key remote ***"}},
		{"our key differs", "R2", "pre-shared-key local cisco", "pre-shared-key local other", "tour.auth.response", "tour.cause.bad-auth", []string{"pre-shared-key local ***"}},
		{"no key", "R2", "address 10.0.0.1 255.255.255.0\n  hostname", "address 10.9.0.1 255.255.255.255\n  hostname", "tour.auth.request", "tour.cause.no-key", []string{"crypto ikev2 keyring KEYRNG"}},
		{"no profile", "R2", "match identity remote address 0.0.0.0", "match identity remote address 10.9.0.1 255.255.255.255", "tour.auth.request", "tour.cause.no-profile", []string{"10.0.0.1", "match identity remote address 10.9.0.1 255.255.255.255"}},
		{"proposals", "R2", "crypto ikev2 keyring", policy + "crypto ikev2 keyring", "tour.init.request", "tour.cause.mismatch", []string{"Offered: 3DES, AES-CBC-128", "Held here: AES-CBC-256"}},
		{"transform sets", "R2", "esp-3des esp-sha-hmac", "esp-aes 256 esp-sha-hmac", "tour.auth.request", "tour.cause.mismatch", []string{"Offered: 3DES", "Held here: AES-CBC-256"}},
		{"elsewhere", "R2", "tunnel destination 10.0.0.1", "tunnel destination 10.0.0.9", "tour.auth.request", "tour.cause.selectors", []string{"TS_UNACCEPTABLE"}},
	} {
		list, err := Tour(built(t, "psk-site-to-site", edited(row.node, row.before, row.after)), parsed(t, "wait 1m"))
		require.NoError(t, err, row.name)
		i := slices.IndexFunc(list, func(s *Story) bool { return s.Ends == [2]End{{"R1", "10.0.0.1"}, {"R2", "10.0.0.2"}} })
		require.GreaterOrEqual(t, i, 0, row.name)
		text := Text(list[i:i+1], Page{Width: 400})
		require.True(t, says(list[i], row.step, row.key), "%s: %s", row.name, text)
		require.True(t, slices.ContainsFunc(list[i].Steps, func(s Step) bool { return s.Failed }), row.name)
		require.False(t, says(list[i], "tour.auth.response", "tour.auth.response.up"), row.name)
		for _, a := range row.also {
			require.Contains(t, text, a, row.name)
		}
	}
}

// TestSilence: a peer that does not answer is given up.
func TestSilence(t *testing.T) {
	list, err := Tour(built(t, "psk-site-to-site", edited("R2", "interface Ethernet0/0\n", "interface Ethernet0/0\n shutdown\n")), parsed(t, "wait 6m"))
	require.NoError(t, err)
	require.True(t, says(list[0], "tour.given-up", "tour.cause.no-response"))
	require.True(t, says(list[0], "tour.init.request", "tour.fact.not-sent"))
	for _, step := range list[0].Steps {
		require.True(t, step.Message == nil || step.Message.Lost)
	}
	require.Contains(t, Text(list, Page{Width: 80}), "-x  R2")

	// Who has no key does not even begin.
	list, err = Tour(built(t, "psk-site-to-site", edited("R1", "address 10.0.0.2 255.255.255.0\n  hostname", "address 10.9.0.2 255.255.255.255\n  hostname")), parsed(t, "wait 3s"))
	require.NoError(t, err)
	i := slices.IndexFunc(list[0].Steps, func(s Step) bool { return s.Key.Key == "tour.given-up" })
	require.GreaterOrEqual(t, i, 0, Text(list, Page{Width: 200}))
	require.True(t, says(list[0], "tour.given-up", "tour.cause.no-key"))
}

// TestPairs: a hub has a story with each spoke.
func TestPairs(t *testing.T) {
	list := toured(t, "hub-and-spoke")
	require.Len(t, list, 3)
	for _, s := range list {
		require.Equal(t, "HUB", s.Ends[0].Name)
	}
}
