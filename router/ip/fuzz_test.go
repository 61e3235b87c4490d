package ip

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/record"
)

// FuzzReceive throws frames at a stack that is watched, two at a time: whatever they
// are, it does not panic, changes no frame, keeps what it knows of its own interfaces,
// and still forwards. mode says how the octets are dressed, so that the fuzzer
// gets past the Ethernet header and the checksum.
func FuzzReceive(f *testing.F) {
	d := middle(f)
	echo := d.frameTo(0, echoTo("1.1.1.1", "10.0.12.2", 100))
	seeds := [][]byte{echo, arpFrame(host1, arpReply, "10.0.12.1", "10.0.12.1"), d.errorAbout(Unreachable, CodePort, echo[EthernetHeader:]), {}}
	seeds = append(seeds, d.errorAbout(Unreachable, CodePort, append([]byte{6 << 4}, make([]byte, 27)...))) // no whole header of IPv6
	for mode := range byte(4) {
		for _, s := range append(seeds, pieces(d, 2900, 600)...) {
			f.Add(mode, s, echo)
		}
	}
	f.Fuzz(func(t *testing.T, mode byte, first, second []byte) {
		d := middle(t)
		watching := uint32(1)
		d.Stack.records.Watch(func(record.Record) {}, &watching, 1)
		d.Echoes.Ping(epoch, &Ping{Destination: addr("1.1.1.1"), Source: addr("10.0.12.2"), Repeat: 3, Size: 100, Timeout: time.Second,
			Report: func(time.Time, Echo) {}, Done: func(time.Time) {}})
		for _, data := range [][]byte{first, second} {
			frame := d.dress(mode, data)
			kept := bytes.Clone(frame)
			d.Receive(epoch, 0, frame)
			require.Equal(t, kept, frame)
		}
		require.Equal(t, "local eth0", d.way("10.0.12.2"))
		d.until(epoch.Add(time.Minute))
		require.Empty(t, d.frags.list)
		d.frames = nil
		d.Receive(epoch.Add(time.Minute), 1, d.frameTo(1, echoTo("3.3.3.3", "10.0.23.2", 100)))
		require.Len(t, d.sent(), 1)
	})
}

// dress makes a frame of octets: 0 as they are, 1 to our hardware address, 2
// with a right header checksum too, 3 as the payload of a packet for us.
func (d *device) dress(mode byte, data []byte) []byte {
	frame := bytes.Clone(data)
	switch mode % 4 {
	case 1, 2:
		mac := d.Interfaces.port(0).MAC
		copy(frame, mac[:])
		if b := frame[min(len(frame), EthernetHeader):]; mode%4 == 2 && len(b) >= HeaderLen && b[0]&15 >= 5 && len(b) >= int(b[0]&15)*4 {
			frame[12], frame[13] = 8, 0
			SetHeaderChecksum(b)
		}
	case 3:
		data = data[:min(len(data), 1400)]
		proto := uint8(ProtoUDP)
		if len(data) > 0 && data[0]&1 != 0 {
			proto = ProtoICMP
		}
		p := newPacket(proto, addressOf(addr("1.1.1.1")), addressOf(addr("10.0.12.2")), 64, len(data))
		copy(p.Payload(), data)
		return d.frameTo(0, p)
	}
	return frame
}
