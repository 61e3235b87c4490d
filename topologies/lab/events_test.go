package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/record"
)

// line is one JSON line.
type line struct {
	ID, Cause, Node, Kind string
	At                    time.Time
	Frame                 uint64
	Body                  map[string]any
}

func linesOf(t *testing.T, text string) (list []line) {
	t.Helper()
	for l := range strings.Lines(text) {
		var one line
		require.NoError(t, json.Unmarshal([]byte(l), &one), l)
		list = append(list, one)
	}
	return list
}

func TestEvents(t *testing.T) {
	l := newLab(t)
	var file bytes.Buffer
	e := l.WriteEvents(&file, false)
	wait(l, 10*time.Second)
	require.NoError(t, e.Close())
	list := linesOf(t, file.String())
	require.Greater(t, len(list), 200)
	byID := map[string]line{}
	for _, one := range list {
		require.True(t, one.Cause == "" || byID[one.Cause].ID != "", "%+v", one)
		byID[one.ID] = one
	}
	require.NotContains(t, file.String(), "encr_key")
	require.NotContains(t, file.String(), "encr_i")
	wait(l, time.Minute)
	require.Len(t, linesOf(t, file.String()), len(list), "nothing after the end")

	var whole bytes.Buffer
	l = newLab(t)
	e = l.WriteEvents(&whole, true)
	wait(l, 10*time.Second)
	require.NoError(t, e.Close())
	require.Contains(t, whole.String(), "encr_key")
	require.Contains(t, whole.String(), "encr_i")
}

// TestEventsAreTheSame for equal seeds.
func TestEventsAreTheSame(t *testing.T) {
	run := func() string {
		var file bytes.Buffer
		l := newLab(t)
		e := l.WriteEvents(&file, true)
		wait(l, time.Minute)
		require.NoError(t, e.Close())
		return file.String()
	}
	require.Equal(t, run(), run())
}

func TestEventsFail(t *testing.T) {
	l := newLab(t)
	e := l.WriteEvents(&failing{left: 1}, false)
	wait(l, 10*time.Minute)
	require.ErrorContains(t, e.Err(), "disk full")
	require.ErrorContains(t, e.Close(), "disk full")
}

type color uint8

func (c color) String() string { return [...]string{"red", "green"}[c] }

type inner struct {
	Port uint16
	key  int // must not be written
}

type everything struct {
	inner
	Text, Empty string
	MessageID   uint32
	SPIi        uint64 `record:"spi"`
	Color       color
	Addr        netip.Addr
	Took        time.Duration
	At          time.Time
	Octets      []byte
	Hash        [2]byte
	Reason      error
	List        []inner
	Any         any
	Next        *inner
	Key         []byte `record:"secret"`
	Loss        float64
	Yes         bool
}

func (everything) Kind() string { return "test.everything" }

func TestEncoding(t *testing.T) {
	e := newEncoder(false)
	body := everything{
		Text: "a\"\nä", MessageID: 7, SPIi: 1, Color: 1, Addr: netip.MustParseAddr("10.0.0.1"), Took: 1500 * time.Millisecond,
		At: time.Date(2024, 1, 2, 3, 4, 5, 600, time.UTC), Octets: []byte{1, 0xab}, Hash: [2]byte{1, 2}, Reason: errors.New("no"),
		List: []inner{{Port: 1, key: 2}, {}}, Any: &inner{Port: 3}, Next: &inner{Port: 4}, Key: []byte{9}, Loss: 0.5, Yes: true,
	}
	got := string(e.record(nil, record.Record{ID: record.NewID(3, 4), Cause: record.NewID(2, 1), At: body.At, Node: "R1", Frame: 8, Body: body}))
	require.Equal(t, `{"id":"3.4","cause":"2.1","at":"2024-01-02T03:04:05.0000006Z","node":"R1","frame":8,"kind":"test.everything","body":`+
		`{"text":"a\"\nä","message_id":7,"spi_i":"0000000000000001","color":"green","addr":"10.0.0.1","took":"1.5s","at":"2024-01-02T03:04:05.0000006Z",`+
		`"octets":"01ab","hash":"0102","reason":"no","list":[{"port":1},{}],"any":{"is":"inner","port":3},"next":{"port":4},`+
		`"loss":0.5,"yes":true}}`+"\n", got)
	e = newEncoder(true)
	got = string(e.record(nil, record.Record{Body: body}))
	require.Contains(t, got, `"key":"09"`)
}

func TestFieldNames(t *testing.T) {
	for name, want := range map[string]string{
		"Text": "text", "MessageID": "message_id", "SPIi": "spi_i", "SA": "sa", "CEID": "ceid", "EncrI": "encr_i", "LocalEnd": "local_end",
		"IKEPort": "ike_port", "TSi": "ts_i", "A": "a", "PFS": "pfs",
	} {
		require.Equal(t, want, FieldName(name))
	}
}

// BenchmarkEvents is the cost of a record: made and heard, and written.
func BenchmarkEvents(b *testing.B) {
	var records []record.Record
	l := newLab(b)
	l.Stream.Listen(func(r record.Record) { records = append(records, r) })
	wait(l, 10*time.Minute)
	enc := newEncoder(false)
	var buf []byte
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		buf = enc.record(buf[:0], records[i%len(records)])
		i++
	}
	b.SetBytes(int64(len(buf)))
}

// TestEventsTellNoSecret: neither a key of Wireshark's tables nor the shared
// one is in what is written.
func TestEventsTellNoSecret(t *testing.T) {
	l := newLab(t)
	m := newMemory()
	c, err := l.StartCapture(m)
	require.NoError(t, err)
	var file, whole bytes.Buffer
	e, all := l.WriteEvents(&file, false), l.WriteEvents(&whole, true)
	wait(l, time.Minute)
	typed(l, "configure terminal")
	typed(l, "show running-config")
	wait(l, time.Minute)
	require.NoError(t, errors.Join(c.Stop(), e.Close(), all.Close()))
	keys := regexp.MustCompile(`[0-9a-f]{32,}`).FindAllString(m.files[ikeKeysFile].String()+m.files[espKeysFile].String(), -1)
	require.Greater(t, len(keys), 10)
	told := 0
	for _, k := range keys {
		require.NotContains(t, file.String(), k)
		if strings.Contains(whole.String(), k) {
			told++
		}
	}
	require.Greater(t, told, 10, "with --secrets they are")
	require.NotContains(t, file.String(), "cisco")
}
