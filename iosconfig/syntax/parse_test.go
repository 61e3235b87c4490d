package syntax

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type shell struct{ got string }

func note(s *shell, a Args) error { s.got = a.String(); return nil }

var execTable = NewTable("Exec commands:", []Command[shell]{
	{Syntax: "show version", Help: "Show running system information|System hardware and software status", Set: note},
	{Syntax: "show crypto ikev2 sa [local <local:ip>] [detailed]", Help: "|Encryption module|Shows IKEv2 info|Shows ikev2 SAs|Local address|Local address|Detailed information", Set: note},
	{Syntax: "show clock", Help: "|Display the system clock", Set: note},
	{Syntax: "show ip interface brief", Help: "|IP information|IP interface status|Brief summary", Set: note},
	{Syntax: "show interfaces [<name:interface>]", Help: "|Interface status|Interface name", Set: note},
	{Syntax: "ping {<to:ip>|<host:word>} [{source {<from:ip>|<iface:interface>}|repeat <n:1-2147483647>|df-bit}...]", Help: "Send echo messages|Destination|Host name|Source|Address|Interface|Repeat count|Count|DF bit", Set: note},
	{Syntax: "send <text:line>", Help: "Send a line|The line", Set: note},
	{Syntax: "secret", Help: "Not offered", Hidden: true, Set: note},
})

func TestParse(t *testing.T) {
	for line, want := range map[string]string{
		"sh ver":                        "show version",
		"SHOW  CRY ikev2 sa":            "show crypto ikev2 sa",
		"sh cr ik sa lo 10.0.0.1 d":     "show crypto ikev2 sa local 10.0.0.1 detailed",
		"sh int e0/0":                   "show interfaces Ethernet0/0",
		"sh int eth 0/00":               "show interfaces Ethernet0/0",
		"sh int lo0":                    "show interfaces Loopback0",
		"ping 10.0.0.1 df rep 5 so tu1": "ping 10.0.0.1 df-bit repeat 5 source Tunnel1",
		"ping Peer":                     "ping Peer",
		"send a  b | c ":                "send a  b | c",
		"secret":                        "secret",
	} {
		m, err := execTable.Parse(line)
		require.NoError(t, err, line)
		var s shell
		require.NoError(t, m.Command.Set(&s, m.Args))
		require.Equal(t, want, s.got, line)
	}
}

func TestParseErrors(t *testing.T) {
	for line, want := range map[string]error{
		"":                          ErrIncomplete,
		"show":                      ErrIncomplete,
		"show crypto ikev2":         ErrIncomplete,
		"ping 10.0.0.1 repeat":      ErrIncomplete,
		"bogus":                     ErrInvalid{0},
		"show bogus":                ErrInvalid{5},
		"sh ver x":                  ErrInvalid{7},
		"sh i x":                    ErrInvalid{5}, // i is ambiguous, but x fits neither
		"sh i":                      ErrAmbiguous{"sh i"},
		"ping 10.0.0.1 repeat 0":    ErrInvalid{21},
		"ping 10.0.0.1 df df":       ErrInvalid{17},
		"shw ver":                   ErrInvalid{2}, // under the w
		"show versions":             ErrInvalid{12},
		"show interfaces e0/x":      ErrInvalid{17},
		"show ver\x00":              ErrInvalid{8},
		"show \xff":                 ErrInvalid{5},
		"show interfaces Xerial0/0": ErrInvalid{16},
	} {
		_, err := execTable.Parse(line)
		require.Equal(t, want, err, "%q", line)
	}
}

func TestHelp(t *testing.T) {
	ports := []string{"  A.B.C.D                  Address"}
	for _, typ := range interfaceTypes {
		ports = append(ports, fmt.Sprintf("  %-23s  %s", typ.name, typ.help))
	}
	slices.Sort(ports)
	for line, want := range map[string][]string{
		"":  {"Exec commands:", "  ping  Send echo messages", "  send  Send a line", "  show  Show running system information"},
		"s": {"send  show"},
		"show ": {"  clock       Display the system clock", "  crypto      Encryption module", "  interfaces  Interface status",
			"  ip          IP information", "  version     System hardware and software status"},
		"show crypto ikev2 sa ": {"  detailed  Detailed information", "  local     Local address", "  <cr>"},
		"ping 10.0.0.1 source ": ports,
		"ping 10.0.0.1 repeat ": {"  <1-2147483647>  Count"},
		"show version ":         {"  <cr>"},
		"zz":                    {"% Unrecognized command"},
	} {
		lines, err := execTable.Help(line)
		require.NoError(t, err, line)
		require.Equal(t, want, lines, line)
	}
	_, err := execTable.Help("show bogus ")
	require.Equal(t, ErrInvalid{5}, err)
	require.Equal(t, []string{"version"}, execTable.Complete("show v"))
	require.Equal(t, []string{"interfaces", "ip"}, execTable.Complete("show i"))
	require.Empty(t, execTable.Complete("show "))
	require.Empty(t, execTable.Complete("ping h"))
}

func TestRefusal(t *testing.T) {
	require.Equal(t, []string{"          ^", "% Invalid input detected at '^' marker.", ""}, Refusal(ErrInvalid{Offset: 7}, 3))
	require.Equal(t, []string{`% Ambiguous command:  "sh st"`, ""}, Refusal(ErrAmbiguous{"sh st"}, 3))
	require.Equal(t, []string{"% Incomplete command.", ""}, Refusal(ErrIncomplete, 3))
	require.Equal(t, []string{"a", "b"}, Refusal(Refuse("a\nb"), 3))
	require.Empty(t, Refusal(nil, 0))
}

func TestBadRows(t *testing.T) {
	for _, syntax := range []string{"", "[a]", "a [b", "a <b>", "a <b:bogus>", "a ]", "a {b|c"} {
		_, err := compile(syntax, "")
		require.Error(t, err, syntax)
	}
	_, err := compile("a b", "one|two|three")
	require.Error(t, err)
}

func TestInterfaceNames(t *testing.T) {
	for text, want := range map[string]string{
		"e0/0": "Ethernet0/0", "Eth 0/00": "Ethernet0/0", "gi1": "GigabitEthernet1", "GigabitEthernet0/0/0": "GigabitEthernet0/0/0",
		"g0/0.100": "GigabitEthernet0/0.100", "te1/1": "TenGigabitEthernet1/1", "T0/0": "TenGigabitEthernet0/0", "tu0": "Tunnel0",
		"vl10": "Vlan10", "po1.5": "Port-channel1.5", "nu0": "Null0", "Null0": "Null0", "vir1": "Virtual-Access1", "lo2147483647": "Loopback2147483647",
		"fa1": "FastEthernet1", "Port-channel007": "Port-channel7",
		"": "", "e": "", "1": "", "e256/0": "", "e0/0/0/0": "", "e0/": "", "e0/0.": "", "e0/0.0": "", "lo0.1": "", "vlan0": "", "vlan4095": "", "null1": "",
		"Xerial0/0": "", "s0/0/0:1": "Serial0/0/0:1", "di1": "Dialer1", "lo2147483648": "", "po4097": "", "e+1": "", "e0/0.4294967296": "",
	} {
		require.Equal(t, want, InterfaceName(text), text)
	}
}

// TestInterfaceInTwoWords: an abbreviated name means the same interface with a blank before
// its number as without, whatever types begin like that.
func TestInterfaceInTwoWords(t *testing.T) {
	table := NewTable("", []Command[struct{}]{{Syntax: "interface <name:interface>", Help: "Interface|Name"}, {Syntax: "interface range <names:line>", Help: "|Range|Names"}})
	tried := 0
	for _, typ := range interfaceTypes {
		for n := range typ.name {
			word := strings.ToLower(typ.name[:n+1])
			for _, number := range []string{"0", "1", "0/0", "0/0/0.5", "1.5", "0/0/0:1"} {
				name := InterfaceName(word + number)
				if name == "" || strings.HasPrefix("range", word) || isDigits(word[n:]) { // dot1 0 is no dot10
					continue
				}
				m, err := table.Parse("interface " + word + " " + number)
				require.NoError(t, err, word+" "+number)
				require.Equal(t, name, m.Args.Word("name"), word+" "+number)
				tried++
			}
		}
	}
	require.Greater(t, tried, 500)
	_, err := table.Parse("interface e")
	require.Equal(t, ErrIncomplete, err)
}

// TestKeywordsOnce: a list takes no keyword twice, however many tokens stand before it in
// its row.
func TestKeywordsOnce(t *testing.T) {
	table := NewTable("", []Command[struct{}]{{Syntax: "from <a:interface> to <b:interface> [{log|count <n:0-9>|bare}...]", Help: "From|Interface|To|Interface|Log|Count|Number|Bare"}})
	_, err := table.Parse("from Ethernet 0/0 to Tunnel 1 log count 3")
	require.NoError(t, err)
	_, err = table.Parse("from Ethernet 0/0 to Tunnel 1 log count 3 log")
	require.Equal(t, ErrInvalid{42}, err)
	lines, err := table.Help("from Ethernet 0/0 to Tunnel 1 log ")
	require.NoError(t, err)
	require.Equal(t, []string{"  bare   Bare", "  count  Count", "  <cr>"}, lines)
}
