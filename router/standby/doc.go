// Package standby is HSRP: routers of a link that share an address, of which one, the active one, has
// it at a time (RFC 2281; version 2 as Cisco's documents and Wireshark have it).
//
//	g := standby.New(standby.Options{Stack: s, Timers: t, Records: e, Random: r, Up: …})
//	g.Configure(now, "Ethernet0/0", []standby.Settings{…}) // all groups of the interface
//	g.Interface(now, "Ethernet0/0")                        // it came up, went down, has another address
//	g.Tracked(now, 1)                                      // a tracked object has another state
//	g.Leave(now, "Ethernet0/0")                            // it is about to be shut down
//
// A group is a state machine whose table is that of RFC 2281 section 5.7 (table.go); its actions are in
// actions.go, messages in message.go and digest.go. What is heard is judged before it counts: hear.go.
package standby
