package tests

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// TestParsers: the lines that parsers of IOS want stand on the screens of either image
// while a tunnel is up; what an image lacks, the file says with the reason.
func TestParsers(t *testing.T) {
	data, err := os.ReadFile("testdata/parsers.txt")
	require.NoError(t, err)
	labs := map[string]*bench{topologies.DefaultImage: boot(t, topologies.DefaultLab, 1), topologies.NewerImage: boot(t, xeLab, 1)}
	screens := map[string][]string{}
	for _, b := range labs {
		b.do("wait 10s")
		for _, l := range dressing {
			if b == labs[topologies.NewerImage] {
				l = newerNames.Replace(l)
			}
			b.do("R1: " + l)
		}
		b.do("R1: ping 192.168.2.1 source Loopback0")
	}
	commands := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(line, " | ", 3)
		require.Len(t, fields, 3, line)
		commands[fields[0]] = true
		image, lacks := strings.CutPrefix(fields[1], "no ")
		pattern, why, explained := strings.Cut(fields[2], " # ")
		require.Equal(t, lacks, explained && why != "", "%s: what an image lacks needs a reason", line)
		is := regexp.MustCompile("^" + pattern + "$")
		for _, name := range []string{topologies.DefaultImage, topologies.NewerImage} {
			if image != "both" && image != name {
				continue
			}
			at := name + fields[0]
			if screens[at] == nil {
				screens[at] = strings.Split(labs[name].do("R1: "+fields[0]), "\n")
			}
			require.Equal(t, !lacks, hasLine(screens[at], is), "%s: %s\n%s", name, line, strings.Join(screens[at], "\n"))
		}
	}
	require.GreaterOrEqual(t, len(commands), 25)
}

// dressing is what is typed at the routers so that lists and maps have screens.
var dressing = strings.Split(`configure terminal
ip access-list extended VPN
permit ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255
crypto map SITES 10 ipsec-isakmp
set peer 10.0.0.2
set peer 10.0.0.3
set transform-set default
set ikev2-profile IKEV2-SETUP
set pfs group14
match address VPN
access-list 99 permit 172.16.191.199
access-list 99 deny any log
access-list 99 permit 10.0.10.0 0.255.0.255
ip access-list extended IN
permit tcp any host 10.1.1.1 eq www
permit udp any range 16384 32767 10.1.1.0 0.0.0.255 range 16384 32767
permit ahp any any log-input
permit tcp host 10.1.1.1 any established
permit ip any any
interface Ethernet0/0
ip access-group IN in
end`, "\n")

func hasLine(lines []string, is *regexp.Regexp) bool {
	for _, l := range lines {
		if is.MatchString(strings.TrimSpace(l)) {
			return true
		}
	}
	return false
}
