package explain

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/topologies"
	"ikelab/topologies/exercise"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
)

// The tour of any lab and any failure: of all that are embedded, of each lab with a task as it
// is found and as its solution leaves it, and of what each scenario does.

// silent are the kinds of records that the tour says nothing of, and why.
var silent = map[string]string{
	"crypto.installed": "ike.child_added tells of the pair", "ike.pair_loaded": "ike.child_added tells of the pair",
	"crypto.held":    "it waits for ike.child_added",
	"crypto.sending": "the message that makes the pair says when it is used", "crypto.switched": "the first interface that wants IKE is no part of a conversation",
	"dhcp.freed": "what gives an end its address comes before the conversation", "dhcp.given": "as dhcp.freed", "dhcp.leased": "as dhcp.freed",
	"ntp.message": "nothing of IKE", "ntp.refused": "as ntp.message", "ntp.started": "as ntp.message", "ntp.reachable": "as ntp.message", "ntp.followed": "as ntp.message",
	"ntp.lost": "as ntp.message", "ntp.stepped": "as operator.clock_set",
	"dhcp.lost": "as dhcp.freed", "dhcp.message": "as dhcp.freed",
	"fabric.faults_set": "what a step of a scenario does to links", "fabric.link_changed": "as fabric.faults_set", "fabric.frame_altered": "as fabric.faults_set",
	"fabric.frame_sent": "the number of the packet stands at its message", "fabric.frame_dropped": "told at the message that it carried (tour.fact.ended)",
	"ip.dropped": "as fabric.frame_dropped", "nat.refused": "as fabric.frame_dropped",
	"nat.mapped": "what a NAT does shows in what the ends detect", "nat.unmapped": "as nat.mapped",
	"ike.admission":  "a count that nothing follows from, unless ike.failure tells of a limit",
	"ike.child_life": "a step of a table; what comes of it has a record of its own",
	"ike.sa_life":    "as ike.child_life", "ike.step": "as ike.child_life: its debug line is shown",
	"ike.child_closed": "the Delete payload tells", "ike.child_deleted": "crypto.removed and ike.failure tell", "ike.child_expected": "the request tells",
	"ike.child_moved": "ike.peer_moved tells", "ike.config_data": "the CFG payload is shown, and nothing follows from it",
	"ike.client_connected": "as ike.entry_up", "ike.entry_up": "ike.child_added tells, and ip.line_protocol", "ike.job": "ike.computing tells what is computed", "ike.send": "the message tells",
	"ike.message_built": "it is the step", "ike.message_parsed": "it is the step", "ike.message_repeated": "counted at its message (tour.fact.sent-again)",
	"ike.packet_arrived": "what comes of it has a record of its own", "ike.nat_settled": "ike.nat_checked tells",
	"ike.proving": "ike.key_lookup and ike.authenticated tell", "ike.window_checked": "ike.refused tells of an ID outside", "ike.window_moved": "the screen shows the next IDs",
	"ip.link": "ip.line_protocol tells", "ip.duplicate_address": "nothing of IKE", "ip.access_logged": "nothing of IKE", "ip.access_missed": "nothing of IKE", "ip.neighbour": "nothing of IKE", "ip.route": "nothing of IKE",
	"operator.typed": "told at what follows from the line (tour.typed)", "operator.line_entered": "as operator.typed", "operator.configured": "as operator.typed",
	"operator.line_refused": "it has no effect", "operator.configuration_read": "the configuration that matters is shown",
	"operator.certificate_installed": "it is before any exchange, or between two", "operator.enrolment_failed": "as operator.certificate_installed", "operator.renewal_begun": "as operator.certificate_installed",
	"standby.event": "standby.changed tells", "standby.elected": "as standby.event", "standby.message": "nothing of IKE", "standby.refused": "as standby.message",
	"standby.differs": "as standby.message", "standby.weighed": "standby.changed tells what follows", "standby.changed": "the conversation shows which router answers",
	"cluster.changed": "standby.changed, and where a client is sent tells (ike.redirect_sent)", "cluster.message": "nothing of IKE", "cluster.refused": "as cluster.message", "cluster.member": "as cluster.changed",
	"track.changed": "what depends on it tells (ike.peer_chosen)", "track.probed": "as track.changed",
	"ike.redirect_checked": "where a client is sent tells (ike.redirect_sent)",
	"operator.clock_set":   "times are counted from the beginning", "operator.counters_cleared": "nothing of IKE",
	"operator.reload_requested": "operator.restarted tells", "operator.reload_scheduled": "as operator.reload_requested",
	"operator.reload_cancelled": "as operator.reload_requested",
}

// mostRows is how many of a scenario's rows are told: they differ in numbers.
var mostRows = flag.Int("rows", 1, "how many rows of each scenario the tour tells")

// journey is a lab and what is done in it.
type journey struct {
	name  string
	seed  uint64
	topo  *topologies.Topology
	steps []*scenario.Step
}

// journeys are all there are.
func journeys(t *testing.T) (list []journey) {
	for _, name := range topologies.LabNames() {
		topo, err := topologies.Embedded(name)
		require.NoError(t, err)
		list = append(list, journey{name, 1, topo, parsed(t, Lines(topo)...)})
	}
	for _, name := range exercise.Names() {
		e, err := exercise.Open(name, 1)
		require.NoError(t, err)
		steps := append(parsed(t, Lines(e.Topology)...), e.Symptom...)
		for _, c := range e.Solution {
			steps = append(steps, parsed(t, c.Node+": configure terminal")...)
			for _, line := range strings.Split(strings.TrimSpace(c.Lines), "\n") {
				steps = append(steps, parsed(t, c.Node+": "+strings.TrimSpace(line))...)
			}
			steps = append(steps, parsed(t, c.Node+": end")...)
		}
		list = append(list, journey{"task " + name, 1, e.Topology, append(steps, parsed(t, Lines(e.Topology)...)...)})
	}
	files, err := filepath.Glob("../../tests/scenarios/*" + topologies.ScenarioSuffix)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		list = append(list, played(t, path)...)
	}
	return list
}

// played are the rows of a scenario's file.
func played(t *testing.T, path string) (list []journey) {
	beside := func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(filepath.Dir(path), name)) }
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	rows, err := scenario.Parse(path, data, beside)
	require.NoError(t, err)
	for i, row := range rows {
		if i >= *mostRows {
			break
		}
		j := journey{name: filepath.Base(path) + " " + row.Name, seed: 1, steps: row.Steps}
		if row.Seed != nil {
			j.seed = *row.Seed
		}
		if row.Lab != "" {
			j.topo, err = topologies.Embedded(row.Lab)
		} else {
			var text []byte
			text, err = beside(row.Topology)
			require.NoError(t, err)
			j.topo, err = topologies.Parse(row.Topology, text, beside)
		}
		require.NoError(t, err)
		list = append(list, j)
	}
	return list
}

// travelled is a journey that was made, with all that is known of it from elsewhere.
type travelled struct {
	journey
	tour    *tour
	stories []*Story
	built   []record.Record          // of kind ike.message_built
	spoken  map[string]record.Record // records that the tour has a sentence for, by kind and number
	kinds   map[string]bool
	offered map[string]map[string]bool // SPIs of ESP that each router offered, as octets
	packets map[uint64][]byte          // those of IKE
}

// ikePackets is a capture of which only packets are kept that may carry IKE, by their numbers.
type ikePackets struct {
	esp  bool // those too: tunnels lie in tunnels
	rest []byte
	kept map[uint64][]byte
}

func (p *ikePackets) Write(data []byte) (int, error) {
	p.rest = append(p.rest, data...)
	for le := binary.LittleEndian; len(p.rest) >= 8 && len(p.rest) >= int(le.Uint32(p.rest[4:])); {
		block := p.rest[:le.Uint32(p.rest[4:])]
		if le.Uint32(block) == 6 { // an Enhanced Packet Block
			n := le.Uint32(block[20:])
			frame, options := block[28:28+n], block[28+(n+3)/4*4:]
			if packet := untagged(frame); packet != nil && (protocol(packet) == 17 || p.esp) {
				p.kept[packetID(options)] = slices.Clone(frame)
			}
		}
		p.rest = p.rest[len(block):]
	}
	return len(data), nil
}

// packetID finds the option epb_packetid.
func packetID(options []byte) uint64 {
	for le := binary.LittleEndian; len(options) >= 12; {
		if le.Uint16(options) == 5 {
			return le.Uint64(options[4:])
		}
		options = options[4+(le.Uint16(options[2:])+3)/4*4:]
	}
	return 0
}

func (*ikePackets) Close() error { return nil }

// travel runs and tells it.
func (j journey) travel(t *testing.T) *travelled {
	l, err := lab.Build(j.topo, lab.Options{Seed: j.seed})
	require.NoError(t, err)
	d := &travelled{journey: j, spoken: map[string]record.Record{}, kinds: map[string]bool{}, offered: map[string]map[string]bool{}}
	d.tour = &tour{watch: newWatch(l), running: running{}}
	l.Stream.Listen(d.hear)
	file := &ikePackets{esp: strings.Contains(j.name, "nest") || strings.Contains(j.name, "recursive"), kept: map[uint64][]byte{}}
	capture, err := l.StartCaptureFile(func() (io.WriteCloser, error) { return file, nil })
	require.NoError(t, err)
	require.NoError(t, d.tour.run(j.steps))
	require.NoError(t, capture.Stop())
	d.packets, d.stories = file.kept, d.tour.stories()
	return d
}

func (d *travelled) hear(r record.Record) {
	d.kinds[r.Body.Kind()] = true
	if len(facts(r.Body)) > 0 {
		d.spoken[fmt.Sprint(r.Body.Kind(), " ", r.ID)] = r
	}
	if m, ok := r.Body.(ikev2.MessageBuilt); ok {
		d.built = append(d.built, r)
		for sa := range wire.All[*wire.SA](m.Message) {
			for _, p := range sa.Proposals {
				if d.offered[r.Node] == nil {
					d.offered[r.Node] = map[string]bool{}
				}
				d.offered[r.Node][fmt.Sprintf("%X", p.SPI)] = true
			}
		}
	}
}

// TestAnyLab: nothing crashes, no step is without a sentence, all numbers are right, no line is wider
// than the terminal, and every kind of record that occurs has a sentence or a reason to have none.
func TestAnyLab(t *testing.T) {
	var guard sync.Mutex
	occurred, said := map[string]bool{}, map[string]bool{}
	t.Run("labs", func(t *testing.T) {
		for _, j := range journeys(t) {
			t.Run(j.name, func(t *testing.T) {
				t.Parallel()
				d := j.travel(t)
				d.allTold(t)
				for _, s := range d.stories {
					for i := range s.Steps {
						d.step(t, s, &s.Steps[i])
					}
				}
				d.pages(t)
				guard.Lock()
				defer guard.Unlock()
				for kind := range d.kinds {
					occurred[kind] = true
				}
				for _, r := range d.spoken {
					said[r.Body.Kind()] = true
				}
			})
		}
	})
	for kind := range occurred {
		require.True(t, said[kind] || silent[kind] != "", "nothing is said of %s, and no reason given", kind)
	}
	for kind := range silent {
		require.False(t, said[kind], "%s is not silent", kind)
	}
	require.Greater(t, len(said), 40)
}

// allTold: each record that the tour has a sentence for is part of a step.
func (d *travelled) allTold(t *testing.T) {
	for name, r := range d.spoken {
		at := d.tour.scenes[r.ID]
		if _, isLine := r.Body.(ip.LineProtocolChanged); isLine && (at == nil || at.talk == nil) {
			continue // an interface that comes up by itself, or whose tunnel has no peer
		}
		if _, chosen := r.Body.(ikev2.PeerChosen); chosen && at == nil {
			continue // because of a tracked object, before any message
		}
		if moved, is := r.Body.(ikev2.Redirected); is && moved.Back && at == nil {
			continue // because of the configuration
		}
		require.NotNil(t, at, name)
		if at.talk != nil {
			require.True(t, at.talk.sender == at || at.talk.heard == at, name)
			continue
		}
		what, title := at.happens()
		require.NotEmpty(t, title, name)
		if peer := d.tour.peers.of(what); !peer.Addr().IsValid() {
			require.Contains(t, []string{"tour.happens.recursive", "tour.happens.restarted", "tour.happens.path", "tour.happens.refused"}, title, name) // of no peer, or of all
		}
	}
}

// step looks at a step.
func (d *travelled) step(t *testing.T, s *Story, step *Step) {
	sentences := slices.Concat(step.Text, step.Sides[0].Facts, step.Sides[1].Facts)
	require.NotEmpty(t, sentences, step.Key.In(phrase.English))
	for _, p := range append(sentences, step.Key) {
		for lang := range phrase.Langs {
			text := p.In(phrase.Lang(lang))
			require.NotRegexp(t, `^tour\.|^$`, text, p.Key)
			require.NotRegexp(t, `\{[a-z_]+\}`, text, p.Key)
		}
	}
	for end := range step.Sides {
		node := s.Ends[end].Name
		for _, b := range step.Sides[end].Config {
			d.configured(t, node, b)
		}
		for _, f := range step.Sides[end].Facts {
			if f.Key == "tour.fact.pair" || f.Key == "tour.fact.pair-pfs" {
				d.pair(t, node, s.Ends[1-end].Name, f)
			}
		}
	}
	if m := step.Message; m != nil {
		d.message(t, s, step, m)
	}
}

// configured: the lines stand in a configuration that the router had, in that block.
func (d *travelled) configured(t *testing.T, node string, b Block) {
	if b.Note.Key != "" {
		return
	}
	require.True(t, slices.ContainsFunc(d.tour.running[node], func(s snapshot) bool {
		at := slices.Index(s.lines, b.Lines[0])
		if at < 0 {
			return false
		}
		end := at + 1
		for end < len(s.lines) && strings.HasPrefix(s.lines[end], " ") {
			end++
		}
		return !slices.ContainsFunc(b.Lines, func(l string) bool { return !slices.Contains(s.lines[at:end], l) })
	}), "%s: %q", node, b.Lines)
}

var hexSPI = regexp.MustCompile(`0x([0-9A-F]{1,8})`)

// pair: an end receives on an SPI that it has offered, and sends on one of the peer's.
func (d *travelled) pair(t *testing.T, node, other string, f phrase.Phrase) {
	spis := hexSPI.FindAllStringSubmatch(f.In(phrase.English), 2)
	require.Len(t, spis, 2)
	full := func(s string) string { return strings.Repeat("0", 8-len(s)) + s }
	require.True(t, d.offered[node][full(spis[0][1])], "%s: %s", node, f.In(phrase.English))
	if d.offered[other] != nil {
		require.True(t, d.offered[other][full(spis[1][1])], "%s: %s", other, f.In(phrase.English))
	}
}

// exchanges are what steps of each exchange may be called.
var exchanges = map[string]string{
	"IKE_SA_INIT": "init cookie guess refusal", "IKE_INTERMEDIATE": "intermediate refusal", "IKE_AUTH": "auth refusal",
	"CREATE_CHILD_SA": "child child-rekey ike-rekey guess refusal", "IKE_FOLLOWUP_KE": "followup refusal",
	"INFORMATIONAL": "delete-child delete-ike liveness error informational refusal",
}

// message: the step's message is one that its sender built, its packets in the capture are that message.
func (d *travelled) message(t *testing.T, s *Story, step *Step, m *Message) {
	from := s.Ends[m.From].Name
	require.Contains(t, strings.Fields(exchanges[m.Exchange]), strings.Split(step.Key.Key, ".")[1], m.Exchange)
	var built []*wire.Message // a hub may build several at once
	for _, r := range d.built {
		b := r.Body.(ikev2.MessageBuilt).Message
		if r.Node == from && r.At.Equal(step.At) && len(b.Payloads) == len(step.Payloads) && b.MessageID == m.ID && b.Exchange.String() == m.Exchange && b.Response() == m.Response {
			built = append(built, b)
		}
	}
	if n := d.topo.Node(from); n == nil || n.Kind == topologies.KindRogue {
		require.Empty(t, built)
		return
	}
	require.NotEmpty(t, built, "%s has not sent %v", from, m)
	require.True(t, len(m.Packets) > 0 || m.Lost, "%v has no packet", m)
	for n, number := range slices.Concat(m.Packets, []uint64{m.Arrived}) {
		frame := d.packets[number]
		if number == 0 {
			continue
		}
		require.NotEmpty(t, frame, "packet %d", number)
		if behind(untagged(frame)) {
			continue
		}
		header := ikeHeader(frame)
		if header == nil { // the message travels in another tunnel, sealed
			require.True(t, strings.Contains(d.name, "nest") || strings.Contains(d.name, "recursive"), "packet %d", number)
			continue
		}
		if d.kinds["fabric.frame_altered"] { // on its way
			continue
		}
		require.True(t, slices.ContainsFunc(built, func(b *wire.Message) bool {
			return b.SPIi == binary.BigEndian.Uint64(header) && b.SPIr == binary.BigEndian.Uint64(header[8:])
		}), "packet %d", number)
		require.Equal(t, uint8(built[0].Exchange), header[18], "packet %d", number)
		require.Equal(t, m.Response, header[19]&0x20 != 0)
		require.Equal(t, m.ID, binary.BigEndian.Uint32(header[20:]))
		if n == 0 {
			require.Equal(t, uint32(m.Octets), binary.BigEndian.Uint32(header[24:]), "packet %d", number)
		}
	}
}

// ikeHeader is the IKE message of a frame: behind UDP, and on port 4500 behind four octets of zeroes,
// maybe with a tag of a VLAN or in a tunnel in clear. nil: it is sealed.
func ikeHeader(frame []byte) []byte {
	packet := untagged(frame)
	for {
		head := int(packet[0]&15) * 4
		if packet[0]>>4 == 6 {
			head = 40
		}
		switch protocol(packet) {
		case 4: // IP in IP
			packet = packet[head:]
		case 47: // GRE
			packet = packet[head+4:]
		case 17:
			udp := packet[head:]
			if bytes.Equal(udp[8:12], make([]byte, 4)) {
				return udp[12:]
			}
			return udp[8:]
		default:
			return nil
		}
	}
}

// protocol is what an IP packet carries, where it has no extension headers.
func protocol(packet []byte) byte {
	if packet[0]>>4 == 6 {
		return packet[6]
	}
	return packet[9]
}

// behind says whether a packet is a fragment behind the first one.
func behind(packet []byte) bool {
	return packet[0]>>4 == 4 && binary.BigEndian.Uint16(packet[6:])&0x1fff != 0
}

// untagged is the IP packet of a frame; nil: it has none.
func untagged(frame []byte) []byte {
	kind := frame[12:]
	if bytes.Equal(kind[:2], []byte{0x81, 0}) {
		kind = kind[4:]
	}
	if len(kind) < 2+28 || !bytes.Equal(kind[:2], []byte{8, 0}) && !bytes.Equal(kind[:2], []byte{0x86, 0xdd}) {
		return nil
	}
	return kind[2:]
}

// pages: in both languages no line is wider than the terminal, and pages are well-formed.
func (d *travelled) pages(t *testing.T) {
	for lang := range phrase.Langs {
		for _, width := range []int{20, 80, 160} {
			text := Text(d.stories, Page{Lang: phrase.Lang(lang), Width: width, Debug: 4})
			require.NotContains(t, text, "secretquantum") // that of ppk.scenario.yml
			for l := range strings.Lines(text) {
				if l = strings.TrimRight(l, "\n"); phrase.Width(l) > max(width, narrowest) {
					t.Fatalf("wider than %d: %s", width, l)
				}
			}
		}
		page := Page{Lang: phrase.Lang(lang), Debug: 4}
		wellFormed(t, HTML(d.stories, page))
		require.Zero(t, strings.Count(Markdown(d.stories, page), "\n```")%2, "fences come in pairs")
	}
}

func wellFormed(t *testing.T, text string) {
	for x := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := x.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			require.NoError(t, err)
		}
	}
}
