package files

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

// TestFilesArePrivate, also where a file that all could read had the name.
func TestFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	f := Folder(dir)
	require.NoError(t, f.Put("keys", []byte("1\n")))
	for _, name := range []string{"keys", "table"} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte("old"), 0o644))
		require.NoError(t, os.Chmod(path, 0o644))
	}
	reader, err := os.Open(filepath.Join(dir, "table"))
	require.NoError(t, err)
	defer reader.Close()

	require.NoError(t, f.Put("keys", []byte("2\n")))
	w, err := f.Create("table")
	require.NoError(t, err)
	_, err = w.Write([]byte("secret"))
	require.NoError(t, err)
	for name, want := range map[string]string{"keys": "2\n", "table": "secret"} { // before it is closed
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		require.Equal(t, os.FileMode(0o600), mode(t, filepath.Join(dir, name)))
	}
	require.NoError(t, w.Close())
	old := make([]byte, 10)
	n, err := reader.Read(old)
	require.NoError(t, err)
	require.Equal(t, "old", string(old[:n]), "who had the old file open sees no key")
	require.Len(t, list(t, dir), 2, "nothing else is left")
}

// TestDevicesAndPipesStay: what has the name and is no file is written to, and not replaced.
func TestDevicesAndPipesStay(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(pipe)
		read <- string(text)
	}()
	require.NoError(t, Write(pipe, []byte("all of it")))
	require.Equal(t, "all of it", <-read)
	info, err := os.Stat(pipe)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeNamedPipe)

	device := filepath.Join(t.TempDir(), "device") // what it leads to is no file
	require.NoError(t, os.Symlink("/dev/full", device))
	require.ErrorIs(t, Write(device, []byte("x")), syscall.ENOSPC)
	w, err := Create(device)
	require.NoError(t, err)
	_, err = w.Write([]byte("x"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, w.Close())
	info, err = os.Lstat(device)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink)
}

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestConsolesOpenOneFile at a time, so that no number of routers is too many.
func TestConsolesOpenOneFile(t *testing.T) {
	var before syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before))
	few := before
	few.Cur = 64
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few))
	defer func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before)) }()

	dir := t.TempDir()
	c, err := NewConsoles(dir)
	require.NoError(t, err)
	line := strings.Repeat("x", chunk/2) + "\n"
	for i := range 200 {
		w, err := c.Open(fmt.Sprint("R", i))
		require.NoError(t, err)
		for range 3 {
			_, err = w.Write([]byte(line))
			require.NoError(t, err)
		}
	}
	require.NoError(t, c.Close())
	require.Len(t, list(t, dir), 200, "no .part is left")
	text, err := os.ReadFile(filepath.Join(dir, "R199.log"))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat(line, 3), string(text))
	require.Equal(t, os.FileMode(0o600), mode(t, filepath.Join(dir, "R0.log")))
	require.Zero(t, c.kept)
}

func TestConsolesThatFail(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	c, err := NewConsoles(dir)
	require.NoError(t, err)
	w, err := c.Open("R1")
	require.NoError(t, err)
	require.NoError(t, os.Remove(dir))
	_, err = w.Write(make([]byte, chunk))
	require.Error(t, err)
	_, err = w.Write([]byte("more"))
	require.Error(t, err, "again")
	require.Error(t, c.Close())
	c, err = NewConsoles("")
	require.NoError(t, err)
	_, err = c.Open("R1")
	require.NoError(t, err)
	require.NoError(t, c.Close())
}
