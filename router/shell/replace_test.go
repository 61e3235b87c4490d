package shell

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
)

// what somebody does to a router before he wants it back as it was.
var misdeeds = []string{
	"hostname Wrong", "banner motd @Do", "not touch@", "access-list 101 deny icmp any any", "access-list 101 permit ip any any", "ip access-list extended OTHER",
	"permit udp any any eq 500", "crypto ikev2 keyring NEWKEYS", "peer ONE", "address 10.77.0.1", "pre-shared-key secret", "exit", "crypto ikev2 profile NEWPROFILE",
	"match identity remote address 10.77.0.1 255.255.255.255", "authentication remote pre-share", "authentication local pre-share", "keyring local NEWKEYS",
	"crypto ipsec profile NEWIPSEC", "set ikev2-profile NEWPROFILE", "interface Loopback77", "ip address 10.77.1.1 255.255.255.0", "interface Tunnel77", "ip address 10.77.2.1 255.255.255.0",
	"tunnel source Loopback77", "tunnel destination 10.77.0.1", "tunnel mode ipsec ipv4", "tunnel protection ipsec profile NEWIPSEC", "interface GigabitEthernet1", "description wrong",
	"no ip address", "interface GigabitEthernet0/0", "no ip address", "shutdown", "interface Tunnel0", "shutdown", "no ip address", "no tunnel protection ipsec profile",
	"no interface Tunnel1", "ip route 10.78.0.0 255.255.0.0 Null0", "no ip route 0.0.0.0 0.0.0.0", "no crypto ikev2 policy", "end",
}

// TestReplace: whatever was done to a configuration, `configure replace` brings back
// what was saved, line by line and in order; doing it again changes nothing.
func TestReplace(t *testing.T) {
	files, err := filepath.Glob("../../tests/testdata/configs/*.cfg")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 30)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			term := newTerminal(t, Options{Privileged: true})
			term.d.store = iosconfig.NewStore(rows.Load(string(text), iosconfig.IOS151).Commit.After)
			for _, l := range []string{"configure terminal", "interface GigabitEthernet0/0", "interface GigabitEthernet1", "end"} {
				term.typed(l) // a router has its ports
			}
			want := strings.Join(rows.Running(term.d.Running()), "\n")
			require.NoError(t, term.d.flash.write("saved", want+"\n", false, testNow))
			term.typed("configure terminal")
			for _, l := range misdeeds {
				term.typed(l)
			}
			require.NotEqual(t, want, strings.Join(rows.Running(term.d.Running()), "\n"))
			require.Contains(t, term.typed("configure replace flash:saved force"), "Rollback Done")
			require.Equal(t, want, strings.Join(rows.Running(term.d.Running()), "\n"))
			require.Equal(t, "Total number of passes: 0\nRollback Done\n", term.typed("configure replace flash:saved force"))
		})
	}
}

// A file with a line that is refused changes nothing.
func TestReplaceRefuses(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	before := strings.Join(rows.Running(term.d.Running()), "\n")
	require.NoError(t, term.d.flash.write("bad", "hostname Other\nbogus line\n", false, testNow))
	require.Contains(t, term.typed("configure replace flash:bad force"), "bogus line\n% Invalid input")
	require.Contains(t, term.typed("configure replace flash:none"), "%Error opening flash:/none (No such file or directory)")
	require.Equal(t, before, strings.Join(rows.Running(term.d.Running()), "\n"))
	require.NoError(t, term.d.flash.write("good", "hostname Other\n", false, testNow))
	require.Contains(t, term.typed("configure replace flash:good"), "This will apply all necessary additions and deletions\n")
	require.Contains(t, term.Pending(), "? [no]: ")
	require.Empty(t, term.typed(""))
	require.Equal(t, before, strings.Join(rows.Running(term.d.Running()), "\n"))
}

// TestReplaceByAnother: whatever was running, `configure replace` makes it what the file says;
// ports that the file does not name stay, shut down, as they are there. Lines that are kept as
// text may stand in another order: those that both have stay where they are.
func TestReplaceByAnother(t *testing.T) {
	files, err := filepath.Glob("../../tests/testdata/configs/*.cfg")
	require.NoError(t, err)
	config := func(n int) []string {
		text, err := os.ReadFile(files[n%len(files)])
		require.NoError(t, err)
		return rows.Running(rows.Load(string(text), iosconfig.IOS151).Commit.After)
	}
	for i := range files {
		for _, step := range []int{1, 7, 19} {
			term := newTerminal(t, Options{Privileged: true})
			term.d.store = iosconfig.NewStore(rows.Load(strings.Join(config(i), "\n"), iosconfig.IOS151).Commit.After)
			require.NoError(t, term.d.flash.write("other", strings.Join(config(i+step), "\n"), false, testNow))
			require.Contains(t, term.typed("configure replace flash:other force"), "Rollback Done", "%s by %s", files[i], files[(i+step)%len(files)])
			require.ElementsMatch(t, config(i+step), withoutUnused(rows.Running(term.d.Running()), config(i+step)), "%s by %s", files[i], files[(i+step)%len(files)])
		}
	}
}

// withoutUnused are lines without the ports that another configuration does not name.
func withoutUnused(lines, other []string) (list []string) {
	for i := 0; i < len(lines); i++ {
		if strings.HasPrefix(lines[i], "interface ") && !slices.Contains(other, lines[i]) && i+3 < len(lines) && lines[i+1] == " no ip address" && lines[i+2] == " shutdown" {
			i += 3
			continue
		}
		list = append(list, lines[i])
	}
	return list
}
