// Package logs reads what a router printed: IKEv2 debug and syslog of IOS 15, IOS XE 16
// and later, and ASA, as people keep them, and rebuilds the conversations.
//
//	log := logs.Read(data)
//	log.Sides    // an IKE SA as one router saw it: role, identities, suite, messages, result
//	log.Faults   // what failed by the evidence of its lines, with what to do about it
//	log.Unread   // the lines that say nothing to the reader, counted by kind
//
// A log may be cut, wrapped at the edge of a terminal, of several routers at once, and
// have anything between its lines. Each line is cleaned (clean.go), taken apart
// into who says it about which SA (line.go) and matched with the table of
// sentences (form.go, sentences.go, dump.go, known.go): what they mean goes into the Side (side.go)
// that the line is about (reader.go). The sentences that routers here print are those of room sentence,
// from which they are printed; others are texts here.
//
// A list of packets, as people make them of captures, is read as well (list.go): it shows both ends.
//
// What a log does not show is not guessed: a field is empty then, and a fault says which
// debug, at which end, would show it (diagnose.go).
package logs
