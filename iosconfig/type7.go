package iosconfig

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// HideKey is a text in clear as type 7.
func HideKey(text string) string { return hide7(text) }

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
