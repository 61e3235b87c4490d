package logs

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/debug"
	"ikelab/router/debug/sentence"
	"ikelab/topologies/explain"
	"ikelab/topologies/phrase"
)

// want is what a log shows of an IKE SA.
type want struct {
	role        Role
	suite       string // of IKE
	local, peer string // identities
	result      Result
	fault       string // the first about it
}

const (
	asaSuite = "AES-CBC, SHA1, SHA256, DH_GROUP_2048_MODP/Group 14"
	dn       = "cn=branch.example.net (DER ASN1 DN)"
	note     = "../../../tests/testdata/note/"
)

// expected is what each log must be read as: the tech note's four transcripts, and texts of our own in
// the form of what people have published.
var expected = map[string]struct {
	sides  []want
	faults []string // about no SA
	unread int      // lines
}{
	note + "init-auth.R1.initiator.txt": {sides: []want{{Initiator, "AES-CBC, SHA1, SHA96, DH_GROUP_1024_MODP/Group 2", "IPv4 address", "IPv4 address", Up, ""}}},
	note + "init-auth.R2.responder.txt": {sides: []want{{Responder, "AES-CBC, SHA1, SHA96, DH_GROUP_1024_MODP/Group 2", "IPv4 address", "IPv4 address", Up, ""}}},
	note + "rekey.R1.responder.txt":     {sides: []want{{Responder, "", "", "", Up, ""}}},
	note + "rekey.R2.initiator.txt":     {sides: []want{{Initiator, "", "", "", Open, "log.fault.group"}}},
	"testdata/asa-method.log": {sides: []want{
		{Responder, asaSuite, "", "198.51.100.9 (IPv4 address)", Failed, "log.fault.method"},
		{Responder, asaSuite, "", "198.51.100.9 (IPv4 address)", Failed, "log.fault.method"},
	}},
	"testdata/asa-key.log": {sides: []want{
		{Responder, asaSuite, "", "198.51.100.9 (IPv4 address)", Failed, "log.fault.key"},
		{Responder, asaSuite, "", "198.51.100.9 (IPv4 address)", Failed, "log.fault.key"},
	}},
	"testdata/asa-group.log":  {sides: []want{{Responder, "", "", "", Failed, "log.fault.proposals"}, {Responder, "", "", "", Failed, "log.fault.proposals"}}},
	"testdata/asa-silent.log": {unread: 1, sides: []want{{Initiator, "", "", "", Open, "log.fault.silent_init"}}},
	"testdata/asa-nat-inside.log": {sides: []want{
		{Initiator, asaSuite, "203.0.113.7 (IPv4 address)", "198.51.100.9 (IPv4 address)", Up, "log.nat.inside"},
	}},
	"testdata/asa-nat-outside.log": {sides: []want{
		{Responder, asaSuite, "203.0.113.7 (IPv4 address)", "10.20.0.4 (IPv4 address)", Up, "log.nat.outside"},
	}},
	"testdata/asa-transforms.log": {sides: []want{
		{Responder, asaSuite, "203.0.113.7 (IPv4 address)", "198.51.100.9 (IPv4 address)", Ended, "log.fault.transforms"},
		{Responder, asaSuite, "203.0.113.7 (IPv4 address)", "198.51.100.9 (IPv4 address)", Ended, "log.fault.transforms"},
	}},
	"testdata/shut.log":         {unread: 3, faults: []string{"log.fault.shut"}},
	"testdata/bounce.log":       {unread: 2, faults: []string{"log.fault.invalidspi"}},
	"testdata/clear-text.log":   {faults: []string{"log.fault.notipsec"}},
	"testdata/dataplane.log":    {faults: []string{"log.fault.mac", "log.fault.replay", "log.fault.replay", "log.fault.recursive"}},
	"testdata/platform.log":     {unread: 1, faults: []string{"log.fault.replay", "log.fault.mac"}},
	"testdata/certificates.log": {faults: []string{"log.fault.expired", "log.fault.early", "log.fault.revoked"}},
	"testdata/wire.log": {unread: 1, sides: []want{
		{Initiator, "", "", "", Open, "log.fault.silent"}, {Responder, "", "", "", Open, ""},
		{Initiator, "", "", "", Up, ""}, {Responder, "", "", "", Up, ""},
		{Initiator, "", "", "", Up, "log.fault.twins"}, {Responder, "", "", "", Up, "log.fault.twins"},
	}},
	"testdata/twins.log": {sides: []want{
		{Initiator, "", "198.51.100.61", "198.51.100.62", Up, ""}, {Responder, "", "198.51.100.61", "198.51.100.62", Up, "log.fault.twins"},
	}},
	"testdata/no-additional.log": {sides: []want{{RoleUnknown, "", "203.0.113.40", "gw.example.org", Up, "log.fault.noadditional"}}},
	"testdata/nat-off.log":       {sides: []want{{Responder, "", "", "", Failed, "log.fault.natoff"}}},
	"testdata/weak.log":          {sides: []want{{Initiator, "", "192.0.2.70", "192.0.2.71", Up, "log.fault.weak"}}},
	"testdata/fragments.log":     {sides: []want{{Initiator, "", "", "", Failed, "log.fault.silent_auth"}}},
	"testdata/chain.log":         {unread: 2, sides: []want{{Responder, "", "", "", Failed, "log.fault.chain"}}},
	"testdata/profile.log": {sides: []want{
		{Responder, "", "", dn, Failed, "log.fault.profile"}, {RoleUnknown, "", "", "", Open, "log.fault.url"},
	}},
	"testdata/flex.log": {sides: []want{{Responder, "", "", "branch7.example.net (FQDN)", Open, ""}}},
	"testdata/xe-three.log": {unread: 4, sides: []want{
		{Initiator, "", "2001:DB8:7::2 (IPv6 address)", "2001:DB8:7::1 (IPv6 address)", Ended, "log.fault.transforms_refused"},
		{Initiator, "", "2001:DB8:7::2 (IPv6 address)", "2001:DB8:7::1 (IPv6 address)", Ended, "log.fault.transforms_refused"},
		{Initiator, "", "", "", Open, "log.fault.silent_init"},
	}},
}

func read(t testing.TB, name string) []byte {
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	if !strings.HasPrefix(name, note) {
		return data
	}
	// The note's transcripts lie there in the form in which runs are compared with them.
	text := marked.ReplaceAllString(string(data), "")
	return []byte(strings.NewReplacer("<id>", "2", "<ispi>", "0C33DB40DBAAADE6", "<rspi>", "F14E2BBA78024DE3", "<n>", "2", "0x<hex>", "0x80000002", "<hex>", "0x80000002").Replace(text))
}

var marked = regexp.MustCompile(`(?m)^\+\w+ `)

// shown is what a log was read as.
func shown(l *Log) (sides []want, faults []string) {
	for _, s := range l.Sides {
		w := want{s.Role, "", s.LocalID.String(), s.PeerID.String(), s.Result, ""}
		if s.Offers.Suite != nil {
			w.suite = s.Offers.Suite.String()
		}
		for _, f := range l.Faults {
			if f.Side == s && w.fault == "" {
				w.fault = f.Kind
			}
		}
		sides = append(sides, w)
	}
	for _, f := range l.Faults {
		if f.Side == nil {
			faults = append(faults, f.Kind)
		}
	}
	return sides, faults
}

func TestTable(t *testing.T) {
	files, err := filepath.Glob("testdata/*.log")
	require.NoError(t, err)
	for _, f := range files {
		require.Contains(t, expected, f)
	}
	for name, w := range expected {
		l := Read(read(t, name))
		sides, faults := shown(l)
		require.Equal(t, w.sides, sides, name)
		require.Equal(t, w.faults, faults, name)
		require.Equal(t, w.unread, l.Lines-l.Read, "%s: %v", name, l.Unread)
		for _, u := range l.Unread {
			require.NotContains(t, []string{"log.unread.ike", "log.unread.platform"}, u.Kind, "%s: line %d", name, u.First)
		}
	}
}

// TestMends: what is said of a fault, and what to do about it, in both languages.
func TestMends(t *testing.T) {
	for _, row := range []struct {
		file string
		says []string
		with string // something of the log that is in the sentence
	}{
		{"twins", []string{"log.fault.twins", "log.mend.twins"}, "198.51.100.62"},
		{"wire", []string{"log.fault.twins", "log.mend.twins"}, "B"},
		{"no-additional", []string{"log.fault.noadditional", "log.mend.noadditional"}, "203.0.113.41"},
		{"nat-off", []string{"log.fault.natoff", "log.mend.natoff"}, ""},
		{"weak", []string{"log.fault.weak", "log.mend.weak"}, ""},
		{"dataplane", []string{"log.fault.mac", "log.mend.mac", "log.fault.replay", "log.mend.replay", "log.fault.recursive", "log.mend.recursive"}, "Tunnel12"},
		{"certificates", []string{"log.fault.expired", "log.mend.expired", "log.fault.early", "log.mend.early", "log.fault.revoked", "log.mend.revoked"}, "2026-03-31T23:59:59Z"},
		{"fragments", []string{"log.fault.silent_auth", "log.mend.fragments"}, "203.0.113.56"},
	} {
		l := Read(read(t, "testdata/"+row.file+".log"))
		keys := map[string]phrase.Phrase{}
		for _, f := range l.Faults {
			keys[f.Says.Key], keys[f.Mend.Key] = f.Says, f.Mend
		}
		for _, lang := range []phrase.Lang{phrase.English, phrase.Japanese} {
			text := explain.Text(l.Stories(), explain.Page{Lang: lang, Width: 1000})
			for _, key := range row.says {
				require.Contains(t, keys, key, row.file)
				require.Contains(t, text, keys[key].In(lang), row.file)
			}
			require.Contains(t, text, row.with, row.file)
		}
	}
}

// place is what stands in a place of a sentence, whatever kind of value belongs there.
type place struct{ number int }

func (p place) String() string { return fmt.Sprintf("%d", 10+p.number) }

func (p place) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// places are as many as a pattern has, and what they read like.
func places(pattern string) (values []any, texts []string) {
	for i := range strings.Count(pattern, "{}") {
		values = append(values, place{i})
		texts = append(texts, place{i}.String())
	}
	return values, texts
}

// TestEverySentence: whatever line router/debug can print, of either generation, is
// understood, and its places are found again.
func TestEverySentence(t *testing.T) {
	for _, s := range sentence.All() {
		values, want := places(s.Pattern())
		text := s.Say(values...)
		table, before := sentences, []string{"IKEv2:(SA ID = 1):", "IKEv2-INTERNAL:(SESSION ID = 31,SA ID = 1):", "IKEv2-ERROR:"}
		switch {
		case s == sentence.PayloadHead: // a payload's name stands in it
			text, want = strings.Replace(text, want[0], "SA", 1), nil
			table, before = nil, []string{""}
		case s.Below():
			table, before = dumps, []string{"", "*Nov 11 19:30:34.811: "}
		case strings.HasPrefix(text, "IPSEC("):
			before = []string{"", "*Nov 11 19:30:34.811: "}
		}
		if table != nil && text != "" {
			f, got := table.find(squeezed(text), nil)
			require.NotNil(t, f, text)
			require.Equal(t, strings.Join(want, " "), strings.TrimSpace(strings.Join(got[:len(want)], " ")), text)
		}
		for _, b := range before {
			require.Empty(t, Read([]byte(b+text+"\n")).Unread, b+text)
		}
	}
	for _, s := range debug.Sayings() {
		require.Empty(t, Read([]byte("IKEv2:(SA ID = 1):"+s+"\n")).Unread, s)
	}
	for _, m := range sentence.Messages() {
		values, _ := places(m.Pattern())
		require.Empty(t, Read([]byte(m.Say(values...)+"\n")).Unread, m.Name())
	}
}

// TestForms: what a log went through on its way changes nothing of what it says.
func TestForms(t *testing.T) {
	for name := range expected {
		data := read(t, name)
		sides, faults := shown(Read(data))
		for what, form := range map[string]func([]byte) []byte{
			"carriage returns": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
			"terminal codes":   func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\x1b[K\x1b[0m\n")) },
			"no last line end": func(b []byte) []byte { return bytes.TrimRight(b, "\n") },
			"prompts between":  func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\nRouter9#show clock\n")) },
			"set in": func(b []byte) []byte {
				return []byte("    " + string(bytes.ReplaceAll(b, []byte("\n"), []byte("\n    "))))
			},
			"quoted": func(b []byte) []byte {
				return []byte("> > " + string(bytes.ReplaceAll(b, []byte("\n"), []byte("\n> > "))))
			},
			"other lines": func(b []byte) []byte {
				return bytes.ReplaceAll(b, []byte("\nIKEv2:"), []byte("\n*Nov 11 19:30:35.000: %OSPF-5-ADJCHG: Process 1\nIKEv2:"))
			},
		} {
			gotSides, gotFaults := shown(Read(form(data)))
			require.Equal(t, sides, gotSides, "%s: %s", name, what)
			require.Equal(t, faults, gotFaults, "%s: %s", name, what)
		}
	}
}

// TestWrapped: a terminal of 80 columns has broken the lines.
func TestWrapped(t *testing.T) {
	for _, name := range []string{note + "init-auth.R1.initiator.txt", "testdata/chain.log", "testdata/profile.log"} {
		data := read(t, name)
		var wrapped strings.Builder
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSuffix(line, "\n")
			for len(line) > 80 {
				wrapped.WriteString(line[:80] + "\n")
				line = line[80:]
			}
			wrapped.WriteString(line + "\n")
		}
		sides, faults := shown(Read(data))
		gotSides, gotFaults := shown(Read([]byte(wrapped.String())))
		require.Equal(t, sides, gotSides, name)
		require.Equal(t, faults, gotFaults, name)
	}
}

// TestMixed: the lines of two routers, as a syslog server has them, are told apart and
// put together to one conversation; out of order, their numbers put them back.
func TestMixed(t *testing.T) {
	a := strings.Split(strings.TrimSpace(string(read(t, note+"init-auth.R1.initiator.txt"))), "\n")
	b := strings.Split(strings.TrimSpace(string(read(t, note+"init-auth.R2.responder.txt"))), "\n")
	stamp := func(host string, i int, line string) string {
		line = line[strings.Index(line, "IKEv2")*boolCount(strings.Contains(line, "IKEv2:")):]
		return fmt.Sprintf("<191>Nov 27 02:00:00 %s %d: *Nov 11 19:30:34.811: %s", host, i+1, line)
	}
	var mixed []string
	for i := range max(len(a), len(b)) {
		if i < len(a) {
			mixed = append(mixed, stamp("R1", i, a[i]))
		}
		if i < len(b) {
			mixed = append(mixed, stamp("R2", i, b[i]))
		}
	}
	check := func(lines []string) {
		l := Read([]byte(strings.Join(lines, "\n")))
		require.Equal(t, []string{"R1", "R2"}, []string{l.Sides[0].Router, l.Sides[1].Router})
		require.Equal(t, []Role{Initiator, Responder}, []Role{l.Sides[0].Role, l.Sides[1].Role})
		require.Equal(t, []Result{Up, Up}, []Result{l.Sides[0].Result, l.Sides[1].Result})
		require.Equal(t, l.Sides[1], l.otherEnd(l.Sides[0]))
		stories := l.Stories()
		require.Equal(t, "R1", stories[1].Ends[0].Name)
		require.Equal(t, "R2", stories[1].Ends[1].Name)
	}
	check(mixed)
	for i := 0; i+7 < len(mixed); i += 7 { // late by a few lines
		mixed[i], mixed[i+6] = mixed[i+6], mixed[i]
	}
	check(mixed)
}

// TestStories: what is told fits the terminal, in both languages, and says what is missing.
func TestStories(t *testing.T) {
	for name := range expected {
		stories := Read(read(t, name)).Stories()
		for _, lang := range []phrase.Lang{phrase.English, phrase.Japanese} {
			for _, width := range []int{40, 80, 160} {
				text := explain.Text(stories, explain.Page{Lang: lang, Width: width})
				for line := range strings.Lines(text) {
					require.LessOrEqual(t, phrase.Width(strings.TrimSuffix(line, "\n")), width, "%s: %s", name, line)
				}
				require.NotRegexp(t, `\b(log|tour)\.[a-z]`, text, name)
			}
		}
	}
	text := explain.Text(Read(read(t, "testdata/xe-three.log")).Stories(), explain.Page{Width: 1000})
	require.Contains(t, text, "Turn on debug crypto ikev2 and debug crypto ikev2 internal there")
	text = explain.Text(Read(read(t, "testdata/asa-group.log")).Stories(), explain.Page{Width: 1000})
	require.Contains(t, text, "Received: AES-CBC-128 SHA1 SHA256 DH_GROUP_2048_MODP/Group 14. Expected here: AES-CBC-128 SHA1 SHA256 DH_GROUP_1536_MODP/Group 5.")
}

func FuzzRead(f *testing.F) {
	for name := range expected {
		data := read(f, name)
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := Read(data)
		require.LessOrEqual(t, l.Read, l.Lines)
		text := explain.Text(l.Stories(), explain.Page{Width: 80})
		require.LessOrEqual(t, len(text), 1<<16+400*len(data)+1<<20)
	})
}

func BenchmarkRead(b *testing.B) {
	var data []byte
	for len(data) < 5<<20 {
		for _, name := range []string{note + "init-auth.R1.initiator.txt", "testdata/asa-transforms.log", "testdata/xe-three.log"} {
			data = append(data, read(b, name)...)
		}
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Read(data)
	}
}
