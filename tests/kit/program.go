package kit

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// program is where ikelab is: among go's own, which keeps what `go run` has linked, so that it
// is linked once for the tests of all packages.
var program = sync.OnceValues(func() (string, error) {
	for range 2 { // what was linked just now is there the next time
		var said bytes.Buffer
		run := exec.Command("go", "run", "-exec", "echo", "ikelab/cmd/ikelab")
		run.Stderr = &said
		out, err := run.Output()
		if err != nil {
			return "", &exec.Error{Name: said.String(), Err: err}
		}
		path := strings.TrimSpace(string(out))
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("kit: go keeps no program")
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

// Main runs a package's tests. It lets more garbage lie: what they make is small, and there is
// much of it.
func Main(m *testing.M) {
	debug.SetGCPercent(400)
	_ = flag.Set("test.parallel", strconv.Itoa(waiting)) // -parallel is read later, and counts
	os.Exit(m.Run())
}
