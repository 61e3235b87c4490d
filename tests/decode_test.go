package tests

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"ikelab/tests/kit"
)

// both types lines at both routers of a lab.
func both(lines ...string) (commands []string) {
	for _, node := range []string{"R1", "R2"} {
		for _, l := range slices.Concat([]string{"configure terminal"}, lines, []string{"end"}) {
			commands = append(commands, node+": "+l)
		}
	}
	return commands
}

const pingBoth = "R1: ping 192.168.2.1 source Loopback0"

// decoded are runs and what `ikelab decode` must find in their captures.
var decodedRuns = []struct {
	name, lab string
	commands  []string
	found     []string // patterns of what is printed
}{
	{"3des and rekeys of both kinds", "psk-site-to-site", []string{"wait 10s", pingBoth, "wait 2m", pingBoth, "wait 1h", pingBoth},
		[]string{`IKEv2 CREATE_CHILD_SA request \d+\n`, `IKEv2 INFORMATIONAL request`, `NOTIFY\(REKEY_SA\)`, `ICV verified: IPv4 192.168.1.1 -> 192.168.2.1 ICMP echo request`}},
	{"gcm", "aes-gcm-site-to-site", []string{"wait 10s", pingBoth, "wait 10h", pingBoth}, []string{`CREATE_CHILD_SA response`}},
	{"a hub", "hub-and-spoke", []string{"wait 10s", "SPOKE1: ping 10.1.3.1 source Loopback0"}, []string{`\(SA ID = 3\)`}},
	{"a nat", "nat-site-to-site", []string{"wait 30s", "ping H1 192.168.2.10", "wait 2m"}, []string{`:4500 -> .*: IKEv2 IKE_AUTH`, `NAT keepalive`, `:4500: ESP SPI .*ICV verified`}},
	{"fragments", "aes-gcm-site-to-site", append(both("crypto ikev2 fragmentation mtu 200"), "wait 10s", pingBoth),
		[]string{`IKE_AUTH request 1, fragment 1 of 5\n`, `SKF Next payload: `, `    Fragment: 5, Total: 5\n.*flags: INITIATOR Message id: 1`}},
	{"gre in transport mode", "aes-gcm-site-to-site",
		append(both("crypto ipsec transform-set GCM esp-gcm 256", "mode transport", "interface Tunnel0", "tunnel mode gre ip", "tunnel key 77"), "R1: clear crypto session", "wait 20s", pingBoth),
		[]string{`USE_TRANSPORT_MODE`, `ICV verified: GRE key 77: IPv4 192.168.1.1 -> 192.168.2.1 ICMP echo request`}},
	{"extended sequence numbers", "aes-gcm-site-to-site", useSuite("encryption aes-cbc-256|integrity sha256|group 19", "esp-aes 256 esp-sha512-hmac esn"), []string{`type: 5, reserved: 0x0, id: `, `ICV verified`}},
	{"counter mode", "aes-gcm-site-to-site", useSuite("encryption aes-ctr-128|integrity sha256|group 31", "esp-ctr 256 esp-sha256-hmac"), []string{`ICV verified`}},
	{"null and short ICVs", "aes-gcm-site-to-site", append(useSuite("encryption 3des|integrity md5|group 24", "esp-null esp-sha384-hmac"),
		useSuite("encryption aes-cbc-128|integrity sha1|group 14", "esp-gcm8 128")...), []string{`ICV verified`}},
	{"a wrong key", "psk-site-to-site", []string{"R2: configure terminal", "R2: crypto ikev2 keyring KEYRNG", "R2: peer peer2", "R2: pre-shared-key remote other", "R2: end", "wait 20s"},
		[]string{`IKE_AUTH response 1\n.*\n.*\n.*AUTHENTICATION_FAILED`}},
	{"cookies", "hub-and-spoke", []string{"HUB: configure terminal", "HUB: crypto ikev2 cookie-challenge 1", "HUB: end",
		"fault drop node=SPOKE1 exchange=IKE_AUTH message=request all=true", "SPOKE1: clear crypto session", "wait 5s", "SPOKE2: clear crypto session", "wait 15s", "SPOKE2: ping 10.1.3.1 source Loopback0"}, []string{`NOTIFY\(COOKIE\)`}},
	{"a dead peer", "psk-site-to-site", []string{"wait 10s", "R1: configure terminal", "R1: crypto ikev2 dpd 10 2 periodic", "R1: end", "R1: clear crypto session", "wait 10s", "stop R2", "wait 2m"}, []string{`INFORMATIONAL request`}},
}

// decode runs the command on a run's capture.
func decode(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	cmd := kit.Ikelab(t, append([]string{"decode", filepath.Join(dir, "capture.pcapng"), "--keys", dir}, args...)...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, errs.String())
	require.Empty(t, errs.String())
	return string(out)
}

func TestDecode(t *testing.T) {
	t.Parallel()
	summary := regexp.MustCompile(`(\d+) packets: (\d+) of IKE, (\d+) of them in clear or opened; (\d+) of ESP, (\d+) of them verified; \d+ keepalives; (\d+) broken`)
	for _, run := range decodedRuns {
		t.Run(run.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out, err := kit.Ikelab(t, append([]string{"exec", "--capture", dir, run.lab}, run.commands...)...).CombinedOutput()
			require.NoError(t, err, string(out))
			text := decode(t, dir)
			got := summary.FindStringSubmatch(text)
			require.NotNil(t, got, text)
			require.NotEqual(t, "0", got[2])
			require.Equal(t, got[2], got[3], "every message is opened")
			require.Equal(t, got[4], got[5], "every ESP packet is verified")
			require.Equal(t, "0", got[6], "none is broken")
			for _, pattern := range run.found {
				require.True(t, regexp.MustCompile(pattern).MatchString(text), "no %q", pattern)
			}
		})
	}
}

// typeNumbers are IANA's of the payloads that our JSON names.
var typeNumbers = map[string]int{"SA": 33, "KE": 34, "ID": 35, "Cert": 37, "CertReq": 38, "Auth": 39, "Nonce": 40, "Notify": 41, "Delete": 42, "VendorID": 43, "TS": 44, "CP": 47}

// oursOf is what `ikelab decode` says of a packet, as far as tshark is asked.
func oursOf(packet string) string {
	var types []int
	message := gjson.Get(packet, `records.#(kind=="ike.message_parsed").body.message`)
	for _, p := range message.Get("payloads").Array() {
		kind := typeNumbers[p.Get("is").String()]
		if (kind == 35 || kind == 44) && !p.Get("initiator").Bool() {
			kind++
		}
		types = append(types, kind)
	}
	if esp := gjson.Get(packet, "esp"); esp.Exists() {
		return fmt.Sprintf("ESP %s %d %v %v", strings.ToLower(esp.Get("spi").String()), esp.Get("sequence").Int(), esp.Get("verified"), strings.Contains(esp.Get("inner").String(), "ICMP"))
	}
	return fmt.Sprintf("IKE %s %d %d %d %v", message.Get("spi_i"), message.Get("flags").Int(), message.Get("message_id").Int(), message.Get("length").Int(), types)
}

// theirsOf is the same of tshark's.
func theirsOf(p dissected) string {
	first := func(field string) string {
		if len(p.shown[field]) == 0 {
			return "?"
		}
		return p.shown[field][0]
	}
	number := func(field string) int64 {
		n, _ := strconv.ParseInt(first(field), 0, 64)
		return n
	}
	if p.has("esp") {
		return fmt.Sprintf("ESP %s %d %v %v", first("esp.spi"), number("esp.sequence"), p.is("esp.icv_good", "1"), p.has("icmp"))
	}
	var types []int
	for _, s := range p.shown["isakmp.typepayload"] {
		kind, _ := strconv.Atoi(s)
		if kind > 3 && kind != 46 { // proposals, transforms, SK
			types = append(types, kind)
		}
	}
	return fmt.Sprintf("IKE %s %d %d %d %v", strings.ReplaceAll(first("isakmp.ispi"), ":", ""), number("isakmp.flags"), number("isakmp.messageid"), number("isakmp.length"), types)
}

// TestDecodeAsWireshark: packet by packet both say the same.
func TestDecodeAsWireshark(t *testing.T) {
	kit.NeedCommand(t, "tshark")
	t.Parallel()
	dir := t.TempDir()
	commands := []string{"wait 10s", pingBoth, "wait 2m", pingBoth, "wait 1h", "R2: ping 192.168.1.1 source Loopback0"}
	out, err := kit.Ikelab(t, append([]string{"exec", "--capture", dir, "psk-site-to-site"}, commands...)...).CombinedOutput()
	require.NoError(t, err, string(out))
	packets := tshark(t, dir)
	compared := 0
	for lines := bufio.NewScanner(strings.NewReader(decode(t, dir, "--json"))); lines.Scan(); {
		require.True(t, json.Valid(lines.Bytes()))
		number := gjson.Get(lines.Text(), "packet").Int()
		p := packets[number-1]
		require.Equal(t, theirsOf(p), oursOf(lines.Text()), "packet %d", number)
		compared++
	}
	require.Equal(t, countOf(packets, func(p dissected) bool { return p.has("isakmp") || p.has("esp") }), compared)
	require.Greater(t, compared, 60)
}

// TestDecodeStatus: 0 whatever packets say, 1 when a file cannot be read, 2 for
// wrong usage.
func TestDecodeStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := kit.Ikelab(t, "exec", "--capture", dir, "wait 5s").CombinedOutput()
	require.NoError(t, err, string(out))
	capture := filepath.Join(dir, "capture.pcapng")
	for _, row := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{capture}, 0, "others\n"},
		{[]string{capture, "--json"}, 0, "\"what\":\"IKEv2 IKE_SA_INIT request 0\""},
		{[]string{"nowhere.pcap"}, 1, "ikelab: open nowhere.pcap: no such file or directory\n"},
		{[]string{dir}, 1, "is a directory, not a regular file\n"},
		{[]string{filepath.Join(dir, "preferences")}, 1, "this is no capture: neither pcap nor pcapng\n"},
		{[]string{capture, "--keys", t.TempDir()}, 1, "has neither ikev2_decryption_table nor esp_sa\n"},
		{nil, 2, "accepts 1 arg(s), received 0"},
		{[]string{capture, "--yaml"}, 2, "unknown flag: --yaml"},
	} {
		out, err := kit.Ikelab(t, append([]string{"decode"}, row.args...)...).CombinedOutput()
		status := 0
		if err != nil {
			status = err.(*exec.ExitError).ExitCode()
		}
		require.Equal(t, row.status, status, string(out))
		require.Contains(t, string(out), row.want)
	}
}
