// Package verdict says whether routers that were brought as configurations come up with
// each other: their tunnels, what these carry, and whether both survive rekeys.
//
//	plan, err := verdict.Join([]verdict.Config{{File: "a.cfg", Text: a}, {File: "b.cfg", Text: b}}, verdict.Options{})
//	report, err := plan.Try()
//	report.OK()
//
// Join finds what leads from one to another and lays the cables: routers whose outside
// addresses are of one network are on one segment, with routers without tunnels that join such networks, between others stands a router that
// knows them all, of IPv4 and of IPv6, and before one of them a NAT gateway where that is asked for. The routers'
// configurations stay as they are. Try runs that network in virtual time, as it is for a
// day, and once for each router with lifetimes so short that this one makes all rekeys.
package verdict
