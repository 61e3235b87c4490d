package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"ikelab/topologies/form"
)

// isFile says whether an argument names a topology file, not an embedded lab.
func isFile(name string) bool {
	return strings.ContainsRune(name, filepath.Separator) || strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml")
}

// readFile reads a file of ours, which form.MaxFile bounds.
func readFile(name string) ([]byte, error) { return readWhole(name, form.MaxFile) }

// readWhole reads a file, but not without end: neither waits it for who writes
// into a pipe, nor does it take more of a long one than tells that it is.
func readWhole(name string, most int64) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	return readOpened(f, name, most)
}

// readOpened is readWhole of a file that was opened so that it does not wait.
func readOpened(f *os.File, name string, most int64) ([]byte, error) {
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is " + kindOfFile(info.Mode()) + ", not a regular file")}
	}
	return io.ReadAll(io.LimitReader(f, most+1))
}

func kindOfFile(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a directory"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
