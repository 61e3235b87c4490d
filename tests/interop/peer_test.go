package interop

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ikelab/tests/kit"
)

// daemon is a kind of peer: how it is configured and told what to do. Commands
// are lines for its guest's agent, or for a shell where that is said.
type daemon struct {
	kind  string
	needs []string // of its files, below the folder of daemons or the root
	// files are its configuration, by name, for the folder /conf of the guest.
	files   func(list []cell) map[string]string
	version string // for a shell: prints its name and version
	start   string // for a shell: it takes commands when they are done
	kill    string // for a shell: it is gone without a word

	initiate, rekeyChild, rekeyIKE, terminate func(c cell) string // terminate may be nil; "": it does so by itself
	between                                   string              // for a shell, before we initiate: so that it does not
	prepare                                   func(c cell) string // for a shell, before a feature that is tried alone, or (no cell) before the others; may be nil
	collided                                  func(c cell) string // prints that it saw both ends rekey at once, if it does
	// sas lists the IKE SAs; the lines of a cell have its mark.
	sas      string
	mark     func(c cell) string
	ike      func(c cell) string // a regular expression: one match for each IKE SA of a cell
	features []*feature
	esp      string // of features: the transform's name
	log      string // for a shell: prints what it has logged
}

// peersFolder is where daemons are unpacked that exclude each other as packages.
func peersFolder() string {
	if dir := os.Getenv("IKELAB_PEERS"); dir != "" {
		return dir
	}
	return "/var/cache/ikelab/peers"
}

// needGuest says what a guest is made of.
func needGuest(t *testing.T) {
	kit.NeedCommand(t, "linux.uml", "ip", "modprobe")
	if wideState(t) {
		kit.NeedCommand(t, "cc")
	}
	for _, dir := range []string{"/usr/lib/uml/modules", "/lib/modules"} {
		_, err := os.Stat(dir)
		kit.Need(t, dir+" is missing: the guest's modules, and where it mounts them", err == nil)
	}
}

func (d *daemon) need(t *testing.T) {
	needGuest(t)
	for _, file := range d.needs {
		_, inPeers := os.Stat(filepath.Join(peersFolder(), file))
		_, onHost := os.Stat(file)
		kit.Need(t, d.kind+" is missing: "+file, inPeers == nil || onHost == nil)
	}
}

// textSum is the checksum of what the agent sends over TCP.
var textSum = func() string {
	sum := sha256.New()
	for i := range 20000 {
		fmt.Fprintln(sum, i+1)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}()

// boot starts the daemon's guest.
func (d *daemon) boot(t *testing.T, list []cell, ours, theirs int) *guest {
	files := d.files(list)
	var b strings.Builder
	b.WriteString("link set lo up\nlink set eth0 up\n")
	for _, c := range list {
		fmt.Fprintf(&b, "addr add %s/32 dev lo\n", c.theirInner())
		b.WriteString(c.peerAddresses())
		fmt.Fprintf(&b, "route add %s.0/24 dev eth0 src %s\n", c.inside(), c.theirInner())
	}
	files["ip.batch"], files["start"] = b.String(), "[ -e /run/booted ] || . /conf/once; true >/run/booted\n"+d.start
	files["once"] = "true\n"
	for _, c := range list {
		if c.feature != nil {
			files["once"] += c.fill(c.feature.boot) + "\n"
		}
	}
	return boot(t, d.kind, files, ours, theirs)
}

// bootHost starts the guest that is a host behind each of our routers.
func bootHost(t *testing.T, list []cell, ours, theirs int) *guest {
	var b strings.Builder
	b.WriteString("link set lo up\nlink set eth0 up\n")
	for _, c := range list {
		fmt.Fprintf(&b, "addr add %s.9/24 dev eth0\n", c.inside())
		fmt.Fprintf(&b, "route add %s/32 via %s.1 src %s.9\n", c.theirInner(), c.inside(), c.inside())
		b.WriteString(c.hostAddresses())
		if c.feature != nil {
			fmt.Fprintf(&b, "route add %s.0/24 via %s.1 src %s.9\n", c.other(), c.inside(), c.inside())
		}
	}
	return boot(t, "the host", map[string]string{"ip.batch": b.String(), "start": "true"}, ours, theirs)
}
