package line

import "unicode/utf8"

// kind says what a key is: a character, or what a sequence stands for.
type kind uint8

const (
	character kind = iota
	named          // an arrow and its like, by the last octet of its sequence
	meta           // a character behind Escape
)

// sequence follows the octets of one key: an escape sequence, or a character in
// UTF-8.
type sequence struct {
	escape byte   // what of an escape sequence has come: 0, ESC, '[' or 'O'
	number byte   // its first parameter, a digit
	long   bool   // it has more than that one
	octets []byte // of a character
}

// take takes an octet; whole says that a key is complete with it. A sequence
// that means nothing is no key.
func (s *sequence) take(b byte) (r rune, how kind, whole bool) {
	switch {
	case s.escape == 0x1b && (b == '[' || b == 'O'):
		s.escape, s.number, s.long = b, 0, false
		return 0, named, false
	case b == 0x1b:
		*s = sequence{escape: b}
		return 0, meta, false
	case s.escape == 0x1b:
		s.escape = 0
		return rune(b), meta, true
	case s.escape != 0 && b < ' ': // no sequence has a control character in it
		*s = sequence{}
	case s.escape == '[' && (b < 0x40 || b > 0x7e): // parameters, up to the final octet
		s.long = s.long || s.number != 0
		if s.number == 0 {
			s.number = b
		}
		return 0, named, false
	case s.escape != 0:
		s.escape = 0
		if b == '~' && !s.long {
			b = s.number
		}
		return rune(b), named, !s.long
	}
	return s.character(b)
}

func (s *sequence) character(b byte) (rune, kind, bool) {
	if b < utf8.RuneSelf || utf8.RuneStart(b) {
		s.octets = s.octets[:0]
	}
	s.octets = append(s.octets, b)
	if len(s.octets) < utf8.UTFMax && !utf8.FullRune(s.octets) {
		return 0, character, false
	}
	r, _ := utf8.DecodeRune(s.octets)
	s.octets = s.octets[:0]
	return r, character, true
}
