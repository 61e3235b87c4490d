package scenario

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// taped is a lab that is captured into memory.
type taped struct {
	*Runner
	frames  *bytes.Buffer
	capture *lab.Capture
}

type buffer struct{ *bytes.Buffer }

func (buffer) Close() error { return nil }

func tape(t *testing.T, paged bool) *taped {
	t.Helper()
	topology, err := topologies.Embedded("psk-site-to-site")
	require.NoError(t, err)
	l, err := lab.Build(topology, lab.Options{Seed: 7})
	require.NoError(t, err)
	r := &taped{frames: &bytes.Buffer{}}
	r.capture, err = l.StartCaptureFile(func() (io.WriteCloser, error) { return buffer{r.frames}, nil })
	require.NoError(t, err)
	r.Runner, err = NewRunner(l, Settings{Lenient: true, Paged: paged})
	require.NoError(t, err)
	return r
}

func (r *taped) octets(t *testing.T) []byte {
	t.Helper()
	require.NoError(t, r.capture.Stop())
	return r.frames.Bytes()
}

func (r *taped) lines(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		step, err := ParseLine(line)
		require.NoError(t, err)
		_, err = r.Do(step)
		require.NoError(t, err, line)
	}
}

// someRun does something of every kind: lines that are waited for and such that
// are not, a ping that is broken off, pages, answers, a password, links.
func someRun(t *testing.T, paged bool) *taped {
	t.Helper()
	r := tape(t, paged)
	r.Begin()
	r.lines(t, "R1: debug crypto ikev2", "wait 3s", "R1: ping 192.168.2.1 source Loopback0", "type R1 ping 10.9.9.9", "wait 4321us", "break R1",
		"type R1 show running-config", "type R1 q", "type R1 show clock", "link R1:Ethernet0/0 down", "wait 2s", "link R1:e0/0 up",
		"impair R2:Ethernet0/0 delay=10ms jitter=5ms loss=20%", "configure R1 interface Loopback9\nip address 9.9.9.9 255.255.255.255", "wait 1m",
		"traffic R1 192.168.2.1 source=Loopback0 for=2s", "crash R2 for=5s", "wait 1m", "R2: reload", "R2: no", "R2:", "wait 30s")
	return r
}

// TestReplay: an equal log is an equal run, octet by octet, through its file and
// whether consoles have pages or not.
func TestReplay(t *testing.T) {
	for _, paged := range []bool{false, true} {
		first := someRun(t, paged)
		data, err := first.Log("v1", "psk-site-to-site").Bytes()
		require.NoError(t, err)
		log, err := ReadLog("x.log", data)
		require.NoError(t, err, string(data))
		want := first.octets(t)
		for _, paged := range []bool{false, true} {
			second := tape(t, paged)
			require.NoError(t, second.Replay(log), string(data))
			require.Equal(t, first.moment(), second.moment())
			require.True(t, bytes.Equal(want, second.octets(t)))
		}
	}
}

// TestGoingBack: the lab is what it was, and goes on another way from there.
func TestGoingBack(t *testing.T) {
	first := someRun(t, false)
	log := first.Log("v1", "psk-site-to-site")
	back := tape(t, false)
	require.NoError(t, back.Replay(log.Before(4*time.Second)))
	require.Equal(t, 4*time.Second, back.moment().At)
	back.lines(t, "R1: show crypto session", "expect UP-ACTIVE", "stop R2", "wait 3m", "R1: show crypto session", "expect DOWN")
	again := tape(t, false)
	require.NoError(t, again.Replay(back.Log("v1", "")))
	require.True(t, bytes.Equal(back.octets(t), again.octets(t)))
}

// TestPasswordsStayOutOfLogs, but going back in the same program knows them.
func TestPasswordsStayOutOfLogs(t *testing.T) {
	r := tape(t, true)
	r.Begin()
	r.lines(t, "configure R1 enable secret S3cret", "R1: disable", "R1: enable", "R1: S3cret", "R1: show clock")
	log := r.Log("v1", "psk-site-to-site")
	log.Steps = log.Steps[3:] // without the configuration
	data, err := log.Bytes()
	require.NoError(t, err)
	require.NotContains(t, string(data), "S3cret")
	require.Contains(t, string(data), "password: true")
	whole := r.Log("v1", "psk-site-to-site")
	require.NoError(t, tape(t, true).Replay(whole))
	data, err = whole.Bytes()
	require.NoError(t, err)
	read, err := ReadLog("x.log", data)
	require.NoError(t, err)
	require.ErrorIs(t, tape(t, true).Replay(read), ErrPassword)
}

func TestLogsOfOthers(t *testing.T) {
	r := someRun(t, false)
	log := r.Log("v1", "psk-site-to-site")
	warning, err := log.Fits(r.lab, "v1")
	require.NoError(t, err)
	require.Empty(t, warning)
	warning, err = log.Fits(r.lab, "v2")
	require.NoError(t, err)
	require.Equal(t, "the log was made by version v1, and this is v2: it may go another way", warning)
	log.Seed++
	_, err = log.Fits(r.lab, "v1")
	require.EqualError(t, err, "the log was made with seed 8, not 7")
	log.Topology = "another"
	_, err = log.Fits(r.lab, "v1")
	require.ErrorContains(t, err, "another topology")
	log = r.Log("v1", "")
	log.Steps[3].Events += 100
	require.ErrorContains(t, tape(t, false).Replay(log), "the lab does not go the way of the log")
}

const logHead = "version: v1\nlab: x\ntopology: y\nseed: 1\nend: 10s\nevents: 7\nsteps:\n"

func TestWrongLogs(t *testing.T) {
	for text, want := range map[string]string{
		"":     "the file is empty",
		"x: 1": `x.log:1:1: unknown key "x" in the log`,
		logHead + "  - {at: 1s, events: 1, do: capture start /tmp}": "no log holds such a step",
		logHead + "  - {at: 1s, events: 1, do: {link: R1:e0/0}}":    `a step "link" has no state`,
		logHead + "  - {at: 1s, events: 1, do: {stop: R1}}":         "no log holds such a step",
		logHead + "  - {at: -1s, events: 1, do: stop R1}":           `"-1s" is not a duration such as 10s`,
		logHead + "  - {at: 1s, events: x, do: stop R1}":            `"x" is not a number between 0 and 2^64-1`,
	} {
		_, err := ReadLog("x.log", []byte(text))
		require.ErrorContains(t, err, want)
	}
}

// FuzzLog: whatever a log says, it is read or refused, and what is read is
// written and read as the same.
func FuzzLog(f *testing.F) {
	f.Add([]byte(logHead + "  - {at: 1s, events: 1, do: stop R1}\n  - {at: 1.5s, events: 2, do: {type: \"a\\x03\", node: R1, page: true}}\n"))
	f.Add([]byte(logHead + "  - {at: 1s, events: 1, do: {break: R1}}\n  - {at: 2s, events: 3, do: {type: x, node: R1, password: true}}\n"))
	f.Add([]byte(logHead + "  - {at: 1s, events: 1, do: \"type R1 {a: b}\"}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		log, err := ReadLog("x.log", data)
		if err != nil {
			return
		}
		once, err := log.Bytes()
		require.NoError(t, err)
		log, err = ReadLog("x.log", once)
		require.NoError(t, err, "%s", once)
		twice, err := log.Bytes()
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
	})
}
