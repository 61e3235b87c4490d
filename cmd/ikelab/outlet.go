package main

import (
	"errors"
	"io"
	"os"
)

// outlet is standard output, of which it remembers why something did not get there:
// whoever prints need not look.
type outlet struct {
	to  *os.File
	err error
}

func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// judge is how a command ended whose output was to be read. One that a signal or a
// verdict ended says so already.
func (o *outlet) judge(err error) error {
	var silent exitCode
	if o.err == nil || err != nil && !errors.Is(err, o.err) && !errors.As(err, &silent) {
		return err
	}
	return failed(o.err)
}

// terminalOf is what a terminal can be behind.
func terminalOf(out io.Writer) io.Writer {
	if o, ok := out.(*outlet); ok {
		return o.to
	}
	return out
}
