package keep

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/form"
)

// load reads what a router has in the folder.
func (f *Folder) load(n *topologies.Node, t *topologies.Topology) error {
	s := f.shelf(n.Name)
	text, _, err := f.read(path.Join(n.Name, startupFile))
	switch {
	case err == nil:
		s.first.startup = &text
		n.Config, n.ConfigFile, n.ConfigLine, n.ConfigColumn = text, filepath.Join(f.path, n.Name, startupFile), 1, 1
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := f.loadFlash(n, s, t); err != nil {
		return err
	}
	s.have, s.want = s.first.clone(), s.first.clone()
	return nil
}

// loadFlash reads the files of flash. What somebody has put there that no router
// could have written is told and left.
func (f *Folder) loadFlash(n *topologies.Node, s *shelf, t *topologies.Topology) error {
	folder := path.Join(n.Name, flashFolder)
	entries, err := fs.ReadDir(f.root.FS(), folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var fits shell.Flash
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		text, info, err := f.read(path.Join(folder, name))
		if err == nil && name != shell.PrivateFile && !fits.Add(name, text, info.ModTime()) {
			err = errors.New("it is no file that flash can have")
		}
		if err != nil {
			t.Warnings = append(t.Warnings, form.Problem{File: filepath.Join(f.path, folder, name), Message: fmt.Sprintf("warning: passed over: %v", reason(err))})
			continue
		}
		at := info.ModTime().UTC()
		n.Flash = append(n.Flash, topologies.File{Name: name, Text: text, Written: at})
		if s.first.files == nil {
			s.first.files = map[string]file{}
		}
		s.first.files[name] = file{text, at}
	}
	slices.SortFunc(n.Flash, func(a, b topologies.File) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// read reads a regular file, and no more of it than a lab needs.
func (f *Folder) read(name string) (string, fs.FileInfo, error) {
	file, err := f.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", nil, err
	}
	if !info.Mode().IsRegular() {
		return "", nil, errors.New("it is no regular file")
	}
	text, err := io.ReadAll(io.LimitReader(file, form.MaxFile+1))
	if err == nil && len(text) > form.MaxFile {
		err = form.ErrTooLarge
	}
	return string(text), info, err
}
