package interop

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"os/exec"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/tests/kit"
)

// scapyEncr are scapy's names; it has neither GMAC nor shorter ICVs of GCM.
var scapyEncr = map[ipsec.EncrID]string{
	ipsec.EncrNULL: "NULL", ipsec.EncrDES: "DES", ipsec.Encr3DES: "3DES", ipsec.EncrAESCBC: "AES-CBC", ipsec.EncrAESCTR: "AES-CTR",
	ipsec.EncrAESGCM16: "AES-GCM", ipsec.EncrChaCha20Poly1305: "CHACHA20-POLY1305",
}

var scapyInteg = map[ipsec.IntegID]string{
	ipsec.IntegNone: "NULL", ipsec.IntegMD5: "HMAC-MD5-96", ipsec.IntegSHA1: "HMAC-SHA1-96", ipsec.IntegSHA256: "SHA2-256-128",
	ipsec.IntegSHA384: "SHA2-384-192", ipsec.IntegSHA512: "SHA2-512-256",
}

// scapy is a process that seals and opens.
type scapy struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Scanner
}

const python = "/usr/bin/python3" // Debian's, as scapy is

func newScapy(t *testing.T) *scapy {
	kit.NeedCommand(t, python)
	const needed = "import scapy.layers.ipsec as i; assert i.CRYPT_ALGOS['AES-GCM'].cipher"
	kit.Need(t, "python3-scapy or python3-cryptography is not installed", exec.Command(python, "-c", needed).Run() == nil)
	cmd := exec.Command(python, "esp_scapy.py")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	return &scapy{t, in, bufio.NewScanner(out)}
}

// question is what the script reads.
type question struct {
	Do       string `json:"do"`
	Tunnel   bool   `json:"tunnel"`
	UDP      bool   `json:"udp"`
	ESN      bool   `json:"esn"`
	Src      net.IP `json:"src"`
	Dst      net.IP `json:"dst"`
	SPI      uint32 `json:"spi"`
	Seq      uint32 `json:"seq"`
	High     uint32 `json:"high"`
	Encr     string `json:"encr"`
	EncrKey  string `json:"encr_key"`
	Integ    string `json:"integ"`
	IntegKey string `json:"integ_key"`
	Packet   string `json:"packet"`
}

func (s *scapy) ask(c espCell, do, to string, seq uint64, packet []byte) []byte {
	s.t.Helper()
	p := c.params(to)
	q := question{
		Do: do, Tunnel: !c.transport, UDP: c.udp, ESN: c.esn, SPI: uint32(p.SPI), Seq: uint32(seq), High: uint32(seq >> 32), Packet: hex.EncodeToString(packet),
		Encr: scapyEncr[c.encr.ID], EncrKey: hex.EncodeToString(p.EncrKey), Integ: scapyInteg[c.integ], IntegKey: hex.EncodeToString(p.IntegKey),
	}
	q.Dst, q.Src, _, _ = c.ends() // the tunnel's, of what scapy seals
	line, err := json.Marshal(q)
	require.NoError(s.t, err)
	_, err = s.in.Write(append(line, '\n'))
	require.NoError(s.t, err)
	require.True(s.t, s.out.Scan(), "scapy has ended")
	var a struct{ Packet, Error string }
	require.NoError(s.t, json.Unmarshal(s.out.Bytes(), &a))
	require.Empty(s.t, a.Error, "%v: %s", c, do)
	got, err := hex.DecodeString(a.Packet)
	require.NoError(s.t, err)
	return got
}

// reply is a whole packet of the peer's, before it is sealed.
func (c espCell) reply(t *testing.T, number uint16) (packet, payload []byte) {
	payload, _ = c.echo(t, layers.ICMPv4TypeEchoReply, number)
	if !c.transport {
		return payload, payload
	}
	us, them, _, _ := c.ends()
	return serialized(t, ip4(them, us, layers.IPProtocolICMPv4), gopacket.Payload(payload)), payload
}

// TestESPWithScapy: scapy opens what we seal, and we what it seals.
func TestESPWithScapy(t *testing.T) {
	t.Parallel()
	s := newScapy(t)
	var suites []espSuite
	for _, suite := range espSuites() {
		if scapyEncr[suite.encr.ID] != "" {
			suites = append(suites, suite)
		}
	}
	for _, c := range espCells(suites) {
		c.esn = c.esn && c.encr.AEAD() // its HMACs leave the upper half out
		out, err := esp.NewOutbound(c.params("them"), rand.Reader)
		require.NoError(t, err)
		in, err := esp.NewInbound(c.params("us"))
		require.NoError(t, err)
		for number := range uint16(2) {
			request, next := c.echo(t, layers.ICMPv4TypeEchoRequest, number)
			sealed, err := out.Seal(nil, request, next)
			require.NoError(t, err)
			opened := s.ask(c, "open", "them", uint64(number)+1, c.outer(t, sealed))
			if c.transport {
				opened = opened[20:]
			}
			require.Equal(t, request, opened, c)

			packet, payload := c.reply(t, number)
			got, _, err := in.Open(nil, c.inside(s.ask(c, "seal", "us", uint64(number)+1, packet)))
			require.NoError(t, err, c)
			require.Equal(t, payload, got, c)
		}
	}
}

// TestExtendedNumbersWithScapy: the upper half of a number, which does not travel,
// changes where the lower half wraps, and the window has its edges there too (RFC 4303 appendix A).
func TestExtendedNumbersWithScapy(t *testing.T) {
	t.Parallel()
	s := newScapy(t)
	const wrap = 1 << 32
	for _, suite := range []espSuite{
		{ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 256}, ipsec.IntegNone}, {ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}, ipsec.IntegNone},
		{ipsec.Encr{ID: ipsec.EncrAESGCM16, KeyBits: 128}, ipsec.IntegNone},
	} {
		c := espCell{espSuite: suite, number: 1, transport: true, esn: true}
		in, err := esp.NewInbound(c.params("us"))
		require.NoError(t, err)
		packet, _ := c.reply(t, 1)
		for _, step := range []struct {
			seq   uint64
			fault error
		}{
			{1, nil}, {1, esp.ErrReplay}, {wrap / 2, nil}, {wrap - 10, nil}, {wrap - 73, nil}, {wrap - 74, esp.ErrReplay}, {wrap + 5, nil}, {wrap - 1, nil}, {wrap - 1, esp.ErrReplay},
			{wrap - 58, nil}, {wrap + 5, esp.ErrReplay}, {wrap + 1, nil}, {wrap + wrap/2, nil}, {2*wrap - 1, nil}, {2 * wrap, nil}, {2*wrap + 1, nil},
		} {
			sealed := c.inside(s.ask(c, "seal", "us", step.seq, packet))
			require.Equal(t, uint32(step.seq), binary.BigEndian.Uint32(sealed[4:]))
			_, _, err := in.Open(nil, sealed)
			if step.fault == nil {
				require.NoError(t, err, "%v: %#x", c, step.seq)
				continue
			}
			require.Error(t, err, "%v: %#x", c, step.seq)
			if step.seq != wrap-74 { // which is taken for one of the next cycle, whose ICV it does not have
				require.ErrorIs(t, err, step.fault, "%v: %#x", c, step.seq)
			}
		}
	}
}
