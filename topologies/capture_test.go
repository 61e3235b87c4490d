package topologies

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"
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

func TestCaptureFolder(t *testing.T) {
	s := newScript(t, DefaultLab, Options{Seed: 1})
	m := newMemory()
	c, err := s.lab.StartCapture(m)
	require.NoError(t, err)
	s.do("wait 10s")
	require.Equal(t, preferences, m.files[preferencesFile].String())
	require.Equal(t, 1, strings.Count(m.files[ikeKeysFile].String(), "\n"), "one IKE SA, which both ends report")
	require.Equal(t, 2, strings.Count(m.files[espKeysFile].String(), "\n"), "a pair of ESP SAs")
	n := frames(t, m.files[captureFile].Bytes())
	require.GreaterOrEqual(t, n, 8, "readable while it runs")
	require.NoError(t, c.Stop())
	require.Equal(t, 3, m.closed)
	s.do("R1: ping 192.168.2.1 source Loopback0")
	require.Equal(t, n, frames(t, m.files[captureFile].Bytes()), "nothing after the end")
}

// TestLateCapture has the keys of the SAs that were there already.
func TestLateCapture(t *testing.T) {
	s := newScript(t, DefaultLab, Options{Seed: 1})
	s.do("wait 10s")
	m := newMemory()
	c, err := s.lab.StartCapture(m)
	require.NoError(t, err)
	_, err = s.lab.StartCapture(newMemory())
	require.ErrorContains(t, err, "running already")
	s.do("wait 2m")
	require.NoError(t, c.Stop())
	require.GreaterOrEqual(t, strings.Count(m.files[ikeKeysFile].String(), "\n"), 2, "before and after the rekey")

	file := &memoryFile{&bytes.Buffer{}, m}
	c, err = s.lab.StartCaptureFile(func() (io.WriteCloser, error) { return file, nil })
	require.NoError(t, err)
	s.do("R1: ping 192.168.2.1 source Loopback0")
	require.NoError(t, c.Stop())
	require.Equal(t, 10, frames(t, file.Bytes()), "five echoes and their replies")
}

func TestCaptureFails(t *testing.T) {
	s := newScript(t, DefaultLab, Options{Seed: 1})
	for _, name := range []string{ikeKeysFile, espKeysFile, captureFile} {
		m := newMemory()
		m.refuse = name
		_, err := s.lab.StartCapture(m)
		require.ErrorContains(t, err, "permission denied", name)
		require.Equal(t, len(m.files)-1, m.closed, "files made before are closed")
	}
	_, err := s.lab.StartCaptureFile(func() (io.WriteCloser, error) { return nil, errors.New("permission denied") })
	require.ErrorContains(t, err, "permission denied")

	// The disk fills up after the capture's first blocks.
	c, err := s.lab.StartCaptureFile(func() (io.WriteCloser, error) { return &failing{left: 4}, nil })
	require.NoError(t, err, "a capture that failed to start is none")
	s.do("wait 10s")
	require.ErrorContains(t, c.Stop(), "disk full")
}
