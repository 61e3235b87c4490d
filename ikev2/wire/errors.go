package wire

import (
	"errors"
	"fmt"
)

// The ways in which octets are not a message that we take. Each is wrapped
// with the place and the numbers that broke the rule.
var (
	ErrSyntax    = errors.New("wire: malformed message")
	ErrVersion   = errors.New("wire: major version is not 2")
	ErrIntegrity = errors.New("wire: integrity check failed")
	ErrGrammar   = errors.New("wire: payloads do not fit the exchange")
	// ErrAuthentic marks errors found after the integrity check: the peer
	// itself sent this, so it is owed an answer (RFC 7296 2.21).
	ErrAuthentic = errors.New("wire: inside an authentic message")
)

// ErrUnsupportedCritical is a payload type that we do not know and that its
// sender marked critical (RFC 7296 2.5).
type ErrUnsupportedCritical struct{ Type PayloadType }

// Error names the type.
func (e ErrUnsupportedCritical) Error() string {
	return fmt.Sprintf("wire: unsupported critical payload %d", uint8(e.Type))
}

// A syntaxError is an ErrSyntax that knows its place: "SA: proposal 2: ".
type syntaxError struct{ place, what string }

func (e *syntaxError) Error() string { return ErrSyntax.Error() + ": " + e.place + e.what }
func (e *syntaxError) Unwrap() error { return ErrSyntax }

func syntax(format string, args ...any) error {
	return &syntaxError{what: fmt.Sprintf(format, args...)}
}

// in puts the surrounding structure in front of a syntax error's place. Other
// errors pass.
func in(err error, format string, args ...any) error {
	var s *syntaxError
	if !errors.As(err, &s) {
		return err
	}
	return &syntaxError{place: fmt.Sprintf(format, args...) + ": " + s.place, what: s.what}
}
