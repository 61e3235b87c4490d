package netsim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"

	"ikelab/netsim/pcapng"
)

// record is a packet as read back.
type record struct {
	after   time.Duration
	on      string
	data    string
	comment string
}

// readBack reads a capture with gopacket, and the comments, which that does
// not read, by walking the blocks.
func readBack(t testing.TB, file []byte) (records []record, interfaces []string) {
	r, err := pcapgo.NewNgReader(bytes.NewReader(file), pcapgo.NgReaderOptions{})
	require.NoError(t, err)
	require.Equal(t, "ikelab", r.SectionInfo().Application)
	comments := readComments(t, file)
	for {
		data, info, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		require.Equal(t, len(data), info.Length)
		i, err := r.Interface(info.InterfaceIndex)
		require.NoError(t, err)
		require.Equal(t, layers.LinkTypeEthernet, i.LinkType)
		records = append(records, record{info.Timestamp.Sub(epoch), i.Name, string(data), comments[len(records)]})
	}
	require.Len(t, comments, len(records))
	for n := range r.NInterfaces() {
		i, err := r.Interface(n)
		require.NoError(t, err)
		interfaces = append(interfaces, i.Name)
	}
	return records, interfaces
}

func readComments(t testing.TB, file []byte) (comments []string) {
	for len(file) > 0 {
		n := binary.LittleEndian.Uint32(file[4:])
		require.Zero(t, n%4)
		require.Equal(t, n, binary.LittleEndian.Uint32(file[n-4:]))
		if binary.LittleEndian.Uint32(file) == pcapng.BlockPacket {
			body := file[28 : n-4]
			body = body[(binary.LittleEndian.Uint32(file[20:])+3)/4*4:]
			comment := ""
			if len(body) > 0 && binary.LittleEndian.Uint16(body) == pcapng.OptComment {
				size := int(binary.LittleEndian.Uint16(body[2:]))
				comment = string(body[4 : 4+size])
				body = body[4+(size+3)/4*4:]
			}
			require.EqualValues(t, pcapng.OptPacketID, binary.LittleEndian.Uint16(body))
			require.NotZero(t, binary.LittleEndian.Uint64(body[4:]))
			comments = append(comments, comment)
		}
		file = file[n:]
	}
	return comments
}

func TestCaptureOfALink(t *testing.T) {
	p := newPair(t, 1)
	require.NoError(t, p.pa.SetImpairments(Impairments{Delay: 3*time.Nanosecond + ms}))
	var file bytes.Buffer
	p.a.send(0, []byte("under way"))
	c, err := p.StartCapture(&file, nil)
	require.NoError(t, err)
	p.b.onReceive = func(time.Time, int, []byte) { p.b.send(0, []byte("answer")) }
	p.Run(at(ms + 3))
	require.NoError(t, c.Stop())
	p.burst(1)
	p.Run(at(time.Second))
	records, interfaces := readBack(t, file.Bytes())
	require.Equal(t, []string{"A:e0 <-> B:e0"}, interfaces)
	require.Equal(t, []record{
		{ms + 3, "A:e0 <-> B:e0", "under way", ""},
		{ms + 3, "A:e0 <-> B:e0", "answer", ""},
	}, records)
}

// A frame that crosses a segment appears once however many get it, and more
// often only where a fault touched it.
func TestCaptureOfASegment(t *testing.T) {
	l := newLAN(t, 3)
	require.NoError(t, l.Port("LAN:3").SetImpairments(Impairments{Loss: 1}))
	require.NoError(t, l.Port("S1:e0").SetImpairments(Impairments{Loss: 1}))
	var file bytes.Buffer
	_, err := l.StartCapture(&file, nil)
	require.NoError(t, err)
	flood, lost := ether(broadcast, address(0), "all"), ether(broadcast, address(1), "lost")
	l.stations[0].send(0, flood)
	l.stations[1].send(0, lost)
	l.Run(at(ms))
	records, interfaces := readBack(t, file.Bytes())
	require.Equal(t, []string{"LAN"}, interfaces)
	require.Equal(t, []record{
		{0, "LAN", string(flood), ""},
		{0, "LAN", string(lost), "dropped: lost (S1:e0 -> LAN:2)"},
		{0, "LAN", string(flood), "dropped: lost (LAN:3 -> S2:e0)"},
	}, records)
}

func TestCommentsSayWhatHappened(t *testing.T) {
	for _, row := range []struct {
		im      Impairments
		prepare func(p *pair)
		want    []string
	}{
		{Impairments{Loss: 1}, nil, []string{"dropped: lost"}},
		{Impairments{Loss: 1, Duplicate: 1}, nil, []string{"dropped: lost", "duplicated: this is the copy"}},
		{Impairments{MTU: 1}, nil, []string{"dropped: longer than the MTU"}},
		{Impairments{Delay: ms, Reorder: 1}, nil, []string{"reordered: overtook the frames before it"}},
		{Impairments{Delay: ms}, func(p *pair) { p.link.SetUp(false) }, []string{"dropped: cut in flight"}},
		{Impairments{Delay: ms}, func(p *pair) { p.pb.SetUp(false) }, []string{"dropped: far port down"}},
		{Impairments{}, nil, []string{""}},
	} {
		p := newPair(t, 1)
		var file bytes.Buffer
		_, err := p.StartCapture(&file, nil)
		require.NoError(t, err)
		require.NoError(t, p.pa.SetImpairments(row.im))
		p.a.send(0, ether(address(1), address(0), "hello"))
		if row.prepare != nil {
			row.prepare(p)
		}
		p.Run(at(time.Second))
		var got, want []string
		records, _ := readBack(t, file.Bytes())
		for _, r := range records {
			got = append(got, r.comment)
		}
		for _, w := range row.want {
			if w != "" {
				w += " (A:e0 -> B:e0)"
			}
			want = append(want, w)
		}
		require.Equal(t, want, got)
	}
}

func TestACorruptedFrameIsCapturedAsItArrives(t *testing.T) {
	p := newPair(t, 1)
	var file bytes.Buffer
	_, err := p.StartCapture(&file, nil)
	require.NoError(t, err)
	require.NoError(t, p.pa.SetImpairments(Impairments{Corrupt: 1}))
	p.a.send(0, make([]byte, 40))
	p.Run(at(time.Second))
	records, _ := readBack(t, file.Bytes())
	require.Len(t, records, 1)
	require.Equal(t, p.b.got[0].data, records[0].data)
	octet := len(records[0].data) - len(strings.TrimLeft(records[0].data, "\x00"))
	want := fmt.Sprintf("corrupted: bit %#02x of octet %d flipped (A:e0 -> B:e0)", records[0].data[octet], octet)
	require.Equal(t, want, records[0].comment)
}

func TestCaptureOfSomeAndOfLinksMadeLater(t *testing.T) {
	p := newPair(t, 1)
	var some, all bytes.Buffer
	c, err := p.StartCapture(&some, func(name string) bool { return name == "C:e0 <-> D:e0" })
	require.NoError(t, err)
	_, err = p.StartCapture(&all, nil)
	require.NoError(t, err)
	nc := &station{name: "C"}
	x, y := p.AddNode("C", nc, []string{"e0"}), p.AddNode("D", &station{name: "D"}, []string{"e0"})
	_, err = p.Link(x.Port(0), y.Port(0))
	require.NoError(t, err)
	p.Run(epoch)
	nc.send(0, []byte("cd"))
	p.a.send(0, []byte("ab"))
	p.Run(at(ms))
	records, interfaces := readBack(t, some.Bytes())
	require.Equal(t, []string{"C:e0 <-> D:e0"}, interfaces)
	require.Equal(t, []record{{0, "C:e0 <-> D:e0", "cd", ""}}, records)
	require.NoError(t, c.Stop())
	nc.send(0, []byte("after"))
	p.Run(at(2 * ms))
	records, interfaces = readBack(t, all.Bytes())
	require.Equal(t, []string{"A:e0 <-> B:e0", "C:e0 <-> D:e0"}, interfaces)
	require.Len(t, records, 3)
	again, _ := readBack(t, some.Bytes())
	require.Len(t, again, 1, "stopped")
}

// Two runs with the same seed give the same octets.
func TestCapturesAreEqual(t *testing.T) {
	run := func(seed Seed) []byte {
		p := newPair(t, seed)
		var file bytes.Buffer
		_, err := p.StartCapture(&file, nil)
		require.NoError(t, err)
		im := Impairments{Delay: 5 * ms, Jitter: 5 * ms, Loss: 0.1, Duplicate: 0.1, Reorder: 0.1, Corrupt: 0.1, Rate: 1e6}
		require.NoError(t, p.pa.SetImpairments(im))
		p.burst(500)
		p.Run(at(time.Minute))
		return file.Bytes()
	}
	require.Equal(t, run(1), run(1))
	require.NotEqual(t, run(1), run(2))
}

// blocks keeps each Write apart.
type blocks [][]byte

func (b *blocks) Write(p []byte) (int, error) {
	*b = append(*b, bytes.Clone(p))
	return len(p), nil
}

func TestACaptureIsReadableAfterEachWrite(t *testing.T) {
	p := newPair(t, 1)
	var written blocks
	_, err := p.StartCapture(&written, nil)
	require.NoError(t, err)
	p.burst(5)
	p.Run(at(ms))
	require.Len(t, written, 2+5)
	for n := 2; n <= len(written); n++ {
		records, _ := readBack(t, bytes.Join(written[:n], nil))
		require.Len(t, records, n-2)
	}
}

// full is a disk that takes so many writes.
type full struct{ left int }

var errFull = errors.New("disk full")

func (f *full) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestACaptureThatCannotWrite(t *testing.T) {
	p := newPair(t, 1)
	for n := range 2 {
		_, err := p.StartCapture(&full{n}, nil)
		require.ErrorIs(t, err, errFull)
		require.Empty(t, p.captures)
		require.Empty(t, p.pa.tap.outs)
	}
	disk := &full{3}
	c, err := p.StartCapture(disk, nil)
	require.NoError(t, err)
	p.burst(5)
	p.Run(at(ms))
	require.Len(t, p.b.got, 5, "the lab goes on")
	require.ErrorIs(t, c.Err(), errFull)
	require.Equal(t, -1, disk.left, "nothing is tried after an error")
	require.ErrorIs(t, c.Stop(), errFull)
}

// FuzzPacketBlock: any frame and any comment read back as written.
func FuzzPacketBlock(f *testing.F) {
	f.Add([]byte(nil), "", uint64(0))
	f.Add([]byte("four"), "five!", uint64(1<<63-1))
	f.Add(make([]byte, 9001), string(make([]byte, 70_000)), uint64(1e18))
	f.Fuzz(func(t *testing.T, data []byte, comment string, nano uint64) {
		nano %= 1 << 63 // what time.Time.UnixNano gives after 1970
		file := pcapng.AppendPacket(pcapng.AppendInterface(pcapng.AppendSection(nil), "x <-> y"), pcapng.Packet{Nano: nano, Data: data, Number: 1, Comment: comment})
		records, _ := readBack(t, file)
		require.Len(t, records, 1)
		require.Equal(t, string(data), records[0].data)
		require.Equal(t, comment[:min(len(comment), math.MaxUint16)], records[0].comment)
		require.Equal(t, time.Unix(0, int64(nano)).Sub(epoch), records[0].after)
	})
}
