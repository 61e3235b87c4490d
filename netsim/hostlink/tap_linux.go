package hostlink

import (
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// tap is an interface of the kernel whose cable ends here.
type tap struct{ device }

// OpenTap makes an interface of that name, which is gone when the link is
// closed or the program ends, however it ends; one that is there and was made
// to last, by `ip tuntap add`, is used and stays. Its MTU is set unless it is 0.
func OpenTap(name string, mtu int) (Link, error) {
	fd, err := attachTap(name)
	if err != nil {
		return nil, fmt.Errorf("hostlink: tap %s: %w", name, err)
	}
	t := &tap{device{kind: "tap " + name, file: os.NewFile(uintptr(fd), name)}}
	if err := t.ready(name, mtu); err != nil {
		return nil, errors.Join(fmt.Errorf("hostlink: tap %s: %w", name, err), t.file.Close())
	}
	return t, nil
}

func attachTap(name string) (int, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return 0, lacking(&os.PathError{Op: "open", Path: "/dev/net/tun", Err: err}, "cap_net_admin")
	}
	ifr, err := unix.NewIfreq(name)
	if err != nil {
		err = fmt.Errorf("%q is not the name of an interface", name)
	} else {
		ifr.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI)
		err = lacking(unix.IoctlIfreq(fd, unix.TUNSETIFF, ifr), "cap_net_admin")
	}
	switch {
	case err == nil:
		return fd, nil
	case errors.Is(err, unix.EBUSY):
		err = errors.New("another program has it")
	case errors.Is(err, unix.EINVAL):
		err = errors.New("there is an interface of that name, which is no tap")
	}
	unix.Close(fd)
	return 0, err
}

// ready has the interface up, with its MTU. Of one that was made for us by
// somebody with more rights, that may have been done already.
func (t *tap) ready(name string, mtu int) error {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return err
	}
	t.index = i.Index
	if mtu > 0 && i.MTU != mtu {
		if _, err := command(name, func(r *unix.Ifreq) { r.SetUint32(uint32(mtu)) }, unix.SIOCSIFMTU); err != nil {
			return fmt.Errorf("MTU %d: %w", mtu, lacking(err, "cap_net_admin"))
		}
	}
	if i.Flags&net.FlagUp == 0 {
		if err := bringUp(name); err != nil {
			return fmt.Errorf("bring it up: %w", lacking(err, "cap_net_admin"))
		}
	}
	t.watch, err = newWatch(t.index, func(f net.Flags) bool { return f&net.FlagUp != 0 })
	return err
}

func bringUp(name string) error {
	now, err := command(name, nil, unix.SIOCGIFFLAGS)
	if err != nil {
		return err
	}
	_, err = command(name, func(r *unix.Ifreq) { r.SetUint16(now.Uint16() | unix.IFF_UP) }, unix.SIOCSIFFLAGS)
	return err
}

// Start makes a Link of it.
func (t *tap) Start(deliver func(frame []byte), tell func(State)) {
	t.watch.reader.Go(func() { t.watch.follow(tell) })
	t.watch.reader.Go(func() {
		buf := make([]byte, 1<<16)
		for {
			n, err := t.file.Read(buf)
			if err != nil {
				return // closed, or the interface is gone, of which the watch tells
			}
			t.received.Add(1)
			deliver(append([]byte(nil), buf[:n]...))
		}
	})
}

// Send makes a Link of it. A frame for an interface that is down is lost.
func (t *tap) Send(frame []byte) error {
	_, err := t.file.Write(frame)
	return t.after(t.kind, bare(err))
}

// Carrier makes a Link of it: the interface shows NO-CARRIER.
func (t *tap) Carrier(plugged bool) error {
	value := 0
	if plugged {
		value = 1
	}
	raw, err := t.file.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	err = raw.Control(func(fd uintptr) { failure = unix.IoctlSetPointerInt(int(fd), unix.TUNSETCARRIER, value) })
	if err = errors.Join(err, failure); err != nil {
		return fmt.Errorf("hostlink: %s: carrier: %w", t.kind, err)
	}
	return nil
}

// bare is an error without the name of the file, which is known.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
