// Package rogue is a peer that speaks IKEv2 and ESP and misbehaves. It is a
// node on a segment with an address of its own, completes every exchange in
// either role with the keys that it is given, and sends whatever it is told to:
//
//	p, err := rogue.Join(l, "LAN", rogue.Settings{Name: "ROGUE", Address: a, Router: r, Key: key})
//
// As initiator it sends honest messages, messages in which every length is a
// lie, and any octets sealed with the right keys; as responder it answers what a
// router asks, and Bend sees each answer before it leaves and may change,
// multiply or withhold it. A Case is one misbehaviour with the sentence of the
// RFC that says what is owed in return: the table in cases.go has them all, in
// the families of what is wrong (cases_*.go).
//
// It computes without delay and retransmits nothing: whoever plays a case lets
// virtual time pass. Flood is the one thing that it does by itself.
package rogue
