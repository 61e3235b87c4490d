package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"syscall"
)

// Of linux/xfrm.h and linux/netlink.h.
const (
	netlinkXFRM  = 6
	xfrmGetSA    = 0x12
	infoDst      = 56 // in xfrm_usersa_info: the selector comes first
	infoSPI      = 72
	infoSrc      = 80
	infoPackets  = 168 // curlft.packets
	infoFamily   = 212
	infoSmallest = 216
)

// pairs prints the kernel's SAs: source, destination, SPI and packets of each.
func pairs(out io.Writer, _ []string) error {
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, netlinkXFRM)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	request := make([]byte, syscall.NLMSG_HDRLEN+40)
	binary.NativeEndian.PutUint32(request, uint32(len(request)))
	binary.NativeEndian.PutUint16(request[4:], xfrmGetSA)
	binary.NativeEndian.PutUint16(request[6:], syscall.NLM_F_REQUEST|syscall.NLM_F_DUMP)
	if err := syscall.Sendto(s, request, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return err
	}
	for answer := make([]byte, 1<<16); ; {
		n, _, err := syscall.Recvfrom(s, answer, 0)
		if err != nil {
			return err
		}
		messages, err := syscall.ParseNetlinkMessage(answer[:n])
		if err != nil {
			return err
		}
		for _, m := range messages {
			switch {
			case m.Header.Type == syscall.NLMSG_DONE:
				return nil
			case m.Header.Type == syscall.NLMSG_ERROR:
				return fmt.Errorf("netlink refuses")
			case len(m.Data) >= infoSmallest:
				n := net.IPv4len
				if binary.NativeEndian.Uint16(m.Data[infoFamily:]) == syscall.AF_INET6 {
					n = net.IPv6len
				}
				fmt.Fprintf(out, "%v %v %08x %d\n", net.IP(m.Data[infoSrc:infoSrc+n]), net.IP(m.Data[infoDst:infoDst+n]),
					binary.BigEndian.Uint32(m.Data[infoSPI:]), binary.NativeEndian.Uint64(m.Data[infoPackets:]))
			}
		}
	}
}
