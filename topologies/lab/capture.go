package lab

import (
	"errors"
	"fmt"
	"io"

	"ikelab/netsim"
)

// Folder is where a capture's files go; the program hands one in.
type Folder interface {
	// Put makes a file as a whole or not at all.
	Put(name string, data []byte) error
	// Create makes a file that grows while the lab runs, and can be read
	// meanwhile as far as it has been written.
	Create(name string) (io.WriteCloser, error)
}

// The files of a capture, which together are a Wireshark configuration folder.
const (
	captureFile     = "capture.pcapng"
	preferencesFile = "preferences"
	ikeKeysFile     = "ikev2_decryption_table"
	espKeysFile     = "esp_sa"
)

// preferences turn on what Wireshark leaves off: decrypting ESP and checking
// its integrity values. IKE needs none.
const preferences = `# Wireshark reads this folder with WIRESHARK_CONFIG_DIR.
esp.enable_encryption_decode: TRUE
esp.enable_authentication_check: TRUE
`

// Capture is a capture of a whole lab that is running.
type Capture struct {
	lab    *Lab
	frames *netsim.Capture
	files  []io.Closer
}

// StartCapture writes everything that crosses a link into the folder from now
// on, and the keys to read it with. It is readable however the program ends.
func (l *Lab) StartCapture(folder Folder) (*Capture, error) {
	return l.startCapture(func(c *Capture) error { return c.open(folder) })
}

// StartCaptureFile writes everything that crosses a link into one file,
// without keys.
func (l *Lab) StartCaptureFile(create func() (io.WriteCloser, error)) (*Capture, error) {
	return l.startCapture(func(c *Capture) error {
		w, err := c.create(create())
		if err != nil {
			return err
		}
		return c.record(w)
	})
}

func (l *Lab) startCapture(open func(c *Capture) error) (*Capture, error) {
	if l.capture != nil {
		return nil, errors.New("lab: a capture is running already")
	}
	c := &Capture{lab: l}
	if err := open(c); err != nil {
		return nil, errors.Join(fmt.Errorf("lab: capture: %w", err), c.close())
	}
	l.capture = c
	return c, nil
}

func (c *Capture) open(folder Folder) error {
	if err := folder.Put(preferencesFile, []byte(preferences)); err != nil {
		return err
	}
	ike, err := c.create(folder.Create(ikeKeysFile))
	if err != nil {
		return err
	}
	esp, err := c.create(folder.Create(espKeysFile))
	if err != nil {
		return err
	}
	if err := c.lab.keys.attach(ike, esp); err != nil {
		return err
	}
	w, err := c.create(folder.Create(captureFile))
	if err != nil {
		return err
	}
	return c.record(w)
}

// create keeps a file that was made, to be closed at the end.
func (c *Capture) create(w io.WriteCloser, err error) (io.Writer, error) {
	if err != nil {
		return nil, err
	}
	c.files = append(c.files, w)
	return w, nil
}

func (c *Capture) record(w io.Writer) (err error) {
	c.frames, err = c.lab.Sim.StartCapture(w, nil)
	return err
}

// Stop ends the capture and closes its files.
func (c *Capture) Stop() error {
	c.lab.capture = nil
	return errors.Join(c.frames.Stop(), c.lab.keys.err(), c.close())
}

func (c *Capture) close() error {
	c.lab.keys.detach()
	var errs []error
	for _, f := range c.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
