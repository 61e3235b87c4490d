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
//
// IKELAB_PEERS names a folder that guests see over the machine's own files: daemons of
// another release with what they need (dpkg-deb -x of strongswan-charon, strongswan-libcharon,
// strongswan-swanctl, libstrongswan, its standard and extra plugins, libc6, libgcc-s1,
// libssl3t64, libgmp10, libcap2, libsystemd0, libzstd1 and zlib1g). With strongSwan 6.1.0
// there, the rows of ML-KEM are tried:
//
//	IKELAB_PEERS=FOLDER go test ./tests/interop -run 'TestMatrix$/strongSwan/features/ML-KEM' -matrix -cells 10 -v
package interop
