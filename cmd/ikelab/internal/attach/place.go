package attach

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Place is where a lab that runs is to be found.
type Place struct {
	Lab  string
	PID  int
	path string
}

// folder is where the sockets are: nobody else may look into it.
func folder() (string, error) {
	name := filepath.Join(os.TempDir(), "ikelab-"+strconv.Itoa(os.Getuid()))
	if runtime := os.Getenv("XDG_RUNTIME_DIR"); runtime != "" {
		name = filepath.Join(runtime, "ikelab")
	}
	if err := os.MkdirAll(name, 0o700); err != nil {
		return "", err
	}
	info, err := os.Lstat(name)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || !private(info) {
		return "", fmt.Errorf("%s is not a folder of this user's only", name)
	}
	return name, nil
}

const (
	longestPath = 107 // of a socket on Linux
	longestLab  = 40
)

// newPlace is where a lab of this process will be.
func newPlace(lab string) (Place, error) {
	in, err := folder()
	if err != nil {
		return Place{}, err
	}
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, lab)
	p := Place{Lab: plain[:min(len(plain), longestLab)], PID: os.Getpid()}
	p.path = filepath.Join(in, p.Lab+"."+strconv.Itoa(p.PID))
	if len(p.path) > longestPath {
		return Place{}, fmt.Errorf("%s is too long a name for a socket", p.path)
	}
	return p, nil
}

// Name tells it from all other labs.
func (p Place) Name() string { return filepath.Base(p.path) }

// Path is that of the socket, which names the lab wherever sockets are looked for.
func (p Place) Path() string { return p.path }

// Labs lists the labs that run, the latest last. What dead ones have left is
// removed.
func Labs() ([]Place, error) {
	in, err := folder()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(in)
	if err != nil {
		return nil, err
	}
	var list []Place
	for _, e := range entries {
		lab, number, _ := strings.Cut(e.Name(), ".")
		pid, err := strconv.Atoi(number)
		if err != nil || e.Type()&fs.ModeSocket == 0 {
			continue
		}
		p := Place{Lab: lab, PID: pid, path: filepath.Join(in, e.Name())}
		c, err := net.DialTimeout("unix", p.path, time.Second)
		switch {
		case err == nil:
			_ = c.Close()
			list = append(list, p)
		case errors.Is(err, syscall.ECONNREFUSED):
			_ = os.Remove(p.path)
		}
	}
	slices.SortFunc(list, func(a, b Place) int { return cmp.Compare(a.PID, b.PID) })
	return list, nil
}

// Find is the lab that somebody means: by its name, the number of its process, or
// both, by its socket; "": the only one.
func Find(name string) (Place, error) {
	if filepath.IsAbs(name) {
		return Place{Lab: filepath.Base(name), path: name}, nil
	}
	all, err := Labs()
	if err != nil {
		return Place{}, err
	}
	fits := slices.DeleteFunc(slices.Clone(all), func(p Place) bool {
		return name != "" && name != p.Lab && name != p.Name() && name != strconv.Itoa(p.PID)
	})
	names := make([]string, len(fits))
	for i, p := range fits {
		names[i] = p.Name()
	}
	switch {
	case len(fits) == 1:
		return fits[0], nil
	case len(fits) > 1:
		return Place{}, fmt.Errorf("several labs are running: say which of %s", strings.Join(names, ", "))
	case name != "" && len(all) > 0:
		return Place{}, fmt.Errorf("no lab %q is running", name)
	}
	return Place{}, errors.New("no lab is running; ikelab run boots one")
}
