package rows

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// accessLines are the lines of running-config that are about access lists.
func accessLines(c *iosconfig.Config) []string {
	lines := Running(c)
	from := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "access-list") })
	if from < 0 {
		return nil
	}
	return slices.DeleteFunc(lines[from:len(lines)-1], func(l string) bool { return l == "!" })
}

// TestAccessListsAsIOSPrintsThem: names for numbers, `host` for a wildcard of
// zeros, addresses without the bits that do not count.
func TestAccessListsAsIOSPrintsThem(t *testing.T) {
	for typed, printed := range map[string]string{
		"permit 6 any any":                                     "permit tcp any any",
		"permit 200 any any":                                   "permit 200 any any",
		"deny ip 10.1.2.3 0.0.0.255 10.9.9.9 0.0.0.0":          "deny   ip 10.1.2.0 0.0.0.255 host 10.9.9.9",
		"permit ip 10.0.0.0 255.255.255.255 any log":           "permit ip any any log",
		"permit tcp any eq 80 www 443 host 10.0.0.1 range 9 7": "permit tcp any eq www www 443 host 10.0.0.1 range echo discard",
		"permit tcp any gt 1023 any established log-input":     "permit tcp any gt 1023 any established log-input",
		"permit tcp any any match-all +ack -FIN":               "permit tcp any any match-all +ack -fin",
		"permit tcp any any psh syn":                           "permit tcp any any psh syn",
		"permit udp any any eq 500 4500":                       "permit udp any any eq isakmp non500-isakmp",
		"permit udp any neq snmp any lt 1024 fragments":        "permit udp any neq snmp any lt 1024 fragments",
		"permit icmp any any 8":                                "permit icmp any any echo",
		"permit icmp any any 3 4":                              "permit icmp any any packet-too-big",
		"permit icmp any any unreachable 77":                   "permit icmp any any 3 77",
		"permit icmp any any port-unr log":                     "permit icmp any any port-unreachable log",
		"permit esp host 10.0.0.1 host 10.0.0.2":               "permit esp host 10.0.0.1 host 10.0.0.2",
		"remark what   it is for":                              "remark what   it is for",
		"permit gre 10.1.0.0 0.0.255.0 10.2.0.1 0.0.255.0":     "permit gre 10.1.0.0 0.0.255.0 10.2.0.1 0.0.255.0",
	} {
		c := load(t, "access-list 101 "+typed+"\n")
		require.Equal(t, []string{"access-list 101 " + printed}, accessLines(c), typed)
	}
	c := load(t, "access-list 7 permit 10.1.1.1\naccess-list 7 deny 10.2.2.2 0.0.0.255 log\naccess-list 7 permit any\n")
	require.Equal(t, []string{"access-list 7 permit 10.1.1.1", "access-list 7 deny   10.2.2.0 0.0.0.255 log", "access-list 7 permit any"}, accessLines(c))
}

func TestWhatIsNoAccessList(t *testing.T) {
	for _, line := range []string{
		"access-list 200 permit ip any any", "access-list 101 permit tcp any eq nonsense any", "access-list 101 permit tcp any eq 65536 any",
		"access-list 101 permit tcp any any match-all ack", "access-list 101 permit icmp any any sometimes", "access-list 101 permit ip any",
		"access-list 101 permit ip any eq 80 any", "access-list 7 permit ip any any", "ip access-list extended 7", "ip access-list standard 101",
		"ip access-list extended 1x", "ip access-list resequence NONE 10 10", "access-list 101 permit tcp any eq p any",
	} {
		_, errs := read(line + "\n")
		require.NotEmpty(t, errs, line)
	}
	_, errs := read("ip access-list extended A\nip access-list standard A\n")
	require.NotEmpty(t, errs)
}

// TestLinesByNumber: a named list is edited by its numbers, and a numbered one
// is a named one.
func TestLinesByNumber(t *testing.T) {
	c := load(t, `
access-list 101 remark first
access-list 101 permit ip host 10.0.0.1 any
access-list 101 permit ip host 10.0.0.2 any
ip access-list extended 101
 15 deny ip host 10.0.0.9 any
 no 20
 permit ip host 10.0.0.1 any
 no remark first
ip access-list standard NAMES
 permit 10.0.0.1
 deny any
 no permit 10.0.0.1
`)
	require.Equal(t, []string{
		"ip access-list standard NAMES", " 20 deny   any",
		"ip access-list extended 101", " 10 permit ip host 10.0.0.1 any", " 15 deny   ip host 10.0.0.9 any",
	}, accessLines(c), "numbers that would not come back by themselves are shown")
	_, errs := read("ip access-list extended A\n 10 permit ip any any\n 10 permit tcp any any\n")
	require.Contains(t, errs[0].Error(), "Duplicate sequence number")
	c = load(t, strings.Join(Running(c), "\n")+"\nip access-list resequence 101 10 10\nip access-list resequence NAMES 100 5\nno access-list 102\n")
	require.Equal(t, []string{
		"ip access-list standard NAMES", " 100 deny   any",
		"access-list 101 permit ip host 10.0.0.1 any", "access-list 101 deny   ip host 10.0.0.9 any",
	}, accessLines(c))
	c = load(t, strings.Join(Running(c), "\n")+"\nno access-list 101 permit ip any any\nno ip access-list standard NAMES\n")
	require.Empty(t, accessLines(c), "`no` of one line takes the whole numbered list")
}

// TestAccessListsOfXE: IOS XE 17 shows every list as a section, with numbers.
func TestAccessListsOfXE(t *testing.T) {
	file := Load("access-list 101 permit ip any any\nip access-list extended A\n permit tcp any any eq 22\n", iosconfig.XE17)
	require.Empty(t, file.Refused)
	commit := file.Commit
	require.Equal(t, []string{
		"ip access-list extended A", " 10 permit tcp any any eq 22", "ip access-list extended 101", " 10 permit ip any any",
	}, accessLines(commit.After))
	again := Load(strings.Join(Running(commit.After), "\n"), iosconfig.XE17)
	require.Empty(t, again.Refused)
	requireSame(t, commit.After, again.Commit.After)
}

// TestNamesOfNumbers: a number has one name.
func TestNamesOfNumbers(t *testing.T) {
	for _, protocol := range []string{"tcp", "udp"} {
		for n := range 65536 {
			word := iosconfig.PortWord(protocol, iosconfig.PortWord(protocol, strconv.Itoa(n)))
			require.Equal(t, n, iosconfig.PortNumber(protocol, word), word)
		}
	}
	for kind := range 256 {
		word := iosconfig.ICMP.Word(strconv.Itoa(kind))
		got, code := iosconfig.ICMP.Message(word)
		require.Equal(t, [2]int{kind, -1}, [2]int{got, code}, word)
	}
}
