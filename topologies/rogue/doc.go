// Package rogue is a peer that speaks IKEv2 and ESP and misbehaves. It is a
// node with an address of its own, completes every exchange in either role with
// the key that it is given, and sends whatever it is told to:
//
//	p := rogue.New(rogue.Settings{Address: a, Router: r, Key: key, Suite: suite}, random, wake)
//	c, err := rogue.Find("version 3.0")
//	t := &rogue.Talk{Peer: p, Pass: func(d time.Duration) { … }}
//	c.Begin(t)                              // what there is between the two when it begins
//	heard := c.Play(t)                      // to be compared with c.Want
//
// As initiator it sends honest messages, messages in which every length is a
// lie, and any octets sealed with the right keys; as responder it answers what a
// router asks, and a case may bend each answer before it leaves: change, multiply or
// withhold it. A Case is one misbehaviour with the sentence of the
// RFC that says what is owed in return: the table in cases.go has them all, in
// the families of what is wrong (cases_*.go).
//
// It computes without delay and retransmits nothing: whoever plays a case lets
// virtual time pass. Flood is the one thing that it does by itself.
package rogue
