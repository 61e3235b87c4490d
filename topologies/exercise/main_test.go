package exercise

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets more garbage lie: what the tests make is small, and there is much of it.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
