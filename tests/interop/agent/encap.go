//go:build linux

package main

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// encap has the kernel take ESP out of UDP at port 4500 (RFC 3948), which it
// does for whoever has a socket there with this option of linux/udp.h.
func encap(io.Writer, []string) error {
	const udpEncap, espInUDP = 100, 2
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{Port: 4500})
	if err != nil {
		return err
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	err = raw.Control(func(fd uintptr) { failure = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_UDP, udpEncap, espInUDP) })
	go func() { _, _ = io.Copy(io.Discard, conn) }() // keeps it
	return errors.Join(err, failure)
}
