//go:build !linux

package hostlink

import (
	"errors"
	"fmt"
	"net"
)

var errPlatform = errors.New("only Linux has such doors")

// OpenTap makes an interface of the kernel.
func OpenTap(string, int) (Link, error) { return nil, fmt.Errorf("hostlink: tap: %w", errPlatform) }

// OpenPacket opens an interface that is there.
func OpenPacket(string) (Link, error) { return nil, fmt.Errorf("hostlink: host: %w", errPlatform) }

// neverFragment is left to the system.
func neverFragment(*net.UDPConn) error { return nil }

// refusal is an error in sending.
func refusal(err error) error { return err }
