// Package interop tries our routers with real peers: IKE daemons in a Linux
// kernel of their own (User Mode Linux) that does ESP, joined to a lab by udp
// links on the loopback. Neither needs privileges.
//
// A peer is a daemon and what it is told; a cell is one tunnel of ours with it;
// the matrix is all cells that a kind of peer can.
package interop
