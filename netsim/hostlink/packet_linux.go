package hostlink

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// packet is a packet socket at an interface that is there.
type packet struct {
	device
	raw syscall.RawConn
}

// OpenPacket takes the frames of an interface, whoever they are for, and sends
// from it. The interface stays as it is; the kernel goes on using it as well.
func OpenPacket(name string) (Link, error) {
	p, err := openPacket(name)
	if err != nil {
		return nil, fmt.Errorf("hostlink: interface %s: %w", name, err)
	}
	return p, nil
}

func openPacket(name string) (*packet, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, lacking(os.NewSyscallError("socket", err), "cap_net_raw")
	}
	p := &packet{device: device{kind: "interface " + name, file: os.NewFile(uintptr(fd), name)}}
	i, err := net.InterfaceByName(name)
	if err == nil {
		p.index = i.Index
		err = p.prepare(fd)
	}
	if err == nil {
		p.watch, err = newWatch(p.index, func(f net.Flags) bool { return f&net.FlagUp != 0 && f&net.FlagRunning != 0 })
	}
	if err != nil {
		return nil, errors.Join(bareInterface(err), p.file.Close())
	}
	return p, nil
}

// bareInterface is an error without "route ip+net", which net puts before it.
func bareInterface(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// prepare has the socket see all frames but our own, with what the kernel keeps
// beside them: tags, and work for the network card.
func (p *packet) prepare(fd int) error {
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer)
	for _, option := range []int{unix.PACKET_VNET_HDR, unix.PACKET_AUXDATA, unix.PACKET_IGNORE_OUTGOING} {
		if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, option, 1); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	all := uint16(unix.ETH_P_ALL)
	all = all<<8 | all>>8 // in network order
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: p.index}); err != nil {
		return os.NewSyscallError("bind", err)
	}
	everything := &unix.PacketMreq{Ifindex: int32(p.index), Type: unix.PACKET_MR_PROMISC}
	if err := unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, everything); err != nil {
		return os.NewSyscallError("promiscuous mode", err)
	}
	var err error
	p.raw, err = p.file.SyscallConn()
	return err
}

// Start makes a Link of it.
func (p *packet) Start(deliver func(frame []byte), tell func(State)) {
	p.watch.reader.Go(func() { p.watch.follow(tell) })
	p.watch.reader.Go(func() { p.read(deliver) })
}

// read delivers frames until the socket is closed. An interface that goes down
// is an error of one read, and no end.
func (p *packet) read(deliver func(frame []byte)) {
	buf, beside := make([]byte, offloadHeader+1<<16), make([]byte, 256)
	for failures := 0; failures < readErrorLimit; {
		var n, m int
		var failure error
		err := p.raw.Read(func(fd uintptr) bool {
			n, m, _, _, failure = unix.Recvmsg(int(fd), buf, beside, 0)
			return !errors.Is(failure, unix.EAGAIN) && !errors.Is(failure, unix.EINTR)
		})
		switch {
		case err != nil:
			return
		case failure != nil:
			failures++
			continue
		}
		failures = 0
		p.take(buf[:n], beside[:m], deliver)
	}
}

// take delivers what a read brought.
func (p *packet) take(data, beside []byte, deliver func(frame []byte)) {
	if len(data) < offloadHeader+minFrame {
		p.malformed.Add(1)
		return
	}
	frames, err := parseOffload(data).do(data[offloadHeader:])
	if err != nil {
		p.malformed.Add(1)
		return
	}
	for _, frame := range frames {
		p.received.Add(1)
		deliver(withTag(frame, beside))
	}
}

// withTag is a copy of a frame with the VLAN tag that the kernel took out.
func withTag(frame, beside []byte) []byte {
	messages, err := unix.ParseSocketControlMessage(beside)
	for _, m := range messages {
		const size = 20 // of struct tpacket_auxdata
		if err != nil || m.Header.Level != unix.SOL_PACKET || m.Header.Type != unix.PACKET_AUXDATA || len(m.Data) < size {
			continue
		}
		status := binary.NativeEndian.Uint32(m.Data)
		if status&unix.TP_STATUS_VLAN_VALID == 0 {
			continue
		}
		kind := uint16(0x8100)
		if status&unix.TP_STATUS_VLAN_TPID_VALID != 0 {
			kind = binary.NativeEndian.Uint16(m.Data[18:])
		}
		tagged := append(make([]byte, 0, len(frame)+4), frame[:12]...)
		tagged = binary.BigEndian.AppendUint16(tagged, kind)
		tagged = binary.BigEndian.AppendUint16(tagged, binary.NativeEndian.Uint16(m.Data[16:]))
		return append(tagged, frame[12:]...)
	}
	return append([]byte(nil), frame...)
}

// Send makes a Link of it.
func (p *packet) Send(frame []byte) error {
	_, err := p.file.Write(append(make([]byte, offloadHeader, offloadHeader+len(frame)), frame...))
	return p.after(p.kind, bare(err))
}
