package interop

// secondPair is a connection for the second line of our crypto map.
const secondPair = `conn CELLo
  ikev2=insist
  authby=secret
  left=THEIRS
  leftid=THEIRS
  right=OURS
  rightid=OURS
  leftsubnet=OTHER.2/32
  rightsubnet=INSIDE.0/24
  ike=aes256-sha2_256;dh19
  esp=aes_gcm128-null
  pfs=no
  narrowing=yes
  leftupdown=%disabled
  auto=add`

var libreswanFeatures = []*feature{
	{name: "IKE in fragments (RFC 7383), ours", ours: "crypto ikev2 fragmentation mtu 200", try: (*matrix).bothBegin},
	{name: "a peer that can MOBIKE", conn: "  mobike=yes", try: (*matrix).bothBegin},
	{name: "a peer that forces UDP", conn: "  encapsulation=yes", try: (*matrix).floats},
	{name: "a NAT gateway between", alone: true, nat: true, identity: "fqdn", try: (*matrix).behindNAT},
	{name: "a NAT gateway that gives other ports", nat: true, identity: "fqdn", cannot: "it answers to the new port, and sends its own to the old one"},
	{name: "ESN", ours: "crypto ipsec transform-set T esp-gcm esn", conn: "  esn=yes", try: (*matrix).bothBegin},
	{
		name: "GRE in transport mode", ours: "crypto ipsec transform-set T esp-gcm\nmode transport\ninterface Tunnel0\ntunnel mode gre ip",
		conn: "  type=transport", child: "  leftprotoport=gre\n  rightprotoport=gre",
		boot: "ip link add gCELL type gre local THEIRS remote OURS; ip link set gCELL up; ip route replace INSIDE.0/24 dev gCELL src INNER",
		try:  (*matrix).bothBegin,
	},
	{name: "a crypto map, two pairs that the peer begins", ours: cryptoMap, conn: secondPair, boot: "ip addr add OTHER.2/32 dev lo", try: (*matrix).bothMapped},
	{name: "a crypto map, a pair narrowed to a TCP connection", ours: cryptoMap, conn: secondPair, boot: "ip addr add OTHER.2/32 dev lo", try: (*matrix).mappedByTCP},
	{name: "a crypto map, a pair that an echo wants", cannot: "it narrows to echo requests, by their type, and has no pair for the answers"},
	{name: "we ask whether the peer is alive", ours: "crypto ikev2 dpd 10 3 periodic", try: (*matrix).weProbe},
	{name: "the peer asks whether we are alive", conn: "  dpddelay=3\n  dpdtimeout=30\n  dpdaction=clear", try: (*matrix).theyProbe},
	{name: "rekeyed by volume, nothing lost but what the peer's kernel had no SA for", alone: true, try: (*matrix).byVolume},
	{name: "the peer rekeys by volume", alone: true, conn: "  ipsec-max-bytes=2000000", try: (*matrix).byTheirVolume},
	{name: "both rekey the pair at once", ours: "crypto ipsec profile P\nset security-association lifetime seconds 240", try: (*matrix).pairAtOnce},
	{name: "both rekey the IKE SA at once", cannot: "an expectation of its own about the two SAs fails, and the pair goes with the one that it drops"},
	{name: "reauthentication", conn: "  reauth=yes\n  ikelifetime=40s\n  rekeymargin=20s\n  rekeyfuzz=0%", try: (*matrix).theyReauthenticate},
	{name: "we reauthenticate, make before break", ours: "crypto ikev2 profile P\nreauthentication\nlifetime 160", try: (*matrix).weReauthenticate},
	{
		name: "padding for traffic flow confidentiality, both ways", ours: "crypto ipsec profile P\nset security-association tfc-padding 1000",
		conn: "  tfc=1000", try: (*matrix).bothBegin,
	},
	{name: "packets that carry nothing", ours: "crypto ipsec profile P\nset security-association dummy pps 5", try: (*matrix).dummies},
	{name: "the peer is killed and comes back later", alone: true, ours: "crypto ikev2 dpd 10 3 periodic", try: (*matrix).killed},
	{name: "the peer is restarted, INITIAL_CONTACT", alone: true, ours: "crypto ikev2 dpd 30 5 periodic", conn: "  initial-contact=yes", try: (*matrix).restarted},
	{name: "the peer is restarted, no INITIAL_CONTACT", alone: true, ours: "crypto ikev2 dpd 30 5 periodic", try: (*matrix).restarted},
}
