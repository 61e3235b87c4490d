// Package decode tells what IKE and ESP packets of a capture say, whoever sent
// them: files are taken apart to the messages, which are read by the engine's
// codec and printed by the renderer of `debug crypto ikev2 packet`.
//
//	keys, problems := decode.ReadKeys(ikev2Table, espTable) // Wireshark's formats
//	d, err := decode.New(file, keys)
//	for found, err := d.Next(); err == nil; found, err = d.Next() { … found.Text() … d.JSON(found) … }
//
// The way of a packet: link.go finds the IP packet in a frame, ip.go the datagram
// in IP packets (fragments of both versions), decode.go whether it is IKE, ESP or
// a keepalive (RFC 3948), ike.go opens messages and puts the fragments of RFC 7383
// together, esp.go verifies and opens ESP, inner.go says in a line what was
// inside. What is broken is said so, and so is what there are no keys for. What
// waits for its other parts is bounded: whoever fills a capture with beginnings
// loses the oldest.
package decode
