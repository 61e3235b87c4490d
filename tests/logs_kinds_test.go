package tests

import (
	"regexp"
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

// numbers are what differs in lines that say the same.
var numbers = regexp.MustCompile(`[0-9A-Fa-f]{4,}|\d+`)

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
	for _, generation := range []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17} {
		var text strings.Builder
		for _, l := range debug.Render(r.Body, allDebug, debug.View{Generation: generation, LogSession: true, LogIKEv2: true}) {
			text.WriteString(l.Text + "\n")
		}
		if text.Len() == 0 {
			continue
		}
		if shape := kind + numbers.ReplaceAllString(text.String(), "0"); e.isNew(kind, shape) && len(logs.Read([]byte(text.String())).Unread) > 0 {
			e.mu.Lock()
			e.unread = append(e.unread, shape)
			e.mu.Unlock()
		}
	}
}

func (e *everyKind) isNew(kind, shape string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.said[kind] = true
	was := e.seen[shape]
	e.seen[shape] = true
	return !was
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
