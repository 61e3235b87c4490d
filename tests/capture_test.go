package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// captures are runs whose captures cross rekeys of both kinds.
var captures = []struct {
	lab      string
	commands []string
}{
	{"psk-site-to-site", []string{"wait 10s", "R1: ping 192.168.2.1 source Loopback0", "wait 120s", "R1: ping 192.168.2.1 source Loopback0",
		"wait 3600s", "R2: ping 192.168.1.1 source Loopback0 size 1600"}},
	{"aes-gcm-site-to-site", []string{"wait 10s", "R1: ping 192.168.2.1 source Loopback0", "wait 10h", "R1: ping 192.168.2.1 source Loopback0"}},
	{"hub-and-spoke", []string{"wait 10s", "SPOKE1: ping 10.1.3.1 source Loopback0", "wait 25h", "SPOKE2: ping 10.1.1.1 source Loopback0"}},
}

// tshark reads a capture with the folder that it lies in as configuration.
func tshark(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("tshark", append([]string{"-r", filepath.Join(dir, "capture.pcapng")}, args...)...)
	cmd.Env = append(os.Environ(), "WIRESHARK_CONFIG_DIR="+dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	return out.String()
}

func TestCapturesOpenDecrypted(t *testing.T) {
	needCommand(t, "tshark")
	for _, c := range captures {
		t.Run(c.lab, func(t *testing.T) {
			dir := t.TempDir()
			out, err := ikelab(t, append([]string{"exec", "--capture", dir, c.lab}, c.commands...)...).CombinedOutput()
			require.NoError(t, err, string(out))
			require.NotContains(t, string(out), "Success rate is 0", string(out))

			for _, wrong := range []string{
				"_ws.malformed", "_ws.expert.severity == \"Error\"", "isakmp.enc.data && !isakmp.enc.decrypted",
				"esp && !(esp.icv_good == 1)", "esp.icv_bad == 1", "esp && !ip.proto == 1",
			} {
				require.Empty(t, tshark(t, dir, "-Y", wrong), wrong)
			}
			sealed := strings.Count(tshark(t, dir, "-Y", "isakmp.enc.data"), "\n")
			good := strings.Count(tshark(t, dir, "-Y", "isakmp", "-V"), "[correct]")
			require.GreaterOrEqual(t, sealed, 8, "the run has rekeys")
			require.Equal(t, sealed, good, "every IKE integrity value is checked and correct")
			require.NotEmpty(t, tshark(t, dir, "-Y", "isakmp.exchangetype == 36 && isakmp.typepayload == 44"), "a child rekey")
			require.NotEmpty(t, tshark(t, dir, "-Y", "isakmp.exchangetype == 36 && isakmp.enc.decrypted && !(isakmp.typepayload == 44)"), "an IKE rekey")
			require.GreaterOrEqual(t, strings.Count(tshark(t, dir, "-Y", "esp && icmp"), "\n"), 20, "inner packets show")
			require.Empty(t, tshark(t, dir, "-Y", "!arp && !isakmp && !esp && !(ip.flags.mf == 1) && !(ip.frag_offset > 0)"), "nothing else is on the wire")
		})
	}
}

// TestSameSeedSameFiles compares captures, keys and consoles of runs, whoever
// computed their public-key operations, and when.
func TestSameSeedSameFiles(t *testing.T) {
	for _, c := range captures {
		t.Run(c.lab, func(t *testing.T) {
			run := func(seed string, environment ...string) map[string]string {
				dir := t.TempDir()
				args := []string{"exec", "--seed", seed, "--capture", filepath.Join(dir, "capture"), "--consoles", filepath.Join(dir, "consoles"), c.lab}
				cmd := ikelab(t, append(args, c.commands...)...)
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
