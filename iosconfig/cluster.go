package iosconfig

// Cluster is `crypto ikev2 cluster`: gateways that share the address of a group of HSRP, of which the active
// one sends clients to whichever has least to do.
type Cluster struct {
	Group      string // standby-group; "": none yet
	Shutdown   bool
	Port       int
	Hold       int // milliseconds, as all intervals here
	Hello      int
	Update     int
	MaxSession int
	Priority   int
	Overload   int // in percent
	CryptoLoad int // what sessions weigh, in percent
	SystemLoad int
}

// NewCluster is one of which nothing has been said.
func NewCluster() *Cluster {
	return &Cluster{
		Port: 2012, Hold: 3000, Hello: 1000, Update: 3000, MaxSession: 100000, Priority: 100, Overload: 99, CryptoLoad: 100, SystemLoad: 100,
	}
}

// Works says whether the gateway takes part in it.
func (c *Cluster) Works() bool { return c != nil && c.Group != "" && !c.Shutdown }
