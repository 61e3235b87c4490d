package interop

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ikelab/tests/kit"

	"github.com/stretchr/testify/require"
)

// A real peer: strongSwan in a Linux kernel of its own (User Mode Linux) that
// does ESP, joined to our routers by udp links on the loopback.

type suite struct {
	net        int // of its addresses
	name       string
	proposal   string // our lines of crypto ikev2 proposal
	transforms string
	pfs        string // our group for rekeyed children
	ike, esp   string // strongSwan's words
	weProbe    bool   // we ask whether the other is alive, or the guest does
	kernel     string // the guest kernel's name of the cipher
}

var suites = []suite{
	{
		0, "technote", " encryption aes-cbc-128\n integrity sha1\n group 2", "esp-3des esp-sha-hmac", "",
		"aes128-sha1-modp1024", "3des-sha1", true, "cbc(des3_ede)",
	},
	{
		1, "aes256", " encryption aes-cbc-256\n integrity sha256\n group 14", "esp-aes 256 esp-sha256-hmac", "",
		"aes256-sha256-modp2048", "aes256-sha256", false, "cbc(aes)",
	},
	{
		2, "gcm", " encryption aes-gcm-256\n prf sha384\n group 20", "esp-gcm 256", "group20",
		"aes256gcm16-prfsha384-ecp384", "aes256gcm16-ecp384", true, "rfc4106(gcm(aes))",
	},
}

func (s suite) ours() string       { return fmt.Sprintf("10.0.%d.1", s.net) }
func (s suite) theirs() string     { return fmt.Sprintf("10.0.%d.2", s.net) }
func (s suite) ourInner() string   { return fmt.Sprintf("192.168.%d.1", s.net) }
func (s suite) theirInner() string { return fmt.Sprintf("192.168.%d.2", s.net) }

// routerSpeed is how much faster our router's clock goes than the guest's, which
// is a real one: the minute until an IKE SA is rekeyed passes in seconds. What
// the guest sees is a quick peer; what we see is a slow one.
const routerSpeed = "8"

// TestStrongSwan runs beside the other tests: it mostly waits for another
// process. The suites wait side by side, however few processors there are.
func TestStrongSwan(t *testing.T) {
	needGuest(t)
	kit.NeedCommand(t, "swanctl")
	t.Parallel()
	var all sync.WaitGroup
	for _, s := range suites {
		all.Go(func() {
			t.Run(s.name, func(t *testing.T) {
				p := newPeers(t, s)
				t.Run("we initiate", func(t *testing.T) { p.weInitiate(t) })
				t.Run("they initiate", func(t *testing.T) { p.theyInitiate(t) })
			})
		})
	}
	all.Wait()
}

// freePorts finds two UDP ports that nobody has on the loopback.
func freePorts(t *testing.T) (a, b int) {
	var ports [2]int
	for i := range ports {
		c, err := net.ListenPacket("udp4", "127.0.0.1:0")
		require.NoError(t, err)
		defer c.Close() // once both are chosen, so that they differ
		ports[i] = c.LocalAddr().(*net.UDPAddr).Port
	}
	return ports[0], ports[1]
}

// peers is our router and the guest.
type peers struct {
	suite
	router, guest *dialog
}

func newPeers(t *testing.T, s suite) *peers {
	ours, theirs := freePorts(t)
	dir := t.TempDir()
	lab := fmt.Sprintf(`name: interop
topology:
  nodes:
    R1: {kind: ios, startup-config: r1.cfg}
  links:
    - {type: udp, endpoint: "R1:Ethernet0/0", local: "127.0.0.1:%d", remote: "127.0.0.1:%d"}
`, ours, theirs)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lab.clab.yml"), []byte(lab), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "r1.cfg"), []byte(routerConfig(s)), 0o644))
	guest := boot(t, "the guest", map[string]string{
		"ip.batch": s.guestAddresses(), "swanctl.conf": s.guestConnections(), "strongswan.conf": charonConf, "start": strongSwanPeer.start,
	}, ours, theirs)
	router := startDialog(t, "the router", kit.Ikelab(t, "run", "--speed", routerSpeed, filepath.Join(dir, "lab.clab.yml")),
		func(n int, line string) string { return fmt.Sprintf("%s\n!%d\n", line, n) },
		func(n int, out string) bool { return strings.HasSuffix(out, fmt.Sprintf("#!%d", n)) })
	p := &peers{s, router, guest}
	p.router.ask(t, "terminal length 0")
	t.Cleanup(func() {
		if t.Failed() { // what is in the logs is printed when the dialogs end
			p.guest.ask(t, "ip -s xfrm state; ip xfrm policy; cat /proc/net/xfrm_stat; ip route; ip neigh; cat /run/charon.log")
			p.router.ask(t, "show crypto ipsec sa")
		}
	})
	return p
}

func routerConfig(s suite) string {
	pfs, dpd := "", ""
	if s.pfs != "" {
		pfs = " set pfs " + s.pfs + "\n"
	}
	if s.weProbe {
		dpd = "crypto ikev2 dpd 30 10 periodic\n"
	}
	return `hostname R1
crypto ikev2 proposal P
` + s.proposal + `
crypto ikev2 policy P
 proposal P
` + dpd + `crypto ikev2 keyring K
 peer linux
  address ` + s.theirs() + `
  pre-shared-key interop
crypto ikev2 profile P
 match identity remote address ` + s.theirs() + ` 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
 lifetime 120
crypto ipsec transform-set T ` + s.transforms + `
crypto ipsec profile P
 set transform-set T
 set ikev2-profile P
 set security-association lifetime kilobytes 2560
` + pfs + `interface Loopback0
 ip address ` + s.ourInner() + ` 255.255.255.255
interface Ethernet0/0
 ip address ` + s.ours() + ` 255.255.255.0
interface Tunnel0
 ip address 172.16.0.1 255.255.255.252
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination ` + s.theirs() + `
 tunnel protection ipsec profile P
ip route ` + s.theirInner() + ` 255.255.255.255 Tunnel0
`
}

func (p *peers) weInitiate(t *testing.T) {
	p.router.poll(t, 60*time.Second, "show crypto session", has("UP-ACTIVE"))
	require.Contains(t, p.router.ask(t, "show crypto ikev2 sa detailed"), "Initiator of SA : Yes")
	p.pings(t)

	// The volume lifetime makes us rekey the child.
	// An echo has a minute, which is seconds by the guest's clock: one that waits for
	// a processor is slow and loses nothing.
	before := p.spi(t)
	flood := p.router.ask(t, "ping "+p.theirInner()+" source Loopback0 size 1400 repeat 1800 timeout 60")
	require.Contains(t, flood, "Success rate is 100 percent", "the rekey loses nothing")
	p.router.poll(t, 60*time.Second, "show crypto ipsec sa", func(string) bool { return p.spi(t) != before })
	require.Equal(t, 1, p.guestChildren(t))
	p.checkPFS(t)
	p.pings(t)

	// lifetime 120 makes us rekey the IKE SA after about a minute. Meanwhile one
	// end asks whether the other is alive, and would end what does not answer.
	ike := p.ikeSPI(t)
	p.router.poll(t, 120*time.Second, "show clock", func(string) bool { return p.ikeSPI(t) != ike })
	p.oneIKESA(t)
	asked := map[bool]string{true: "parsed", false: "generating"}[p.weProbe]
	probe := regexp.MustCompile(asked + ` INFORMATIONAL request [0-9]+ \[ \]`)
	p.guest.poll(t, 60*time.Second, "grep '<"+p.name+"|.*INFORMATIONAL' /run/charon.log", probe.MatchString)
	p.pings(t)

	for _, line := range []string{"configure terminal", "interface Tunnel0", "shutdown", "end"} {
		p.router.ask(t, line)
	}
	p.nothingLeft(t)
}

func (p *peers) theyInitiate(t *testing.T) {
	for _, line := range []string{
		"configure terminal", "crypto ipsec profile P", "responder-only", "exit", "interface Tunnel0", "no shutdown", "end",
	} {
		require.NotContains(t, p.router.ask(t, line), "marker")
	}
	require.Contains(t, p.guest.ask(t, "swanctl --initiate --child "+p.name), "completed successfully")
	p.router.poll(t, 60*time.Second, "show crypto session", has("UP-ACTIVE"))
	require.Contains(t, p.router.ask(t, "show crypto ikev2 sa detailed"), "Initiator of SA : No")
	p.pings(t)

	before := p.spi(t)
	require.Contains(t, p.guest.ask(t, "swanctl --rekey --child "+p.name), "completed successfully")
	p.router.poll(t, 60*time.Second, "show clock", func(string) bool { return p.spi(t) != before })
	p.checkPFS(t)
	p.pings(t)

	ike := p.ikeSPI(t)
	require.Contains(t, p.guest.ask(t, "swanctl --rekey --ike "+p.name), "completed successfully")
	p.router.poll(t, 60*time.Second, "show clock", func(string) bool { return p.ikeSPI(t) != ike })
	p.oneIKESA(t)
	p.pings(t)

	require.Contains(t, p.guest.ask(t, "swanctl --terminate --ike "+p.name), "completed successfully")
	p.nothingLeft(t)
}

// oneIKESA waits until the guest has let go of the IKE SA that was replaced.
func (p *peers) oneIKESA(t *testing.T) {
	t.Helper()
	p.guest.poll(t, 60*time.Second, "swanctl --list-sas --ike "+p.name, func(out string) bool {
		return strings.Count(out, "ESTABLISHED") == 1 && strings.Count(out, "IKEv2") == 1
	})
}

// pings goes both ways between the loopbacks, through kernel ESP and ours.
func (p *peers) pings(t *testing.T) {
	t.Helper()
	require.Contains(t, p.router.ask(t, "ping "+p.theirInner()+" source Loopback0"), "!!!!!")
	require.Contains(t, p.guest.ask(t, "ping -c 3 -i 0.1 -W 5 -I "+p.theirInner()+" "+p.ourInner()), " 0% packet loss")
	kernel := p.guest.ask(t, "ip xfrm state list dst "+p.ours())
	require.Contains(t, kernel, "proto esp", "the guest's kernel does ESP")
	require.Contains(t, kernel, p.kernel)
	require.NotRegexp(t, `(?m)^Xfrm\w*(ProtoError|ModeError|SeqError|Mismatch|Invalid|PolBlock)\s+[1-9]`, p.guest.ask(t, "cat /proc/net/xfrm_stat"))
}

// checkPFS wants a child that was rekeyed to have keys of its own Diffie-Hellman
// exchange where that is configured; both ends must say so.
func (p *peers) checkPFS(t *testing.T) {
	t.Helper()
	ours, theirs := "PFS (Y/N): N, DH group: none", ""
	if p.pfs != "" {
		ours, theirs = "PFS (Y/N): Y, DH group: "+p.pfs, "/ECP_384"
	}
	require.Contains(t, p.router.ask(t, "show crypto ipsec sa"), ours)
	require.Contains(t, p.guest.ask(t, "swanctl --list-sas --ike "+p.name+" | grep ESP:"), theirs)
}

// spi is our outbound SPI.
func (p *peers) spi(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(p.router.ask(t, "show crypto ipsec sa"), "current outbound spi: ")
	spi, _, _ := strings.Cut(rest, "(")
	return spi
}

func (p *peers) ikeSPI(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(p.router.ask(t, "show crypto ikev2 sa detailed"), "Local spi: ")
	return strings.Fields(rest + " -")[0]
}

// guestChildren counts the guest's child SAs once old ones are gone.
func (p *peers) guestChildren(t *testing.T) (n int) {
	t.Helper()
	p.guest.poll(t, 60*time.Second, "swanctl --list-sas --ike "+p.name, func(out string) bool {
		n = strings.Count(out, "INSTALLED")
		return n == 1
	})
	return n
}

// nothingLeft waits until no SA is left on either side.
func (p *peers) nothingLeft(t *testing.T) {
	t.Helper()
	p.guest.poll(t, 60*time.Second, "swanctl --list-sas --ike "+p.name, func(out string) bool { return strings.TrimSpace(out) == "" })
	p.guest.poll(t, 60*time.Second, "ip xfrm state list dst "+p.ours()+"; ip xfrm state list dst "+p.theirs(), func(out string) bool { return strings.TrimSpace(out) == "" })
	p.router.poll(t, 60*time.Second, "show crypto ikev2 sa", hasNot(p.theirs()+"/500"))
	p.router.poll(t, 60*time.Second, "show crypto ipsec sa", hasNot("transform:"))
}

// guestAddresses are commands for ip.
func (s suite) guestAddresses() string {
	return fmt.Sprintf(`link set lo up
addr add %[1]s/32 dev lo
addr add %[2]s/24 dev eth0
link set eth0 up
route add %[3]s dev eth0 src %[1]s
`, s.theirInner(), s.theirs(), s.ourInner())
}

// guestConnections is a swanctl.conf: a connection with a child of the same name.
func (s suite) guestConnections() string {
	return fmt.Sprintf(`connections {
  %s {
    version = 2
    mobike = no
    local_addrs = %s
    remote_addrs = %s
    proposals = %s
    dpd_delay = %s
    local { auth = psk
      id = %[2]s }
    remote { auth = psk
      id = %[3]s }
    children { %[1]s {
      local_ts = %[6]s/32
      remote_ts = %[7]s/32
      esp_proposals = %[8]s
      } }
  }
}
secrets { ike-1 { secret = interop } }
`, s.name, s.theirs(), s.ours(), s.ike, s.dpd(), s.theirInner(), s.ourInner(), s.esp)
}

// dpd is after how much silence the guest asks; 0: never.
func (s suite) dpd() string {
	if s.weProbe {
		return "0s"
	}
	return "2s"
}
