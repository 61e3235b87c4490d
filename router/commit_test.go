package router

import (
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/iosconfig/rows"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/router/policy"
	"ikelab/router/record"
)

var commitEpoch = time.Date(2024, 11, 11, 19, 30, 0, 0, time.UTC)

// alone is a router with nobody around it.
func alone(t *testing.T, startup string) *Router {
	r := New(Options{
		Node: 1, Name: "R1", Ports: []string{"Ethernet0/0", "Ethernet0/1"},
		Stream: func(purpose string) io.Reader { return rand.NewChaCha8([32]byte{byte(len(purpose))}) },
	})
	r.Attach(func(int, []byte, uint64) uint64 { return 0 }, func(time.Duration, uint64) {})
	file := (&StartupReader{}).Read(startup, "")
	require.Empty(t, file.Refused)
	r.LoadStartup(file)
	r.Start(commitEpoch)
	for port := range 2 {
		r.Carrier(commitEpoch, port, true)
	}
	return r
}

// blocks are sections that may be typed in any order, and taken back.
var blocks = []string{
	"interface Ethernet0/0\nip address 10.0.0.1 255.255.255.0\nno shutdown",
	"interface Ethernet0/0\nip address 10.0.9.1 255.255.255.0",
	"interface Ethernet0/1\nip address 10.0.1.1 255.255.255.0\nshutdown",
	"interface Loopback7\nip address 192.168.7.1 255.255.255.255",
	"no interface Loopback7",
	"crypto ikev2 keyring K\npeer A\naddress 10.0.0.2\npre-shared-key cisco",
	"crypto ikev2 keyring K\nno peer A",
	"crypto ikev2 keyring K\npeer B\nidentity fqdn b.example\nhostname Beta\npre-shared-key other",
	"crypto ikev2 keyring L\npeer B\nhostname beta\naddress 10.0.0.0 255.255.255.0\npre-shared-key remote two",
	"no crypto ikev2 keyring K",
	"no crypto ikev2 keyring L",
	"ip host beta 10.0.0.7",
	"ip host BETA 10.0.0.8",
	"no ip host beta",
	"no ip host BETA 10.0.0.8",
	"crypto ikev2 profile Q\nmatch identity remote fqdn b.example\nauthentication local pre-share\nauthentication remote pre-share\nkeyring local L\nvirtual-template 1",
	"no crypto ikev2 profile P",
	"no crypto ikev2 profile Q",
	"interface Virtual-Template1 type tunnel\nip unnumbered Loopback7\ntunnel source Ethernet0/0\ntunnel mode ipsec ipv4\ntunnel protection ipsec profile P",
	"crypto ikev2 profile P\nmatch identity remote any\nauthentication local pre-share\nauthentication remote pre-share\nkeyring local K",
	"crypto ikev2 profile P\nmatch address local interface Ethernet0/0",
	"crypto ikev2 proposal Q\nencryption aes-cbc-256\nintegrity sha256\ngroup 19",
	"crypto ikev2 policy Q\nproposal Q",
	"crypto ikev2 window 7",
	"crypto ipsec transform-set T esp-aes esp-sha-hmac",
	"crypto ipsec transform-set T esp-gcm 256",
	"crypto ipsec profile P\nset transform-set T\nset ikev2-profile P",
	"crypto ipsec profile P\nset pfs group19",
	"crypto ipsec security-association lifetime seconds 1200",
	"no crypto ipsec profile P",
	"interface Tunnel0\nip address 172.16.0.1 255.255.255.252\ntunnel source Ethernet0/0\ntunnel mode ipsec ipv4\ntunnel destination 10.0.0.2\ntunnel protection ipsec profile P",
	"interface Tunnel0\ntunnel source 10.0.1.1",
	"interface Tunnel0\nno tunnel protection ipsec profile",
	"interface Tunnel1\ntunnel source Ethernet0/1\ntunnel mode ipsec ipv4\ntunnel destination 10.0.1.2\ntunnel protection ipsec profile default",
	"no interface Tunnel0",
	"interface Tunnel1\nip unnumbered Loopback7",
	"interface Tunnel1\nip unnumbered Ethernet0/1",
	"ip route 192.168.8.0 255.255.255.0 10.0.0.2",
	"ip route 192.168.8.0 255.255.255.0 10.0.0.3 200",
	"no ip route 192.168.8.0 255.255.255.0 10.0.0.2",
	"no crypto ipsec transform-set default",
	"crypto map M 10 ipsec-isakmp\nset peer 10.0.0.2\nset transform-set T\nset ikev2-profile P\nmatch address L",
	"crypto map M 20 ipsec-isakmp\nset peer beta dynamic\nset transform-set T\nset pfs group14\nmatch address L",
	"crypto map M 10 ipsec-isakmp\nreverse-route static",
	"no crypto map M 10",
	"crypto map M 200 ipsec-isakmp\nset peer 10.0.0.9\nset transform-set default T\nmatch address L",
	"crypto map M 5 ipsec-isakmp\nset peer 10.0.0.2\nset peer BETA dynamic\nset transform-set T\nreverse-route static\nmatch address N",
	"crypto map N 5 ipsec-isakmp\nset peer 10.0.0.2\nset transform-set T\nmatch address N",
	"no crypto map M 200",
	"no crypto map M",
	"interface Ethernet0/1\ncrypto map N",
	"ip access-list extended N\ndeny ip host 192.0.2.9 any\npermit ip 192.0.2.0 0.0.0.255 host 192.0.2.5\npermit ip any object-group H",
	"no ip access-list extended N",
	"crypto ikev2 profile P\nivrf RED",
	"object-group network H\ngroup-object G",
	"object-group network H\nno group-object G",
	"no object-group network G",
	"crypto map M local-address Loopback7",
	"no crypto map M local-address Loopback7",
	"interface Ethernet0/0\ncrypto map M",
	"interface Ethernet0/1\ncrypto map M",
	"interface Ethernet0/0\nno crypto map",
	"interface Loopback7\nip address 10.0.7.1 255.255.255.255",
	"ip access-list extended L\npermit ip host 192.0.2.1 host 192.0.2.2",
	"ip access-list extended L\nno permit ip host 192.0.2.1 host 192.0.2.2\npermit ip 192.0.2.0 0.0.0.255 any",
	"ip access-list extended L\npermit ip object-group G any",
	"no ip access-list extended L",
	"object-group network G\nhost 192.0.2.3",
	"crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac\nmode transport",
	"interface Ethernet0/0\nip nat outside",
	"interface Loopback7\nip nat inside",
	"ip nat inside source list L interface Ethernet0/0 overload",
	"no ip nat inside source list L interface Ethernet0/0 overload",
}

// TestLinesComeToWhatTheirFileDoes: whatever was typed in whatever order, the
// router is as one that boots with the configuration that it has now.
func TestLinesComeToWhatTheirFileDoes(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		r := alone(t, "")
		ed := newEditor(r)
		for range 40 {
			for _, line := range strings.Split(blocks[random.IntN(len(blocks))], "\n") {
				_, _ = ed.Enter(commitEpoch, line) // some are refused in their place
			}
		}
		requireAsBooted(t, r, "seed %d", seed)
	}
}

// requireAsBooted wants a router to be as one that boots with the configuration that it has now.
func requireAsBooted(t *testing.T, r *Router, why ...any) {
	fresh := alone(t, strings.Join(rows.Running(r.store.Running()), "\n"))
	require.Equal(t, settingsOf(fresh), settingsOf(r), why...)
	require.Equal(t, maps.Collect(fresh.machine.demands.All()), maps.Collect(r.machine.demands.All()), why...)
	require.Equal(t, fresh.machine.policy, r.machine.policy, why...)
	require.Equal(t, entriesOf(fresh), entriesOf(r), why...)
	before, after := translatedBy(fresh), translatedBy(r)
	require.Equal(t, []any{before.Inside, before.Outs, before.Named, len(before.Rules)}, []any{after.Inside, after.Outs, after.Named, len(after.Rules)}, why...)
	requireTold(t, r, why...)
	require.ElementsMatch(t, fresh.machine.ip.Table.States(), r.machine.ip.Table.States(), why...)
}

// TestMapsFollowTheirAddress: an entry of a crypto map has the address that `local-address` lends
// it, and none when that interface has gone.
func TestMapsFollowTheirAddress(t *testing.T) {
	r := alone(t, `crypto ipsec transform-set T esp-aes
ip access-list extended L
 permit ip host 192.0.2.1 host 192.0.2.2
crypto map M 10 ipsec-isakmp
 set peer 10.0.0.2
 set transform-set T
 match address L
crypto map M local-address Loopback7
interface Loopback7
 ip address 10.0.7.1 255.255.255.255
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
 crypto map M
`)
	ed := newEditor(r)
	for _, row := range []struct {
		line, local string
		active      bool
	}{{"no shutdown", "10.0.7.1", true}, {"ip address 10.0.7.9 255.255.255.255", "10.0.7.9", true}, {"no interface Loopback7", "invalid IP", false}, {"ip address 10.0.7.2 255.255.255.255", "10.0.7.2", true}} {
		for _, line := range []string{"interface Loopback7", row.line} {
			_, err := ed.Enter(commitEpoch, line)
			require.NoError(t, err, line)
		}
		got := entriesOf(r)["Ethernet0/0"][0]
		require.Equal(t, row.local, got.Local.String(), row.line)
		require.Equal(t, row.active, got.Active, row.line)
	}
}

// requireTold wants the engine to know of IKE what it would be told now, and no more.
func requireTold(t *testing.T, r *Router, why ...any) {
	m := r.machine
	c := m.running()
	given := policy.IKE(c, m.certified.papers(c))
	rings, profiles := map[string][]ikev2.KeyringPeer{"K": nil, "L": nil}, map[string]*ikev2.Profile{"P": nil, "Q": nil}
	for _, k := range given.Keyrings {
		rings[k.Name] = k.Peers
	}
	for _, p := range given.Profiles {
		profiles[p.Name] = p
	}
	for name, peers := range rings {
		require.False(t, ikev2.SetKeyring(m.engine, name, c.Keyring(name) != nil), why...)
		for _, peer := range []string{"A", "B"} {
			of := slices.DeleteFunc(slices.Clone(peers), func(p ikev2.KeyringPeer) bool { return p.Name != peer })
			require.Empty(t, ikev2.SetPeer(m.engine, name, peer, of), why...)
		}
	}
	for name, p := range profiles {
		require.False(t, ikev2.SetProfile(m.engine, name, p), why...)
	}
}

func settingsOf(r *Router) map[string]ip.InterfaceSettings {
	all := map[string]ip.InterfaceSettings{}
	for _, i := range r.machine.ip.Interfaces.All() {
		all[i.Name] = i.Settings
	}
	return all
}

// translatedBy is what a router's NAT goes by.
func translatedBy(r *Router) (inUse policy.Translated) {
	if t := r.machine.nat; t != nil {
		inUse = t.inUse
	}
	return inUse
}

// worked is an entry at work.
type worked struct {
	name string
	crypto.Settings
}

// entriesOf are the entries at work by their interfaces: those of tunnels, and those of crypto maps in
// the order in which packets meet them.
func entriesOf(r *Router) map[string][]worked {
	all := map[string][]worked{}
	for _, i := range r.machine.ip.Interfaces.All() {
		for _, e := range r.machine.maps.Entries(i) {
			all[i.Name] = append(all[i.Name], worked{e.Name(), e.Settings()})
		}
		if e := r.machine.crypto.Entry(i.Name); e != nil {
			all[i.Name] = append(all[i.Name], worked{i.Name, e.Settings()})
		}
	}
	return all
}

// TestLinesAreRecorded: what a line leads to follows from the line, and the
// secret in it is nobody's business.
func TestLinesAreRecorded(t *testing.T) {
	r := alone(t, "interface Loopback3\n ip address 192.0.2.3 255.255.255.255\n")
	var got []record.Record
	r.Records().Listen(func(rec record.Record) { got = append(got, rec) })
	ed := newEditor(r)
	for _, line := range []string{"interface Loopback3", "shutdown"} {
		_, err := ed.Enter(commitEpoch, line)
		require.NoError(t, err)
	}
	require.Equal(t, operator.LineEntered{Line: "shutdown", Object: "interface", Name: "Loopback3"}, got[0].Body)
	change, ok := got[1].Body.(ip.LinkChanged)
	require.True(t, ok, "%T", got[1].Body)
	require.Equal(t, "Loopback3", change.Interface)
	require.Equal(t, got[0].ID, got[1].Cause)
}
