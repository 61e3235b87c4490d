package policy

import (
	"ikelab/iosconfig"
	"ikelab/router/cluster"
)

// Cluster is the gateway's part of its cluster; the zero value: it takes none.
func Cluster(c *iosconfig.Config) cluster.Settings {
	x := c.IKEv2.Cluster
	if !x.Works() {
		return cluster.Settings{}
	}
	return cluster.Settings{
		Group: x.Group, Port: uint16(x.Port), Hold: millis(x.Hold), Hello: millis(x.Hello), Update: millis(x.Update),
		Most: x.MaxSession, Priority: x.Priority, Overload: x.Overload, Weight: x.CryptoLoad,
	}
}
