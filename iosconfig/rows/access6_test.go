package rows

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// TestSixLinesAsIOSPrintsThem: prefixes without the bits that do not count, in capital
// letters, `host` for one address and `any` for all; names for numbers.
func TestSixLinesAsIOSPrintsThem(t *testing.T) {
	for typed, printed := range map[string]string{
		"permit any 2001:db8::1/64":                            "permit ipv6 any 2001:DB8::/64",
		"deny 58 ::/0 host 2001:db8::a":                        "deny icmp any host 2001:DB8::A",
		"permit 50 2001:db8::1/128 any":                        "permit esp host 2001:DB8::1 any",
		"permit ip any any":                                    "permit ipv6 any any",
		"permit 1 any any":                                     "permit 1 any any",
		"permit udp any any eq 500":                            "permit udp any any eq isakmp",
		"permit tcp any gt 1023 any range 9 7 established log": "permit tcp any gt 1023 any range echo discard established log",
		"permit tcp any any syn ack":                           "permit tcp any any syn ack",
		"permit icmp any any 135":                              "permit icmp any any nd-ns",
		"permit icmp any any 1 4":                              "permit icmp any any port-unreachable",
		"permit icmp any any 1 6 log-input":                    "permit icmp any any 1 6 log-input",
		"permit icmp any any packet-too-big":                   "permit icmp any any packet-too-big",
		"deny ipv6 2001:db8:1::/48 2001:db8:2:ffff:ffff:ffff:ffff:ffff/127 frag": "deny ipv6 2001:DB8:1::/48 2001:DB8:2:FFFF:FFFF:FFFF:FFFF:FFFE/127 fragments",
		"remark what  it is for": "remark what  it is for",
	} {
		c := load(t, "ipv6 access-list A\n "+typed+"\n")
		require.Equal(t, []string{"ipv6 access-list A", " " + printed}, accessLines(c), typed)
	}
}

func TestWhatIsNoSixLine(t *testing.T) {
	for _, line := range []string{
		"permit ipv6 any", "permit icmp any any sometimes", "permit ipv6 10.0.0.0 0.0.0.255 any", "permit ipv6 any any eq 80",
		"permit tcp any any match-all +ack", "permit 256 any any", "permit ipv6 host 10.0.0.1 any", "sequence 0 permit ipv6 any any", "permit ipv6 2001:db8::/129 any", "10 permit ipv6 any any",
	} {
		_, errs := read("ipv6 access-list A\n " + line + "\n")
		require.NotEmpty(t, errs, line)
	}
	_, errs := read("ipv6 access-list 6A\n")
	require.NotEmpty(t, errs)
}

// TestSixLinesByNumber: a line takes the place of the one that has its number; what another
// line says is passed over. Numbers are shown where they would not come back, and in IOS XE.
func TestSixLinesByNumber(t *testing.T) {
	const text = `
ipv6 access-list A
 permit tcp any any eq 22
 remark behind it
 permit ipv6 any host 2001:db8::1
 sequence 15 permit esp any any
 sequence 10 permit ahp any any
 permit esp any any
 deny ipv6 any any sequence 99
 no permit ipv6 any host 2001:db8::1
`
	c := load(t, text)
	require.Equal(t, []string{
		"ipv6 access-list A", " sequence 10 permit ahp any any", " remark behind it", " sequence 15 permit esp any any", " sequence 99 deny ipv6 any any",
	}, accessLines(c))
	c = load(t, strings.Join(slices.Concat(Running(c), []string{"ipv6 access-list A", "no sequence 15", "no sequence 99", "no remark behind it"}), "\n"))
	require.Equal(t, []string{"ipv6 access-list A", " permit ahp any any"}, accessLines(c))
	c = load(t, strings.Join(Running(c), "\n")+"\nno ipv6 access-list A\n")
	require.Empty(t, accessLines(c))

	file := Load("ipv6 access-list A\n permit ipv6 any any\n remark last\n", iosconfig.XE17)
	require.Empty(t, file.Refused)
	require.Equal(t, []string{"ipv6 access-list A", " sequence 10 permit ipv6 any any", " remark last"}, accessLines(file.Commit.After))
	again := Load(strings.Join(Running(file.Commit.After), "\n"), iosconfig.XE17)
	require.Empty(t, again.Refused)
	requireSame(t, file.Commit.After, again.Commit.After)
}

// TestNamesOfSixMessages: a type has one name.
func TestNamesOfSixMessages(t *testing.T) {
	for _, kind := range []string{"1", "2", "3", "4", "128", "129", "130", "133", "134", "135", "136", "137", "138", "200"} {
		again, code := iosconfig.ICMPv6.Message(iosconfig.ICMPv6.Word(kind))
		number, _ := iosconfig.ICMPv6.Message(kind)
		require.Equal(t, [2]int{number, -1}, [2]int{again, code}, kind)
	}
}

// A word of IPv6 that IOS does not have is refused where it stands, and leaves no mode.
func TestUnknownWordsOfIPv6(t *testing.T) {
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	s := session{NewEditor(store), store}
	for _, line := range []string{"ipv6 enabel", "ipv6 traffic-filter A in", "no ipv6"} {
		_, err := s.Enter(line)
		require.Error(t, err, line)
	}
	s.enter(t, "interface Ethernet0/0")
	_, err := s.Enter("ipv6 access-group A in")
	require.Error(t, err)
	s.enter(t, "ipv6 enable")
	require.True(t, store.Running().Interface("Ethernet0/0").IPv6.Enabled)
}
