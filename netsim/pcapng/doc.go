// Package pcapng appends the blocks of a capture file to a buffer
// (draft-ietf-opsawg-pcapng), one block a call:
//
//	b = pcapng.AppendSection(nil)
//	b = pcapng.AppendInterface(b, "R1:Ethernet0/0 <-> R2:Ethernet0/0")
//	b = pcapng.AppendPacket(b, pcapng.Packet{Nano: nanoseconds, Data: frame, Number: 7, Comment: "dropped: lost"})
//
// It allocates nothing where the buffer has room, and imports nothing of ours.
package pcapng
