package policy

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

const text = `
crypto ikev2 proposal P
 encryption aes-gcm-128 aes-gcm-256
 prf sha256
 group 19 14
crypto ikev2 policy POL
 match address local 10.0.0.1
 proposal P
crypto ikev2 keyring K
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key local here
  pre-shared-key remote hex AB
crypto ikev2 profile PROF
 match address local interface Ethernet0/0
 match identity remote address 10.0.0.2 255.255.255.255
 match identity remote fqdn domain example.com
 identity local key-id router
 authentication local pre-share
 authentication remote pre-share
 keyring local K
 lifetime 300
 dpd 10 2 periodic
crypto ipsec security-association lifetime seconds 1800
crypto ipsec security-association idle-time 90
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
crypto ipsec profile IPP
 set security-association lifetime kilobytes disable
 set security-association replay window-size 512
 set transform-set TS
 set pfs group19
 set ikev2-profile PROF
 responder-only
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
 ip address 10.9.0.1 255.255.255.0 secondary
interface Tunnel0
 ip address 172.16.0.1 255.255.255.0
 ip mtu 1300
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 10.0.0.2
 tunnel ttl 7
 tunnel protection ipsec profile IPP
interface Tunnel1
 tunnel source 10.0.0.1
 tunnel destination 10.0.0.3
interface Tunnel2
 tunnel source 10.0.0.1
 tunnel mode ipsec ipv4
 tunnel destination 10.0.0.4
 tunnel protection ipsec profile default
ip route 0.0.0.0 0.0.0.0 10.0.0.254 200
`

func load(t *testing.T, text string) *iosconfig.Config {
	t.Helper()
	l := rows.Load(text, iosconfig.IOS151)
	c, problems := l.Commit, l.Refused
	require.Empty(t, problems)
	return c.After
}

// entryOf is the entry of an interface.
func entryOf(t *testing.T, c *iosconfig.Config, name string) (crypto.Settings, bool) {
	t.Helper()
	for i := range c.Interfaces.All() {
		if i.Name() == name {
			s, d := entry(c, i)
			require.Equal(t, s.Active, d.Entry == name)
			return s, true
		}
	}
	return crypto.Settings{}, false
}

func TestEntry(t *testing.T) {
	c := load(t, text)
	for i := range c.Interfaces.All() {
		if i.Name() != "Tunnel0" {
			continue
		}
		any4 := spd.AnyIPv4()
		s, d := entry(c, i)
		require.Equal(t, crypto.Settings{
			Local: netip.MustParseAddr("10.0.0.1"), Remote: netip.MustParseAddr("10.0.0.2"), Protected: true, Active: true,
			ResponderOnly: true, Window: 512, TTL: 7, Idle: 90 * time.Second,
			Demand: crypto.Share(crypto.Demand{Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, Integ: ipsec.IntegSHA256, Lifetime: 30 * time.Minute, Local: any4, Remote: any4}),
		}, s)
		require.Equal(t, "PROF", d.Profile)
		require.Equal(t, ipsec.Group(19), d.PFS)
		require.Len(t, d.Suites, 1)
		require.Zero(t, d.Kilobytes)
	}
}

// TestSmartDefaults: the profile and the transform set that are there without
// having been configured, until they are taken away.
func TestSmartDefaults(t *testing.T) {
	c := load(t, text)
	s, _ := entryOf(t, c, "Tunnel2")
	require.True(t, s.Active)
	require.Equal(t, ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, s.Demand.Value().Encr)
	require.Equal(t, ipsec.IntegSHA1, s.Demand.Value().Integ)
	require.Equal(t, 64, s.Window)
	s, _ = entryOf(t, load(t, text+"no crypto ipsec profile default\n"), "Tunnel2")
	require.False(t, s.Active)
	require.True(t, s.Protected, "nothing leaves in clear for that")
}

// TestTransformSets: what each word of a transform set stands for.
func TestTransformSets(t *testing.T) {
	for line, want := range map[string]ikev2.ESPSuite{
		"esp-aes esp-sha-hmac":            {Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, Integ: ipsec.IntegSHA1},
		"esp-aes 256 esp-sha256-hmac esn": {Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, Integ: ipsec.IntegSHA256, ESN: true},
		"esp-ctr 192 esp-sha512-hmac":     {Encr: ipsec.Encr{ID: ipsec.EncrAESCTR, KeyBits: 192}, Integ: ipsec.IntegSHA512},
		"esp-aes esp-sha-hmac comp-lzs":   {Encr: ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 128}, Integ: ipsec.IntegSHA1},
		"esp-null esp-md5-hmac":           {Encr: ipsec.Encr{ID: ipsec.EncrNULL}, Integ: ipsec.IntegMD5},
		"esp-gcm 192":                     {Encr: ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 192}},
		"esp-gcm8":                        {Encr: ipsec.Encr{ID: ipsec.EncrAESGCM8, KeyBits: 128}},
		"esp-gcm12 256 esn":               {Encr: ipsec.Encr{ID: ipsec.EncrAESGCM12, KeyBits: 256}, ESN: true},
		"esp-gmac":                        {Encr: ipsec.Encr{ID: ipsec.EncrAESGMAC, KeyBits: 128}},
		"esp-chacha20-poly1305":           {Encr: ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}},
	} {
		set := load(t, "crypto ipsec transform-set T "+line+"\n").TransformSet("T")
		want.Name = "T"
		got, ok := suiteOf(set)
		require.True(t, ok, line)
		require.Equal(t, want, got, line)
	}
	for _, line := range []string{"ah-sha-hmac", "ah-sha256-hmac esp-aes"} { // what is asked for is not left out in silence
		_, ok := suiteOf(load(t, "crypto ipsec transform-set T "+line+"\n").TransformSet("T"))
		require.False(t, ok, line)
	}
}

// TestInactiveEntries: what lacks something carries nothing, and is not asked
// for.
func TestInactiveEntries(t *testing.T) {
	for name, line := range map[string]string{
		"shut down":         "interface Tunnel0\n shutdown\n",
		"no destination":    "interface Tunnel0\n no tunnel destination\n",
		"unknown profile":   "interface Tunnel0\n no tunnel protection ipsec profile IPP\n",
		"source without ip": "interface Ethernet0/0\n no ip address\n",
		"source elsewhere":  "interface Tunnel0\n tunnel source Loopback7\n",
	} {
		s, _ := entryOf(t, load(t, text+line), "Tunnel0")
		require.False(t, s.Active, name)
	}
	s, _ := entryOf(t, load(t, text), "Tunnel1")
	require.False(t, s.Active, "gre")
	require.False(t, s.Protected)
}

func TestDFAndWindow(t *testing.T) {
	for line, want := range map[string][2]int{
		"":                            {512, int(crypto.DFCopy)},
		"crypto ipsec df-bit set\n":   {512, int(crypto.DFSet)},
		"crypto ipsec df-bit clear\n": {512, int(crypto.DFClear)},
		"crypto ipsec profile IPP\n set security-association replay disable\n":                                                                       {0, int(crypto.DFCopy)},
		"crypto ipsec profile IPP\n no set security-association replay window-size 512\n crypto ipsec security-association replay window-size 128\n": {128, int(crypto.DFCopy)},
	} {
		s, _ := entryOf(t, load(t, text+line), "Tunnel0")
		require.Equal(t, want, [2]int{s.Window, int(s.DF)}, line)
	}
}

// TestDummies: what is closest says how often, and may say never.
func TestDummies(t *testing.T) {
	const global, own = "crypto ipsec security-association dummy ", "crypto ipsec profile IPP\n set security-association dummy "
	for line, want := range map[string]time.Duration{
		"": 0, global + "pps 20\n": 50 * time.Millisecond, global + "seconds 90\n": 90 * time.Second, own + "seconds 2\n": 2 * time.Second,
		global + "pps 20\n" + own + "seconds 2\n": 2 * time.Second, global + "pps 20\n" + own + "pps 0\n": 0,
		global + "pps 20\nno " + global + "\n": 0, global + "pps 1\n" + own + "pps 5\n no set security-association dummy\n": time.Second,
	} {
		s, _ := entryOf(t, load(t, text+line), "Tunnel0")
		require.Equal(t, want, s.Dummies, line)
	}
}

// "Note: If a receiver chooses to not enable anti-replay for an SA, then the receiver
// SHOULD NOT negotiate ESN in an SA management protocol." (RFC 4303 3.3.3)
func TestNoExtendedNumbersWithoutWindow(t *testing.T) {
	const esn = "crypto ipsec transform-set TS esp-gcm 256 esn\n"
	for line, want := range map[string]bool{
		"": true, "crypto ipsec profile IPP\n set security-association replay disable\n": false,
		"crypto ipsec profile IPP\n no set security-association replay\ncrypto ipsec security-association replay disable\n": false,
		"crypto ipsec security-association replay disable\n":                                                                true, // the profile has a window of its own
	} {
		c := load(t, text+esn+line)
		for i := range c.Interfaces.All() {
			if i.Name() == "Tunnel0" {
				_, d := entry(c, i)
				require.Equal(t, want, d.Suites[0].ESN, line)
			}
		}
	}
}

func TestIKE(t *testing.T) {
	c := load(t, text)
	out := IKE(c, Papers{})
	require.Equal(t, out, IKE(c, Papers{}), "pure")
	require.Len(t, out.Proposals, 2)
	require.Equal(t, []ipsec.PRFID{ipsec.PRFSHA256}, out.Proposals[0].PRF)
	require.Equal(t, "default", out.Proposals[1].Name)
	require.Equal(t, "default", out.Policies[1].Name)
	require.Equal(t, []byte("here"), out.Keyrings[0].Peers[0].Local)
	require.Equal(t, []byte{0xab}, out.Keyrings[0].Peers[0].Remote)
	p := out.Profiles[0]
	require.Equal(t, netip.MustParseAddr("10.0.0.1"), p.MatchLocal)
	require.Len(t, p.MatchRemote, 2)
	require.True(t, p.AuthLocal&p.AuthRemote == ikev2.PreShared)
	require.Equal(t, 300*time.Second, p.Lifetime)
	require.Equal(t, 10*time.Second, p.DPD.Interval)

	p = IKE(load(t, text+"crypto ikev2 profile PROF\n authentication local rsa-sig\n"), Papers{}).Profiles[0]
	require.Zero(t, p.AuthLocal&ikev2.PreShared, "a key that is there is not a method that was configured")
	gone := IKE(load(t, text+"no crypto ikev2 proposal default\nno crypto ikev2 policy default\n"), Papers{})
	require.Len(t, gone.Proposals, 1)
	require.Len(t, gone.Policies, 1)
}

func TestInterfaceAndRoute(t *testing.T) {
	c := load(t, text)
	require.Equal(t, ip.StaticRoute{Prefix: netip.MustParsePrefix("0.0.0.0/0"), NextHop: netip.MustParseAddr("10.0.0.254"), Distance: 200}, Route(c, slices.Collect(c.Routes.All())[0]))
	for i := range c.Interfaces.All() {
		switch s := Interface(c, i); s.Name {
		case "Ethernet0/0":
			require.Equal(t, "Ethernet", s.Kind)
			require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.1/24"), netip.MustParsePrefix("10.9.0.1/24")}, s.Addresses)
		case "Tunnel0":
			require.Equal(t, 1300, s.MTU)
		}
	}
}
