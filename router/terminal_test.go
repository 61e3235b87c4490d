package router

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
)

const testStartup = `hostname Router1
interface Loopback0
 ip address 192.168.1.1 255.255.255.0
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 10.0.0.2
`

var testNow = time.Date(2013, 11, 11, 20, 28, 34, 3e6, time.UTC)

// terminal is a session with what it has shown.
type terminal struct {
	*shell.Session
	r    *Router
	now  time.Time
	text strings.Builder
}

// newTestRouter is a started router with one Ethernet port that hears nobody.
func newTestRouter(t testing.TB, startup string) *Router {
	r := New(Options{
		Name: "R1", Image: "15.1", Ports: []string{"Ethernet0/0"},
		MAC:    func(port int) [6]byte { return [6]byte{0xaa, 0xbb, 0xcc, 0, 1, byte(port)} },
		Stream: func(string) io.Reader { return rand.NewChaCha8([32]byte{}) },
		Epoch:  testNow,
	})
	file := (&StartupReader{}).Read(startup, "")
	require.Empty(t, file.Refused)
	r.LoadStartup(file)
	r.Attach(func(int, []byte, uint64) uint64 { return 0 }, func(_ time.Duration, id uint64) { finish(r, testNow, id) })
	r.Start(testNow)
	r.Carrier(testNow, 0, true)
	return r
}

func newTerminal(t testing.TB, o shell.Options) *terminal {
	term := &terminal{r: newTestRouter(t, testStartup), now: testNow}
	o.Out = func(s string) { term.text.WriteString(s) }
	term.Session = term.r.Shell().Open(o)
	return term
}

// type enters a line and returns what was shown since the last one.
func (t *terminal) typed(line string) string {
	t.Enter(t.now, line)
	return t.shown()
}

func (t *terminal) shown() string {
	s := t.text.String()
	t.text.Reset()
	return s
}

// pass lets virtual time go by.
func (t *terminal) pass(d time.Duration) {
	end := t.now.Add(d)
	for {
		due := t.r.Deadline()
		if due.IsZero() || due.After(end) {
			break
		}
		t.now = due
		t.r.Advance(due)
	}
	t.now = end
}

func script(t testing.TB) *terminal {
	term := newTerminal(t, shell.Options{Privileged: true})
	term.Resize(80, 0)
	return term
}
