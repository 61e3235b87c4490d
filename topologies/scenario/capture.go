package scenario

import (
	"errors"

	"ikelab/topologies/form"
	"ikelab/topologies/script"
)

// capture begins or ends a capture of the lab.
type capture struct {
	what   string
	folder string
}

func (a *capture) keys() []form.Key {
	a.folder = "capture"
	return []form.Key{
		{Name: "capture", Help: "which", Value: form.Choice(&a.what, "capture", "start", "stop")},
		{Name: "folder", Help: "for the capture and Wireshark's key tables; without: capture. `ikelab test` captures by itself, for --failures, and makes no folder", Value: form.Word(&a.folder, "folder")},
	}
}

func (a *capture) prepare(r *Runner) error {
	if r.settings.Folder == nil && !r.settings.Captured {
		return errors.New("nothing can be captured here")
	}
	return nil
}

func (a *capture) do(r *Runner) ([]script.Result, error) {
	if r.settings.Captured {
		return nil, nil
	}
	if a.what == "stop" {
		if r.capture == nil {
			return nil, failed("no capture is running")
		}
		c := r.capture
		r.capture = nil
		return nil, c.Stop()
	}
	folder, err := r.settings.Folder(a.folder)
	if err == nil {
		r.capture, err = r.lab.StartCapture(folder)
	}
	return nil, err
}
