package shell

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ikelab/iosconfig/rows"
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
	"ikelab/router/words"
)

// flashSize is what a router's file system holds, in octets.
const flashSize = 8 << 20

// urlHelp is `?` where a file is wanted.
const urlHelp = "  flash:  Uniform Resource Locator"

// Flash is the files of a router. They outlive a power cycle, and with a Storage
// the lab.
type Flash struct {
	files   map[string]flashFile
	used    int
	storage Storage // nil: none
}

type flashFile struct {
	text    string
	written time.Time
}

// Storage keeps what outlives the lab. The message of an error is the reason
// alone, such as "no space left on device"; what failed has not happened.
type Storage interface {
	Startup(text string) error
	File(name, text string, written time.Time) error
	Remove(name string) error
}

// PrivateFile is the name under which a storage keeps the key pairs of a router: no file of flash
// has it.
const PrivateFile = "private-config"

var errFull = errors.New("no space left on device")

// reason is why something could not be kept, as IOS begins it.
func reason(err error) string { return strings.ToUpper(err.Error()[:1]) + err.Error()[1:] }

// NewFlash is the files of a router whose storage is s.
func NewFlash(s Storage) Flash { return Flash{storage: s} }

// Add has a file that was kept be there, unless its name is none or it does not fit.
func (f *Flash) Add(name, text string, written time.Time) bool {
	if !validFile(name) || f.used+len(text) > flashSize {
		return false
	}
	f.put(name, flashFile{text, written})
	return true
}

func (f *Flash) put(name string, file flashFile) {
	if f.files == nil {
		f.files = map[string]flashFile{}
	}
	f.used += len(file.text) - len(f.files[name].text)
	f.files[name] = file
}

// write writes a file, or adds to it.
func (f *Flash) write(name, text string, more bool, at time.Time) error {
	old := f.files[name].text
	if more {
		text = old + text
	}
	if f.used-len(old)+len(text) > flashSize {
		return errFull
	}
	if f.storage != nil {
		if err := f.storage.File(name, text, at); err != nil {
			return err
		}
	}
	f.put(name, flashFile{text, at})
	return nil
}

// read is a file's text.
func (f *Flash) read(name string) (text string, found bool) {
	file, found := f.files[name]
	return file.text, found
}

// remove forgets a file.
func (f *Flash) remove(name string) error {
	if f.storage != nil {
		if err := f.storage.Remove(name); err != nil {
			return err
		}
	}
	f.used -= len(f.files[name].text)
	delete(f.files, name)
	return nil
}

// longestName is how long the name of a file may be, in octets.
const longestName = 63

// validFile says whether flash can have a file of that name: one that is a file's
// name everywhere else, too, and nothing more.
func validFile(name string) bool {
	return name != "" && name != PrivateFile && len(name) <= longestName && name[0] != '.' && words.Printable(name) && !strings.ContainsAny(name, ` /\:`)
}

// flashNames are what flash is called, bootflash by the newer image.
var flashNames = []string{"flash", "flash0", "disk0", "bootflash"}

// flashName is the name of a file in flash. There is no other file system that a
// lab could write to.
func flashName(url string) (string, error) {
	system, name, found := strings.Cut(url, ":")
	if !found {
		system, name = "flash", url
	}
	name = strings.TrimLeft(name, "/")
	switch {
	case !slices.Contains(flashNames, system):
		return "", syntax.Refuse("%%Error opening %s (not simulated: this router has flash: only)", url)
	case !validFile(name):
		return "", syntax.Refuse("%%Error opening %s (Invalid file name)", url)
	}
	return name, nil
}

// listFiles is `dir`: of all files, or one.
func listFiles(x *exec, a args) (show.Screen, error) {
	all := directory(x)
	system, name, found := strings.Cut(a.Word("url"), ":")
	if name = strings.TrimLeft(name, "/"); name == "" && (!found || slices.Contains(flashNames, system)) && (found || !a.Given("url")) {
		return all, nil
	}
	name, err := flashName(a.Word("url"))
	all.Files = slices.DeleteFunc(all.Files, func(f show.File) bool { return f.Name != name })
	if err == nil && len(all.Files) == 0 {
		err = noFile(name)
	}
	return all, err
}

func directory(x *exec) show.Directory {
	f := x.d.Flash()
	s := show.Directory{Total: flashSize, Free: flashSize - f.used, Files: []show.File{}}
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		s.Files = append(s.Files, show.File{Name: name, Size: len(f.files[name].text), Written: f.files[name].written})
	}
	return s
}

// fileText is what a file says, be it a configuration of the router's.
func fileText(x *exec, url string) (string, error) {
	switch url {
	case "nvram:startup-config":
		return x.d.Startup(), nil
	case "system:running-config":
		return join(rows.Running(x.d.Running())), nil
	}
	name, err := flashName(url)
	if err != nil {
		return "", err
	}
	text, found := x.d.Flash().read(name)
	if !found {
		return "", noFile(name)
	}
	return text, nil
}

func moreFile(x *exec, a args) error {
	text, err := fileText(x, a.Word("url"))
	if err != nil {
		return err
	}
	switch {
	case text == "":
	case isText(text):
		x.out = append(x.out, strings.Split(strings.TrimSuffix(text, "\n"), "\n")...)
	default:
		dump(x, text)
	}
	return nil
}

// isText says whether a file can be shown as it is.
func isText(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' && r != 3 })
}

// dump shows a file that is no text, 16 octets to a line.
func dump(x *exec, text string) {
	for at := 0; at < len(text); at += 16 {
		row := text[at:min(at+16, len(text))]
		var digits, shown strings.Builder
		for i := range len(row) {
			if i%4 == 0 {
				digits.WriteString(" ")
			}
			fmt.Fprintf(&digits, "%02X", row[i])
			if row[i] < ' ' || row[i] > '~' {
				shown.WriteByte('.')
			} else {
				shown.WriteByte(row[i])
			}
		}
		x.linef("%08X: %-36s  %s", at, digits.String(), shown.String())
	}
}

func noFile(name string) error {
	return syntax.Refuse("%%Error opening flash:/%s (No such file or directory)", name)
}

func deleteFile(x *exec, a args) error {
	name, err := flashName(a.Word("url"))
	if err != nil {
		return err
	}
	if a.Has("/force") {
		removeFile(x, name)
		return nil
	}
	x.ask("Delete filename ["+name+"]? ", func(x *exec, text string) {
		if text = strings.TrimSpace(text); text == "" {
			text = name
		}
		text, err := flashName(text)
		if err != nil {
			x.refuse(err, 0)
			return
		}
		x.confirm("Delete flash:/"+text+"? [confirm]", func(x *exec) { removeFile(x, text) })
	})
	return nil
}

// removeFile takes one away.
func removeFile(x *exec, name string) {
	if _, found := x.d.Flash().read(name); !found {
		x.linef("%%Error deleting flash:/%s (No such file or directory)", name)
	} else if err := x.d.Flash().remove(name); err != nil {
		x.linef("%%Error deleting flash:/%s (%s)", name, reason(err))
	}
}
