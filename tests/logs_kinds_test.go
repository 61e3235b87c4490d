package tests

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/debug"
	stream "ikelab/router/record"
	"ikelab/topologies"
	"ikelab/topologies/explain/logs"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

// numbers are what differs in lines that say the same.
var numbers = regexp.MustCompile(`[0-9A-Fa-f]{4,}|\d+`)

// TestLogsOfEveryKind: whatever a record of IKE or IPsec prints, with all debug on and in the words of both
// generations, the reader understands: each record that the scenarios bring, and of each kind there is one.
func TestLogsOfEveryKind(t *testing.T) {
	all := debug.Switches{IKEv2: true, Packet: true, Internal: true, Error: true, IPsec: true}
	said, seen := map[string]bool{}, map[string]bool{}
	hear := func(r stream.Record) {
		kind := r.Body.Kind()
		if !strings.HasPrefix(kind, "ike.") && !strings.HasPrefix(kind, "crypto.") {
			return
		}
		for _, generation := range []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17} {
			var text strings.Builder
			for _, l := range debug.Render(r.Body, all, debug.View{Generation: generation, LogSession: true, LogIKEv2: true}) {
				text.WriteString(l.Text + "\n")
			}
			if text.Len() == 0 {
				continue
			}
			said[kind] = true
			if shape := kind + numbers.ReplaceAllString(text.String(), "0"); !seen[shape] {
				seen[shape] = true
				require.Empty(t, logs.Read([]byte(text.String())).Unread, "%s: %s", kind, text.String())
			}
		}
	}
	for _, path := range shipped(t, topologies.ScenarioSuffix) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		rows, err := scenario.Parse(path, data, beside(path))
		require.NoError(t, err)
		topology, err := topologyOf(path, rows[0])
		require.NoError(t, err)
		scenario.Run(rows[0], topology, scenario.Options{Seed: 1, Opened: func(l *lab.Lab) error { l.Stream.Listen(hear); return nil }})
	}
	hear(stream.Record{Body: ikev2.AlreadyNegotiating{Entry: "Tunnel0"}}) // the one that no scenario brings
	require.Greater(t, len(seen), 300)
	for _, k := range debug.Kinds() {
		kind := k.Body.Kind()
		if wanted := debug.Wanted(k.Body, all); !wanted || !strings.HasPrefix(kind, "ike.") && !strings.HasPrefix(kind, "crypto.") {
			continue
		}
		require.True(t, said[kind], "%s prints nothing", kind)
	}
}
