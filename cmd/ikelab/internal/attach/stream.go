package attach

import (
	"encoding/binary"
	"errors"
	"io"
)

// What a visitor sends are frames: what it is, how long (two octets), and that.
const (
	typed  = 'k' // octets of his keyboard
	window = 'w' // columns and rows of his window, two octets each
	header = 3
	most   = 4096 // octets of a frame
)

var errFrame = errors.New("no frame of ikelab attach")

func writeFrame(to io.Writer, kind byte, body []byte) error {
	_, err := to.Write(append([]byte{kind, byte(len(body) >> 8), byte(len(body))}, body...))
	return err
}

func writeWindow(to io.Writer, columns, rows int) error {
	b := binary.BigEndian.AppendUint16(nil, uint16(min(max(columns, 0), 1<<16-1)))
	return writeFrame(to, window, binary.BigEndian.AppendUint16(b, uint16(min(max(rows, 0), 1<<16-1))))
}

// keyboard is what is typed in a stream of frames.
type keyboard struct {
	from   io.Reader
	ready  chan struct{} // closed when resize is there
	resize func(columns int)
	left   []byte
}

func (k *keyboard) Read(p []byte) (int, error) {
	<-k.ready
	for len(k.left) == 0 {
		if err := k.frame(); err != nil {
			return 0, err
		}
	}
	n := copy(p, k.left)
	k.left = k.left[n:]
	return n, nil
}

func (k *keyboard) frame() error {
	var head [header]byte
	if _, err := io.ReadFull(k.from, head[:]); err != nil {
		return err
	}
	length := int(binary.BigEndian.Uint16(head[1:]))
	if length > most {
		return errFrame
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(k.from, body); err != nil {
		return err
	}
	switch {
	case head[0] == typed:
		k.left = body
	case head[0] == window && length == 4:
		k.resize(int(binary.BigEndian.Uint16(body)))
	default:
		return errFrame
	}
	return nil
}
