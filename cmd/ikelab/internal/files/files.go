package files

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Create makes an empty file in place of what had its name, and opens it. What is there and
// no file, a pipe or a device, stays what it is and is opened.
func Create(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode()&fs.ModeNamedPipe != 0:
		return openPipe(path, lastChance)
	case err == nil && !info.Mode().IsRegular():
		return os.OpenFile(path, os.O_WRONLY, 0)
	}
	if err := replace(path, nil); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
}

// Write makes a file as a whole or not at all, or writes to the pipe or device that has its
// name.
func Write(path string, data []byte) error {
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() {
		return replace(path, data)
	}
	f, err := Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = cmp.Or(err, f.Close()); err != nil {
		return named(path, err)
	}
	return nil
}

// replace makes a file under a temporary name, of which nobody hears, and renames
// it.
func replace(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return named(path, err)
	}
	_, err = f.Write(data)
	if err = cmp.Or(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return named(path, err)
	}
	return nil
}

// named is the error of writing path, whatever the file was called.
func named(path string, err error) error {
	var at *fs.PathError
	var renamed *os.LinkError
	switch {
	case errors.As(err, &at):
		err = at.Err
	case errors.As(err, &renamed):
		err = renamed.Err
	}
	return &fs.PathError{Op: "write", Path: path, Err: err}
}

// Folder is a directory that files are made in.
type Folder string

// Create makes a file that grows.
func (f Folder) Create(name string) (io.WriteCloser, error) {
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return nil, err
	}
	return Create(filepath.Join(string(f), name))
}

// Put makes a file as a whole or not at all.
func (f Folder) Put(name string, data []byte) error {
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return err
	}
	return Write(filepath.Join(string(f), name), data)
}
