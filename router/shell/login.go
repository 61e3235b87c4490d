package shell

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
)

// Who may come to a vty, and how: what `line vty`, `username` and `aaa
// new-model` say. Nothing here asks anybody; who carries the terminal does.

// Account is a `username`.
type Account struct {
	Name       string
	Privileged bool // privilege 15
	Password   Credential
	Keys       []iosconfig.SSHKey
}

// The defaults of a vty.
const (
	defaultVTYs = 5 // line vty 0 4
	defaultIdle = 10 * time.Minute
)

// Vacant is the vty that the next who comes would be on; not ok: none is free.
func (sh *Shell) Vacant() (v VTY, ok bool) {
	n := sh.freeFrom
	for n < len(sh.vtys) && sh.vtys[n] != nil {
		n++
	}
	return sh.vty(n)
}

// vty is a line as it is configured.
func (sh *Shell) vty(n int) (v VTY, ok bool) {
	c := sh.device.Running()
	v = VTY{SSH: true, Telnet: true, Idle: defaultIdle, Length: defaultLength, Width: defaultWidth}
	if slices.Contains(c.Kept, "aaa new-model") {
		v.Login = LoginLocal
	}
	exists := n < defaultVTYs
	for s := range c.Sections.All() {
		if first, last, is := vtys(s.Head); is && n >= first && n <= last {
			exists = true
			for _, line := range s.Kept {
				v.read(line)
			}
		}
	}
	return v, exists
}

// vtys are the numbers behind `line vty`.
func vtys(head string) (first, last int, is bool) {
	f := strings.Fields(head)
	if len(f) < 3 || f[0] != "line" || f[1] != "vty" {
		return 0, 0, false
	}
	first, _ = strconv.Atoi(f[2])
	last, _ = strconv.Atoi(f[len(f)-1])
	return first, last, true
}

// Banners are the texts that who comes is shown.
func (sh *Shell) Banners() iosconfig.Banners { return sh.device.Running().Banners }

// Account finds a user. Not ok: there is none of that name.
func (sh *Shell) Account(name string) (a Account, ok bool) {
	c := sh.device.Running()
	for _, line := range c.Kept {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "username" && f[1] == name && !(len(f) > 2 && f[2] == iosconfig.AutoCommand) {
			a, ok = accountOf(f[1:]), true
		}
	}
	if u := c.SSHUsers.Get(name); ok && u != nil {
		a.Keys = u.Keys
	}
	return a, ok
}

// accountOf reads NAME [privilege N] [secret|password …].
func accountOf(f []string) Account {
	a := Account{Name: f[0]}
	for i := 1; i+1 < len(f); i++ {
		switch word := f[i]; {
		case strings.HasPrefix("privilege", word):
			n, _ := strconv.Atoi(f[i+1])
			a.Privileged = n == mostPrivileged
			i++
		case strings.HasPrefix("secret", word), strings.HasPrefix("password", word):
			a.Password = credentialOf(f[i+1:])
			return a
		}
	}
	return a
}
