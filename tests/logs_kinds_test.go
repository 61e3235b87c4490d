package tests

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/debug"
	stream "ikelab/router/record"
	"ikelab/topologies/explain/logs"
)

// appendShape appends a text without what differs in lines that say the same: numbers,
// also hexadecimal ones of four digits and more, are 0 each.
func appendShape(out, text []byte) []byte {
	for at := 0; at < len(text); {
		decimal, hex := numberAt(text[at:])
		switch {
		case hex >= 4:
			out, at = append(out, '0'), at+hex
		case decimal > 0:
			out, at = append(out, '0'), at+decimal
		default:
			out, at = append(out, text[at]), at+1
		}
	}
	return out
}

// numberAt counts the decimal and the hexadecimal digits that a text begins with.
func numberAt(text []byte) (decimal, hex int) {
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9':
			if hex == decimal {
				decimal++
			}
		case 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
		default:
			return decimal, hex
		}
		hex++
	}
	return decimal, hex
}

// everyKind is what the reader of logs must understand: whatever a record of IKE or IPsec prints,
// with all debug on and in the words of both generations.
type everyKind struct {
	mu         sync.Mutex
	said, seen map[string]bool // kinds, and what they printed but for numbers
	unread     []string
}

var allDebug = debug.Switches{IKEv2: true, Packet: true, Internal: true, Error: true, IPsec: true}

func isCrypto(kind string) bool {
	return strings.HasPrefix(kind, "ike.") || strings.HasPrefix(kind, "crypto.")
}

func (e *everyKind) hear(r stream.Record) {
	kind := r.Body.Kind()
	if !isCrypto(kind) {
		return
	}
	var text, shape []byte
	for _, generation := range []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17} {
		text = text[:0]
		for _, l := range debug.Render(r.Body, allDebug, debug.View{Generation: generation, LogSession: true, LogIKEv2: true}) {
			text = append(append(text, l.Text...), '\n')
		}
		if len(text) == 0 {
			continue
		}
		shape = appendShape(append(shape[:0], kind...), text)
		if e.isNew(kind, shape) && len(logs.Read(text).Unread) > 0 {
			e.mu.Lock()
			e.unread = append(e.unread, string(shape))
			e.mu.Unlock()
		}
	}
}

func (e *everyKind) isNew(kind string, shape []byte) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.seen[string(shape)] {
		return false
	}
	e.said[kind], e.seen[string(shape)] = true, true
	return true
}

// understood: each record that the scenarios brought, and if all were run, of each kind there was one.
func (e *everyKind) understood(t *testing.T, all bool) {
	e.hear(stream.Record{Body: ikev2.AlreadyNegotiating{Entry: "Tunnel0"}}) // the one that no scenario brings
	require.Empty(t, e.unread)
	if !all {
		return
	}
	require.Greater(t, len(e.seen), 300)
	for _, k := range debug.Kinds() {
		if kind := k.Body.Kind(); debug.Wanted(k.Body, allDebug) && isCrypto(kind) {
			require.True(t, e.said[kind], "%s prints nothing", kind)
		}
	}
}
