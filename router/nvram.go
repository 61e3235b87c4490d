package router

import (
	"errors"
	"time"

	"ikelab/router/shell"
)

// NVRAM is what a router has without power, and with a storage beyond the lab:
// startup-config and the files of flash.
type NVRAM struct {
	startup string // "": none
	private string // the key pairs, in PEM; "": none
	flash   shell.Flash
	storage shell.Storage // nil: none
}

// Keep has what is written from now on written to a storage. The files that are
// there already are brought back by Add.
func (n *NVRAM) Keep(s shell.Storage) { n.flash, n.storage = shell.NewFlash(s), s }

// Add brings back a file of flash.
func (n *NVRAM) Add(name, text string, written time.Time) {
	if name == shell.PrivateFile {
		n.private = text
		return
	}
	n.flash.Add(name, text, written)
}

// Startup is the text of startup-config; "": there is none.
func (n *NVRAM) Startup() string { return n.startup }

// write writes startup-config and the key pairs, or leaves both.
func (n *NVRAM) write(text, private string) error {
	if n.storage != nil {
		if err := n.keep(private); err != nil {
			return err
		}
		if err := n.storage.Startup(text); err != nil {
			return errors.Join(err, n.keep(n.private))
		}
	}
	n.startup, n.private = text, private
	return nil
}

// keep has the storage keep the key pairs.
func (n *NVRAM) keep(private string) error {
	switch {
	case private != "":
		return n.storage.File(shell.PrivateFile, private, time.Time{})
	case n.private != "":
		return n.storage.Remove(shell.PrivateFile)
	}
	return nil
}
