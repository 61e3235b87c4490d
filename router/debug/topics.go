package debug

// The debugs that are on or off as a whole, beside those of IKEv2 and of the key
// engine.

// Topic is one of them.
type Topic uint8

// The topics. IKEv1 is not spoken here, the engine that computes and the sockets
// and messages between IKE and IPsec are no parts of their own: those have nothing
// to say.
const (
	ISAKMP Topic = iota
	CryptoEngine
	CryptoSocket
	CryptoKMI
	ARP
	ICMP
	IPPacket
	IPNAT
	IPNATDetailed
	IPRouting
	DHCPServerEvents
	DHCPServerPackets
	DHCPClient
	IPv6ICMP
	IPv6ND
	IPv6Packet
	Tracking
	NTPEvents
	NTPPackets
	HSRPErrors
	HSRPEvents
	HSRPPackets
	topics
)

var topicTexts = [topics]struct{ group, says, end string }{
	ISAKMP:       {cryptoGroup, "Crypto ISAKMP debugging is", ""},
	CryptoEngine: {cryptoGroup, "Crypto Engine debugging is", ""},
	CryptoSocket: {cryptoGroup, "Crypto Secure Socket debugging is", ""},
	CryptoKMI:    {cryptoGroup, "Crypto KMI debugging is", ""},
	ARP:          {"ARP", "ARP packet debugging is", ""},
	ICMP:         {"Generic IP", "ICMP packet debugging is", ""},
	IPPacket:     {"Generic IP", "IP packet debugging is", ""},

	IPNAT:             {"Generic IP", "IP NAT debugging is", ""},
	IPNATDetailed:     {"Generic IP", "IP NAT detailed debugging is", ""},
	IPRouting:         {"IP routing", "IP routing debugging is", ""},
	DHCPServerEvents:  {dhcpGroup, "DHCP server event debugging is", "."},
	DHCPServerPackets: {dhcpGroup, "DHCP server packet debugging is", "."},
	DHCPClient:        {dhcpGroup, "DHCP client activity debugging is", ""},
	IPv6ICMP:          {sixGroup, "ICMP packet debugging is", ""},
	IPv6ND:            {sixGroup, "ICMP Neighbor Discovery events debugging is", ""},
	IPv6Packet:        {sixGroup, "IPv6 unicast packet debugging is", ""},
	Tracking:          {"Track", "Object tracking debugging is", ""},
	NTPEvents:         {ntpGroup, "NTP events debugging is", ""},
	NTPPackets:        {ntpGroup, "NTP packets debugging is", ""},
	HSRPErrors:        {hsrpGroup, "HSRP Errors debugging is", ""},
	HSRPEvents:        {hsrpGroup, "HSRP Events debugging is", ""},
	HSRPPackets:       {hsrpGroup, "HSRP Packets debugging is", ""},
}

const (
	cryptoGroup = "Cryptographic Subsystem"
	dhcpGroup   = "DHCP"
	ntpGroup    = "NTP"
	hsrpGroup   = "HSRP"
	sixGroup    = "Generic IPv6"
)

// On says whether a topic is.
func (s Switches) On(t Topic) bool { return s.topics&(1<<t) != 0 }

// Set turns a topic on or off.
func (s *Switches) Set(t Topic, on bool) {
	s.topics &^= 1 << t
	if on {
		s.topics |= 1 << t
	}
}

// All turns everything on.
func (s *Switches) All() {
	*s = Switches{IKEv2: true, Packet: true, Internal: true, Error: true, IPsec: true, Detailed: true}
	for t := range topics {
		s.Set(t, true)
	}
}

// Says is what is told of a topic: "ARP packet debugging is on".
func (s Switches) Says(t Topic) string {
	if !s.On(t) {
		return topicTexts[t].says + " off" + topicTexts[t].end
	}
	text := topicTexts[t].says + " on" + topicTexts[t].end
	if t == IPPacket && s.Detailed {
		text += " (detailed)"
	}
	if t == IPPacket && s.List != "" {
		text += " for access list " + s.List
	}
	return text
}

// Group is what is on of a part of the router, as `show debugging` tells it.
type Group struct {
	Name string
	On   []string
}

// Groups are the topics that are on, and the debug of the key engine.
func (s Switches) Groups() (list []Group) {
	add := func(name, text string) {
		if n := len(list); n == 0 || list[n-1].Name != name {
			list = append(list, Group{Name: name})
		}
		g := &list[len(list)-1]
		g.On = append(g.On, text)
	}
	if s.IPsec {
		add(cryptoGroup, "Crypto IPSEC debugging is on")
	}
	for t := range topics {
		if s.On(t) {
			add(topicTexts[t].group, s.Says(t))
		}
	}
	return list
}
