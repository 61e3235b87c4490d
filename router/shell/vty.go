package shell

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Login is how a vty finds out who comes.
type Login uint8

// The forms of `login` below `line vty`.
const (
	LoginLine  Login = iota // by the line's password: the default
	LoginLocal              // by a user's
	LoginNone               // not at all
)

// mostPrivileged is the highest level of privilege.
const mostPrivileged = 15

// VTY is a line on which somebody may come.
type VTY struct {
	Login       Login
	SSH, Telnet bool          // transport input
	Password    Credential    // the line's own
	Idle        time.Duration // exec-timeout; 0: none
	Privileged  bool          // privilege level 15
	Length      int           // of a page
	Width       int
}

// read takes a line of the section into account.
func (v *VTY) read(line string) {
	word, rest, _ := strings.Cut(line, " ")
	f := strings.Fields(rest)
	number := func(i int) int { // 0 where there is none
		n, _ := strconv.Atoi(strings.Join(f[min(i, len(f)):min(i+1, len(f))], ""))
		return n
	}
	switch word {
	case "login":
		v.Login = LoginLine
		if rest != "" {
			v.Login = LoginLocal // a list of AAA is the local database here
		}
	case "no":
		if rest == "login" {
			v.Login = LoginNone
		}
	case "transport":
		if f[0] == "input" {
			v.SSH, v.Telnet = allows(f, "ssh"), allows(f, "telnet")
		}
	case "privilege":
		v.Privileged = number(1) == mostPrivileged
	case "password":
		v.Password = credentialOf(f)
	case "length":
		v.Length = number(0)
	case "width":
		v.Width = number(0)
	case "exec-timeout":
		v.Idle = time.Duration(number(0))*time.Minute + time.Duration(number(1))*time.Second
	}
}

// allows says whether a list of transports has one.
func allows(list []string, transport string) bool {
	return slices.Contains(list, transport) || slices.Contains(list, "all")
}

// transports are the ways in which one comes to a line.
func (v *VTY) transports() []string {
	list := []string{}
	if v.Telnet {
		list = append(list, "telnet")
	}
	if v.SSH {
		list = append(list, "ssh")
	}
	return list
}
