package rows

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// modePaths are the lines that lead into each mode. The tests know no row:
// they walk along what `?` offers.
var modePaths = map[string][]string{
	"config":                     nil,
	"config-if":                  {"interface Ethernet0/0"},
	"config-if (tunnel)":         {"interface Tunnel0"},
	"config-if (null)":           {"interface Null0"},
	"config-subif":               {"interface Ethernet0/0.1"},
	"config-line":                {"line vty 0 4"},
	"config-cp":                  {"control-plane"},
	"dhcp-config":                {"ip dhcp pool P"},
	"config-ikev2-proposal":      {"crypto ikev2 proposal P"},
	"config-ikev2-policy":        {"crypto ikev2 policy P"},
	"config-ikev2-keyring":       {"crypto ikev2 keyring K"},
	"config-ikev2-keyring-peer":  {"crypto ikev2 keyring K", "peer A"},
	"config-ikev2-profile":       {"crypto ikev2 profile P"},
	"config-ikev2-author-policy": {"crypto ikev2 authorization policy A"},
	"config-ikev2-flexvpn":       {"crypto ikev2 client flexvpn F"},
	"config-ikev2-cluster":       {"crypto ikev2 cluster"},
	"cfg-crypto-trans":           {"crypto ipsec transform-set T esp-aes esp-sha-hmac"},
	"ipsec-profile":              {"crypto ipsec profile P"},
	"config-crypto-map":          {"crypto map M 10 ipsec-isakmp"},
	"config-std-nacl":            {"ip access-list standard S"},
	"config-router":              {"router bgp 65000"},
	"config-router-af":           {"router bgp 65000", "address-family ipv4"},
	"config-route-map":           {"route-map M permit 10"},
	"config-vrf":                 {"vrf definition RED"},
	"config-vrf (old)":           {"ip vrf OLD"},
	"config-vrf-af":              {"vrf definition RED", "address-family ipv4"},
	"config-pmap-c":              {"policy-map P", "class C"},
	"config-keychain-key":        {"key chain K", "key 1"},
	"config-archive":             {"archive"},
	"ca-trustpoint":              {"crypto pki trustpoint T"},
	"config-isakmp":              {"crypto isakmp policy 10"},
	"conf-keyring":               {"crypto keyring K"},
	"config-ext-nacl":            {"ip access-list extended E"},
	"config-track":               {"track 1 interface Ethernet0/0 line-protocol"},
	"config-track (list)":        {"track 2 list boolean and"},
	"config-track (route)":       {"track 3 ip route 10.0.0.0 255.0.0.0 reachability"},
	"config-ip-sla":              {"ip sla 1"},
	"config-ip-sla-echo":         {"ip sla 1", "icmp-echo 10.0.0.1"},
}

// session is a store with an editor in a mode.
type session struct {
	*editor.Editor
	store *iosconfig.Store
}

// world is what the lines of the tests may refer to.
var world = []string{"crypto ikev2 keyring Z0", "crypto ipsec transform-set Z1 esp-gcm", "crypto ikev2 profile Z2", "crypto ikev2 proposal Z3", "crypto ipsec profile Z4", "vrf definition Z5"}

func sessionIn(t *testing.T, mode string) session { return sessionOf(t, iosconfig.IOS151, mode) }

func sessionOf(t *testing.T, g iosconfig.Generation, mode string) session {
	t.Helper()
	store := iosconfig.NewStore(iosconfig.New(g))
	s := session{NewEditor(store), store}
	s.enter(t, modePaths[mode]...)
	name, _, _ := strings.Cut(mode, " ")
	require.Equal(t, name, s.Mode())
	return s
}

func (s session) enter(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		_, err := s.Enter(line)
		require.NoError(t, err, line)
	}
}

// requireSame wants configurations that say the same and hold the same.
func requireSame(t *testing.T, want, got *iosconfig.Config, args ...any) {
	t.Helper()
	require.Equal(t, flat(want, Running(want)), flat(got, Running(got)), args...)
}

// contents is a configuration without the order in which it was made.
type contents struct {
	iosconfig.Config
	Texts      []string // what is kept as text is told by running-config
	Interfaces []iosconfig.Interface
	Routes     []iosconfig.Route
	Objects    []any
	Sections   []iosconfig.Section
	Access     [][]*iosconfig.AccessLine
	Lists      []string // their names and kinds
}

// flat is what a configuration with that running-config holds.
func flat(c *iosconfig.Config, running []string) contents {
	f := contents{Config: *c}
	f.Texts, f.Config.Texts = running, iosconfig.Texts{}
	f.Config.Interfaces, f.Config.Routes, f.Config.Sections = iosconfig.Interfaces{}, iosconfig.Routes{}, iosconfig.List[iosconfig.Section]{}
	k, p := &f.Config.IKEv2, &f.Config.IPsec
	k.Proposals, k.Policies, k.Keyrings, k.Profiles = iosconfig.List[iosconfig.Proposal]{}, iosconfig.List[iosconfig.Policy]{}, iosconfig.List[iosconfig.Keyring]{}, iosconfig.List[iosconfig.Profile]{}
	p.TransformSets, p.Profiles = iosconfig.List[iosconfig.TransformSet]{}, iosconfig.List[iosconfig.IPsecProfile]{}
	p.Maps, p.MapSources = iosconfig.List[iosconfig.CryptoMap]{}, iosconfig.List[iosconfig.MapSource]{}
	for _, name := range c.CryptoMaps() {
		for _, m := range c.CryptoMap(name) {
			f.Objects = append(f.Objects, *m)
		}
		if s := c.IPsec.MapSources.Get(name); s != nil {
			f.Objects = append(f.Objects, *s)
		}
	}
	for i := range c.Interfaces.All() {
		plain := *i
		plain.Texts = iosconfig.Texts{}
		f.Interfaces = append(f.Interfaces, plain)
	}
	f.Routes = slices.Collect(c.Routes.All())
	f.Config.PKI = iosconfig.PKI{}
	collect(&f.Objects, &c.PKI.Trustpoints)
	collect(&f.Objects, &c.PKI.Maps)
	f.Config.VRFs = iosconfig.List[iosconfig.VRF]{}
	vrfs := slices.SortedFunc(c.VRFs.All(), func(a, b *iosconfig.VRF) int { return strings.Compare(a.Name, b.Name) })
	for _, v := range vrfs {
		plain := *v
		plain.Texts, plain.Families = iosconfig.Texts{}, iosconfig.List[iosconfig.VRFFamily]{} // which running-config tells
		f.Objects = append(f.Objects, plain)
	}
	f.Config.NAT, f.Config.DHCP = iosconfig.Translation{}, iosconfig.DHCP{Off: c.DHCP.Off, Ping: c.DHCP.Ping}
	k.Flex = iosconfig.Flex{}
	for p := range c.IKEv2.Authorizations.All() {
		plain := *p
		plain.Texts = iosconfig.Texts{}
		f.Objects = append(f.Objects, plain)
	}
	collect(&f.Objects, &c.IKEv2.Pools)
	for p := range c.IKEv2.Clients.All() {
		plain := *p
		plain.Texts = iosconfig.Texts{}
		f.Objects = append(f.Objects, plain)
	}
	collect(&f.Objects, &c.DHCP.Excluded)
	for p := range c.DHCP.Pools.All() {
		plain := *p
		plain.Texts = iosconfig.Texts{}
		f.Objects = append(f.Objects, plain)
	}
	f.Config.Tracking = iosconfig.Tracking{}
	for o := range c.Tracking.Objects.All() {
		f.Objects = append(f.Objects, *o)
	}
	for o := range c.Tracking.Operations.All() {
		plain := *o
		plain.Texts = iosconfig.Texts{}
		f.Objects = append(f.Objects, plain)
	}
	collect(&f.Objects, &c.NAT.Pools)
	collect(&f.Objects, &c.NAT.Sources)
	collect(&f.Objects, &c.NAT.Static)
	collect(&f.Objects, &c.NAT.Timeouts)
	collect(&f.Objects, &c.IKEv2.Proposals)
	collect(&f.Objects, &c.IKEv2.Policies)
	collect(&f.Objects, &c.IKEv2.Profiles)
	collect(&f.Objects, &c.IPsec.TransformSets)
	collect(&f.Objects, &c.IPsec.Profiles)
	for k := range c.IKEv2.Keyrings.All() {
		f.Objects = append(f.Objects, k.Name)
		collect(&f.Objects, &k.Peers)
	}
	for s := range c.Sections.All() {
		plain := *s
		plain.Texts = iosconfig.Texts{}
		f.Sections = append(f.Sections, plain)
	}
	f.Config.Groups = iosconfig.ObjectGroups{}
	collect(&f.Objects, &c.Groups.List)
	for _, lists := range []*iosconfig.List[iosconfig.AccessList]{&f.Config.Access, &f.Config.Access6} {
		for _, l := range slices.SortedFunc(lists.All(), func(a, b *iosconfig.AccessList) int { return strings.Compare(a.Name, b.Name) }) {
			f.Access, f.Lists = append(f.Access, l.Lines), append(f.Lists, fmt.Sprint(l.Name, l.Standard, l.Six))
		}
		*lists = iosconfig.List[iosconfig.AccessList]{}
	}
	slices.SortFunc(f.Sections, func(a, b iosconfig.Section) int { return strings.Compare(a.Head, b.Head) })
	return f
}

func collect[O any](to *[]any, list *iosconfig.List[O]) {
	for o := range list.All() {
		*to = append(*to, *o)
	}
}

// choice is one entry of a `?` list.
type choice struct{ word, help string }

// choices reads what a `?` list offers.
func choices(t *testing.T, lines []string, err error) (list []choice) {
	t.Helper()
	require.NoError(t, err)
	for _, l := range lines {
		if rest, ok := strings.CutPrefix(l, "  "); ok { // not the title
			word, help, _ := strings.Cut(rest, " ")
			list = append(list, choice{word, strings.TrimSpace(help)})
		}
	}
	return list
}

// keyword says whether the choice is typed as it stands.
func (c choice) keyword() bool {
	return !strings.ContainsAny(c.word[:1], "<ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// sample returns a text for an argument; never an abbreviated keyword.
func (c choice) sample(r *rand.Rand) string {
	switch c.word {
	case "WORD":
		return fmt.Sprintf("Z%d", r.IntN(5))
	case "LINE":
		return []string{"Z a  b", "Zulu", "Z \"quoted\" | text?", "Zü", "Z!"}[r.IntN(5)]
	case "A.B.C.D":
		return []string{"10.1.2.3", "0.0.0.0", "192.168.0.0", "10.0.0.0", "172.16.255.1",
			"255.255.255.0", "255.255.255.255", "0.0.0.0", "255.255.0.0"}[r.IntN(9)]
	case "X:X:X:X::X":
		return []string{"2001:db8::1", "2001:DB8:0:1::", "fe80::1", "FE80::AbCd", "::", "ff02::1"}[r.IntN(6)]
	case "X:X:X:X::X/<0-128>":
		return []string{"2001:db8::1/64", "2001:DB8:0:1::/64", "2001:db8:1::1/127", "::/0", "2001:db8:2::2/128", "fe80::1/10"}[r.IntN(6)]
	case "Hex-data":
		return []string{"00", "aBcdef0123"}[r.IntN(2)]
	case "<0-255>[/<0-255>]":
		return []string{"0/0", "1/3", "1", "0/0/1", "0/1.100"}[r.IntN(5)]
	}
	var lo, hi int64
	if n, _ := fmt.Sscanf(c.word, "<%d-%d>", &lo, &hi); n < 2 {
		return c.word
	}
	return fmt.Sprint([]int64{lo, hi, lo + r.Int64N(hi-lo+1)}[r.IntN(3)])
}

// line is a line that `?` led to.
type line struct {
	words []string
	taken []choice
}

func (l line) String() string { return strings.Join(l.words, " ") }

func (l line) and(c choice, word string) line {
	return line{append(slices.Clip(l.words), word), append(slices.Clip(l.taken), c)}
}

// verbs lead to the lines that stand behind them.
var verbs = []string{"no", "default", "do", "exit", "end", "<cr>"}

// heads are all ways through the keywords of a mode, down to the first
// argument or three words.
func (s session) heads(t *testing.T, from line) (list []line) {
	lines, err := s.Help(strings.Join(append(slices.Clone(from.words), ""), " "))
	for _, c := range choices(t, lines, err) {
		if slices.Contains(verbs, c.word) {
			continue
		}
		if next := from.and(c, c.word); c.keyword() && len(next.words) < 4 {
			list = append(list, s.heads(t, next)...)
		} else if len(from.words) == 0 || len(list) == 0 || list[len(list)-1].String() != from.String() {
			list = append(list, from)
		}
	}
	if len(list) == 0 && len(from.words) > 0 {
		list = append(list, from)
	}
	return list
}

// finish walks on at random until the line may end.
func (s session) finish(t *testing.T, l line, r *rand.Rand) line {
	for {
		lines, err := s.Help(strings.Join(append(slices.Clone(l.words), ""), " "))
		list := choices(t, lines, err)
		mayEnd := len(list) > 0 && list[len(list)-1].word == "<cr>"
		if mayEnd && (len(list) == 1 || r.IntN(3) == 0 || len(l.words) > 12) {
			return l
		}
		if mayEnd {
			list = list[:len(list)-1]
		}
		if len(l.words) == 0 {
			list = slices.DeleteFunc(list, func(c choice) bool { return slices.Contains(verbs, c.word) })
		}
		if len(list) == 0 {
			return l // a mode without commands of its own
		}
		c := list[r.IntN(len(list))]
		l = l.and(c, c.sample(r))
	}
}

// mayEnd says whether `?` offers <cr> behind a line.
func (s session) mayEnd(line string) bool {
	lines, err := s.Help(line + " ")
	return err == nil && slices.Contains(lines, "  <cr>")
}

// images are both generations.
var images = []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17}

// eachHead calls f for every command of every mode of both images.
func eachHead(t *testing.T, f func(t *testing.T, in func(*testing.T) session, head line, r *rand.Rand)) {
	for _, g := range images {
		for mode := range modePaths {
			in := func(t *testing.T) session { return sessionOf(t, g, mode) }
			for n, head := range in(t).heads(t, line{}) {
				t.Run(string(g)+" "+mode+" "+head.String(), func(t *testing.T) { f(t, in, head, rand.New(rand.NewPCG(uint64(n), 7))) })
			}
		}
	}
}

// again loads a configuration's text for the image that it is of.
func again(t *testing.T, c *iosconfig.Config, lines []string) *iosconfig.Config {
	t.Helper()
	text := strings.Join(lines, "\n")
	l := Load(text, c.Generation)
	require.Empty(t, l.Refused, text)
	return l.Commit.After
}

// requireAgain wants running-config to hold what the configuration does, and returns that.
func requireAgain(t *testing.T, c *iosconfig.Config, what any) contents {
	t.Helper()
	running := Running(c)
	holds, loaded := flat(c, running), again(t, c, running)
	require.Equal(t, holds, flat(loaded, Running(loaded)), "%s\n%s", what, strings.Join(running, "\n"))
	return holds
}

const samplesPerHead = 3

func TestRowsRoundTripAndNegate(t *testing.T) {
	eachHead(t, func(t *testing.T, in func(*testing.T) session, head line, r *rand.Rand) {
		t.Parallel()
		for range samplesPerHead {
			s := in(t)
			base := s.store.Running()
			l := s.finish(t, head, r)
			_, err := s.Enter(l.String())
			if errors.As(err, &syntax.ErrRefused{}) || errors.As(err, &syntax.ErrInvalid{}) { // values that do not go together
				require.Same(t, base, s.store.Running(), l)
				continue
			}
			if errors.Is(err, syntax.ErrIncomplete) && head.String() == "track" { // a number alone enters what there is
				require.Same(t, base, s.store.Running(), l)
				continue
			}
			if errors.As(err, &editor.ErrDo{}) { // EXEC carries it out
				continue
			}
			require.NoError(t, err, l)
			if s.InText() { // its text follows
				for _, end := range []string{"text", "!", string([]rune(l.words[len(l.words)-1])[:1]), "@", "quit"} {
					if s.InText() {
						s.enter(t, end)
					}
				}
				continue
			}
			holds := requireAgain(t, s.store.Running(), l)
			all := again(t, s.store.Running(), RunningAll(s.store.Running()))
			require.Equal(t, holds, flat(all, Running(all)), "all: %s\n%s", l, strings.Join(holds.Texts, "\n"))

			short := l.String()
			for n := 1; n < len(l.words) && r.IntN(2) == 0; n++ {
				if head := strings.Join(l.words[:n], " "); s.mayEnd("no "+head) && !s.mayEnd(head) {
					short = head
				}
			}
			was := flat(base, Running(base))
			back(t, in, []string{l.String(), "default " + short}, was)
			back(t, in, []string{l.String(), "no " + l.String()}, was)
		}
	})
}

// back enters lines in a mode, of which the last takes the others back, and compares with
// what was before; where IOS refuses the removal of the last line (a physical interface)
// there is nothing to compare, and `no` of what is so by default says the opposite.
func back(t *testing.T, in func(*testing.T) session, lines []string, was contents) {
	t.Helper()
	s := in(t)
	mode := s.Mode()
	for i, line := range lines {
		if i > 0 {
			for at := s.Mode(); !strings.HasPrefix(mode, at); at = s.Mode() {
				s.enter(t, "exit")
			}
		}
		_, err := s.Enter(line)
		if i > 0 && (errors.As(err, &syntax.ErrRefused{}) || errors.As(err, &syntax.ErrInvalid{})) {
			return // no such form
		}
		require.NoError(t, err, line)
	}
	is := requireAgain(t, s.store.Running(), lines)
	if opposite(was.Texts, is.Texts) || strings.HasPrefix(lines[1], "default interface") { // which leaves the interface
		return
	}
	require.Equal(t, was, is, "%q", lines)
}

// opposite says whether running-config says `no` where it did not before, or, as IOS does
// for `no exec-timeout` and `no ip dhcp ping packets`, with a 0.
func opposite(before, after []string) bool {
	was := strings.Join(before, "\n")
	return slices.ContainsFunc(after, func(l string) bool {
		l = strings.TrimSpace(l)
		return (strings.HasPrefix(l, "no ") || l == "exec-timeout 0 0" || l == "ip dhcp ping packets 0") && !strings.Contains(was, l)
	})
}

func TestRowsHelpAndAbbreviations(t *testing.T) {
	eachHead(t, func(t *testing.T, in func(*testing.T) session, head line, r *rand.Rand) {
		s := in(t)
		l := s.finish(t, head, r)
		if slices.Contains([]string{"banner", "macro", "certificate"}, l.words[0]) {
			return
		}
		short := ""
		for i, w := range l.words {
			require.NotEmpty(t, l.taken[i].help, "no help for %s of %s", w, l)
			short += s.abbreviate(short, w, l.taken[i], r) + " "
		}
		twin := in(t)
		_, want := s.Enter(l.String())
		_, got := twin.Enter(short)
		if want == nil {
			require.NoError(t, got, short)
		}
		requireSame(t, s.store.Running(), twin.store.Running(), "%s: %s", l, short)
	})
}

// A word that may be several keywords is none of them, wherever in a line it stands.
func TestAmbiguousWords(t *testing.T) {
	eachHead(t, func(t *testing.T, in func(*testing.T) session, head line, r *rand.Rand) {
		s := in(t)
		l := s.finish(t, head, r)
		for i, w := range l.words {
			before := strings.Join(append(slices.Clone(l.words[:i]), ""), " ")
			short := s.ambiguous(t, before, w, l.taken[i])
			if short == "" {
				continue
			}
			base, typed := s.store.Running(), before+short
			if _, err := sessionOf(t, base.Generation, "config").Enter(typed); s.Mode() != "config" && err == nil {
				continue // a command of the outer mode, whose text may be anything
			}
			_, err := s.Enter(typed)
			require.ErrorAs(t, err, &syntax.ErrAmbiguous{}, typed)
			require.Same(t, base, s.store.Running())
			require.Equal(t, []string{fmt.Sprintf("%% Ambiguous command:  %q", typed), ""}, syntax.Refusal(err, 0))
		}
	})
}

// ambiguous is the first letter of a word, if several keywords begin with it and nothing
// else may stand there; or "".
func (s session) ambiguous(t *testing.T, before, w string, c choice) string {
	lines, err := s.Help(before)
	var begin int
	for _, other := range choices(t, lines, err) {
		switch {
		case !other.keyword() && other.word != "<cr>", other.word == w[:1]:
			return ""
		case other.word[:1] == w[:1]:
			begin++
		}
	}
	if _, err := strconv.Atoi(w); begin < 2 || !c.keyword() || err == nil {
		return ""
	}
	return w[:1]
}

// abbreviate returns a random unique prefix, in any case, of a keyword that is no number.
func (s session) abbreviate(before, w string, c choice, r *rand.Rand) string {
	if _, err := strconv.Atoi(w); !c.keyword() || err == nil {
		return w
	}
	for n := 1 + r.IntN(len(w)); n < len(w); n++ {
		if c := s.Complete(before + w[:n]); len(c) == 1 && c[0] == w {
			return strings.ToUpper(w[:n])
		}
	}
	return w
}

// Lines of all modes, in any order and form, end in a configuration that
// running-config says completely; what was refused changed nothing.
func TestRandomSessions(t *testing.T) {
	var modes []string
	for mode := range modePaths {
		modes = append(modes, mode)
	}
	slices.Sort(modes)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := sessionOf(t, images[seed%2], "config")
		s.enter(t, world...)
		for range 100 {
			mode := modes[r.IntN(len(modes))]
			s.enter(t, "hostname R")
			for _, line := range modePaths[mode] {
				if strings.HasPrefix(line, "crypto i") && r.IntN(4) == 0 {
					words := strings.Fields(line)
					at := 3
					if words[2] == "authorization" || words[2] == "client" {
						at = 4
					}
					if at < len(words) {
						words[at] = iosconfig.DefaultName // the smart defaults too
					}
					line = strings.Join(words, " ")
				}
				s.enter(t, line)
			}
			l := s.finish(t, line{}, r)
			if len(l.words) == 0 || slices.Contains([]string{"banner", "macro", "certificate"}, l.words[0]) {
				continue
			}
			before := s.store.Running()
			result, err := s.Enter([]string{"", "", "", "no ", "default "}[r.IntN(5)] + l.String())
			if err != nil || len(result.Commit.Changes) == 0 {
				require.Same(t, before, s.store.Running(), l)
			}
		}
		for _, text := range [][]string{Running(s.store.Running()), RunningAll(s.store.Running())} {
			requireSame(t, s.store.Running(), again(t, s.store.Running(), text), strings.Join(text, "\n"))
		}
	}
}

// What `show running-config all` adds is what holds: taking it back with `default`
// changes nothing, and every line that running-config has stands in it, in order.
func TestRunningAll(t *testing.T) {
	for _, g := range images {
		c := Load("interface Ethernet0/0\ninterface Ethernet0/0.5\n encapsulation dot1q 5\ninterface Tunnel0\ncrypto ikev2 profile P\ncrypto ipsec transform-set T esp-aes esp-sha-hmac\nip dhcp pool P\n", g).Commit.After
		all, plain := RunningAll(c), Running(c)
		at := 0
		for _, l := range all {
			if at < len(plain) && l == plain[at] {
				at++
			}
		}
		require.Equal(t, len(plain), at, "%s", strings.Join(all, "\n"))
		again := Load(strings.Join(all, "\n"), g)
		require.Empty(t, again.Refused)
		require.Empty(t, again.Warnings)
		requireSame(t, c, again.Commit.After)
		for _, l := range []string{"crypto ikev2 proposal default", " match fvrf any", " set ikev2-profile default", "crypto ikev2 window 5", " lifetime 86400",
			"crypto ipsec security-association lifetime seconds 3600", "crypto ipsec df-bit copy", " mode tunnel", " tunnel mode gre ip", " mtu 1500", " lease 1", "logging console debugging"} {
			require.Contains(t, all, l)
		}
	}
}
