package ikev2

import "errors"

// The reasons of Refused events, besides the codec's own.
var (
	ErrUnknownSPI   = errors.New("ikev2: no IKE SA with these SPIs")
	ErrAddress      = errors.New("ikev2: message from another address than the SA's")
	ErrUnexpected   = errors.New("ikev2: message does not fit the state of the SA")
	ErrMessageID    = errors.New("ikev2: message id outside the window")
	ErrLimit        = errors.New("ikev2: too many IKE SAs")
	ErrBadHeader    = errors.New("ikev2: header does not fit the exchange")
	ErrInProgress   = errors.New("ikev2: request is being processed already")
	ErrRetransmit   = errors.New("ikev2: retransmitted request was answered again")
	ErrStaleReply   = errors.New("ikev2: response to no outstanding request")
	ErrSelfDatagram = errors.New("ikev2: message from ourselves")
)
