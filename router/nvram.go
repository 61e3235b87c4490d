package router

import (
	"time"

	"ikelab/router/shell"
)

// NVRAM is what a router has without power, and with a storage beyond the lab:
// startup-config and the files of flash.
type NVRAM struct {
	startup string // "": none
	flash   shell.Flash
	storage shell.Storage // nil: none
}

// Keep has what is written from now on written to a storage. The files that are
// there already are brought back by Add.
func (n *NVRAM) Keep(s shell.Storage) { n.flash, n.storage = shell.NewFlash(s), s }

// Add brings back a file of flash.
func (n *NVRAM) Add(name, text string, written time.Time) { n.flash.Add(name, text, written) }

// Startup is the text of startup-config; "": there is none.
func (n *NVRAM) Startup() string { return n.startup }

// write writes startup-config, or leaves it.
func (n *NVRAM) write(text string) error {
	if n.storage != nil {
		if err := n.storage.Startup(text); err != nil {
			return err
		}
	}
	n.startup = text
	return nil
}
