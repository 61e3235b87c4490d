package hostlink

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// neverFragment has the kernel refuse what is longer than the way to the peer
// takes.
func neverFragment(conn *net.UDPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	err = raw.Control(func(fd uintptr) {
		six := unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_DO)
		failure = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DO)
		if failure != nil && six == nil { // a socket of IPv6 alone
			failure = nil
		}
	})
	return errors.Join(err, failure)
}

// refusal is an error in sending, without what passes: on a cable too nobody
// hears of a peer that does not listen.
func refusal(err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return nil
	}
	return err
}

// lacking says which capability an operation was refused for.
func lacking(err error, capability string) error {
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		return fmt.Errorf("%w %s: run it as root, or give the program this capability (setcap %s+ep FILE)", ErrCapability, capability, capability)
	}
	return err
}

// command carries out an ioctl on an interface, by its name, on a socket that
// need be nothing else.
func command(name string, fill func(*unix.Ifreq), request uint) (*unix.Ifreq, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not the name of an interface", name)
	}
	if fill != nil {
		fill(ifr)
	}
	return ifr, unix.IoctlIfreq(fd, request, ifr)
}

// device is what a door reads from and writes to, with what is known of its
// interface.
type device struct {
	counters
	kind  string
	index int
	file  *os.File
	watch *watch
}

// Carrier makes a Link of it.
func (d *device) Carrier(bool) error { return nil }

// Close makes a Link of it.
func (d *device) Close() error {
	return errors.Join(closed(d.kind, fileClosed(d.file.Close())), d.watch.close())
}

// fileClosed is what closing a file said, unless it was closed before.
func fileClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
