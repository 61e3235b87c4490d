package iosconfig

import (
	"slices"
	"strings"
)

// Passwords of type 7, which `service password-encryption` makes of those in clear.

// passwordEncryption is the command.
const passwordEncryption = "service password-encryption"

// HidesPasswords says whether what is typed in clear is kept as type 7.
func (c *Config) HidesPasswords() bool { return slices.Contains(c.Kept, passwordEncryption) }

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
			line = "username " + words[1] + " " + hideUserPassword(words[2])
		}
		list = append(list, line)
	}
	return list
}

// hideUserPassword is what stands behind the name of a user. A secret is a hash already.
func hideUserPassword(rest string) string {
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
