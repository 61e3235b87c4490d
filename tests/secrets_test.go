package tests

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/router/shell"
	"ikelab/tests/kit"
	"ikelab/topologies"
)

// secretLine is a line that holds a secret, and where it is typed: %s is the secret.
type secretLine struct {
	mode []string
	line string
}

// secretLines are all kinds of them: of each type, in each place.
var secretLines = []secretLine{
	{nil, "enable password %s"}, {nil, "enable password 0 %s"}, {nil, "enable secret %s"}, {nil, "enable secret 0 %s"}, {nil, "enable secret 5 $1$abcd$%s"},
	{nil, "enable password 7 %s"}, {nil, "enable secret 8 $8$%s"}, {nil, "enable secret 9 $9$%s"}, {nil, "enable secret 4 %s"}, {nil, "enable secret level 5 %s"},
	{nil, "username a password %s"}, {nil, "username a password 0 %s"}, {nil, "username b privilege 15 secret %s"}, {nil, "username c secret 5 $1$abcd$%s"},
	{nil, "username d secret 9 $9$%s"}, {nil, "username e secret 8 $8$%s"}, {nil, "username f password 7 %s"}, {nil, "username g privilege 1 password 6 %s"},
	{[]string{"crypto ikev2 keyring S1", "peer P", "address 192.0.2.1"}, "pre-shared-key %s"}, {[]string{"crypto ikev2 keyring S2", "peer P"}, "pre-shared-key 0 %s"},
	{[]string{"crypto ikev2 keyring S3", "peer P"}, "pre-shared-key 6 %s"}, {[]string{"crypto ikev2 keyring S4", "peer P"}, "pre-shared-key local 0 %s"},
	{[]string{"crypto ikev2 keyring S5", "peer P"}, "pre-shared-key remote %s"}, {[]string{"crypto ikev2 keyring S6", "peer P"}, "pre-shared-key hex %x"},
	{[]string{"crypto ikev2 profile S7"}, "authentication local pre-share key %s"}, {[]string{"crypto ikev2 profile S7"}, "authentication remote pre-share key 0 %s"},
	{[]string{"crypto ikev2 profile S7"}, "authentication remote pre-share key 6 %s"}, {[]string{"crypto ikev2 profile S7"}, "aaa authorization group psk list L password %s"},
	{[]string{"line vty 0 4"}, "password %s"}, {[]string{"line con 0"}, "password 7 %s"}, {[]string{"line con 0"}, "password 0 %s"},
	{nil, "snmp-server community %s RO"}, {nil, "snmp-server host 192.0.2.9 version 2c %s"}, {nil, "snmp-server host 192.0.2.9 %s"}, {nil, "snmp-server host 192.0.2.9 traps %s"},
	{nil, "snmp-server user u g v3 auth sha %s priv aes 128 x"}, {nil, "snmp-server user u g v3 encrypted auth md5 %s"}, {nil, "snmp-server user u2 g v3 auth sha x priv aes 128 %s"},
	{nil, "crypto isakmp key %s address 0.0.0.0"}, {nil, "crypto isakmp key 6 %s address 192.0.2.7"}, {nil, "crypto isakmp key 0 %s hostname h"},
	{[]string{"crypto keyring OLD"}, "pre-shared-key address 0.0.0.0 0.0.0.0 key %s"}, {[]string{"crypto isakmp client configuration group G"}, "key %s"},
	{nil, "tacacs-server key %s"}, {nil, "tacacs-server host 192.0.2.8 key 7 %s"}, {nil, "radius-server key 7 %s"}, {nil, "radius-server host 192.0.2.8 auth-port 1 acct-port 2 key %s"},
	{[]string{"radius server R"}, "key %s"}, {[]string{"tacacs server T"}, "key 6 %s"}, {[]string{"aaa group server radius G"}, "server-private 192.0.2.8 key %s"},
	{[]string{"aaa server radius dynamic-author"}, "client 192.0.2.8 server-key %s"}, {nil, "ntp authentication-key 1 md5 %s 7"}, {nil, "ntp authentication-key 2 md5 %s"},
	{[]string{"key chain K", "key 1"}, "key-string %s"}, {[]string{"key chain K", "key 1"}, "key-string 7 %s"},
	{[]string{"interface Ethernet0/0"}, "ip ospf message-digest-key 1 md5 %s"}, {[]string{"interface Ethernet0/0"}, "ip ospf authentication-key %s"},
	{[]string{"interface Tunnel0"}, "ip nhrp authentication %s"}, {[]string{"interface Ethernet0/0"}, "standby 1 authentication %s"}, {[]string{"interface Ethernet0/0"}, "standby 1 authentication md5 key-string %s"},
	{[]string{"interface Ethernet0/0"}, "ppp chap password 0 %s"}, {[]string{"interface Ethernet0/0"}, "ppp pap sent-username u password %s"}, {[]string{"interface Ethernet0/0"}, "vrrp 1 authentication text %s"},
	{[]string{"router bgp 65000"}, "neighbor 192.0.2.8 password %s"}, {[]string{"router bgp 65000"}, "neighbor 192.0.2.8 password 7 %s"}, {[]string{"router ospf 1"}, "area 0 virtual-link 192.0.2.8 authentication-key %s"},
	{nil, "ip http client password %s"}, {nil, "ip ftp password %s"}, {nil, "ip ftp password 7 %s"}, {nil, "key config-key password-encrypt %s"}, {nil, "crypto key generate rsa passphrase %s"},
	{[]string{"crypto pki trustpoint T"}, "password %s"}, {[]string{"crypto pki trustpoint T"}, "enrollment url http://u:%s@192.0.2.8"}, {nil, "wlan psk %s"},
	{[]string{"archive"}, "path ftp://u:%s@192.0.2.8/x"}, {[]string{"event manager applet A"}, `action 1.0 cli command "enable secret %s"`},
	{[]string{"crypto ikev2 client flexvpn F"}, "client connect Tunnel0 password %s"}, {[]string{"vpdn-group 1"}, "l2tp tunnel password 0 %s"}, {nil, "ldap key %s"},
	{nil, "crypto pki export T pem terminal 3des %s"}, {nil, "crypto pki export T pkcs12 terminal password %s"}, {nil, "crypto pki import T pkcs12 flash:t.p12 %s"}, {nil, "crypto pki import T pem url flash: %s"},
}

// bent are a line as it comes and as hands that slip write it.
func bent(line string) []string {
	word, rest, _ := strings.Cut(line, " ")
	return []string{line, "no " + line, line + " trailing", word + "x " + rest, "do " + line, "default " + line, " " + strings.Replace(line, " ", "  ", 1), strings.ToUpper(word) + " " + rest, line + "\x01"}
}

// revealed are the places where a secret stands as it is, as IOS shows it.
func revealed(command string) bool {
	for _, c := range []string{"show running-config", "show derived-config", "show startup-config", "show configuration", "show tech-support"} {
		if strings.HasPrefix(command, c) {
			return true
		}
	}
	return false
}

// secretHead is how many octets of secrets are looked up at once.
const secretHead = 8

// TestNoSecretIsRevealed: whatever kind of secret is typed, wherever and however wrong,
// no log, debug, record, screen or history tells it; running-config does, as IOS's.
func TestNoSecretIsRevealed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{topologies.DefaultLab, xeLab} {
		l := boot(t, name, 1)
		generation := map[string]iosconfig.Generation{topologies.DefaultLab: iosconfig.IOS151, xeLab: iosconfig.XE17}[name]
		var events bytes.Buffer
		e := l.WriteEvents(&events, false)
		l.do("R1: debug all", "R1: yes", "wait 1s")
		r := l.Router("R1")
		var log, answers strings.Builder
		watching := r.Shell().Open(shell.Options{Console: true, Privileged: true, Out: func(string) {}, Log: func(text string) { log.WriteString(text) }})
		s := r.Shell().Open(shell.Options{Privileged: true, Out: func(text string) { answers.WriteString(text) }, Log: func(text string) { log.WriteString(text) }})
		r.Enter(s, "terminal monitor")
		r.Enter(s, "terminal history size 256")
		var secrets []string
		for i, row := range secretLines {
			for j := range bent(row.line) {
				secret := fmt.Sprintf("Qz%03dSEC%d", i, j)
				text := bent(strings.Replace(row.line, "%s", secret, 1))[j]
				if strings.Contains(row.line, "%x") {
					secret = fmt.Sprintf("%x", secret)
					text = bent(strings.Replace(row.line, "%x", secret, 1))[j]
				}
				secrets = append(secrets, secret)
				file := strings.Join(append(slices.Clone(row.mode), text, "!"), "\n")
				loaded := rows.Load(file, generation)
				for _, e := range slices.Concat(loaded.Refused, loaded.Warnings) {
					require.NotContains(t, e.Shown()+e.Msg, secret, file)
				}
				r.Enter(s, "configure terminal")
				for _, m := range row.mode {
					r.Enter(s, strings.Replace(m, "Ethernet0/0", map[string]string{xeLab: "GigabitEthernet1"}[name]+"", map[bool]int{true: -1}[name == xeLab]))
				}
				r.Enter(s, text)
				r.Enter(s, "end")
				r.Enter(s, "")
			}
		}
		l.do("wait 5s", "R1: clear crypto ikev2 sa", "wait 1m")
		told := map[string]string{"events": events.String(), "log": log.String() + l.logs["R1"].String(), "answers": answers.String(), "history": strings.Join(s.History(), "\n")}
		for _, c := range kit.Commands("show", s.Help) {
			for _, form := range []string{c, c + " | json"} {
				if !revealed(c) {
					told[form], _ = r.Shell().Screen(l.Sim.Now(), form)
				}
			}
		}
		require.NoError(t, e.Close())
		running, _ := r.Shell().Screen(l.Sim.Now(), "show running-config")
		require.Greater(t, strings.Count(running, "SEC"), 50, "they have come in, and running-config shows them")
		require.Greater(t, len(told), 200)
		told["events"] = events.String()
		begun := map[string][]string{} // secrets, and what hides them, by how they begin
		for _, secret := range secrets {
			for _, form := range []string{secret, strings.TrimPrefix(iosconfig.HidePassword(secret), "7 ")} {
				begun[form[:secretHead]] = append(begun[form[:secretHead]], form)
			}
		}
		for _, where := range slices.Sorted(maps.Keys(told)) {
			text := told[where]
			for at := range len(text) - secretHead + 1 {
				for _, form := range begun[text[at:at+secretHead]] {
					if strings.HasPrefix(text[at:], form) {
						t.Errorf("%s: %s is told by %s: …%q…", name, form, where, text[max(0, at-100):min(len(text), at+60)])
					}
				}
			}
		}
		watching.Close()
		s.Close()
	}
}
