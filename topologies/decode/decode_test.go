package decode

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"

	"ikelab/netsim/pcapng"
)

func infoOf(p []byte) gopacket.CaptureInfo {
	return gopacket.CaptureInfo{Timestamp: time.Unix(1e9, 0), CaptureLength: len(p), Length: len(p)}
}

const captureFile = "capture.pcapng"

// TestOurOwn is what the others are compared with.
func TestOurOwn(t *testing.T) {
	m := recorded(t)
	list, d := decoded(t, m[captureFile].Bytes(), keysOf(t, m))
	require.Equal(t, "4 of IKE, 4 of them in clear or opened; 10 of ESP, 10 of them verified; 0 keepalives; 0 broken", counted(d))
	require.Contains(t, list[0].Text(), " 10.0.0.1:500 -> 10.0.0.2:500: IKEv2 IKE_SA_INIT request 0\nIKEv2:(SA ID = 1):Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 344\n")
	require.Contains(t, list[2].Text(), "  TSi Next payload: TSr, reserved: 0x0, length: 24\n")
	require.Contains(t, list[4].Text(), "sequence 1, 132 octets, ICV verified: IPv4 192.168.1.1 -> 192.168.2.1 ICMP echo request ")
	for _, f := range list {
		line, err := d.JSON(f)
		require.NoError(t, err)
		var got map[string]any
		require.NoError(t, json.Unmarshal(line, &got), string(line))
		require.EqualValues(t, f.Packet, got["packet"])
	}
	without, d := decoded(t, m[captureFile].Bytes(), nil)
	require.Equal(t, "4 of IKE, 2 of them in clear or opened; 10 of ESP, 0 of them verified; 0 keepalives; 0 broken", counted(d))
	require.Contains(t, without[3].Text(), "ENCR Next payload: VID")
	require.Contains(t, without[3].Problem, "encrypted, and there are no keys for ")
	require.Equal(t, "there are no keys for it", without[4].Problem)
}

// counted are the counts but for what is not ours.
func counted(d *Decoder) string {
	c := d.Counts
	return fmt.Sprintf("%d of IKE, %d of them in clear or opened; %d of ESP, %d of them verified; %d keepalives; %d broken", c.IKE, c.Opened, c.ESP, c.Verified, c.Keepalives, c.Broken)
}

// TestLinkTypes: the same packets in every wrapping say the same.
func TestLinkTypes(t *testing.T) {
	m := recorded(t)
	keys := func() *Keys { return keysOf(t, m) }
	ours, _ := decoded(t, m[captureFile].Bytes(), keys())
	want := told(ours)
	ip := packets(frames(t, m[captureFile].Bytes()))
	each := func(change func(p []byte) []byte) (list [][]byte) {
		for _, p := range ip {
			list = append(list, change(bytes.Clone(p)))
		}
		return list
	}
	before := func(head ...byte) [][]byte {
		return each(func(p []byte) []byte { return append(bytes.Clone(head), p...) })
	}
	var pieces, pieces6 [][]byte
	for _, p := range ip {
		small := inPieces(p, 200)
		small[0], small[len(small)-1] = small[len(small)-1], small[0] // in another order
		pieces = append(pieces, small...)
		pieces6 = append(pieces6, inPieces(asIPv6(p), 96)...)
	}
	mac := make([]byte, 12)
	for name, file := range map[string][]byte{
		"Ethernet":              written(t, linkEthernet, before(append(mac, 8, 0)...)...),
		"Ethernet with padding": written(t, linkEthernet, each(func(p []byte) []byte { return append(append(append(mac, 8, 0), p...), 0, 0, 0, 0, 0, 0) })...),
		"VLAN":                  written(t, linkEthernet, before(append(mac, 0x81, 0, 0, 7, 8, 0)...)...),
		"QinQ":                  written(t, linkEthernet, before(append(mac, 0x88, 0xa8, 0, 9, 0x81, 0, 0, 7, 8, 0)...)...),
		"raw":                   written(t, linkRaw, ip...),
		"raw of BSD":            written(t, linkRawBSD, ip...),
		"IPv4":                  written(t, linkIPv4, ip...),
		"cooked":                written(t, linkCooked, before(append(make([]byte, 14), 8, 0)...)...),
		"cooked, version 2":     written(t, linkCooked2, before(append([]byte{8, 0}, make([]byte, 18)...)...)...),
		"loopback of BSD":       written(t, linkNull, before(2, 0, 0, 0)...),
		"big-endian, ns":        bigEndian(ip),
		"pcapng of others":      theirPcapng(t, ip),
		"fragments":             written(t, linkRaw, pieces...),
	} {
		got, d := decoded(t, file, keys())
		require.Equal(t, want, told(got), name)
		require.Zero(t, d.Broken, name)
	}
	// The rows of esp_sa name the addresses; over IPv6 those are others.
	for name, list := range map[string][][]byte{"IPv6": each(asIPv6), "fragments of IPv6": pieces6} {
		got, d := decoded(t, written(t, linkRaw, list...), keys())
		require.Equal(t, "4 of IKE, 4 of them in clear or opened; 10 of ESP, 0 of them verified; 0 keepalives; 0 broken", counted(d), name)
		require.Equal(t, told(ours[:4]), told(got[:4]), name)
		require.Equal(t, "[2001:db8::a00:1]:500", got[0].From.String())
	}
	anywhere := bytes.ReplaceAll(bytes.ReplaceAll(m[ESPTable].Bytes(), []byte(`"10.0.0.1"`), []byte(`"*"`)), []byte(`"10.0.0.2"`), []byte(`"*"`))
	k, problems := ReadKeys(m[IKETable].Bytes(), anywhere)
	require.Empty(t, problems)
	got, _ := decoded(t, written(t, linkRaw, each(asIPv6)...), k)
	require.Equal(t, want, told(got))
}

// bigEndian is a pcap file of another machine, with nanoseconds.
func bigEndian(list [][]byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, 0xA1B23C4D)
	b = append(b, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, linkRaw)
	for i, p := range list {
		for _, v := range []int{1e9 + i, 999_999_999, len(p), len(p)} {
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		}
		b = append(b, p...)
	}
	return b
}

// theirPcapng is gopacket's, with two interfaces and statistics.
func theirPcapng(t *testing.T, list [][]byte) []byte {
	var b bytes.Buffer
	w, err := pcapgo.NewNgWriter(&b, layers.LinkTypeEthernet)
	require.NoError(t, err)
	raw, err := w.AddInterface(pcapgo.NgInterface{LinkType: linkRaw, TimestampResolution: 6})
	require.NoError(t, err)
	require.NoError(t, w.WriteInterfaceStats(0, pcapgo.NgInterfaceStatistics{}))
	for _, p := range list {
		info := infoOf(p)
		info.InterfaceIndex = raw
		require.NoError(t, w.WritePacket(info, p))
	}
	require.NoError(t, w.Flush())
	return b.Bytes()
}

func TestInstants(t *testing.T) {
	got, _ := decoded(t, bigEndian([][]byte{udp4(500, 500, make([]byte, 40))}), nil)
	require.Equal(t, "2001-09-09T01:46:40.999999999Z", got[0].At.Format(time.RFC3339Nano))
	got, _ = decoded(t, theirPcapng(t, [][]byte{udp4(500, 500, make([]byte, 40))}), nil)
	require.Equal(t, "2001-09-09T01:46:40Z", got[0].At.Format(time.RFC3339Nano))
}

// v1 is an ISAKMP header (RFC 2408 3.1).
func v1(exchange, flags byte, id uint32) []byte {
	b := append([]byte("initiateresponds"), 1, 0x10, exchange, flags)
	b = binary.BigEndian.AppendUint32(b, id)
	return append(binary.BigEndian.AppendUint32(b, 32), 0, 0, 0, 4)
}

// TestSingle: packets that are no labs'.
func TestSingle(t *testing.T) {
	v2 := append([]byte("initiateresponds"), 0, 0x20, 37, 8, 0, 0, 0, 5, 0, 0, 0, 28)
	ike := func(change func([]byte)) []byte {
		b := bytes.Clone(v2)
		change(b)
		return udp4(500, 500, b)
	}
	marker := []byte{0, 0, 0, 0}
	cut := udp4(500, 500, append(bytes.Clone(v2), make([]byte, 100)...))
	for _, row := range []struct {
		packet []byte
		want   string
	}{
		{udp4(500, 500, v1(2, 0, 0)), "IKEv1 Identity Protection (Main Mode), cookies 696E697469617465/726573706F6E6473, message id 00000000, 32 octets: IKEv1 is not decoded"},
		{udp4(4500, 61000, append(marker, v1(32, 1, 7)...)), "IKEv1 Quick Mode, cookies 696E697469617465/726573706F6E6473, message id 00000007, 32 octets, encrypted: IKEv1 is not decoded"},
		{udp4(500, 500, v1(4, 0, 0)), "IKEv1 Aggressive, "},
		{udp4(500, 500, v1(99, 0, 0)), "IKEv1 exchange 99, "},
		{udp4(500, 500, v1(2, 0, 0)[:20]), "IKEv1: broken: shorter than its headers say"},
		{udp4(4500, 4500, []byte{0xff}), "NAT keepalive"},
		{udp4(4500, 4500, []byte{1, 2}), "UDP: broken: 2 octets are neither IKE nor ESP nor a keepalive"},
		{udp4(4500, 4500, marker), "IKE: broken: malformed message: "},
		{udp4(4500, 4500, append(marker, v2...)), "IKEv2 INFORMATIONAL request 5"},
		{udp4(61000, 4500, append([]byte{0, 0, 1, 0, 0, 0, 0, 9}, make([]byte, 24)...)), "ESP SPI 0x00000100 sequence 9, 32 octets: there are no keys for it"},
		{udp4(4500, 4500, []byte{0, 0, 1, 0, 0}), "ESP: broken: shorter than its headers say"},
		{udp4(500, 500, nil), "IKE: broken: malformed message: "},
		{ike(func(b []byte) { b[27] = 29 }), "IKE: broken: malformed message: "},
		{ike(func(b []byte) { b[16] = 33 }), "IKEv2 INFORMATIONAL request 5: broken: malformed message: SA: 0 octets left"},
		{ike(func(b []byte) { b[17] = 0x30 }), "IKE: broken: "},
		{cut[:40], "IKE: broken: the capture does not have all of it"},
	} {
		got, _ := decoded(t, written(t, linkRaw, row.packet), nil)
		require.Len(t, got, 1, row.want)
		require.Contains(t, got[0].Text(), ": "+row.want)
	}
	for name, packet := range map[string][]byte{
		"nothing": {}, "half a header": udp4(500, 500, nil)[:19], "half a UDP header": udp4(500, 500, nil)[:25], "IPv5": {0x50, 0, 0, 0},
		"another port": udp4(53, 1024, v2), "half of IPv6": asIPv6(udp4(500, 500, v2))[:39], "TCP": {0x45, 0, 0, 20, 0, 0, 0, 0, 64, 6, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2},
	} {
		got, d := decoded(t, written(t, linkRaw, packet), nil)
		require.Empty(t, got, name)
		require.Equal(t, 1, d.Other, name)
	}
	got, d := decoded(t, written(t, 147, udp4(500, 500, v2)), nil)
	require.Empty(t, got)
	require.Equal(t, "1 packets: 0 of IKE, 0 of them in clear or opened; 0 of ESP, 0 of them verified; 0 keepalives; 0 broken; 1 others", d.Counts.String())
}

// TestTampered: a flipped bit and wrong keys are told apart from neither, but are
// told.
func TestTampered(t *testing.T) {
	m := recorded(t)
	ip := packets(frames(t, m[captureFile].Bytes()))
	for _, p := range ip[2:] {
		p[len(p)-1] ^= 1
	}
	got, d := decoded(t, written(t, linkRaw, ip...), keysOf(t, m))
	require.Contains(t, counted(d), "2 of them in clear or opened; 10 of ESP, 0 of them verified")
	for _, f := range got[2:] {
		require.Equal(t, "the ICV is wrong, or the keys are", f.Problem)
		require.True(t, f.Broken)
	}
	require.Contains(t, got[2].Text(), "ENCR Next payload: VID", "the outside is shown")
}

func TestKeyProblems(t *testing.T) {
	for _, row := range []struct{ ike, esp, want string }{
		{"1,2,3", "", "ikev2_decryption_table:1: 3 fields, not 8"},
		{"# remark\n1,2,00,00,\"X\",00,00,\"Y\"", "", "ikev2_decryption_table:2: the encryption \"X\" is not known here"},
		{`1,2,00,00,"AES-CBC-128 [RFC3602]",00,00,"ANY 96-bits of Authentication [No Checking]"`, "", "ikev2_decryption_table:1: the integrity algorithm \"ANY 96-bits of Authentication [No Checking]\" is not known here"},
		{`x,2,00,00,"AES-CBC-128 [RFC3602]",00,00,"HMAC_SHA1_96 [RFC2404]"`, "", "ikev2_decryption_table:1: \"x\" is no SPI"},
		{`1,2,zz,00,"AES-CBC-128 [RFC3602]",00,00,"HMAC_SHA1_96 [RFC2404]"`, "", "ikev2_decryption_table:1: field 3 is no key in hexadecimal digits"},
		{`1,2,00,00,"AES-CBC-128 [RFC3602]",00,00,"HMAC_SHA1_96 [RFC2404]"`, "", "1 octets, must be 16"},
		{`1,"2`, "", "ikev2_decryption_table:1: extraneous or missing \" in quoted-field"},
		{"", `"IPv4","*","*","0x100"`, "esp_sa:1: 4 fields, neither 8 nor 10"},
		{"", `"IPv4","10.*","*","0x100","NULL","","NULL",""`, "esp_sa:1: \"10.*\" is neither an address nor *"},
		{"", `"IPv4","*","*","*","NULL","","NULL",""`, "esp_sa:1: \"*\" is no SPI such as 0x12345678"},
		{"", `"IPv4","*","*","0x1","NULL","","HMAC-SHA-1-96 [RFC2404]","0x0000000000000000000000000000000000000000"`, "spi 1, at least 256"},
		{"", `"IPv4","*","*","0x100","AES-CBC [RFC3602]","0x00","NULL",""`, "esp_sa:1: "},
		{"", `"IPv4","*","*","0x100","AES-CBC [RFC3602]","0x0","NULL",""`, "esp_sa:1: \"0x0\" is no key in hexadecimal digits"},
	} {
		_, problems := ReadKeys([]byte(row.ike), []byte(row.esp))
		require.Len(t, problems, 1, row.want)
		require.ErrorContains(t, problems[0], row.want)
	}
	_, problems := ReadKeys(nil, []byte(`"IPv4","*","*","0x100","AES-CBC [RFC3602]","sixteen octets !","NULL",""`+"\n"))
	require.Empty(t, problems, "text is a key as well")
	_, problems = ReadKeys(nil, fmt.Appendf(nil, "%q,%q,%q,%q,%q,\"0x%040x\",%q,\"\"\n", "IPv4", "10.0.0.1", "10.0.0.2", "0xc0000001", "AES-GCM [RFC4106]", 7, "ANY 128 bit authentication [no checking]"))
	require.Empty(t, problems, "as strongSwan writes it")
}

// TestFiles: what is none, and what ends too early.
func TestFiles(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("hello, this is some text and no capture at all"), make([]byte, 100)} {
		_, err := New(b, nil)
		require.ErrorIs(t, err, pcapng.ErrFormat)
	}
	m := recorded(t)
	for name, file := range map[string][]byte{"pcapng": m[captureFile].Bytes(), "pcap": written(t, linkEthernet, frames(t, m[captureFile].Bytes())[0].Data)} {
		for n := range file[:min(len(file), 3000)] {
			d, err := New(file[:n], nil)
			if err != nil {
				continue
			}
			for err == nil {
				_, err = d.Next()
			}
			if err != io.EOF {
				require.ErrorIs(t, err, pcapng.ErrCut, "%s of %d octets", name, n)
			}
		}
	}
}

// FuzzDecode: whatever a file holds.
func FuzzDecode(f *testing.F) {
	m := recorded(f)
	ip := packets(frames(f, m[captureFile].Bytes()))
	ng := m[captureFile].Bytes()
	f.Add(ng[:bytes.Index(ng, ip[0])+len(ip[0])+16], m[IKETable].Bytes(), m[ESPTable].Bytes()) // up to the first message
	f.Add(written(f, linkRaw, ip[2:5]...), m[IKETable].Bytes(), m[ESPTable].Bytes())
	f.Add(written(f, linkRaw, inPieces(asIPv6(ip[0]), 96)...), []byte("1,2"), []byte(`"IPv4","*","*"`))
	f.Add(written(f, linkCooked2, udp4(500, 500, v1(2, 0, 0))), []byte(nil), []byte(nil))
	f.Fuzz(func(t *testing.T, file, ike, esp []byte) {
		keys, _ := ReadKeys(ike, esp)
		d, err := New(file, keys)
		for err == nil {
			var found *Found
			if found, err = d.Next(); err == nil {
				require.NotEmpty(t, found.Text())
				line, bad := d.JSON(found)
				require.NoError(t, bad)
				require.True(t, json.Valid(line), string(line))
			}
		}
	})
}
