package ikev2

import (
	"encoding/binary"
	"time"
)

func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

func spiOctets[T ~uint32](spi T) []byte { return binary.BigEndian.AppendUint32(nil, uint32(spi)) }

var noTime time.Time
