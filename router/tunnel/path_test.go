package tunnel

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// TestPathMTU: "tunnel path-mtu-discovery" copies the DF bit, and heeds what routers on
// the way say to that (RFC 2003 5.1, RFC 1191 4).
func TestPathMTU(t *testing.T) {
	for _, mode := range []Mode{GRE, IPIP} {
		d := clearTunnel(t, func(s *Settings) {
			s.Mode, s.Path = mode, crypto.Discovery{On: true, Age: 10 * time.Minute, Least: 92}
		})
		tunnel := d.tunnels.Get("Tunnel0")
		overhead := tunnel.settings.Overhead()
		send := func(octets int, whole bool) []byte {
			b := make([]byte, octets)
			b[0], b[8], b[9] = 0x45, 64, ip.ProtoUDP
			b[2], b[3] = byte(octets>>8), byte(octets)
			if whole {
				b[6] = ip.FlagDF >> 8
			}
			d.sent = nil
			tunnel.pack(epoch, b)
			return bytes.Clone(d.sent[0][ip.EthernetHeader:])
		}
		tells := func(b []byte, mtu int) {
			d.tunnels.pathFailed(epoch, ip.Failure{Type: ip.Unreachable, Code: ip.CodeFragmentationNeeded, MTU: mtu, Header: b[:20], Begin: b[20:28]})
		}
		require.Zero(t, send(1000, false)[6]&(ip.FlagDF>>8))
		long := send(1400, true)
		require.NotZero(t, long[6]&(ip.FlagDF>>8))
		require.Zero(t, ip.Checksum(long[:20]))
		require.Equal(t, 1500-overhead, tunnel.fits(epoch))
		tells(send(1000, true), 1200)
		require.Equal(t, 1500-overhead, tunnel.fits(epoch), "a packet that fits")
		other := bytes.Clone(long)
		other[19]++
		tells(other, 1200)
		require.Equal(t, 1500-overhead, tunnel.fits(epoch), "to nobody")
		tells(long, 1200)
		require.Equal(t, 1200-overhead, tunnel.fits(epoch))
		require.Equal(t, &PathState{Age: 10, Least: 92, Learned: 1200, Expires: epoch.Add(10 * time.Minute)}, tunnel.State().PathMTU)
		tells(long, 1300)
		require.Equal(t, 1200-overhead, tunnel.fits(epoch), "it narrows only")
		tells(long, 8)
		require.Equal(t, 92-overhead, tunnel.fits(epoch), "min-mtu")
		require.Equal(t, 1500-overhead, tunnel.fits(epoch.Add(10*time.Minute)), "it is tried again")

		d = clearTunnel(t, func(s *Settings) { s.Mode = mode })
		tunnel = d.tunnels.Get("Tunnel0")
		require.Zero(t, send(1400, true)[6]&(ip.FlagDF>>8), "unless it is discovered the bit is not set")
		tells(long, 1200)
		require.Equal(t, 1500-overhead, tunnel.fits(epoch))
	}
}
