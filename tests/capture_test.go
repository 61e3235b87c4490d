package tests

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
	"ikelab/topologies"
)

// captures are runs whose captures cross rekeys of both kinds.
var captures = []struct {
	lab      string
	commands []string
}{
	{"psk-site-to-site", []string{"wait 10s", "R1: ping 192.168.2.1 source Loopback0", "wait 120s", "R1: ping 192.168.2.1 source Loopback0",
		"wait 3600s", "R2: ping 192.168.1.1 source Loopback0 size 1600"}},
	{"aes-gcm-site-to-site", []string{"wait 10s", "R1: ping 192.168.2.1 source Loopback0", "wait 10h", "R1: ping 192.168.2.1 source Loopback0"}},
	{"crypto-map-site-to-site", []string{"R1: ping 192.168.2.1 source Ethernet0/1", "R1: ping 172.16.2.1 source Loopback0", "wait 25h",
		"R2: ping 192.168.1.1 source Ethernet0/1"}},
	{"hub-and-spoke", []string{"wait 10s", "SPOKE1: ping 10.1.3.1 source Loopback0", "wait 25h", "SPOKE2: ping 10.1.1.1 source Loopback0"}},
}

// dissected is a packet as Wireshark sees it.
type dissected struct {
	shown  map[string][]string // what each field shows, by its name
	labels []string            // of the IKE integrity values
}

func (p dissected) has(field string) bool       { return len(p.shown[field]) > 0 }
func (p dissected) is(field, value string) bool { return slices.Contains(p.shown[field], value) }

// tshark dissects a capture, once, with the folder that it lies in as
// configuration.
func tshark(t *testing.T, dir string) (packets []dissected) {
	t.Helper()
	cmd := exec.Command("tshark", "-r", filepath.Join(dir, "capture.pcapng"), "-T", "pdml")
	cmd.Env = append(os.Environ(), "WIRESHARK_CONFIG_DIR="+dir)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, errs.String())
	for d := xml.NewDecoder(bytes.NewReader(out)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return packets
		}
		require.NoError(t, err)
		e, ok := token.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "packet":
			packets = append(packets, dissected{shown: map[string][]string{}})
		case ok && (e.Name.Local == "proto" || e.Name.Local == "field"):
			packets[len(packets)-1].add(e.Attr)
		}
	}
}

func (p *dissected) add(attributes []xml.Attr) {
	a := map[string]string{}
	for _, x := range attributes {
		a[x.Name.Local] = x.Value
	}
	p.shown[a["name"]] = append(p.shown[a["name"]], a["show"])
	if a["name"] == "isakmp.enc.icd" {
		p.labels = append(p.labels, a["showname"])
	}
}

// countOf is how many packets are like that.
func countOf(packets []dissected, like func(dissected) bool) (n int) {
	for _, p := range packets {
		if like(p) {
			n++
		}
	}
	return n
}

const severityError = "8388608" // PI_ERROR, 0x800000

// wrong is what no capture of ours may have.
var wrong = map[string]func(dissected) bool{
	"malformed": func(p dissected) bool { return p.has("_ws.malformed") },
	"an error":  func(p dissected) bool { return p.is("_ws.expert.severity", severityError) },
	"an IKE message not decrypted": func(p dissected) bool {
		return p.has("isakmp.enc.data") && !p.has("isakmp.enc.decrypted")
	},
	"an ESP packet not checked":   func(p dissected) bool { return p.has("esp") && !p.is("esp.icv_good", "1") },
	"an ESP packet with bad ICV":  func(p dissected) bool { return p.is("esp.icv_bad", "1") },
	"an ESP packet not decrypted": func(p dissected) bool { return p.has("esp") && !p.is("ip.proto", "1") },
	"something else on the wire": func(p dissected) bool {
		return !p.has("arp") && !p.has("isakmp") && !p.has("esp") && !p.is("ip.flags.mf", "1") && !slices.ContainsFunc(p.shown["ip.frag_offset"], func(s string) bool { return s != "0" })
	},
}

func TestCapturesOpenDecrypted(t *testing.T) {
	kit.NeedCommand(t, "tshark")
	t.Parallel()
	for _, c := range captures {
		t.Run(c.lab, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out, err := kit.Ikelab(t, append([]string{"exec", "--capture", dir, c.lab}, c.commands...)...).CombinedOutput()
			require.NoError(t, err, string(out))
			require.NotContains(t, string(out), "Success rate is 0", string(out))

			packets := tshark(t, dir)
			for what, like := range wrong {
				require.Zero(t, countOf(packets, like), what)
			}
			sealed := countOf(packets, func(p dissected) bool { return p.has("isakmp.enc.data") })
			good := 0
			for _, p := range packets {
				good += strings.Count(strings.Join(p.labels, "\n"), "[correct]")
			}
			require.GreaterOrEqual(t, sealed, 8, "the run has rekeys")
			require.Equal(t, sealed, good, "every IKE integrity value is checked and correct")
			children := countOf(packets, func(p dissected) bool { return p.is("isakmp.exchangetype", "36") && p.is("isakmp.typepayload", "44") })
			both := countOf(packets, func(p dissected) bool { return p.is("isakmp.exchangetype", "36") && p.has("isakmp.enc.decrypted") })
			require.Positive(t, children, "a child rekey")
			require.Greater(t, both, children, "an IKE rekey")
			require.GreaterOrEqual(t, countOf(packets, func(p dissected) bool { return p.has("esp") && p.has("icmp") }), 20, "inner packets show")
		})
	}
}

// TestSameSeedSameFiles compares captures, keys and consoles of runs, whoever
// computed their public-key operations, and when.
func TestSameSeedSameFiles(t *testing.T) {
	t.Parallel()
	for _, c := range captures {
		t.Run(c.lab, func(t *testing.T) {
			run := func(seed string, environment ...string) map[string]string {
				dir := t.TempDir()
				args := []string{"exec", "--seed", seed, "--capture", filepath.Join(dir, "capture"), "--consoles", filepath.Join(dir, "consoles"), c.lab}
				cmd := kit.Ikelab(t, append(args, c.commands...)...)
				cmd.Env = append(os.Environ(), environment...)
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, string(out))
				files := map[string]string{"stdout": string(out)}
				require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
					if err != nil || d.IsDir() {
						return err
					}
					data, err := os.ReadFile(path)
					name, _ := filepath.Rel(dir, path)
					files[name] = string(data)
					return err
				}))
				return files
			}
			first := run("11")
			require.Greater(t, len(first), 6)
			for _, processors := range []string{"GOMAXPROCS=1", "GOMAXPROCS=4"} {
				again := run("11", processors)
				require.Len(t, again, len(first))
				for name, text := range again {
					require.True(t, text == first[name], "%s differs with %s", name, processors)
				}
			}
			require.NotEqual(t, first["capture/capture.pcapng"], run("12")["capture/capture.pcapng"])
		})
	}
}

// TestFragmentsOpenDecrypted: Wireshark opens each fragment of a message
// (RFC 7383) and puts them together.
func TestFragmentsOpenDecrypted(t *testing.T) {
	kit.NeedCommand(t, "tshark")
	t.Parallel()
	dir := t.TempDir()
	args := []string{"exec", "--capture", dir, topologies.DefaultLab}
	for _, node := range []string{"R1", "R2"} {
		args = append(args, node+": configure terminal", node+": crypto ikev2 fragmentation mtu 200", node+": end")
	}
	out, err := kit.Ikelab(t, append(args, "wait 10s", "R1: ping 192.168.2.1 source Loopback0", "wait 120s")...).CombinedOutput()
	require.NoError(t, err, string(out))
	packets := tshark(t, dir)
	fragment := func(p dissected) bool { return p.is("isakmp.nextpayload", "53") }
	require.GreaterOrEqual(t, countOf(packets, fragment), 6)
	for what, like := range wrong {
		require.Zero(t, countOf(packets, like), what)
	}
	auth := func(p dissected) bool { return fragment(p) && p.is("isakmp.typepayload", "39") }
	require.GreaterOrEqual(t, countOf(packets, auth), 2, "IKE_AUTH is put together and shows its AUTH")
}
