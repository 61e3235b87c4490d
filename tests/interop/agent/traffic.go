//go:build linux

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// patience is how long an echo or a transfer may take on a machine that does
// other things.
const patience = 30 * time.Second

// writeText writes what goes over TCP, either way.
func writeText(w io.Writer) error {
	b := bufio.NewWriter(w)
	for i := range 20000 {
		_, _ = fmt.Fprintln(b, i+1)
	}
	return b.Flush()
}

func sumOf(r io.Reader) string {
	sum := sha256.New()
	_, _ = io.Copy(sum, r)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func serve(address string, talk func(io.ReadWriter)) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() { defer c.Close(); talk(c) }()
	}
}

func dial(address string) (*net.TCPConn, error) {
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	return c.(*net.TCPConn), c.SetDeadline(time.Now().Add(patience))
}

// get prints the checksum of the text that a host gives.
func get(out io.Writer, args []string) error {
	c, err := dial(net.JoinHostPort(args[0], "5000"))
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = fmt.Fprintln(out, sumOf(c))
	return err
}

// put gives a host the text and prints the checksum that it answers with.
func put(out io.Writer, args []string) error {
	c, err := dial(net.JoinHostPort(args[0], "5001"))
	if err != nil {
		return err
	}
	defer c.Close()
	if err := writeText(c); err != nil {
		return err
	}
	if err := c.CloseWrite(); err != nil {
		return err
	}
	_, err = io.Copy(out, c)
	return err
}

// ping sends so many echoes to an address and prints how many of them came back;
// a third argument says how many seconds it waits for each.
func ping(out io.Writer, args []string) error {
	limit := patience
	if len(args) > 2 {
		seconds, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		limit = time.Duration(seconds) * time.Second
	}
	e := echo4
	if strings.Contains(args[0], ":") {
		e = echo6
	}
	c, err := net.ListenPacket(e.network, "")
	if err != nil {
		return err
	}
	defer c.Close()
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	came := 0
	for i := range n {
		if e.answered(c, args[0], uint16(i), limit) {
			came++
		}
	}
	_, err = fmt.Fprintf(out, "%d of %d\n", came, n)
	return err
}

// echo is that of a family: its sockets, and the types of request and reply.
type echo struct {
	network        string
	request, reply byte
}

var echo4, echo6 = echo{"ip4:icmp", 8, 0}, echo{"ip6:ipv6-icmp", 128, 129}

// answered says whether an echo was answered. Of ICMPv6 the kernel makes the checksum.
func (e echo) answered(c net.PacketConn, to string, seq uint16, limit time.Duration) bool {
	id := uint16(os.Getpid()) + uint16(time.Now().UnixNano()>>10)
	request := binary.BigEndian.AppendUint16([]byte{e.request, 0, 0, 0}, id)
	request = binary.BigEndian.AppendUint16(request, seq)
	request = append(request, "from a guest, an even number of octets"...)
	binary.BigEndian.PutUint16(request[2:], checksum(request))
	if _, err := c.WriteTo(request, &net.IPAddr{IP: net.ParseIP(to)}); err != nil {
		return false
	}
	_ = c.SetReadDeadline(time.Now().Add(limit))
	for reply := make([]byte, 1500); ; {
		n, from, err := c.ReadFrom(reply)
		if err != nil {
			return false
		}
		if n >= 8 && reply[0] == e.reply && from.String() == to &&
			binary.BigEndian.Uint16(reply[4:]) == id && binary.BigEndian.Uint16(reply[6:]) == seq {
			return true
		}
	}
}

// checksum is the Internet checksum (RFC 1071) of an even number of octets.
func checksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	sum = sum>>16 + sum&0xffff
	return ^uint16(sum>>16 + sum)
}
