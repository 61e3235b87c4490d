package kit

import (
	"os"
	"os/exec"
	"testing"
)

// Need skips a test whose tools are missing, or fails it where skipping is
// forbidden (IKELAB_NO_SKIP).
func Need(t testing.TB, why string, ok bool) {
	t.Helper()
	switch {
	case ok:
	case os.Getenv("IKELAB_NO_SKIP") != "":
		t.Fatalf("%s, and IKELAB_NO_SKIP forbids skipping", why)
	default:
		t.Skip(why)
	}
}

// Allowed skips a test of what this machine does not let anybody do: no package
// mends that, so it is no failure where skipping is forbidden either.
func Allowed(t testing.TB, why string, ok bool) {
	t.Helper()
	if !ok {
		t.Skip(why)
	}
}

// NeedCommand needs commands on the path.
func NeedCommand(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		_, err := exec.LookPath(name)
		Need(t, name+" is not installed", err == nil)
	}
}
