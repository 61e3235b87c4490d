package lab

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
	"ikelab/topologies"
)

// memory is a folder in memory.
type memory struct {
	files  map[string]*bytes.Buffer
	refuse string // this file cannot be made
	closed int
}

func newMemory() *memory { return &memory{files: map[string]*bytes.Buffer{}} }

func (m *memory) Put(name string, data []byte) error {
	m.files[name] = bytes.NewBuffer(data)
	return nil
}

func (m *memory) Create(name string) (io.WriteCloser, error) {
	if name == m.refuse {
		return nil, errors.New("permission denied")
	}
	m.files[name] = &bytes.Buffer{}
	return &memoryFile{m.files[name], m}, nil
}

type memoryFile struct {
	*bytes.Buffer
	folder *memory
}

func (f *memoryFile) Close() error {
	f.folder.closed++
	return nil
}

// frames counts the packets of a capture.
func frames(t *testing.T, data []byte) int {
	t.Helper()
	r, err := pcapgo.NewNgReader(bytes.NewReader(data), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	require.NoError(t, err)
	for n := 0; ; n++ {
		_, _, err := r.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return n
		}
		require.NoError(t, err)
	}
}

func newLab(t testing.TB) *Lab {
	t.Helper()
	topology, err := topologies.Embedded(topologies.DefaultLab)
	require.NoError(t, err)
	l, err := Build(topology, Options{Seed: 1})
	require.NoError(t, err)
	return l
}

func wait(l *Lab, d time.Duration) { l.Sim.Run(l.Sim.Now().Add(d)) }

// ping sends five echoes through the tunnel.
func ping(l *Lab) {
	typed(l, "ping 192.168.2.1 source Loopback0")
	wait(l, 10*time.Second)
}

// typed is a line at the first router's console.
func typed(l *Lab, line string) {
	r1 := l.Routers[0]
	s := r1.Shell().Open(shell.Options{Console: true, Privileged: true, Out: func(string) {}})
	r1.Enter(s, line)
}

// failing is a file that takes so many writes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func (f *failing) Close() error { return nil }

func TestCaptureFolder(t *testing.T) {
	l := newLab(t)
	m := newMemory()
	c, err := l.StartCapture(m)
	require.NoError(t, err)
	wait(l, 10*time.Second)
	require.Equal(t, preferences, m.files[preferencesFile].String())
	require.Equal(t, 1, strings.Count(m.files[ikeKeysFile].String(), "\n"), "one IKE SA, which both ends report")
	require.Equal(t, 2, strings.Count(m.files[espKeysFile].String(), "\n"), "a pair of ESP SAs")
	n := frames(t, m.files[captureFile].Bytes())
	require.GreaterOrEqual(t, n, 8, "readable while it runs")
	require.NoError(t, c.Stop())
	require.Equal(t, 3, m.closed)
	ping(l)
	require.Equal(t, n, frames(t, m.files[captureFile].Bytes()), "nothing after the end")
}

// TestLateCapture has the keys of the SAs that were there already.
func TestLateCapture(t *testing.T) {
	l := newLab(t)
	wait(l, 10*time.Second)
	m := newMemory()
	c, err := l.StartCapture(m)
	require.NoError(t, err)
	_, err = l.StartCapture(newMemory())
	require.ErrorContains(t, err, "running already")
	wait(l, 2*time.Minute)
	require.NoError(t, c.Stop())
	require.GreaterOrEqual(t, strings.Count(m.files[ikeKeysFile].String(), "\n"), 2, "before and after the rekey")

	file := &memoryFile{&bytes.Buffer{}, m}
	c, err = l.StartCaptureFile(func() (io.WriteCloser, error) { return file, nil })
	require.NoError(t, err)
	ping(l)
	require.NoError(t, c.Stop())
	require.Equal(t, 10, frames(t, file.Bytes()), "five echoes and their replies")
}

func TestCaptureFails(t *testing.T) {
	l := newLab(t)
	for _, name := range []string{ikeKeysFile, espKeysFile, captureFile} {
		m := newMemory()
		m.refuse = name
		_, err := l.StartCapture(m)
		require.ErrorContains(t, err, "permission denied", name)
		require.Equal(t, len(m.files)-1, m.closed, "files made before are closed")
	}
	_, err := l.StartCaptureFile(func() (io.WriteCloser, error) { return nil, errors.New("permission denied") })
	require.ErrorContains(t, err, "permission denied")

	// The disk fills up after the capture's first blocks.
	c, err := l.StartCaptureFile(func() (io.WriteCloser, error) { return &failing{left: 4}, nil })
	require.NoError(t, err, "a capture that failed to start is none")
	wait(l, 10*time.Second)
	require.ErrorContains(t, c.Stop(), "disk full")
}
