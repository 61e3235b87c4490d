package interop

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/tests/kit"
)

// kernelEncr are Linux's names.
var kernelEncr = map[ipsec.EncrID]string{
	ipsec.EncrNULL: "ecb(cipher_null)", ipsec.EncrDES: "cbc(des)", ipsec.Encr3DES: "cbc(des3_ede)", ipsec.EncrAESCBC: "cbc(aes)",
	ipsec.EncrAESCTR: "rfc3686(ctr(aes))", ipsec.EncrAESGCM8: "rfc4106(gcm(aes))", ipsec.EncrAESGCM12: "rfc4106(gcm(aes))",
	ipsec.EncrAESGCM16: "rfc4106(gcm(aes))", ipsec.EncrAESGMAC: "rfc4543(gcm(aes))", ipsec.EncrChaCha20Poly1305: "rfc7539esp(chacha20,poly1305)",
}

var kernelInteg = map[ipsec.IntegID]string{
	ipsec.IntegMD5: "hmac(md5)", ipsec.IntegSHA1: "hmac(sha1)", ipsec.IntegSHA256: "hmac(sha256)", ipsec.IntegSHA384: "hmac(sha384)", ipsec.IntegSHA512: "hmac(sha512)",
}

// icvOf are the octets of an AEAD's ICV.
var icvOf = map[ipsec.EncrID]int{ipsec.EncrAESGCM8: 8, ipsec.EncrAESGCM12: 12}

// state is the line of `ip` for one direction.
func (c espCell) state(to string) string {
	p := c.params(to)
	us, them, _, _ := c.ends()
	if to == "us" {
		us, them = them, us
	}
	mode := "tunnel"
	if c.transport {
		mode = "transport"
	}
	line := fmt.Sprintf("xfrm state add src %v dst %v proto esp spi 0x%x reqid %d mode %s replay-window 32", us, them, uint32(p.SPI), c.number, mode)
	if c.esn {
		line += " flag esn"
	}
	octets := func(k []byte) string {
		if len(k) == 0 {
			return `""`
		}
		return fmt.Sprintf("0x%x", k)
	}
	if c.encr.AEAD() {
		icv := 16
		if n := icvOf[c.encr.ID]; n > 0 {
			icv = n
		}
		line += fmt.Sprintf(" aead %q %s %d", kernelEncr[c.encr.ID], octets(p.EncrKey), icv*8)
	} else {
		line += fmt.Sprintf(" enc %q %s", kernelEncr[c.encr.ID], octets(p.EncrKey))
	}
	if c.integ != ipsec.IntegNone {
		line += fmt.Sprintf(" auth-trunc %q %s %d", kernelInteg[c.integ], octets(p.IntegKey), c.integ.ICVLen()*8)
	}
	if c.udp {
		line += " encap espinudp 4500 4500 0.0.0.0"
	}
	return line
}

// setup are the lines of `ip` for a cell.
func (c espCell) setup() string {
	us, them, inUs, inThem := c.ends()
	mode, what := "tunnel", ""
	if c.transport {
		mode, inUs, inThem = "transport", us, them
		what = " proto icmp" // and not UDP, which carries it
	}
	policy := func(way string, from, to, outerFrom, outerTo net.IP) string {
		return fmt.Sprintf("xfrm policy add src %v/32 dst %v/32%s dir %s tmpl src %v dst %v proto esp reqid %d mode %s\n", from, to, what, way, outerFrom, outerTo, c.number, mode)
	}
	return c.state("them") + "\n" + c.state("us") + "\n" + policy("in", inUs, inThem, us, them) + policy("out", inThem, inUs, them, us)
}

// kernelESP is a guest whose kernel does ESP, and the cable to it.
type kernelESP struct {
	t     *testing.T
	guest *guest
	cable *net.UDPConn
	peer  *net.UDPAddr
	mac   [6]byte
}

func newKernelESP(t *testing.T, cells []espCell) *kernelESP {
	needGuest(t)
	ours, theirs := kit.FreePort(t), kit.FreePort(t)
	var b strings.Builder
	b.WriteString("link set lo up\nlink set eth0 up\naddr add 10.0.0.2/24 dev eth0\nneigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent\n" +
		"route add 10.1.0.0/16 via 10.0.0.1\nroute add 10.3.0.0/16 via 10.0.0.1\nroute add local 10.2.0.0/16 dev lo\nroute add local 10.4.0.0/16 dev lo\n")
	for _, c := range cells {
		b.WriteString(c.setup())
	}
	k := &kernelESP{t: t, peer: &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: theirs}, mac: [6]byte{0xfe, 0xfd, 0, 0, 0, byte(theirs % 251)}}
	var err error
	k.cable, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: ours})
	require.NoError(t, err)
	t.Cleanup(func() { k.cable.Close() })
	k.guest = boot(t, "the guest", map[string]string{"ip.batch": b.String(), "start": "true"}, ours, theirs)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(k.guest.ask(t, "sh cat /proc/net/xfrm_stat; ip -s xfrm state count; dmesg | tail"))
		}
	})
	k.guest.do(t, "encap")
	require.Contains(t, k.guest.ask(t, "sh ip xfrm state count"), fmt.Sprintf("SAD count %d", 2*len(cells)))
	return k
}

func (k *kernelESP) send(packet []byte) {
	frame := append(k.mac[:], 2, 0, 0, 0, 0, 1, 8, 0)
	_, err := k.cable.WriteToUDP(append(frame, packet...), k.peer)
	require.NoError(k.t, err)
}

// replies is the next ESP packet of a cell's from the guest.
func (k *kernelESP) reply(c espCell) []byte {
	buf := make([]byte, 2000)
	require.NoError(k.t, k.cable.SetReadDeadline(time.Now().Add(time.Minute)))
	for {
		n, err := k.cable.Read(buf)
		require.NoError(k.t, err, "%v: no answer", c)
		if n < 14 || binary.BigEndian.Uint16(buf[12:]) != 0x0800 {
			continue
		}
		if sealed := c.inside(buf[14:n]); sealed != nil {
			return sealed
		}
	}
}

// TestMatrixESP: the kernel opens what we seal, answers, and we open that.
func TestMatrixESP(t *testing.T) {
	t.Parallel()
	cells := espCells(espSuites())
	k := newKernelESP(t, cells)
	for _, c := range cells {
		out, err := esp.NewOutbound(c.params("them"), rand.Reader)
		require.NoError(t, err)
		in, err := esp.NewInbound(c.params("us"))
		require.NoError(t, err)
		for number := range uint16(3) {
			request, next := c.echo(t, layers.ICMPv4TypeEchoRequest, number)
			sealed, err := out.Seal(nil, request, next)
			require.NoError(t, err)
			k.send(c.outer(t, sealed))
			got, gotNext, err := in.Open(nil, k.reply(c))
			require.NoError(t, err, c)
			require.Equal(t, next, gotNext, c)
			want, _ := c.echo(t, layers.ICMPv4TypeEchoReply, number)
			require.Equal(t, icmpOf(c, want), icmpOf(c, got), c)
		}
	}
	k.windowEdges(cells)
	// Each of the four cells refuses five packets; three of those lie before the
	// window, where extended numbers mean the next cycle, whose ICV is another one.
	require.Equal(t, "XfrmInStateProtoError 6\nXfrmInStateSeqError 14", strings.TrimSpace(k.guest.ask(t, "sh awk '$2 { print $1, $2 }' /proc/net/xfrm_stat")))
}

// icmpOf is the ICMP message, without the IP header that its sender chose.
func icmpOf(c espCell, payload []byte) []byte {
	if c.transport {
		return payload
	}
	return payload[20:]
}

// windowEdges: of the kernel's window of 32 the last place counts, the one behind
// it does not, and nothing comes twice (RFC 4303 3.4.3).
func (k *kernelESP) windowEdges(cells []espCell) {
	t := k.t
	for _, c := range cells {
		if c.encr != (ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 256}) {
			continue
		}
		out, err := esp.NewOutbound(c.params("them"), rand.Reader)
		require.NoError(t, err)
		in, err := esp.NewInbound(c.params("us"))
		require.NoError(t, err)
		var list [][]byte // by sequence number
		for number := range uint16(100) {
			request, next := c.echo(t, layers.ICMPv4TypeEchoRequest, number+1)
			sealed, err := out.Seal(nil, request, next)
			require.NoError(t, err)
			list = append(list, c.outer(t, sealed))
		}
		for _, number := range []int{70, 39, 38, 70, 39, 71, 40, 39, 100, 69, 68} {
			k.send(list[number-1])
		}
		for _, number := range []uint16{70, 39, 71, 40, 100, 69} {
			got, _, err := in.Open(nil, k.reply(c))
			require.NoError(t, err, c)
			require.Equal(t, number, binary.BigEndian.Uint16(icmpOf(c, got)[6:]), c)
		}
	}
}
