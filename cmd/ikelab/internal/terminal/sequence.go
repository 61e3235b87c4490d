package terminal

import "unicode/utf8"

// keySequence follows the octets of one key: an escape sequence, or a character
// in UTF-8.
type keySequence struct {
	escape byte // what of an escape sequence has come: 0, ESC, '[' or 'O'
	more   int  // octets that a character still lacks
}

// open says whether octets of the key are still to come.
func (s *keySequence) open() bool { return s.escape != 0 || s.more > 0 }

func (s *keySequence) take(b byte) {
	switch {
	case s.escape == 0x1b && (b == '[' || b == 'O'):
		s.escape = b
	case s.escape == '[' && (b < 0x40 || b > 0x7e): // parameters, up to the final octet
	case s.escape != 0:
		s.escape = 0
	case b == 0x1b:
		s.escape, s.more = b, 0
	case utf8.RuneStart(b):
		s.more = following(b)
	case s.more > 0:
		s.more--
	}
}

// following is how many octets follow the first of a character.
func following(b byte) int {
	switch {
	case b >= 0xf0:
		return 3
	case b >= 0xe0:
		return 2
	case b >= 0xc0:
		return 1
	}
	return 0
}
