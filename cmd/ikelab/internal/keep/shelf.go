package keep

import (
	"errors"
	"maps"
	"path"
	"time"

	"ikelab/topologies/form"
)

// shelf is what a router has in the folder.
type shelf struct {
	of     *Folder
	router string
	first  content // when the lab began
	have   content // is in the folder
	want   content // is to be there
}

type content struct {
	startup *string // nil: the topology says
	files   map[string]file
}

type file struct {
	text    string
	written time.Time
}

func (c content) clone() content { return content{c.startup, maps.Clone(c.files)} }

// Startup makes a shelf a shell.Storage.
func (s *shelf) Startup(text string) error {
	if len(text) > form.MaxFile {
		return errTooLong
	}
	return s.change(func(c *content) { c.startup = &text })
}

// File writes a file of flash.
func (s *shelf) File(name, text string, written time.Time) error {
	return s.change(func(c *content) {
		if c.files == nil {
			c.files = map[string]file{}
		}
		c.files[name] = file{text, written}
	})
}

// Remove forgets it.
func (s *shelf) Remove(name string) error {
	return s.change(func(c *content) { delete(c.files, name) })
}

// change changes what is to be in the folder, and the folder. What it does not
// take has not been wanted.
func (s *shelf) change(do func(*content)) error {
	before := s.want.clone()
	do(&s.want)
	if s.of.waiting {
		return nil
	}
	err := s.settle()
	if err != nil {
		s.want = before
		return reason(err)
	}
	return nil
}

// settle writes what is not in the folder as it is to be.
func (s *shelf) settle() error {
	var errs []error
	if same(s.want.startup, s.have.startup) {
	} else if err := s.settleStartup(); err != nil {
		errs = append(errs, err)
	} else {
		s.have.startup = s.want.startup
	}
	if s.have.files == nil {
		s.have.files = map[string]file{}
	}
	for name, f := range s.want.files {
		if s.have.files[name] == f {
			continue
		}
		if err := s.of.put(path.Join(s.router, flashFolder, name), f.text, f.written); err != nil {
			errs = append(errs, err)
			continue
		}
		s.have.files[name] = f
	}
	for name := range s.have.files {
		if _, stays := s.want.files[name]; stays {
			continue
		}
		if err := s.of.remove(path.Join(s.router, flashFolder, name)); err != nil {
			errs = append(errs, err)
			continue
		}
		delete(s.have.files, name)
	}
	return errors.Join(errs...)
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

func (s *shelf) settleStartup() error {
	name := path.Join(s.router, startupFile)
	if s.want.startup == nil {
		return s.of.remove(name)
	}
	return s.of.put(name, *s.want.startup, time.Time{})
}
