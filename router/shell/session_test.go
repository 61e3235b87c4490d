package shell

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/iosconfig/syntax"
	"ikelab/router/operator"
)

func TestPrompts(t *testing.T) {
	term := newTerminal(t, Options{Console: true})
	require.Equal(t, "Router1>", term.Prompt())
	require.Empty(t, term.typed("enable"))
	require.Equal(t, "Router1#", term.Prompt())
	require.Equal(t, "Enter configuration commands, one per line.  End with CNTL/Z.\n", term.typed("conf t"))
	require.Equal(t, "Router1(config)#", term.Prompt())
	term.typed("interface Ethernet0/0")
	require.Equal(t, "Router1(config-if)#", term.Prompt())
	term.typed("hostname a-host-name-of-more-than-twenty")
	require.Equal(t, "a-host-name-of-more-(config)#", term.Prompt(), "configuration prompts are cut")
	require.Contains(t, term.typed("end"), "%SYS-5-CONFIG_I: Configured from console by console")
	require.Equal(t, "a-host-name-of-more-than-twenty#", term.Prompt())
	term.typed("disable")
	require.Equal(t, "a-host-name-of-more-than-twenty>", term.Prompt())
}

// TestRefusals compares IOS's words and the place of the caret.
func TestRefusals(t *testing.T) {
	term := privileged(t)
	for line, want := range map[string]string{
		"show qogus":     "             ^\n% Invalid input detected at '^' marker.\n\n",
		"show crypto":    "% Incomplete command.\n\n",
		"show c":         "% Ambiguous command:  \"show c\"\n\n",
		"bogus":          "Translating \"bogus\"...domain server (255.255.255.255)\n% Unknown command or computer name, or unable to find computer address\n",
		"show clock | x": "                     ^\n% Invalid input detected at '^' marker.\n\n",
		"show clock |":   "% Incomplete command.\n\n",
		"ping nowhere":   "% Unrecognized host or address, or protocol not running.\n\n",
	} {
		require.Equal(t, want, term.typed(line), line)
		require.True(t, term.Refused(), line)
	}
	term.typed("show clock")
	require.False(t, term.Refused())
	term.typed("conf t")
	require.Equal(t, "                           ^\n% Invalid input detected at '^' marker.\n\n", term.typed("hostname b c"))
	require.True(t, term.Refused())
	require.Contains(t, term.typed("do show qogus"), "                        ^\n")
}

func TestUserLevelHasNoConfiguration(t *testing.T) {
	term := newTerminal(t, Options{})
	for _, line := range []string{"show running-config", "configure terminal", "debug crypto ikev2", "reload"} {
		term.typed(line)
		require.True(t, term.Refused(), line)
	}
}

func TestDo(t *testing.T) {
	term := privileged(t)
	term.typed("conf t")
	require.Equal(t, "*20:28:34.003 UTC Mon Nov 11 2013\n", term.typed("do show clock"))
	require.Equal(t, "Router1(config)#", term.Prompt())
}

func TestQuestions(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	require.Empty(t, term.typed("copy run start"))
	require.Equal(t, "Destination filename [startup-config]? ", term.Pending())
	require.Equal(t, "Building configuration...\n[OK]\n"+notKept+"\n", term.typed(""))
	term.typed("clear counters")
	require.Equal(t, `Clear "show interface" counters on all interfaces [confirm]`, term.Pending())
	term.typed("n")
	require.Empty(t, term.Pending())
}

func TestClock(t *testing.T) {
	term := newTerminal(t, Options{Console: true, Privileged: true})
	for line, want := range map[string]string{
		"clock set 25:00:00 1 jan 2024": "          ^\n% Invalid input detected at '^' marker.\n\n",
		"clock set 1:00:00 31 jun 2024": "                  ^\n% Invalid input detected at '^' marker.\n\n",
		"clock set 1:00:00 31 jun":      "% Incomplete command.\n\n",
	} {
		require.Contains(t, term.typed(line), want, line)
	}
	require.Equal(t, "Jan  2 10:00:00.000: %SYS-6-CLOCKUPDATE: System clock has been updated from 20:28:34 UTC Mon Nov 11 2013 to 10:00:00 UTC Tue Jan 2 2024, "+
		"configured from console by console.\n", term.typed("clock set 10:00:00 2 jan 2024"))
	require.Equal(t, "10:00:00.000 UTC Tue Jan 2 2024\n", term.typed("show clock"), "no star: somebody has set it")
	term.typed("clock set 23:59:59 Dec 31 2034")
	require.Equal(t, "23:59:59.000 UTC Sun Dec 31 2034\n", term.typed("show clock"))
	term.typed("reload")
	term.typed("")
	require.Equal(t, "*20:28:34.003 UTC Mon Nov 11 2013\n", term.typed("show clock"))
}

func TestSaving(t *testing.T) {
	term := privileged(t)
	require.Equal(t, "Building configuration...\n[OK]\n"+notKept+"\n", term.typed("write memory"))
	require.False(t, term.d.Unsaved())
	term.typed("conf t")
	term.typed("hostname Other")
	term.typed("end")
	require.True(t, term.d.Unsaved())
	require.Contains(t, term.typed("show startup-config"), "hostname Router1")
	require.Empty(t, term.typed("reload"))
	require.Equal(t, "System configuration has been modified. Save? [yes/no]: ", term.Pending())
	require.Equal(t, "% Please answer 'yes' or 'no'.\n", term.typed("perhaps"))
	require.Equal(t, "Building configuration...\n[OK]\n"+notKept+"\n", term.typed("yes"))
	require.Equal(t, "Proceed with reload? [confirm]", term.Pending())
	require.Empty(t, term.typed(""))
	require.Equal(t, 1, term.d.reloads)
	require.Equal(t, "Other#", term.Prompt())
}

func TestRunningConfig(t *testing.T) {
	term := privileged(t)
	text := term.typed("show running-config")
	require.True(t, strings.HasPrefix(text, "Building configuration...\n\nCurrent configuration : "), text)
	require.Equal(t, 1, strings.Count(text, "\nversion 15.1\n"))
	require.True(t, strings.HasSuffix(text, "\nend\n\n"), text)
	body := text[strings.Index(text, "!"):]
	l := rows.Load(body, iosconfig.IOS151)
	c, problems := l.Commit, l.Refused
	require.Empty(t, problems)
	require.Equal(t, rows.Running(term.d.Running()), rows.Running(c.After))
	require.Contains(t, term.typed("show running-config interface Lo0"), "!\ninterface Loopback0\n ip address 192.168.1.1 255.255.255.0\nend\n")
}

func TestDebugCommands(t *testing.T) {
	term := privileged(t)
	require.Equal(t, "IKEv2 packet debugging is on\n", term.typed("debug crypto ikev2 packet"))
	require.Equal(t, "IKEv2 internal debugging is on\n", term.typed("deb cry ike int"))
	require.Equal(t, "Crypto IPSEC debugging is on\n", term.typed("debug crypto ipsec"))
	require.Equal(t, "IKEV2:\n  IKEv2 packet debugging is on\n  IKEv2 internal debugging is on\n\nCryptographic Subsystem:\n  Crypto IPSEC debugging is on\n",
		term.typed("show debugging"))
	require.Equal(t, "IKEv2 packet debugging is off\n", term.typed("no debug crypto ikev2 packet"))
	require.Equal(t, "All possible debugging has been turned off\n", term.typed("u all"))
	require.Empty(t, term.typed("show debug"))
	require.Equal(t, "IKEv2 default debugging is on\n", term.typed("debug crypto ikev2"))
}

// TestScreensExist runs every show command on a router at rest.
func TestScreensExist(t *testing.T) {
	term := privileged(t)
	for _, line := range []string{
		"show version", "show clock", "show privilege", "show interfaces", "show interfaces Ethernet0/0", "show ip interface brief", "show ip route",
		"show ip route connected", "show ip route static", "show arp", "show ip arp", "show logging", "show debugging", "show terminal",
		"show crypto ikev2 sa", "show crypto ikev2 sa detailed", "show crypto ikev2 session", "show crypto ikev2 session detailed",
		"show crypto ikev2 stats", "show crypto ikev2 proposal", "show crypto ikev2 policy", "show crypto ikev2 profile", "show crypto ipsec sa",
		"show crypto ipsec transform-set", "show crypto ipsec profile", "show crypto session", "show crypto session detail",
		"show running-config", "show startup-config",
	} {
		term.typed(line)
		require.False(t, term.Refused(), line)
	}
	require.Contains(t, term.typed("show version"), "Cisco IOS Software, ")
	require.Contains(t, term.typed("show version"), "Router1 uptime is ")
	require.Contains(t, term.typed("show ip interface brief"), "Loopback0                  192.168.1.1     YES NVRAM  up                    up\n")
}

// TestJSONOfEveryScreen: behind any show row stands `| json`, and its keys are
// lower_snake_case.
func TestJSONOfEveryScreen(t *testing.T) {
	term := privileged(t)
	key := regexp.MustCompile(`"([^"]*)":`)
	for _, rows := range [][]syntax.Command[exec]{showRows, configurationRows} {
		for _, row := range rows {
			line, _, _ := strings.Cut(row.Syntax, " [")
			text := term.typed(line + " | json")
			require.True(t, json.Valid([]byte(text)), "%s: %s", line, text)
			for _, k := range key.FindAllStringSubmatch(text, -1) {
				require.Regexp(t, `^[a-z][a-z0-9_]*$`, k[1], line)
			}
		}
	}
	require.Contains(t, term.typed("show clock | json x"), "^\n% Invalid input")
}

// TestInterfaceThatIsNot is refused with the caret below its name.
func TestInterfaceThatIsNot(t *testing.T) {
	term := privileged(t)
	require.Equal(t, "                     ^\n% Invalid input detected at '^' marker.\n\n", term.typed("show run int tu9"))
	require.Equal(t, "                        ^\n% Invalid input detected at '^' marker.\n\n", term.typed("show interfaces tu9"))
}

// TestLines: each terminal has a line of its own, which messages name.
func TestLines(t *testing.T) {
	console := newTerminal(t, Options{Console: true})
	first := console.sh.Open(Options{})
	second := console.sh.Open(Options{User: "cisco", From: "192.0.2.7"})
	require.Equal(t, []string{"console", "vty0", "cisco on vty1 (192.0.2.7)"}, []string{console.name(), first.name(), second.name()})
	first.Close()
	require.Equal(t, "vty0", console.sh.Open(Options{}).name())
}

// TestTypedIsRecorded: the line, before what it causes, without its secrets;
// answers are not.
func TestTypedIsRecorded(t *testing.T) {
	term := newTerminal(t, Options{Console: true, Privileged: true})
	for _, line := range []string{"conf t", "crypto ikev2 keyring K", "peer P", "pre-shared-key cisco", "end", "", "clear counters", "y"} {
		term.typed(line)
	}
	require.Equal(t, []any{
		operator.Typed{Line: "console", Prompt: "Router1#", Text: "conf t"},
		operator.Typed{Line: "console", Prompt: "Router1(config)#", Text: "crypto ikev2 keyring K"},
		operator.Typed{Line: "console", Prompt: "Router1(config-ikev2-keyring)#", Text: "peer P"},
		operator.Typed{Line: "console", Prompt: "Router1(config-ikev2-keyring-peer)#", Text: "pre-shared-key <removed>"},
		operator.Typed{Line: "console", Prompt: "Router1(config-ikev2-keyring-peer)#", Text: "end"},
		operator.Configured{From: "console", By: "console"},
		operator.Typed{Line: "console", Prompt: "Router1#", Text: "clear counters"},
		operator.CountersCleared{By: "console"},
	}, anyOf(term.seen))
}

func anyOf[T any](list []T) (out []any) {
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

// TestReload: the terminals begin anew.
func TestReload(t *testing.T) {
	term := newTerminal(t, Options{Console: true, Privileged: true})
	other := term.sh.Open(Options{Console: true})
	other.privileged = true
	over := false
	vty := term.sh.Open(Options{Over: func() { over = true }})
	term.typed("debug crypto ikev2")
	term.typed("reload")
	require.Equal(t, "Proceed with reload? [confirm]", term.Pending())
	term.typed("")
	require.Equal(t, 1, term.d.reloads)
	require.Equal(t, "Router1>", other.Prompt())
	require.True(t, vty.Closed(), "who came over the network is gone")
	require.True(t, over, "and told")
	require.Empty(t, term.typed("show debugging"))
}

// TestClear tells the device what was meant.
func TestClear(t *testing.T) {
	term := privileged(t)
	for _, line := range []string{"clear crypto session", "clear crypto ikev2 sa remote 10.0.0.2", "clear crypto sa", "clear crypto sa peer 10.0.0.2", "clear crypto sa map MAP", "clear crypto sa counters",
		"clear crypto sa spi 0x10", "clear crypto sa entry 10.0.0.2 esp 17", "clear crypto sa entry 10.0.0.2 ah 17", "clear crypto ikev2 stats"} {
		term.typed(line)
	}
	require.Equal(t, []string{"ike invalid IP invalid IP", "ike invalid IP 10.0.0.2", "pairs invalid IP", "pairs 10.0.0.2", "pairs MAPinvalid IP", "pair counters", "pair invalid IP 10", "pair 10.0.0.2 11", "ike stats"}, term.d.cleared)
}
