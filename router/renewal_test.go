package router

import (
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/pki"
)

// moody is an authority that signs for a hundred hours, while it is willing.
type moody struct {
	*signing
	silent bool
	asked  int
}

func (m *moody) Sign(now time.Time, router string, request []byte) (*x509.Certificate, error) {
	if m.asked++; m.silent {
		return nil, errors.New("not now")
	}
	m.last++
	return m.issuer.Sign(request, pki.Terms{Serial: m.last, From: now, To: now.Add(100 * time.Hour)})
}

// TestRenewal: at its part of the life, by the router's clock; in vain a few times and then no more,
// and the old certificate stays with its key; where all is well the new one takes its place.
func TestRenewal(t *testing.T) {
	a := &moody{signing: newSigning(t)}
	r := enrolledRouter(t, a, strings.Replace(enrolling, " auto-enroll\n", " auto-enroll 80 regenerate\n", 1))
	d := deviceOf(r)
	own := func() string { return d.PKI().Trustpoints[0].Own.Serial }
	key := func() string { return string(d.PKI().Keys[0].Public) }
	first := key()
	now := time.Unix(0, 0).UTC()
	until := func(at time.Duration) {
		end := time.Unix(0, 0).UTC().Add(at)
		for due := r.Deadline(); !due.IsZero() && !due.After(end); due = r.Deadline() {
			if due.After(now) {
				now = due
			}
			r.Advance(now)
		}
		now = end
	}
	until(79 * time.Hour)
	require.Equal(t, "02", own())
	require.Equal(t, 1, a.asked)
	a.silent = true
	until(90 * time.Hour)
	require.Equal(t, 1+renewalTries, a.asked)
	require.Equal(t, "02", own())
	require.Equal(t, first, key(), "the old key is the certificate's")
	a.silent = false
	saved := strings.Join(d.runningText(), "\n")
	require.NoError(t, d.SetStartup(saved))
	now = now.Add(time.Hour)
	r.reload(now)
	d = deviceOf(r)
	until(92 * time.Hour)
	require.Equal(t, "03", own(), "a reload tries again")
	require.NotEqual(t, first, key())
	require.NotNil(t, r.certified.papers(r.store.Running()).Credentials["CA"])
	until(170 * time.Hour)
	require.Equal(t, "03", own())
	d.ClockSet(now, now.Add(3*time.Hour))
	d.ClockMoved(now)
	until(171 * time.Hour)
	require.Equal(t, "04", own(), "the clock is that of the router")
	d.ClockSet(now, now.Add(400*time.Hour))
	d.ClockMoved(now)
	until(172 * time.Hour)
	require.Equal(t, "05", own())
	until(180 * time.Hour)
	require.Equal(t, "05", own(), "who gives what is due at once gives it again")
	d.ClockSet(now, now)
	d.ClockMoved(now)
	until(250 * time.Hour)
	require.Equal(t, "05", own())
	until(252 * time.Hour)
	require.Equal(t, "06", own(), "the clock is right again, and four fifths of the life are over")
}
