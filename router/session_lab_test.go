package router

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
)

// noteLab is the tech note's lab with a console on each router, `debug crypto
// ikev2 packet` and `… internal` on; the other router starts a second later.
type noteLab struct {
	*lab
	console map[string]*strings.Builder
	session map[string]*shell.Session
}

func newNoteLab(t *testing.T, first, second string) *noteLab {
	l := &noteLab{lab: newLab(t), console: map[string]*strings.Builder{}, session: map[string]*shell.Session{}}
	for i, name := range []string{"R1", "R2"} {
		text, err := os.ReadFile("../topologies/labs/psk-site-to-site/r" + name[1:] + ".cfg")
		require.NoError(t, err)
		l.add(name, []string{"Ethernet0/0"}, "hostname Router"+string(rune('1'+i))+"\nservice timestamps debug datetime msec\n"+string(text))
		out := &strings.Builder{}
		l.console[name] = out
		l.session[name] = l.nodes[name].Shell().Open(shell.Options{Out: func(s string) { out.WriteString(s) }, Console: true, Privileged: true})
		l.session[name].Resize(80, 0)
	}
	l.connect("R1", 0, "R2", 0)
	l.start(first)
	l.run(time.Second)
	l.start(second)
	for _, s := range l.session {
		s.Enter(l.now, "debug crypto ikev2 packet")
		s.Enter(l.now, "debug crypto ikev2 internal")
	}
	return l
}

// typed enters a command and lets it finish.
func (l *noteLab) typed(name, line string) []string {
	l.console[name].Reset()
	l.session[name].Enter(l.now, line)
	for range 100 {
		if !l.session[name].Busy() {
			break
		}
		l.run(time.Second)
	}
	return l.lines(name)
}

func (l *noteLab) lines(name string) []string {
	return strings.Split(strings.TrimSuffix(l.console[name].String(), "\n"), "\n")
}

// TestNoteConfiguration corrects a wrong key from the console.
func TestNoteConfiguration(t *testing.T) {
	l := newNoteLab(t, "R1", "R2")
	r2 := l.session["R2"]
	for _, line := range []string{"configure terminal", "crypto ikev2 keyring KEYRNG", "peer peer2", "pre-shared-key remote wrong", "end"} {
		r2.Enter(l.now, line)
		require.False(t, r2.Refused(), line)
	}
	l.run(20 * time.Second)
	require.Contains(t, l.console["R2"].String(), "Verification of peer's authentication data FAILED")
	require.Contains(t, l.typed("R1", "show crypto session"), "Session status: DOWN")
	for _, line := range []string{"configure terminal", "crypto ikev2 keyring KEYRNG", "peer peer2", "pre-shared-key remote cisco", "end"} {
		r2.Enter(l.now, line)
		require.False(t, r2.Refused(), line)
	}
	l.run(2 * time.Minute)
	require.Contains(t, l.typed("R1", "show crypto session"), "Session status: UP-ACTIVE")
}

// TestClearing deletes the SAs from the console; the tunnel comes back.
func TestClearing(t *testing.T) {
	l := newNoteLab(t, "R1", "R2")
	l.run(10 * time.Second)
	before := l.typed("R1", "show crypto ikev2 sa detailed | include Local spi")
	l.typed("R1", "clear crypto session")
	l.run(45 * time.Second) // both ends begin one; the hold time leaves one
	after := l.typed("R1", "show crypto ikev2 sa detailed | include Local spi")
	require.Len(t, after, 1)
	require.NotEqual(t, before, after)
	esp := l.typed("R2", "show crypto ipsec sa | include current outbound")
	l.typed("R2", "clear crypto sa")
	l.run(10 * time.Second)
	require.NotEqual(t, esp, l.typed("R2", "show crypto ipsec sa | include current outbound"))
	require.Equal(t, after, l.typed("R1", "show crypto ikev2 sa detailed | include Local spi"), "the IKE SA stays")
}
