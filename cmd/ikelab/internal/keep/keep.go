package keep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"ikelab/router/shell"
	"ikelab/topologies"
)

const (
	startupFile = "startup-config"
	flashFolder = "flash"
	lockFile    = ".lock"
)

// Folder is the folder of a lab. Who drives the lab uses it.
type Folder struct {
	path    string
	root    *os.Root
	lock    *os.File
	shelves map[string]*shelf
	waiting bool // nothing is written for now
}

// Open opens a folder, and makes it where it is missing.
func Open(name string) (*Folder, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	f := &Folder{path: name, root: root, shelves: map[string]*shelf{}}
	if f.lock, err = locked(root); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), root.Close())
	}
	return f, nil
}

// locked has the folder be this lab's, until the program ends however it does.
func locked(root *os.Root) (*os.File, error) {
	f, err := root.OpenFile(lockFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if ours, err := lock(f); !ours {
		if err == nil {
			err = errors.New("another lab is running with this folder")
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Mark writes what the folder is of into a file of its own.
func (f *Folder) Mark(name, text string) error { return f.put(name, text, time.Time{}) }

// Close lets another lab have the folder.
func (f *Folder) Close() error { return errors.Join(f.lock.Close(), f.root.Close()) }

// Storage is where a router writes what outlives the lab.
func (f *Folder) Storage(router string) shell.Storage { return f.shelf(router) }

func (f *Folder) shelf(router string) *shelf {
	s := f.shelves[router]
	if s == nil {
		s = &shelf{of: f, router: router}
		f.shelves[router] = s
	}
	return s
}

// Rewind is when the lab begins again as it was opened. What routers write is
// noted, until Settle.
func (f *Folder) Rewind() {
	f.waiting = true
	for _, s := range f.shelves {
		s.want = s.first.clone()
	}
}

// Settle makes the folder what the routers have written since Rewind.
func (f *Folder) Settle() error {
	f.waiting = false
	var errs []error
	for _, s := range f.shelves {
		errs = append(errs, s.settle())
	}
	return errors.Join(errs...)
}

// put makes a file in place of what had its name. A temporary name is of use to
// nobody else: the folder is locked.
func (f *Folder) put(name, text string, written time.Time) (err error) {
	if err = f.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	part := path.Join(path.Dir(name), ".part")
	if err = f.root.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := f.root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil && !written.IsZero() {
		err = f.root.Chtimes(part, written, written)
	}
	if err == nil {
		err = f.root.Rename(part, name)
	}
	if err != nil {
		_ = f.root.Remove(part)
	}
	return err
}

// remove removes a file that may be missing.
func (f *Folder) remove(name string) error {
	if err := f.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// reason is why something failed, without the names of files.
func reason(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	return err
}

var errTooLong = errors.New("not enough space")

// Load has what the folder holds take the place of what the topology says.
func (f *Folder) Load(t *topologies.Topology) error {
	for _, n := range t.Nodes {
		if n.Kind != topologies.KindIOS {
			continue
		}
		if err := f.load(n, t); err != nil {
			return fmt.Errorf("%s: %w", path.Join(f.path, n.Name), err)
		}
	}
	return nil
}
