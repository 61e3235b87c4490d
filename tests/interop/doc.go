// Package interop tries our routers with real peers: IKE daemons in a Linux
// kernel of their own (User Mode Linux) that does ESP, joined to a lab by udp
// links on the loopback. Neither needs privileges.
//
// A peer is a daemon and what it is told; a cell is one tunnel of ours with it;
// the matrix is all cells that a kind of peer can.
//
// ESP alone, without IKE, is tried with the kernel's XFRM states and with scapy
// (esp_*_test.go): every transform that the other side has, in tunnel and transport
// mode, in UDP, with extended sequence numbers, and at the edges of the window.
package interop
