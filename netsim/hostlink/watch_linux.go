package hostlink

import (
	"errors"
	"net"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// watch tells how an interface is whenever the kernel says that some
// interface has changed (rtnetlink).
type watch struct {
	index  int
	news   *os.File
	judge  func(net.Flags) bool // whether it is up
	reader sync.WaitGroup       // of frames too
}

func newWatch(index int, judge func(net.Flags) bool) (*watch, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, os.NewSyscallError("netlink", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: unix.RTMGRP_LINK}); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("netlink", err)
	}
	return &watch{index: index, news: os.NewFile(uintptr(fd), "netlink"), judge: judge}, nil
}

// state asks the kernel. An interface that has got another name is still the
// same; one that went into another namespace is gone.
func (w *watch) state() State {
	i, err := net.InterfaceByIndex(w.index)
	if err != nil {
		return State{Gone: true}
	}
	return State{Up: w.judge(i.Flags), MTU: i.MTU}
}

// follow tells the state, first and whenever it has changed, until the
// interface is gone or close.
func (w *watch) follow(tell func(State)) {
	last := w.state()
	tell(last)
	buf := make([]byte, 1<<16)
	for !last.Gone {
		_, err := w.news.Read(buf) // news that were lost are news as well
		if err != nil && !errors.Is(err, unix.ENOBUFS) {
			return
		}
		if s := w.state(); s != last {
			last = s
			tell(s)
		}
	}
}

func (w *watch) close() error {
	err := fileClosed(w.news.Close())
	w.reader.Wait()
	return err
}
