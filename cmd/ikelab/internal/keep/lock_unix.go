//go:build unix

package keep

import (
	"errors"
	"os"
	"syscall"
)

// lock has a file be this program's until it ends, however it does. false: another
// one has it.
func lock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
