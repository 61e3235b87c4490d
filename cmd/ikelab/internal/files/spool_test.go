package files

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSpool(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	s, err := NewSpool(path, true, nil)
	require.NoError(t, err)
	s.most = 100 // the writer waits now and then
	for range 1000 {
		_, err := s.Write([]byte("0123456789\n"))
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("0123456789\n", 1000), string(text))
	require.Equal(t, os.FileMode(0o600), mode(t, path))
}

func TestSpoolThatFails(t *testing.T) {
	_, err := NewSpool(filepath.Join(t.TempDir(), "none", "x"), true, nil)
	require.Error(t, err)
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	told := make(chan error, 1)
	s, err := NewSpool("/dev/full", true, func(err error) { told <- err })
	require.NoError(t, err)
	_, err = s.Write([]byte("x\n"))
	require.NoError(t, err)
	require.ErrorIs(t, <-told, syscall.ENOSPC)
	_, err = s.Write([]byte("y\n"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorIs(t, s.Close(), syscall.ENOSPC)
}

// TestSpoolThatIsSlow loses records rather than stop the lab, and says so.
func TestSpoolThatIsSlow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	reader := make(chan *os.File)
	go func() {
		f, _ := os.Open(path)
		reader <- f
	}()
	told := 0
	s, err := NewSpool(path, false, func(error) { told++ })
	require.NoError(t, err)
	s.most = 1 << 20
	r := <-reader
	start := time.Now()
	for range 1000 {
		_, err := s.Write(make([]byte, 4096))
		require.NoError(t, err)
	}
	require.Less(t, time.Since(start), 5*time.Second, "nobody waits")
	go func() { _, _ = io.Copy(io.Discard, r) }()
	require.ErrorContains(t, s.Close(), "records are lost")
	require.Equal(t, 1, told)
}

// TestPipeThatNobodyReads is an error, not a program that nothing ends.
func TestPipeThatNobodyReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	_, err := openPipe(path, 50*time.Millisecond)
	require.EqualError(t, err, "open "+path+": nobody reads it")
}

// TestPipeWhoseReaderGoes is told as any file that fails.
func TestPipeWhoseReaderGoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	reader := make(chan error)
	go func() {
		f, err := os.Open(path)
		if err == nil {
			err = f.Close()
		}
		reader <- err
	}()
	s, err := NewSpool(path, true, nil)
	require.NoError(t, err)
	require.NoError(t, <-reader)
	_, _ = s.Write([]byte("x\n"))
	require.ErrorIs(t, s.Close(), syscall.EPIPE)
}
