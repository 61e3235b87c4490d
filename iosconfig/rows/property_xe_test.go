package rows

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Every command of the newer image, too, is shown as it was meant, and `default` takes it
// back.
func TestRowsRoundTripOfXE(t *testing.T) {
	at := func(t *testing.T, mode string) session {
		s := session{store: iosconfig.NewStore(iosconfig.New(iosconfig.XE17))}
		s.Editor = NewEditor(s.store)
		s.enter(t, modePaths[mode]...)
		return s
	}
	same := func(t *testing.T, s session, what string) {
		running := strings.Join(Running(s.store.Running()), "\n")
		loaded := Load(running, iosconfig.XE17)
		require.Empty(t, loaded.Refused, "%s\n%s", what, running)
		requireSame(t, s.store.Running(), loaded.Commit.After, "%s\n%s", what, running)
	}
	done := 0
	eachHead(t, func(t *testing.T, mode string, head line, r *rand.Rand) {
		s := at(t, mode)
		base := s.store.Running()
		l := s.finish(t, head, r)
		_, err := s.Enter(l.String())
		if errors.As(err, &syntax.ErrRefused{}) || errors.As(err, &syntax.ErrInvalid{}) {
			require.Same(t, base, s.store.Running(), l)
			return
		}
		require.NoError(t, err, l)
		if s.InText() {
			return
		}
		same(t, s, l.String())
		again := at(t, mode)
		again.enter(t, l.String())
		for m := again.Mode(); !strings.HasPrefix(mode, m); m = again.Mode() {
			again.enter(t, "exit")
		}
		if _, err := again.Enter("default " + l.String()); err == nil {
			same(t, again, "default "+l.String())
		}
		done++
	})
	require.Greater(t, done, 500)
}
