package attach

import (
	"io/fs"
	"os"
)

// notifyWindow has nobody told: Windows sends no signal for it.
func notifyWindow(chan<- os.Signal) {}

// private says whether nobody but this user may look into a folder. What lies below
// the user's own folder for temporary files, Windows keeps from others.
func private(fs.FileInfo) bool { return true }
