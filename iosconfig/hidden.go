package iosconfig

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
)

// Passwords of type 7, which `service password-encryption` makes of those in clear.

// passwordEncryption is the command.
const passwordEncryption = "service password-encryption"

// HidesPasswords says whether what is typed in clear is kept as type 7.
func (c *Config) HidesPasswords() bool { return slices.Contains(c.Kept, passwordEncryption) }

// hide7 is a text as type 7. Nothing here is random, so that a file is read alike each
// time: where in the key it begins follows from the text.
func hide7(text string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text)) // it never fails
	from := int(h.Sum32() % 16)
	hidden := fmt.Sprintf("%02d", from)
	for i := range len(text) {
		hidden += fmt.Sprintf("%02X", text[i]^key7[(from+i)%len(key7)])
	}
	return hidden
}

// HidePassword is what stands behind `password`, with a text in clear as type 7.
func HidePassword(rest string) string {
	head, text := "", rest
	if after, ok := strings.CutPrefix(text, "level "); ok {
		level, behind, _ := strings.Cut(after, " ")
		head, text = "level "+level+" ", behind
	}
	if kind, after, typed := strings.Cut(text, " "); typed && len(kind) == 1 && kind[0] >= '0' && kind[0] <= '9' {
		if kind != "0" {
			return rest
		}
		text = after
	}
	if text == "" {
		return rest
	}
	return head + "7 " + hide7(text)
}

// HidePasswords are lines with the passwords in clear that they have as type 7.
func HidePasswords(lines []string) []string {
	var list []string
	for _, line := range lines {
		words := strings.SplitN(line, " ", 3)
		switch {
		case words[0] == "password" && len(words) > 1:
			line = "password " + HidePassword(strings.TrimPrefix(line, "password "))
		case words[0] == "enable" && len(words) > 2 && words[1] == "password":
			line = "enable password " + HidePassword(words[2])
		case words[0] == "username" && len(words) > 2:
			line = "username " + words[1] + " " + HideUserPassword(words[2])
		}
		list = append(list, line)
	}
	return list
}

// HideUserPassword is what stands behind the name of a user. A secret is a hash already.
func HideUserPassword(rest string) string {
	words := strings.Fields(rest)
	for i, w := range words {
		if strings.HasPrefix("secret", w) {
			return rest
		}
		if strings.HasPrefix("password", w) && i+1 < len(words) {
			return strings.Join(words[:i], " ") + pad(i) + "password " + HidePassword(strings.Join(words[i+1:], " "))
		}
	}
	return rest
}

func pad(n int) string {
	if n == 0 {
		return ""
	}
	return " "
}

// key7 is what type 7 adds to a text: it hides, and protects nothing.
const key7 = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

// reveal7 is the text behind a type 7 password, "" of what is none.
func reveal7(hidden string) string {
	digits := func(s string, base int) int {
		n := 0
		for _, c := range strings.ToUpper(s) {
			d := strings.IndexRune("0123456789ABCDEF", c)
			if d < 0 || d >= base {
				return -1
			}
			n = n*base + d
		}
		return n
	}
	if len(hidden) < 4 || len(hidden)%2 != 0 || digits(hidden[:2], 10) < 0 {
		return ""
	}
	from := digits(hidden[:2], 10)
	var text []byte
	for i := 2; i < len(hidden); i += 2 {
		c := digits(hidden[i:i+2], 16)
		if c < 0 {
			return ""
		}
		text = append(text, byte(c)^key7[(from+i/2-1)%len(key7)])
	}
	return string(text)
}
