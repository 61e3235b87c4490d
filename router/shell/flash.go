package shell

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// flashSize is what a router's file system holds, in octets.
const flashSize = 8 << 20

// urlHelp is `?` where a file is wanted.
const urlHelp = "  flash:  Uniform Resource Locator"

// Flash is the files of a router. They outlive a power cycle.
type Flash struct {
	files map[string]flashFile
	used  int
}

type flashFile struct {
	text    string
	written time.Time
}

var errFull = errors.New("no space left on device")

// write writes a file, or adds to it.
func (f *Flash) write(name, text string, more bool, at time.Time) error {
	old := f.files[name].text
	if more {
		text = old + text
	}
	if f.used-len(old)+len(text) > flashSize {
		return errFull
	}
	if f.files == nil {
		f.files = map[string]flashFile{}
	}
	f.used += len(text) - len(old)
	f.files[name] = flashFile{text, at}
	return nil
}

// read is a file's text.
func (f *Flash) read(name string) (text string, found bool) {
	file, found := f.files[name]
	return file.text, found
}

// remove forgets a file.
func (f *Flash) remove(name string) {
	f.used -= len(f.files[name].text)
	delete(f.files, name)
}

// flashName is the name of a file in flash. There is no other file system that a
// lab could write to.
func flashName(url string) (string, error) {
	system, name, found := strings.Cut(url, ":")
	if !found {
		system, name = "flash", url
	}
	name = strings.TrimLeft(name, "/")
	switch {
	case system != "flash" && system != "flash0" && system != "disk0":
		return "", syntax.Refuse("%%Error opening %s (not simulated: this router has flash: only)", url)
	case name == "" || len(name) > 63 || strings.ContainsAny(name, " /\t"):
		return "", syntax.Refuse("%%Error opening %s (Invalid file name)", url)
	}
	return name, nil
}

func directoryScreen(x *exec, _ args) show.Screen {
	f := x.d.Flash()
	s := show.Directory{Total: flashSize, Free: flashSize - f.used, Files: []show.File{}}
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		s.Files = append(s.Files, show.File{Name: name, Size: len(f.files[name].text), Written: f.files[name].written})
	}
	return s
}

func moreFile(x *exec, a args) error {
	name, err := flashName(a.Word("url"))
	if err != nil {
		return err
	}
	text, found := x.d.Flash().read(name)
	if !found {
		return noFile(name)
	}
	if text != "" {
		x.out = append(x.out, strings.Split(strings.TrimSuffix(text, "\n"), "\n")...)
	}
	return nil
}

func noFile(name string) error {
	return syntax.Refuse("%%Error opening flash:/%s (No such file or directory)", name)
}

func deleteFile(x *exec, a args) error {
	name, err := flashName(a.Word("url"))
	if err != nil {
		return err
	}
	x.ask("Delete filename ["+name+"]? ", func(x *exec, text string) {
		if text = strings.TrimSpace(text); text == "" {
			text = name
		}
		x.confirm("Delete flash:/"+text+"? [confirm]", func(x *exec) {
			if _, found := x.d.Flash().read(text); !found {
				x.linef("%%Error deleting flash:/%s (No such file or directory)", text)
			}
			x.d.Flash().remove(text)
		})
	})
	return nil
}
