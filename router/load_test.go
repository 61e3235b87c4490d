package router

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What an operation takes is the load of the five seconds in which it begins, of that
// minute and of those five minutes, and of none of them later.
func TestLoad(t *testing.T) {
	var l load
	start := time.Unix(0, 0)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	l.add(at(1), start, time.Second)
	require.Zero(t, l.state(at(4), start).Minute, "the interval is not over")
	w := l.state(at(6), start)
	require.Equal(t, []time.Duration{time.Second, time.Second, time.Second}, []time.Duration{w.Latest, w.Minute, w.Five})
	l.add(at(31), start, 2*time.Second)
	w = l.state(at(64), start)
	require.Equal(t, []time.Duration{0, 3 * time.Second, 3 * time.Second}, []time.Duration{w.Latest, w.Minute, w.Five})
	require.Equal(t, 2*time.Second, l.state(at(66), start).Minute)
	require.Equal(t, 2*time.Second, l.state(at(310), start).Five)
	w = l.state(at(100000), start)
	require.Zero(t, w.Five)
	require.Equal(t, 3*time.Second, w.Busy)
}
