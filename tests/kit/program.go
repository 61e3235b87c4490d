package kit

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// built is the folder of the program; "" when no test needed it.
var built string

// program builds ikelab once for all tests of a package.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ikelab")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "ikelab")
	out, err := exec.Command("go", "build", "-o", path, "ikelab/cmd/ikelab").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
	}
	return path, nil
})

// Ikelab is the program with arguments, built when the first test wants it.
func Ikelab(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	path, err := program()
	require.NoError(t, err)
	return exec.Command(path, args...)
}

// Static builds a program that needs no library, as a guest wants it.
func Static(t testing.TB, path, pkg string) {
	t.Helper()
	build := exec.Command("go", "build", "-o", path, pkg)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// waiting is how many parallel tests run at once: most of them wait for a peer or a clock, and not
// for a processor.
const waiting = 8

// Main runs a package's tests and removes what they have built. It lets more garbage lie: what
// they make is small, and there is much of it.
func Main(m *testing.M) {
	debug.SetGCPercent(400)
	_ = flag.Set("test.parallel", strconv.Itoa(waiting)) // -parallel is read later, and counts
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}
