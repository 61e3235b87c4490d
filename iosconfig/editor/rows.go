package editor

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Rows that many modes have.

// When returns a line if cond holds.
func When(cond bool, line string) []string {
	if cond {
		return []string{line}
	}
	return nil
}

// Number is a line of running-config for a number that is 0 by default.
func Number(command string, n int) []string {
	return When(n != 0, command+" "+strconv.Itoa(n))
}

// Word is a line of running-config for a text that is empty by default.
func Word(command, text string) []string {
	return When(text != "", command+" "+text)
}

// NumberRow is `COMMAND <N>`, where 0 stands for not configured.
func NumberRow[O any](command, limits, help string, field func(*O) *int) Row[O] {
	return Row[O]{
		Syntax: command + " / <n:" + limits + ">",
		Help:   help,
		Set:    func(e *At[O], a syntax.Args) error { *field(e.It) = a.Int("n"); return nil },
		Clear:  func(e *At[O], _ syntax.Args) error { *field(e.It) = 0; return nil },
		Show:   func(e *At[O]) []string { return Number(command, *field(e.It)) },
	}
}

// WordRow is `COMMAND <TEXT>`, where "" stands for not configured; typ is
// word or line.
func WordRow[O any](command, typ, help string, field func(*O) *string) Row[O] {
	return Row[O]{
		Syntax: command + " / <text:" + typ + ">",
		Help:   help,
		Set:    func(e *At[O], a syntax.Args) error { *field(e.It) = a.Word("text"); return nil },
		Clear:  func(e *At[O], _ syntax.Args) error { *field(e.It) = ""; return nil },
		Show:   func(e *At[O]) []string { return Word(command, *field(e.It)) },
	}
}

// AddressesRow is `COMMAND A.B.C.D [A.B.C.D …]`, so many at most; help is that of the word and of the
// addresses, as far as they have one of their own.
func AddressesRow[O any](most int, command, help string, field func(*O) *[]netip.Addr) Row[O] {
	form := ""
	for n := most; n > 1; n-- {
		form = " [<a" + strconv.Itoa(n) + ":ip>" + form + "]"
	}
	return Row[O]{
		Syntax: command + " / <a1:ip>" + form, Help: help + strings.Repeat("|Another one, of "+strconv.Itoa(most)+" at most", most-strings.Count(help, "|")),
		Set: func(e *At[O], a syntax.Args) error {
			var list []netip.Addr
			for n := 1; n <= most; n++ {
				name := "a" + strconv.Itoa(n)
				if to := a.Addr(name); a.Given(name) && !slices.Contains(list, to) {
					list = append(list, to)
				}
			}
			*field(e.It) = list
			return nil
		},
		Clear: func(e *At[O], _ syntax.Args) error { *field(e.It) = nil; return nil },
		Show: func(e *At[O]) []string {
			line := command
			for _, to := range *field(e.It) {
				line += " " + to.String()
			}
			return When(line != command, line)
		},
	}
}

// SwitchRow is a command without arguments that is off by default.
func SwitchRow[O any](command, help string, field func(*O) *bool) Row[O] {
	return Row[O]{
		Syntax: command,
		Help:   help,
		Set:    func(e *At[O], _ syntax.Args) error { *field(e.It) = true; return nil },
		Clear:  func(e *At[O], _ syntax.Args) error { *field(e.It) = false; return nil },
		Show:   func(e *At[O]) []string { return When(*field(e.It), command) },
	}
}

// Usually tells what holds where a row has no line of running-config.
func Usually[O any](row Row[O], line string) Row[O] {
	row.Usual = func(*At[O]) []string { return []string{line} }
	return row
}

// Unless returns n, or 0 when it is the default.
func Unless[T comparable](n, standard T) T {
	if n == standard {
		var zero T
		return zero
	}
	return n
}

// Without returns list without the given elements; none is nil, so that
// configurations can be compared.
func Without[T comparable](list, gone []T) []T {
	return orNil(slices.DeleteFunc(slices.Clone(list), func(x T) bool { return slices.Contains(gone, x) }))
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// Address is a line of running-config for an address that may be unset.
func Address(command string, a netip.Addr) []string {
	return When(a.IsValid(), command+" "+iosconfig.Upper(a))
}

// HostArg is an address, or that of the host that a line names. What begins with a digit
// is an address that is none.
func HostArg(l *Line, a syntax.Args, address, host string) (netip.Addr, error) {
	if !a.Given(host) {
		return a.Addr(address), nil
	}
	word := a.Word(host)
	if to, ok := l.Config.Host(word); ok {
		return to, nil
	}
	if word[0] <= '9' {
		return netip.Addr{}, a.Invalid(host)
	}
	return netip.Addr{}, syntax.Refuse("%% Unrecognized host or address.")
}

// NetArgs reads an address and its mask, refusing a mask with holes.
func NetArgs(a syntax.Args, address, mask string) (netip.Prefix, error) {
	p, ok := iosconfig.ParseNet(a.Addr(address), a.Addr(mask))
	if !ok {
		m := a.Addr(mask).As4()
		return p, syntax.Refuse("Bad mask 0x%X for address %v", binary.BigEndian.Uint32(m[:]), p.Addr())
	}
	return p, nil
}
