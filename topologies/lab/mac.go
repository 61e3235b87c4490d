package lab

import (
	"encoding/binary"
	"hash/fnv"
	"io"
)

// macPool gives the ports of a lab their Ethernet addresses: two octets that
// make labs differ that a link to the host's network may join, and a number.
type macPool struct {
	lab  [2]byte
	used int
}

// newMACPool draws the octets of the lab if there is entropy, so that two runs
// of one file may meet; without, they come from its name.
func newMACPool(name string, random io.Reader) (p macPool, err error) {
	if random != nil {
		_, err = io.ReadFull(random, p.lab[:])
		return p, err
	}
	h := fnv.New32a()
	_, _ = io.WriteString(h, name) // never fails
	binary.BigEndian.PutUint16(p.lab[:], uint16(h.Sum32()))
	return p, nil
}

// take gives the next n addresses, by port: unicast, locally administered.
func (p *macPool) take(n int) func(port int) [6]byte {
	first, lab := p.used, p.lab
	p.used += n
	return func(port int) [6]byte {
		n := first + port
		return [6]byte{0xaa, lab[0], lab[1], byte(n >> 16), byte(n >> 8), byte(n)}
	}
}
