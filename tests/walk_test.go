package tests

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
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

// walk is a run of the tech note's lab with everything that is known of it.
type walk struct {
	t        *testing.T
	order    []written
	byID     map[string]written
	causedBy map[string][]written
	lineOf   map[string]string // record -> the lines of debug that it came out as
	capture  []byte
}

// walked runs the lab for twenty seconds, with debug on both routers.
func walked(t *testing.T, edits ...func(*topologies.Topology)) *walk {
	topology, err := topologies.Embedded(topologies.DefaultLab)
	require.NoError(t, err)
	for _, e := range edits {
		e(topology)
	}
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	folder, w := memoryFolder{}, &walk{t: t, byID: map[string]written{}, causedBy: map[string][]written{}, lineOf: map[string]string{}}
	capture, err := l.StartCapture(folder)
	require.NoError(t, err)
	var file bytes.Buffer
	events := l.WriteEvents(&file, false)
	b := bootLab(t, l)
	shown := map[string]int{}
	b.Stream.Listen(func(r stream.Record) {
		if log := b.logs[r.Node]; log != nil && log.Len() > shown[r.Node] {
			w.lineOf[idOf(r.ID)] = log.String()[shown[r.Node]:]
			shown[r.Node] = log.Len()
		}
	})
	b.do("R1: debug crypto ikev2", "R2: debug crypto ikev2", "wait 20s")
	require.NoError(t, errors.Join(capture.Stop(), events.Close()))
	w.capture = folder["capture.pcapng"].Bytes()
	w.read(file.String())
	return w
}

func (w *walk) read(file string) {
	for l := range strings.Lines(file) {
		var r written
		require.NoError(w.t, json.Unmarshal([]byte(l), &r), l)
		w.byID[r.ID] = r
		w.causedBy[r.Cause] = append(w.causedBy[r.Cause], r)
		w.order = append(w.order, r)
	}
}

// first is the first record that is like that.
func (w *walk) first(what string, match func(written) bool) written {
	w.t.Helper()
	i := slices.IndexFunc(w.order, match)
	require.GreaterOrEqual(w.t, i, 0, what)
	return w.order[i]
}

// says is the record behind the first line of a router's debug with a text.
func (w *walk) says(node, line string) written {
	w.t.Helper()
	return w.first(line, func(r written) bool { return r.Node == node && strings.Contains(w.lineOf[r.ID], line) })
}

// back follows causes to the nearest record of a kind at a node.
func (w *walk) back(from written, node, kind string) written {
	w.t.Helper()
	for at := from; at.Cause != ""; {
		at = w.byID[at.Cause]
		if at.Node == node && at.Kind == kind {
			return at
		}
	}
	require.Fail(w.t, "no "+kind+" of "+node+" led to "+from.Kind)
	return written{}
}

// packet is the frame that brought what a record is about, in the capture.
func (w *walk) packet(r written) string {
	w.t.Helper()
	p := packetOf(w.capture, r.Frame)
	require.NotEmpty(w.t, p, "%s %s has frame %d", r.Kind, r.ID, r.Frame)
	return hex.EncodeToString(p)
}

// line requires a line that configured an object of a router before something
// came of it.
func (w *walk) line(node, object, name, text string, before written) {
	w.t.Helper()
	r := w.first(name+": "+text, func(r written) bool {
		return r.Kind == "operator.line_entered" && r.Node == node && r.Body["object"] == object && r.Body["name"] == name && r.Body["line"] == text
	})
	index := func(id string) int { return slices.IndexFunc(w.order, func(r written) bool { return r.ID == id }) }
	require.Less(w.t, index(r.ID), index(before.ID))
}

func spi(r written) string {
	text, _ := r.Body["sa"].(map[string]any)["spi_i"].(string)
	return text
}

// TestWalk goes from a line of debug to the record that it renders, from there
// to the packet in the capture, to the record at the other end that the packet
// caused, and back by causes to what came by itself.
func TestWalk(t *testing.T) {
	w := walked(t)
	// The line that says that IKE_SA_INIT goes out, and its record.
	sending := w.says("R1", "Construct Notify Payload: NAT_DETECTION_SOURCE_IP")
	require.Equal(t, "ike.message_built", sending.Kind)
	require.Len(t, spi(sending), 16)

	// What follows from it goes out in frames, which the capture has: ARP asks
	// for the neighbour, then the message leaves.
	frame := written{}
	for at := []string{sending.ID}; len(at) > 0 && frame.ID == ""; at = at[1:] {
		for _, next := range w.causedBy[at[0]] {
			if next.Kind == "fabric.frame_sent" && strings.Contains(w.packet(next), spi(sending)) {
				frame = next
				break
			}
			at = append(at, next.ID)
		}
	}
	require.NotZero(t, frame.Frame, "no frame with the message follows from it")
	require.Equal(t, "R1:Ethernet0/0", frame.Body["port"])

	// The other end's first record of it follows from the sender's.
	arrived := w.first("arrival", func(r written) bool { return r.Node == "R2" && r.Frame == frame.Frame })
	require.Equal(t, "ike.packet_arrived", arrived.Kind)
	require.Equal(t, frame.Cause, arrived.Cause)

	// Back by causes, until something came by itself.
	steps := 0
	for at := arrived; at.Cause != ""; at = w.byID[at.Cause] {
		require.NotEmpty(t, w.byID[at.Cause].ID)
		require.Less(t, steps, 1000)
		steps++
	}
	require.Greater(t, steps, 5)
}

// TestWalkToTheConfiguration: a line of debug leads to its record, that to the
// packet that it is about, to the line of configuration that decided, and to
// what caused it.
func TestWalkToTheConfiguration(t *testing.T) {
	w := walked(t)

	key := w.says("R2", "% Getting preshared key by address 10.0.0.1")
	require.Equal(t, "ike.key_lookup", key.Kind)
	require.Equal(t, "address", key.Body["by"])
	require.Contains(t, w.packet(key), spi(key))
	w.line("R2", "peer", key.Body["keyring"].(string)+" "+key.Body["peer"].(string), "address 10.0.0.1 255.255.255.0", key)

	profile := w.back(key, "R2", "ike.profile_lookup")
	require.Contains(t, w.lineOf[profile.ID], "Choosing IKE profile IKEV2-SETUP")
	require.Equal(t, "identity", profile.Body["by"])
	require.Equal(t, key.Frame, profile.Frame, "both are about the IKE_AUTH request")
	w.line("R2", "profile", profile.Body["profile"].(string), "match identity remote address 0.0.0.0", profile)
	require.Equal(t, profile.Body["identity"], w.back(profile, "R2", "ike.peer_identified").Body["identity"])
	require.Equal(t, spi(key), spi(w.back(profile, "R1", "ike.message_built")), "the request that the peer sent")

	// What R1 chose by is R2's answer to its offer.
	step := w.says("R1", "CurState: I_PROC_INIT Event: EV_PROC_MSG")
	chosen := w.causedBy[step.ID][0]
	require.Equal(t, "ike.proposal_chosen", chosen.Kind)
	require.Contains(t, w.packet(chosen), spi(step))
	w.line("R1", "proposal", chosen.Body["proposal"].(string), "encryption 3des aes-cbc-128", chosen)
	policy := w.says("R1", "Adding Proposal PHASE1-prop to toolkit policy")
	require.Contains(t, policy.Body["proposals"], chosen.Body["proposal"])
	w.line("R1", "policy", policy.Body["policy"].(string), "proposal PHASE1-prop", policy)
	theirs := w.back(chosen, "R2", "ike.proposal_chosen")
	require.Equal(t, chosen.Body["encr"], theirs.Body["encr"])
	require.Equal(t, "default", theirs.Body["proposal"], "of the image, not of a line")
}

// TestWalkFromADeadline: a liveness check follows from the last message that concerned the
// SA, and that, message by message, from the interface that came up.
func TestWalkFromADeadline(t *testing.T) {
	w := walked(t, func(l *topologies.Topology) { l.Nodes[0].Config += "crypto ikev2 dpd 10 2 periodic\n" })
	check := w.first("a liveness check", func(r written) bool {
		return r.Node == "R1" && r.Kind == "ike.message_built" && strings.Contains(fmt.Sprint(r.Body), "INFORMATIONAL")
	})
	auth := w.back(check, "R2", "ike.message_built")
	require.Contains(t, fmt.Sprint(auth.Body), "IKE_AUTH")
	require.Equal(t, spi(check), spi(auth))
	began := w.back(auth, "R1", "ip.line_protocol")
	require.Equal(t, true, began.Body["up"])
}

// TestWalkFromAFailure: no proposal fits, and both sides' lines are found.
func TestWalkFromAFailure(t *testing.T) {
	w := walked(t, failures[2].edit)
	require.Equal(t, "wrong proposal", failures[2].name)

	fault := w.says("R2", ": Failed to find a matching policy")
	require.Equal(t, "ike.fault", fault.Kind)
	require.Equal(t, "proposals do not match", fault.Body["cause"])
	mismatch := fault.Body["mismatch"].(map[string]any)
	require.NotEqual(t, mismatch["received"], mismatch["local"])
	require.Contains(t, w.packet(fault), spi(fault), "R1's offer")
	ours := w.back(fault, "R2", "ike.policy_lookup")
	w.line("R2", "policy", ours.Body["policy"].(string), "proposal OTHER", fault)
	w.line("R2", "proposal", ours.Body["proposals"].([]any)[0].(string), "encryption aes-cbc-256", fault)
	theirs := w.back(fault, "R1", "ike.policy_lookup")
	w.line("R1", "proposal", theirs.Body["proposals"].([]any)[0].(string), "encryption 3des aes-cbc-128", fault)
	require.Equal(t, "ike.failure", w.says("R2", "Failed SA init exchange").Kind)

	// R1 hears of it in the clear: a hint, caused by what R2 found.
	hint := w.says("R1", ": Received no proposal chosen notify")
	require.Equal(t, "ike.hint", hint.Kind)
	require.Contains(t, w.packet(hint), spi(hint))
	require.Equal(t, fault.ID, w.back(hint, "R2", "ike.fault").ID)
}

func idOf(id stream.ID) string {
	text, _ := json.Marshal([2]uint64{uint64(id.Node()), id.N()})
	return strings.ReplaceAll(strings.Trim(string(text), "[]"), ",", ".")
}
