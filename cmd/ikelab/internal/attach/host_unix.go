//go:build unix

package attach

import (
	"io/fs"
	"os"
	"os/signal"
	"syscall"
)

// notifyWindow has a channel told when the size of the window changes.
func notifyWindow(c chan<- os.Signal) { signal.Notify(c, syscall.SIGWINCH) }

// private says whether nobody but this user may look into a folder.
func private(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return info.Mode().Perm()&0o077 == 0 && ok && int(owner.Uid) == os.Getuid()
}
