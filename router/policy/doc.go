// Package policy turns the running configuration into what acts on it: the
// policy of the IKEv2 engine and the settings of packages ip, crypto and tunnel.
// It is pure: the same configuration gives the same policy, and nothing is kept.
//
//	ike.go     proposals, policies, keyrings and profiles for the engine
//	entry.go   a tunnel interface: its SPD entry and what IKE is asked for
//	ip.go      an interface and a static route
//	access.go  an access list; map.go, selectors.go: a crypto map over such lists
//
// It goes object by object, so that a configuration line costs what depends on
// it: an entry depends on its interface, on its IPsec profile with the transform
// sets that this names, on `crypto ipsec` defaults and on the address of its
// source.
package policy
