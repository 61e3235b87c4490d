package decode

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the expected texts of testdata anew")

// TestDaemons: captures of tunnels with real IKE daemons, whose messages, fragments and
// packets nobody here has made, are read whole; what is said of them is in said.txt. They
// were taken at a router of ours while tests/interop ran:
//
//	strongswan  fragments both ways (RFC 7383), AES-GCM and ESN, rekeys with PFS, deleted by the peer
//	libreswan   through a NAT gateway, at both its sides: UDP encapsulation, retransmissions, rekeys by the peer
//	openiked    3DES, the peer begins and we end it
func TestDaemons(t *testing.T) {
	folders, err := filepath.Glob("testdata/*")
	require.NoError(t, err)
	require.Len(t, folders, 3)
	for _, dir := range folders {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			read := func(name string) []byte {
				b, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				return b
			}
			list, d := decoded(t, read(captureFile), keysOf(t, memory{IKETable: bytes.NewBuffer(read(IKETable)), ESPTable: bytes.NewBuffer(read(ESPTable))}))
			require.Zero(t, d.Counts.Broken)
			require.Positive(t, d.IKE)
			require.Equal(t, d.IKE, d.Opened)
			require.Positive(t, d.ESP)
			require.Equal(t, d.ESP, d.Verified)
			var said strings.Builder
			for _, f := range list {
				require.Empty(t, f.Problem)
				said.WriteString(f.Text())
			}
			if *update {
				require.NoError(t, os.WriteFile(filepath.Join(dir, "said.txt"), []byte(said.String()), 0o644))
			}
			require.Equal(t, string(read("said.txt")), said.String())
			without, bare := decoded(t, read(captureFile), nil)
			require.Len(t, without, len(list))
			require.Less(t, bare.Opened, d.Opened)
			require.Zero(t, bare.Verified)
		})
	}
}
