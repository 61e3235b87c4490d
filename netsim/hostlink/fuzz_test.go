package hostlink

import (
	"bytes"
	"net"
	"testing"
	"time"
)

// FuzzDoor: a frame arrives as it was sent, whatever it is.
func FuzzDoor(f *testing.F) {
	for _, frame := range [][]byte{{}, {0}, make([]byte, 14), bytes.Repeat([]byte{0xff}, 1514), make([]byte, 9000)} {
		f.Add(frame)
	}
	peer, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(loopback))
	if err != nil {
		f.Fatal(err)
	}
	defer peer.Close()
	door, err := OpenUDP(loopback, plain(peer.LocalAddr().(*net.UDPAddr).AddrPort()))
	if err != nil {
		f.Fatal(err)
	}
	defer door.Close()
	in := make(chan []byte, 1)
	door.Start(func(frame []byte) { in <- frame }, func(State) {})
	f.Fuzz(func(t *testing.T, frame []byte) {
		if _, err := peer.WriteToUDPAddrPort(frame, door.Local()); err != nil {
			return // longer than a datagram
		}
		select {
		case got := <-in:
			if !bytes.Equal(got, frame) {
				t.Fatalf("%x came of %x", got, frame)
			}
		case <-time.After(patience):
			t.Fatal("no frame")
		}
	})
}
