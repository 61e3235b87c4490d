package interop

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// feature is what a cell tries beside a suite: a tunnel like the others but for
// some lines at either end.
type feature struct {
	name     string
	identity string      // of the factor's values; "": an address
	nat      bool        // our router is behind a NAT gateway
	ours     string      // lines after the others
	image    string      // of our router; "": the first
	cert     *credential // the peer's; nil: both have a preshared key
	// The connection's and the child's lines after the others, and commands for
	// the peer's shell when it boots. OURS, THEIRS and INSIDE are the cell's.
	conn, child, boot string
	theirs            bool   // the peer begins by itself, if it takes no command to
	outside6          bool   // the ends have IPv6
	carries           string // the families within the tunnel: "", for IPv4, "6" or "46"
	alone             bool   // it stops the daemon, which is everybody's, or fills the link
	try               func(m *matrix, t *testing.T, c cell)
	cannot            string // why the peer cannot; it is not tried then
}

var strongSwanFeatures = append([]*feature{
	{name: "IKE in fragments (RFC 7383)", ours: "crypto ikev2 fragmentation mtu 200", try: (*matrix).fragments},
	{name: "a peer that can MOBIKE", conn: "mobike = yes", try: (*matrix).floats},
	{name: "a peer that forces UDP", conn: "encap = yes", try: (*matrix).floats},
	{name: "a NAT gateway between", nat: true, identity: "fqdn", try: (*matrix).behindNAT},
	{name: "a NAT gateway that gives other ports", nat: true, identity: "fqdn", try: (*matrix).rebound},
	{
		name: "GRE in transport mode", ours: "crypto ipsec transform-set T esp-gcm\nmode transport\ninterface Tunnel0\ntunnel mode gre ip",
		child: "mode = transport\nlocal_ts = dynamic[gre]\nremote_ts = dynamic[gre]",
		boot:  "ip link add gCELL type gre local THEIRS remote OURS; ip link set gCELL up; ip route replace INSIDE.0/24 dev gCELL src INNER",
		try:   (*matrix).bothBegin,
	},
	{
		name: "GRE in transport mode through a NAT gateway", nat: true, identity: "fqdn",
		ours:  "crypto ipsec transform-set T esp-gcm\nmode transport require\ninterface Tunnel0\ntunnel mode gre ip",
		child: "mode = transport\nlocal_ts = dynamic[gre]\nremote_ts = dynamic[gre]",
		boot:  "ip link add gCELL type gre local THEIRS remote OURS; ip link set gCELL up; ip route replace INSIDE.0/24 dev gCELL src INNER",
		try:   (*matrix).behindNAT,
	},
	{
		name: "a crypto map, two pairs, one of them narrowed", try: (*matrix).mapped,
		ours:  cryptoMap,
		child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24\n}\nCELLo {\nesp_proposals = aes128gcm16\nlocal_ts = OTHER.2/32\nremote_ts = INSIDE.0/24",
		boot:  "ip addr add OTHER.2/32 dev lo",
	},
	{name: "we ask whether the peer is alive", ours: "crypto ikev2 dpd 10 3 periodic", try: (*matrix).weProbe},
	{name: "the peer asks whether we are alive", conn: "dpd_delay = 2s", try: (*matrix).theyProbe},
	{name: "a post-quantum preshared key, required by both", ours: ppkRequired, conn: "ppk_id = q\nppk_required = yes", try: (*matrix).quantumSafe},
	{name: "a post-quantum preshared key that we lack", conn: "ppk_id = q", try: (*matrix).bothBegin},
	{name: "a post-quantum preshared key that the peer lacks", ours: strings.TrimSuffix(ppkRequired, " required"), try: (*matrix).bothBegin},
	{
		name: "ML-KEM-768 beside the group, and at each rekey", cannot: noMLKEM(), ours: mlkem("mlkem768") + beside("mlkem768"), try: (*matrix).mlkem,
		conn: "proposals = aes256gcm16-prfsha384-ecp256-ke1_mlkem768", child: mlkemChild("mlkem768"),
	},
	{
		name: "ML-KEM-1024 in fragments, whoever begins", cannot: noMLKEM(), ours: "crypto ikev2 fragmentation mtu 576\n" + mlkem("mlkem1024 mlkem512") + beside("mlkem1024"), try: (*matrix).mlkem,
		conn: "proposals = aes256gcm16-prfsha384-ecp256-ke1_mlkem512-ke1_mlkem1024", child: mlkemChild("mlkem1024"),
	},
	{
		name: "ML-KEM that the peer lacks, and we may do without", ours: mlkem("mlkem768 optional"), try: (*matrix).bothBegin,
		conn: "proposals = aes256gcm16-prfsha384-ecp256", child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24",
	},
	{name: "a client of our hub, which gives it its address", ours: flexHub, conn: "vips = 0.0.0.0", child: "local_ts = dynamic\nremote_ts = INSIDE.0/24", try: (*matrix).givesAddress},
	{
		name: "a gateway that redirects our client (RFC 5685)", ours: "crypto ikev2 redirect client\nip route OTHER.0 255.255.255.0 THEIRS",
		conn: "local_addrs = THEIRS, OTHER.2", boot: "ip addr add OTHER.2/32 dev lo", try: (*matrix).isRedirected,
	},
	{
		name: "a client that our gateway redirects", identity: "fqdn", ours: secondGateway, boot: "ip route add OTHER.1/32 via OURS", try: (*matrix).redirects,
	},
	{name: "a gateway that gives our tunnel its address", ours: "interface Tunnel0\nip address negotiated", conn: "pools = flex", child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24", try: (*matrix).takesAddress},
	{name: "rekeyed by volume, nothing lost but what the peer's kernel had no SA for", alone: true, try: (*matrix).byVolume},
	{
		name: "the peer rekeys by volume", alone: true, try: (*matrix).byTheirVolume,
		child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24\nrekey_bytes = 1500000\nrand_bytes = 0\nlife_bytes = 60000000",
	},
	{name: "both rekey the pair at once", ours: "crypto ipsec profile P\nset security-association lifetime seconds 240", try: (*matrix).pairAtOnce},
	{name: "both rekey the IKE SA at once", ours: "crypto ikev2 profile P\nlifetime 240", try: (*matrix).ikeAtOnce},
	{name: "reauthentication, make before break", try: (*matrix).reauthenticated},
	{name: "we reauthenticate, make before break", ours: "crypto ikev2 profile P\nreauthentication\nlifetime 160", try: (*matrix).weReauthenticate},
	{
		name: "padding for traffic flow confidentiality, both ways", ours: "crypto ipsec profile P\nset security-association tfc-padding 1000",
		child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24\ntfc_padding = 1000", try: (*matrix).padded,
	},
	{name: "packets that carry nothing", ours: "crypto ipsec profile P\nset security-association dummy pps 5", try: (*matrix).dummies},
	{name: "the peer is killed and comes back later", alone: true, ours: "crypto ikev2 dpd 10 3 periodic", try: (*matrix).killed},
	{name: "the peer is restarted, INITIAL_CONTACT", alone: true, ours: "crypto ikev2 dpd 30 5 periodic", conn: "unique = replace", try: (*matrix).restarted},
	{name: "the peer is restarted, no INITIAL_CONTACT", alone: true, ours: "crypto ikev2 dpd 30 5 periodic", conn: "unique = never", try: (*matrix).restarted},
}, slices.Concat(certificateFeatures, otherCertificateFeatures, revokedFeatures, sixFeatures, []*feature{
	{name: "two peers with the same addresses, in two VRFs", try: (*matrix).twoVRFs},
})...)

// tries makes a feature's cell, of one suite, whose ESP the daemon can.
func (f *feature) tries(d *daemon, n int) cell {
	esp := transforms.values[slices.IndexFunc(transforms.values, func(w word) bool { return w.name == d.esp })]
	c := cell{n, encryptions.values[3], integrities.values[2], groups.values[5], esp, pfs.values[0], identities.values[0], f, ""}
	for _, v := range identities.values {
		if v.name == f.identity {
			c.identity = v
		}
	}
	return c
}

// fill puts the cell's addresses into a feature's lines.
func (c cell) fill(lines string) string {
	return strings.NewReplacer("OURS", c.ours(), "THEIRS", c.theirs(), "INSIDE6", c.inside6(), "INNER6", c.theirInner6(), "INSIDE", c.inside(), "ROUTER", c.router(), "INNER", c.theirInner(), "OTHER", c.other(), "CELL", c.name()).Replace(lines)
}

// features tries them side by side, but for those that stop the daemon.
func (m *matrix) features(t *testing.T) {
	var others sync.WaitGroup
	m.prepared(t, cell{})
	for _, c := range m.cells {
		if c.feature != nil && !c.feature.alone {
			others.Go(func() { m.tryFeature(t, c) })
		}
	}
	others.Wait()
	for _, c := range m.cells {
		if c.feature != nil && c.feature.alone {
			m.prepared(t, c)
			m.tryFeature(t, c)
		}
	}
}

// prepared gives the daemon the configuration of a feature that is tried alone,
// or of all others.
func (m *matrix) prepared(t *testing.T, c cell) {
	if m.prepare != nil && (c.feature == nil || c.feature.cannot == "") {
		m.peer.ask(t, "sh "+m.prepare(c))
	}
}

func (m *matrix) tryFeature(t *testing.T, c cell) {
	if why := c.feature.cannot; why != "" {
		m.results.say(c, "", "unsupported by "+m.kind+": "+why)
		return
	}
	m.results.put(c, "", t.Run(c.feature.name, func(t *testing.T) {
		m.lab.at(t, c.router(), "terminal length 0")
		c.feature.try(m, t, c)
	}))
}

func (m *matrix) bothBegin(t *testing.T, c cell) {
	m.theyInitiate(t, c)
	m.weInitiate(t, c)
}

func (m *matrix) fragments(t *testing.T, c cell) {
	m.bothBegin(t, c)
	log := m.peer.ask(t, "sh grep '<"+c.name()+"|' /run/charon.log")
	require.Regexp(t, `parsed IKE_AUTH (request|response) . \[ EF\(1/[2-9]\)`, log, "ours came in pieces")
	require.Regexp(t, `generating IKE_AUTH (request|response) . \[ EF\(1/[2-9]\)`, log, "theirs came in pieces")
}

// floats: IKE and ESP go by UDP port 4500 without a NAT.
func (m *matrix) floats(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa"), c.shown()+"/4500")
	m.end(t, m.peer, c)
	m.nothingLeft(t, c)
	m.bothBegin(t, c)
}

// begin lets our router initiate.
func (m *matrix) begin(t *testing.T, c cell) {
	t.Helper()
	m.lab.at(t, c.router(), "configure terminal", "crypto ipsec profile P", "no responder-only", "end")
	m.up(t, c, "Yes", "")
	m.traffic(t, c)
}

// finish takes our tunnel down.
func (m *matrix) finish(t *testing.T, c cell) {
	t.Helper()
	m.lab.at(t, c.router(), "configure terminal", "interface Tunnel0", "shutdown", "end")
	m.nothingLeft(t, c)
}

func (m *matrix) behindNAT(t *testing.T, c cell) {
	m.begin(t, c)
	require.Contains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa"), c.shown()+"/4500")
	m.goesOn(t, c)
}

// weBegin: the peer rekeys what we began.
func (m *matrix) weBegin(t *testing.T, c cell) {
	m.begin(t, c)
	m.goesOn(t, c)
}

func (m *matrix) goesOn(t *testing.T, c cell) {
	m.counters(t, c)
	m.theyRekey(t, c)
	m.traffic(t, c)
	m.finish(t, c)
}

// rebound has the gateway give other ports: what we send from them tells the
// peer, which then reaches us there.
func (m *matrix) rebound(t *testing.T, c cell) {
	m.begin(t, c)
	where := m.remotePort(t, c)
	m.lab.lab(t, "rebind "+c.natName())
	m.inner.ask(t, "ping "+c.theirInner()+" 1 3") // its answer may go to the old port
	m.traffic(t, c)
	m.theyRekey(t, c)
	require.NotEqual(t, where, m.remotePort(t, c), "the port by which the peer knows us")
	m.traffic(t, c)
	m.finish(t, c)
}

// remotePort is where the peer's IKE SA finds us. While one takes over from another, it may
// list none.
func (m *matrix) remotePort(t *testing.T, c cell) string {
	t.Helper()
	port := regexp.MustCompile(`(?:remote-port=|` + regexp.QuoteMeta(c.ours()) + `:)\d+`)
	return repeat(t, patience, "port", func() string {
		return port.FindString(about(m.peer.do(t, m.sas), m.mark(c)))
	}, func(found string) bool { return found != "" })
}

// theyRekey has the peer rekey the pair and the IKE SA.
func (m *matrix) theyRekey(t *testing.T, c cell) {
	t.Helper()
	pair, ike := m.spi(t, c), m.ikeSPI(t, c)
	m.tell(t, m.rekeyChild(c))
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.spi(t, c) != pair })
	m.tell(t, m.rekeyIKE(c))
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != ike })
}

// weProbe and theyProbe: RFC 7296 2.4, requests on a tunnel on which nothing else
// happens.
func (m *matrix) weProbe(t *testing.T, c cell)   { m.probed(t, c, "Local") }
func (m *matrix) theyProbe(t *testing.T, c cell) { m.probed(t, c, "Remote") }

func (m *matrix) probed(t *testing.T, c cell, whose string) {
	m.begin(t, c)
	before := m.nextID(t, c, whose)
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.nextID(t, c, whose) >= before+2 })
	m.traffic(t, c)
	m.finish(t, c)
}

// pairAtOnce and ikeAtOnce: RFC 7296 2.8.1 and 2.8.2.
func (m *matrix) pairAtOnce(t *testing.T, c cell) { m.atOnce(t, c, m.rekeyChild(c), m.spi) }
func (m *matrix) ikeAtOnce(t *testing.T, c cell)  { m.atOnce(t, c, m.rekeyIKE(c), m.ikeSPI) }

// atOnce holds what we send, waits until our lifetime has us rekey, and has the
// peer do the same before it hears of that.
func (m *matrix) atOnce(t *testing.T, c cell, rekey string, what func(*testing.T, cell) string) {
	m.begin(t, c)
	port := c.router() + ":Ethernet0/0"
	m.lab.lab(t, "impair "+port+" delay=6s")
	asked, before := m.nextID(t, c, "Local"), what(t, c)
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.nextID(t, c, "Local") != asked })
	m.tell(t, rekey)
	m.lab.lab(t, "impair "+port)
	if m.collided != nil {
		m.peer.until(t, patience, m.collided(c), has("collision"))
	}
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return what(t, c) != before })
	m.onlyOne(t, c)
	m.peer.until(t, patience, "pairs", func(out string) bool { return strings.Count(about(out, c.ours()+" "), "\n") == 2 })
	m.traffic(t, c)
	m.finish(t, c)
}

// nextID is the message id that our, or the peer's, next request will have.
func (m *matrix) nextID(t *testing.T, c cell, whose string) int {
	t.Helper()
	screen := m.lab.at(t, c.router(), "show crypto ikev2 sa detailed")
	id, _ := strconv.Atoi(regexp.MustCompile(whose + ` next msg id: +(\d+)|$`).FindStringSubmatch(screen)[1])
	return id
}

// reauthenticated: RFC 7296 2.8.3, a new IKE SA from scratch, and only then an
// end of the old one.
func (m *matrix) reauthenticated(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	pair, ike := m.spi(t, c), m.ikeSPI(t, c)
	m.tell(t, m.rekeyIKE(c)+" reauth=yes")
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != ike && m.spi(t, c) != pair })
	m.onlyOne(t, c)
	m.traffic(t, c)
	m.end(t, m.peer, c)
	m.nothingLeft(t, c)
}

// theyReauthenticate by their lifetime.
func (m *matrix) theyReauthenticate(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	pair, ike := m.spi(t, c), m.ikeSPI(t, c)
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != ike && m.spi(t, c) != pair })
	m.onlyOne(t, c)
	m.traffic(t, c)
	m.theyEnd(t, c)
}

// weReauthenticate: our lifetime has us begin anew, and echoes go on meanwhile.
func (m *matrix) weReauthenticate(t *testing.T, c cell) {
	m.begin(t, c)
	pair, ike := m.spi(t, c), m.ikeSPI(t, c)
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != ike && m.spi(t, c) != pair })
	m.onlyOne(t, c)
	m.traffic(t, c)
	m.finish(t, c)
}

// padded: RFC 4303 2.7. What the kernel pads comes out as it was, and what we pad does
// there.
func (m *matrix) padded(t *testing.T, c cell) {
	m.bothBegin(t, c)
	require.NotContains(t, m.peer.ask(t, "sh grep '<"+c.name()+"|.*parsed IKE_AUTH' /run/charon.log"), "ESP_TFC_PAD_N", "we take it")
}

// dummies: RFC 4303 2.6. The kernel takes them for no error.
func (m *matrix) dummies(t *testing.T, c cell) {
	m.begin(t, c)
	sent := func(out string) int {
		n, _ := strconv.Atoi(regexp.MustCompile(`"dummies_sent": *(\d+)`).FindStringSubmatch(out + `"dummies_sent":0`)[1])
		return n
	}
	m.lab.until(t, patience, c.router(), "show crypto ipsec sa | json", func(out string) bool { return sent(out) > 20 })
	m.traffic(t, c)
	m.lab.at(t, c.router(), "configure terminal", "crypto ipsec profile P", "no set security-association dummy", "end")
	m.empty = sent(m.lab.at(t, c.router(), "show crypto ipsec sa | json"))
	m.finish(t, c)
}

// onlyOne waits until both ends have one IKE SA.
func (m *matrix) onlyOne(t *testing.T, c cell) {
	t.Helper()
	ike := regexp.MustCompile(m.ike(c))
	m.lab.until(t, patience, c.router(), "show crypto ikev2 sa", func(out string) bool { return strings.Count(out, c.shown()+"/") == 1 })
	m.peer.until(t, patience, m.sas, func(out string) bool { return len(ike.FindAllString(out, -1)) == 1 })
}

// crash ends the daemon without a word, and with it what the kernel knew.
func (m *matrix) crash(t *testing.T) {
	t.Helper()
	m.peer.ask(t, "sh "+m.kill+"; ip xfrm state flush; ip xfrm policy flush")
}

// theyEnd has the peer end it.
func (m *matrix) theyEnd(t *testing.T, c cell) {
	t.Helper()
	m.over(t, c)
	m.nothingLeft(t, c)
}

// over has the peer end a tunnel, or where it cannot all that it has.
func (m *matrix) over(t *testing.T, c cell) {
	t.Helper()
	if m.terminate != nil {
		m.end(t, m.peer, c)
	} else {
		m.peer.ask(t, "sh "+m.between)
	}
}

func (m *matrix) killed(t *testing.T, c cell) {
	m.begin(t, c)
	m.crash(t)
	m.lab.until(t, patience, c.router(), "show crypto session", hasNot("UP-ACTIVE"))
	m.peer.ask(t, "sh . /conf/start")
	m.up(t, c, "Yes", "")
	m.onlyOne(t, c)
	m.traffic(t, c)
	m.finish(t, c)
}

// restarted: the peer is back before we notice, and initiates.
func (m *matrix) restarted(t *testing.T, c cell) {
	m.tell(t, m.initiate(c))
	m.up(t, c, "No", "")
	before := m.ikeSPI(t, c)
	m.crash(t)
	m.peer.ask(t, "sh . /conf/start")
	out := m.tell(t, m.initiate(c))
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.ikeSPI(t, c) != before })
	m.onlyOne(t, c)
	require.NotContains(t, m.lab.at(t, c.router(), "show crypto ikev2 sa detailed"), before, "what the peer has forgotten: %s", out)
	m.traffic(t, c)
	m.theyEnd(t, c)
}
