package tests

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/netsim/pcapng"
	stream "ikelab/router/record"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// files is a capture's folder in memory.
type memoryFolder map[string]*bytes.Buffer

func (m memoryFolder) Put(name string, data []byte) error {
	m[name] = bytes.NewBuffer(data)
	return nil
}

func (m memoryFolder) Create(name string) (io.WriteCloser, error) {
	m[name] = &bytes.Buffer{}
	return memoryFile{m[name]}, nil
}

type memoryFile struct{ *bytes.Buffer }

func (memoryFile) Close() error { return nil }

// written is a line of the file of records.
type written struct {
	ID, Cause, Node, Kind string
	Frame                 uint64
	Body                  map[string]any
}

// packetOf finds the packet of a capture that bears a frame's number.
func packetOf(file []byte, number uint64) []byte {
	le := binary.LittleEndian
	for len(file) > 0 {
		block := file[:le.Uint32(file[4:])]
		file = file[len(block):]
		if le.Uint32(block) != pcapng.BlockPacket {
			continue
		}
		n := le.Uint32(block[20:])
		options := block[28+(n+3)/4*4:]
		if le.Uint16(options) == pcapng.OptPacketID && le.Uint64(options[4:]) == number {
			return block[28 : 28+n]
		}
	}
	return nil
}

// TestWalk goes from a line of debug to the record that it renders, from there
// to the packet in the capture, to the record at the other end that the packet
// caused, and back by causes to what came by itself.
func TestWalk(t *testing.T) {
	topology, err := topologies.Embedded("psk-site-to-site")
	require.NoError(t, err)
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	folder := memoryFolder{}
	capture, err := l.StartCapture(folder)
	require.NoError(t, err)
	var file bytes.Buffer
	events := l.WriteEvents(&file, false)
	b := bootLab(t, l)
	shown, lineOf := 0, map[string]string{} // record -> the debug line that it came out as
	b.Stream.Listen(func(r stream.Record) {
		if text := b.logs["R1"].String(); r.Node == "R1" && len(text) > shown {
			lineOf[idOf(r.ID)] = text[shown:]
			shown = len(text)
		}
	})
	b.do("R1: debug crypto ikev2", "wait 10s")
	require.NoError(t, errors.Join(capture.Stop(), events.Close()))

	byID, causedBy := map[string]written{}, map[string][]written{}
	var order []written
	for l := range strings.Lines(file.String()) {
		var w written
		require.NoError(t, json.Unmarshal([]byte(l), &w), l)
		byID[w.ID] = w
		causedBy[w.Cause] = append(causedBy[w.Cause], w)
		order = append(order, w)
	}

	// The line that says that IKE_SA_INIT goes out, and its record.
	var sending written
	for _, w := range order {
		if strings.Contains(lineOf[w.ID], "Sending Packet") || w.Kind == "ike.message_built" && w.Node == "R1" {
			sending = w
			break
		}
	}
	require.Equal(t, "ike.message_built", sending.Kind)
	spi, _ := sending.Body["sa"].(map[string]any)["spi_i"].(string)
	require.Len(t, spi, 16)

	// What follows from it goes out in frames, which the capture has: ARP asks
	// for the neighbour, then the message leaves.
	frame := written{}
	for at := []string{sending.ID}; len(at) > 0 && frame.ID == ""; at = at[1:] {
		for _, next := range causedBy[at[0]] {
			packet := hex.EncodeToString(packetOf(folder["capture.pcapng"].Bytes(), next.Frame))
			if next.Kind == "fabric.frame_sent" && strings.Contains(packet, spi) {
				frame = next
				break
			}
			at = append(at, next.ID)
		}
	}
	require.NotZero(t, frame.Frame, "no frame with the message follows from it")
	require.Equal(t, "R1:Ethernet0/0", frame.Body["port"])

	// The other end's first record of it follows from the sender's.
	var arrived written
	for _, w := range order {
		if w.Node == "R2" && w.Frame == frame.Frame {
			arrived = w
			break
		}
	}
	require.Equal(t, "ike.packet_arrived", arrived.Kind)
	require.Equal(t, frame.Cause, arrived.Cause)

	// Back by causes, until something came by itself.
	steps := 0
	for at := arrived; at.Cause != ""; at = byID[at.Cause] {
		require.NotEmpty(t, byID[at.Cause].ID)
		require.Less(t, steps, 1000)
		steps++
	}
	require.Greater(t, steps, 5)
}

func idOf(id stream.ID) string {
	text, _ := json.Marshal([2]uint64{uint64(id.Node()), id.N()})
	return strings.ReplaceAll(strings.Trim(string(text), "[]"), ",", ".")
}
