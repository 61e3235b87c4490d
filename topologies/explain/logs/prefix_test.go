package logs

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// prefixes are what loggers and terminals put before a line, by its number.
var prefixes = map[string]string{
	"without a clock that is set":   "*Mar  1 00:01:02.003: ",
	"without milliseconds":          "*Mar  1 00:01:02: ",
	"a time zone":                   "Nov 27 02:00:00.123 UTC: ",
	"a time zone of several words":  "Nov 27 2026 02:00:00.123 CET: ",
	"a clock not in step":           ".Nov 27 02:00:00.123: ",
	"sequence numbers":              "%06d: *Nov 27 02:00:00.123: ",
	"a priority":                    "<189>%d: *Nov 27 02:00:00.123: ",
	"a priority and a host":         "<189>%d: R1: *Nov 27 02:00:00.123: ",
	"RFC 3164":                      "<191>Nov 27 02:00:00 R1 %d: *Nov 27 02:00:00.123: ",
	"RFC 5424":                      "<191>1 2026-11-27T02:00:00.123Z R1 - - - - ",
	"RFC 5424 with structured data": "<191>1 2026-11-27T02:00:00.123+01:00 R1 - - - [x@9 a=\"b\"] ",
	"a server's file":               "2026-11-27T02:00:00+00:00 R1 %d: *Nov 27 02:00:00.123: ",
	"a server's file, by address":   "Nov 27 02:00:00 192.0.2.1 %d: *Nov 27 02:00:00.123: ",
	"numbers of lines":              "%5d  ",
	"numbers of lines with colons":  "%d: ",
	"numbers of lines with tabs":    "%d\t",
	"a terminal's own clock":        "[2026-11-27 02:00:00.123] ",
	"another terminal's":            "[02:00:00] ",
}

// TestPrefixes: what stands before each line changes nothing of what is read.
func TestPrefixes(t *testing.T) {
	for _, name := range []string{note + "init-auth.R1.initiator.txt", note + "init-auth.R2.responder.txt", "testdata/asa-key.log", "testdata/xe-three.log", "testdata/flex.log", "testdata/weak.log"} {
		data := read(t, name)
		sides, faults := shown(Read(data))
		for what, prefix := range prefixes {
			var out strings.Builder
			n := 0
			for line := range strings.Lines(string(data)) {
				n++
				if strings.Contains(prefix, "%") {
					fmt.Fprintf(&out, prefix, n)
				} else {
					out.WriteString(prefix)
				}
				out.WriteString(line)
			}
			got, gotFaults := shown(Read([]byte(out.String())))
			require.Equal(t, sides, got, "%s: %s", name, what)
			require.Equal(t, faults, gotFaults, "%s: %s", name, what)
		}
	}
}

// TestEncodings: what a clipboard or an editor has made of the octets.
func TestEncodings(t *testing.T) {
	for name := range expected {
		data := read(t, name)
		sides, faults := shown(Read(data))
		for what, order := range map[string]binary.AppendByteOrder{"UTF-16, little end first": binary.LittleEndian, "UTF-16, big end first": binary.BigEndian} {
			var wide []byte
			for _, u := range utf16.Encode([]rune("\ufeff" + strings.ReplaceAll(string(data), "\n", "\r\n"))) {
				wide = order.AppendUint16(wide, u)
			}
			got, gotFaults := shown(Read(wide))
			require.Equal(t, sides, got, "%s: %s", name, what)
			require.Equal(t, faults, gotFaults, "%s: %s", name, what)
		}
		for what, form := range map[string][]byte{
			"UTF-8 with a mark":     append([]byte("\xef\xbb\xbf"), data...),
			"returns alone":         bytes.ReplaceAll(data, []byte("\n"), []byte("\r")),
			"colours":               bytes.ReplaceAll(data, []byte("IKEv2"), []byte("\x1b[1;32mIKEv2\x1b[0m")),
			"an empty line between": bytes.ReplaceAll(data, []byte("\n"), []byte("\n\n")),
		} {
			got, gotFaults := shown(Read(form))
			require.Equal(t, sides, got, "%s: %s", name, what)
			require.Equal(t, faults, gotFaults, "%s: %s", name, what)
		}
	}
}
