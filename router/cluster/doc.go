// Package cluster is `crypto ikev2 cluster`: gateways that share the address of a group of HSRP. Each tells the
// active router of the group how many sessions it has, and that one, the master, says to which a client that comes
// to the address is to go.
//
//	c := cluster.New(cluster.Options{Stack: s, Timers: t, Records: e, Group: …, Sessions: …})
//	c.Configure(now, cluster.Settings{…}) // without the name of a group it takes no part
//	c.Moved(now)                          // the address may have another owner
//	to := c.Least(vrf, local, false)      // for a client that has come to the address
//
// How IOS's gateways speak to each other is not published: messages (message.go) are ours, over UDP, and carry no
// proof of who has sent them. What is heard is judged before it counts: hear.go.
package cluster
