package wire

import (
	"errors"
	"fmt"
)

// The ways in which octets are not an IKEv2 message. Each is wrapped with the
// numbers that broke the rule.
var (
	ErrSyntax    = errors.New("wire: malformed message")
	ErrVersion   = errors.New("wire: major version is not 2")
	ErrIntegrity = errors.New("wire: integrity check failed")
	ErrGrammar   = errors.New("wire: payloads do not fit the exchange")
	// ErrAuthentic marks errors found after the integrity check: the peer
	// itself sent this.
	ErrAuthentic = errors.New("wire: inside an authentic message")
)

// ErrUnsupportedCritical is a payload type that we do not know and that its
// sender marked critical (RFC 7296 2.5).
type ErrUnsupportedCritical struct{ Type PayloadType }

// Error names the type.
func (e ErrUnsupportedCritical) Error() string {
	return fmt.Sprintf("wire: unsupported critical payload %d", uint8(e.Type))
}

func syntax(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSyntax, fmt.Sprintf(format, args...))
}
