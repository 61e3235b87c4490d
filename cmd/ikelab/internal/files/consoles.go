package files

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
)

const (
	// chunk is how much of one log is kept in memory.
	chunk = 64 << 10
	// mostKept is how much of all logs is.
	mostKept = 64 << 20
)

// Consoles are the console logs of a lab, NODE.log each. They grow under a
// temporary name until Close.
type Consoles struct {
	folder string
	logs   []*consoleLog
	kept   int // octets in memory
}

type consoleLog struct {
	of   *Consoles
	path string
	text bytes.Buffer
	made bool // the temporary file is there
	err  error
}

// NewConsoles has the logs go into a folder; "": nowhere.
func NewConsoles(folder string) (*Consoles, error) {
	if folder != "" {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
	}
	return &Consoles{folder: folder}, nil
}

// Open is the log of one router.
func (c *Consoles) Open(node string) (io.Writer, error) {
	if c.folder == "" {
		return io.Discard, nil
	}
	l := &consoleLog{of: c, path: filepath.Join(c.folder, node+".log")}
	c.logs = append(c.logs, l)
	return l, nil
}

func (l *consoleLog) Write(p []byte) (int, error) {
	l.text.Write(p)
	l.of.kept += len(p)
	switch {
	case l.of.kept >= mostKept:
		return len(p), l.of.flush()
	case l.text.Len() >= chunk:
		return len(p), l.flush()
	}
	return len(p), l.err
}

func (c *Consoles) flush() error {
	var errs []error
	for _, l := range c.logs {
		errs = append(errs, l.flush())
	}
	return errors.Join(errs...)
}

func (l *consoleLog) part() string { return l.path + ".part" }

// flush writes out what is in memory. The file is open no longer than that.
func (l *consoleLog) flush() error {
	if l.err != nil || l.made && l.text.Len() == 0 {
		return l.err
	}
	var file *os.File
	if !l.made {
		file, l.err = Create(l.part())
		l.made = l.err == nil
	} else {
		file, l.err = os.OpenFile(l.part(), os.O_WRONLY|os.O_APPEND, 0)
	}
	if l.err == nil {
		_, err := file.Write(l.text.Bytes())
		l.err = errors.Join(err, file.Close())
	}
	l.of.kept -= l.text.Len()
	l.text = bytes.Buffer{}
	return l.err
}

// Close gives the logs their names. One that could not be written is removed.
func (c *Consoles) Close() error {
	var errs []error
	for _, l := range c.logs {
		err := l.flush()
		if err == nil {
			err = os.Rename(l.part(), l.path)
		}
		if err != nil && l.made {
			err = errors.Join(err, os.Remove(l.part()))
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
