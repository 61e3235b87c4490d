package interop

// ikedLifetimes has iked rekey both within a minute.
const ikedLifetimes = " ikelifetime 45 lifetime 25"

var openIKEDFeatures = []*feature{
	{name: "IKE in fragments (RFC 7383), ours", ours: "crypto ikev2 fragmentation mtu 200", conn: ikedLifetimes, try: (*matrix).weBegin},
	{name: "a peer that can MOBIKE", cannot: "only as the responder to a peer that can (iked.conf(5), set mobike)"},
	{name: "a NAT gateway between", alone: true, nat: true, identity: "fqdn", conn: ikedLifetimes, try: (*matrix).behindNAT},
	{name: "a NAT gateway that gives other ports", nat: true, identity: "fqdn", cannot: "it retransmits its CREATE_CHILD_SA request to the old port, and no echo is answered"},
	{name: "ESN", cannot: "its program has a message for it: \"kernel has no support for extended sequence numbers (ESN)\""},
	{
		name: "GRE in transport mode", ours: "crypto ipsec transform-set T esp-aes esp-sha-hmac\nmode transport\ninterface Tunnel0\ntunnel mode gre ip",
		conn: ikedLifetimes, child: "transport esp proto gre from THEIRS to OURS",
		boot: "ip link add gCELL type gre local THEIRS remote OURS; ip link set gCELL up; ip route replace INSIDE.0/24 dev gCELL src INNER",
		try:  (*matrix).weBegin,
	},
	{
		name: "a crypto map, selectors of two lines offered, narrowed by us to one", alone: true, theirs: true, ours: cryptoMap, conn: ikedLifetimes,
		child: "esp from INNER to INSIDE.0/24 from OTHER.2 to INSIDE.0/24", boot: "ip addr add OTHER.2/32 dev lo", try: (*matrix).narrowedByUs,
	},
	{name: "a crypto map, a second pair that we ask for", cannot: "its CREATE_CHILD_SA response names all selectors of its policy, more than were asked for (RFC 7296 2.9)"},
	{name: "we ask whether the peer is alive", ours: "crypto ikev2 dpd 10 3 periodic", try: (*matrix).weProbe},
	{name: "the peer asks whether we are alive", cannot: "it asked nothing in 40 s in which echoes by a new pair were not answered (set dpd_check_interval 5)"},
	{name: "rekeyed by volume, nothing lost but what the peer's kernel had no SA for", alone: true, try: (*matrix).byVolume},
	{name: "both rekey at once", cannot: "no command has it rekey (ikectl(8)), and its lifetimes have a random part"},
	{name: "reauthentication", cannot: "it rekeys only (iked.conf(5))"},
	{name: "we reauthenticate, make before break", ours: "crypto ikev2 profile P\nreauthentication\nlifetime 160", try: (*matrix).weReauthenticate},
	{name: "padding for traffic flow confidentiality, ours", ours: "crypto ipsec profile P\nset security-association tfc-padding 1000", try: (*matrix).weInitiate},
	{name: "packets that carry nothing", ours: "crypto ipsec profile P\nset security-association dummy pps 5", try: (*matrix).dummies},
	{name: "the peer is killed and comes back later", alone: true, ours: "crypto ikev2 dpd 10 3 periodic", try: (*matrix).killed},
	{name: "the peer is restarted, INITIAL_CONTACT", cannot: "it sends none"},
	{name: "the peer is restarted, no INITIAL_CONTACT", alone: true, theirs: true, ours: "crypto ikev2 dpd 30 5 periodic", try: (*matrix).restarted},
}
