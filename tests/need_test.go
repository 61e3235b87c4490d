package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// need skips a test whose tools are missing, or fails it where skipping is
// forbidden.
func need(t *testing.T, why string, ok bool) {
	t.Helper()
	switch {
	case ok:
	case os.Getenv("IKELAB_NO_SKIP") != "":
		t.Fatalf("%s, and IKELAB_NO_SKIP forbids skipping", why)
	default:
		t.Skip(why)
	}
}

func needCommand(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		_, err := exec.LookPath(name)
		need(t, name+" is not installed", err == nil)
	}
}

// programFolder is where program builds; "" when no test needed it.
var programFolder string

// program builds ikelab once for all tests and returns its path.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ikelab")
	if err != nil {
		return "", err
	}
	programFolder = dir
	path := filepath.Join(dir, "ikelab")
	out, err := exec.Command("go", "build", "-o", path, "ikelab/cmd/ikelab").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
	}
	return path, nil
})

func ikelab(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := program()
	require.NoError(t, err)
	return exec.Command(path, args...)
}

// commandIn is a command that runs in a directory of its own.
func commandIn(dir, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = dir
	return c
}

// TestMain removes the program that tests have built.
func TestMain(m *testing.M) {
	code := m.Run()
	if programFolder != "" {
		_ = os.RemoveAll(programFolder)
	}
	os.Exit(code)
}
