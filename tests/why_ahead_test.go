package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
	"ikelab/topologies/why"
)

// forecasts are what is typed while a tunnel is up, what is forecast, and how it comes: after
// so long with these lines typed at that end, or at once.
var forecasts = []struct{ what, lab, node, lines, cause, then string }{
	{"nothing that matters", "psk-site-to-site", "R1", "interface Loopback9\nip address 192.0.2.9 255.255.255.255", "", ""},
	{"another transform set", "psk-site-to-site", "R1", "crypto ipsec transform-set TS9 esp-aes esp-md5-hmac\ncrypto ipsec profile phse2-prof\nset transform-set TS9", "child.proposal", "wait 61m"},
	{"another proposal", "psk-site-to-site", "R2", "crypto ikev2 proposal P9\nencryption aes-cbc-256\nintegrity sha512\ngroup 21\ncrypto ikev2 policy site-pol\nproposal P9\nno proposal PHASE1-prop", "ike.proposal", "wait 25h"},
	{"another method beside PFS", "post-quantum-site-to-site", "R2", "crypto ipsec profile VTI\nset pfs group19 pqc mlkem1024", "child.pfs", "wait 61m"},
	{"no method beside PFS", "post-quantum-site-to-site", "R1", "crypto ipsec profile VTI\nset pfs group19", "child.pfs", "wait 61m"},
	{"a second method beside PFS", "post-quantum-site-to-site", "R1", "crypto ipsec profile VTI\nset pfs group19 pqc mlkem1024 mlkem768", "", ""},
	{"another method of ML-KEM", "post-quantum-site-to-site", "R2", "crypto ikev2 proposal HYBRID\npqc mlkem1024", "ike.proposal", "wait 25h"},
	{"ML-KEM that need not be", "post-quantum-site-to-site", "R2", "crypto ikev2 proposal HYBRID\npqc mlkem1024 mlkem768 optional", "", ""},
	{"another key", "psk-site-to-site", "R2", "crypto ikev2 keyring KEYRNG\npeer peer2\npre-shared-key local other", "auth.key", "R1: clear crypto session"},
	{"no key any more", "psk-site-to-site", "R1", "crypto ikev2 profile IKEV2-SETUP\nno keyring local KEYRNG", "auth.key", "R1: clear crypto session"},
	{"another name", "aes-gcm-site-to-site", "R2", "crypto ikev2 profile SITE\nidentity local fqdn r2.example", "auth.identity", "R1: clear crypto session"},
	{"a name that is in no certificate", "certificates-site-to-site", "R2", "crypto ikev2 profile SITES\nno match certificate PEERS\nmatch identity remote any\nidentity local fqdn other.example.com", "auth.certificate", "R1: clear crypto session"},
	{"nothing that matters to certificates", "certificates-site-to-site", "R2", "interface Loopback9\nip address 192.0.2.9 255.255.255.255", "", ""},
	{"another transform set of a map", "crypto-map-site-to-site", "R2", "crypto ipsec transform-set AES esp-aes esp-sha256-hmac", "child.proposal", "wait 61m"},
	{"other packets of a map", "crypto-map-site-to-site", "R1", "ip access-list extended VPN\npermit ip 192.168.0.0 0.0.255.255 192.168.2.0 0.0.0.255", "", ""},
}

// TestWhyForecasts: what is typed while a tunnel is up is forecast to break it, and does.
func TestWhyForecasts(t *testing.T) {
	t.Parallel()
	for _, f := range forecasts {
		topology, err := topologies.Embedded(f.lab)
		require.NoError(t, err)
		run, err := lab.Build(topology, lab.Options{Seed: 1})
		require.NoError(t, err)
		w := why.Watch(run)
		r, err := scenario.NewRunner(run, scenario.Settings{Lenient: true})
		require.NoError(t, err)
		r.Begin()
		doLine(t, r, "wait 1m")
		if strings.HasPrefix(f.lab, "crypto-map") {
			doLine(t, r, "ping H1 192.168.2.10")
		}
		tunnel := w.Tunnels(f.node)[0]
		v, err := w.Explain(f.node, tunnel)
		require.NoError(t, err)
		require.Equal(t, why.Well, v.State)
		require.Empty(t, v.Forecast)
		typeAt(t, r, f.node, f.lines)
		doLine(t, r, "wait 1s")
		v, err = w.Explain(f.node, tunnel)
		require.NoError(t, err)
		require.Equal(t, why.Well, v.State, f.what)
		text := v.In(phrase.English, 120)
		if f.cause == "" {
			require.Empty(t, v.Forecast, "%s: %s", f.what, text)
			continue
		}
		require.Len(t, v.Forecast, 1, "%s: %s", f.what, text)
		require.Equal(t, f.cause, v.Forecast[0].Key, text)
		if f.cause != "child.pfs" { // which two lines of configuration show
			require.NotEmpty(t, v.Forecast[0].Evidence)
		}

		doLine(t, r, f.then)
		if strings.HasPrefix(f.lab, "crypto-map") {
			doLine(t, r, "ping H1 192.168.2.10")
		}
		doLine(t, r, "wait 1m")
		v, err = w.Explain(f.node, tunnel)
		require.NoError(t, err)
		require.NotEmpty(t, v.Claims, "%s: %v %s", f.what, v.State, v.In(phrase.English, 120))
		require.Equal(t, f.cause, v.Claims[0].Key, "%s: %s", f.what, v.In(phrase.English, 120))
	}
}
