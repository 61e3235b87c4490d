package show

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// EngineConnections is `show crypto engine connections active`.
type EngineConnections struct {
	Connections []EngineConnection `json:"connections"`
}

// EngineConnection is one direction of a pair, or an IKE SA.
type EngineConnection struct {
	ID        int        `json:"id"`
	Type      string     `json:"type"` // IPsec, IKEv2
	Algorithm string     `json:"algorithm"`
	Encrypted uint64     `json:"encrypted"`
	Decrypted uint64     `json:"decrypted"`
	Address   netip.Addr `json:"ip_address"`
}

// firstIKE is the number of the first IKE SA among the engine's connections.
const firstIKE = 1000

// EngineConnectionsOf lists the pairs and the IKE SAs. Packets are counted by
// flow: they stand with its newest pair.
func EngineConnectionsOf(s Source) EngineConnections {
	out := EngineConnections{Connections: []EngineConnection{}}
	for _, f := range s.Flows(Which{}) {
		for i, pair := range f.Pairs {
			in := EngineConnection{ID: pair.In.ConnID, Type: "IPsec", Algorithm: espAlgorithm(pair.In), Address: f.Local}
			way := EngineConnection{ID: pair.Out.ConnID, Type: "IPsec", Algorithm: espAlgorithm(pair.Out), Address: f.Local}
			if i == len(f.Pairs)-1 {
				in.Decrypted, way.Encrypted = f.Decaps, f.Encaps
			}
			out.Connections = append(out.Connections, in, way)
		}
	}
	for _, sa := range IKESAsOf(s, Which{}) {
		out.Connections = append(out.Connections, EngineConnection{
			ID: firstIKE + sa.ID, Type: "IKEv2", Algorithm: ikeAlgorithm(sa.Suite), Address: sa.Local.Addr(),
		})
	}
	return out
}

// espAlgorithm is a pair's as the engine writes it: "AES256+SHA".
func espAlgorithm(s crypto.SAState) string {
	f := strings.Fields(words.ESP(ipsec.Encr{ID: s.Encr.ID}, s.Integ))
	name := strings.ToUpper(strings.TrimPrefix(f[0], "esp-"))
	if s.Encr.KeyBits > 128 {
		name += strconv.Itoa(int(s.Encr.KeyBits))
	}
	if len(f) > 1 {
		name += "+" + strings.ToUpper(strings.TrimSuffix(strings.TrimPrefix(f[1], "esp-"), "-hmac"))
	}
	return name
}

// ikeAlgorithm is that of an IKE SA: "SHA256+AES-CBC".
func ikeAlgorithm(s IKESuite) string { return s.PRF + "+" + s.Encryption }

// Lines is the table.
func (s EngineConnections) Lines(iosconfig.Generation) []string {
	var p page
	p.add("Crypto Engine Connections", "", "   ID  Type    Algorithm           Encrypt  Decrypt LastSeqN IP-Address")
	for _, c := range s.Connections {
		p.linef("%5d  %-8s%-16s%11d%9d%9d %s", c.ID, c.Type, c.Algorithm, c.Encrypted, c.Decrypted, c.Decrypted, words.Addr(c.Address))
	}
	return p.line("").lines
}

// Sockets is `show crypto sockets`: what the protection of tunnels has open.
type Sockets struct {
	Sockets []Socket `json:"sockets"`
}

// Socket is one of them.
type Socket struct {
	Flow    crypto.FlowState `json:"flow"`
	Profile string           `json:"profile"`
	Open    bool             `json:"open"`
}

// SocketsOf lists those of the protected tunnel interfaces.
func SocketsOf(s Source) Sockets {
	out := Sockets{Sockets: []Socket{}}
	for _, f := range s.Flows(Which{}) {
		if f.Map != "" {
			continue
		}
		one := Socket{Flow: f, Open: len(f.Pairs) > 0}
		for _, v := range s.Interfaces(f.Interface) {
			if v.Tunnel != nil {
				one.Profile = v.Tunnel.Protection
			}
		}
		out.Sockets = append(out.Sockets, one)
	}
	return out
}

// Lines shows socket by socket.
func (s Sockets) Lines(iosconfig.Generation) []string {
	var p page
	p.linef("Number of Crypto Socket connections %d", len(s.Sockets)).line("")
	for _, o := range s.Sockets {
		local, remote := idents(o.Flow)
		state, client := "Closed", "Inactive"
		if o.Open {
			state, client = "Open", "Active"
		}
		p.linef("   %s Peers (local/remote): %s/%s ", iosconfig.ShortName(o.Flow.Interface), words.Addr(o.Flow.Local), words.Addr(o.Flow.Remote))
		p.linef("       Local Ident  (addr/mask/port/prot): (%s)", local)
		p.linef("       Remote Ident (addr/mask/port/prot): (%s)", remote)
		p.linef("       IPSec Profile: %q", o.Profile)
		p.linef("       Socket State: %s", state)
		p.linef("       Client: \"TUNNEL SEC\" (Client State: %s)", client)
	}
	p.line("").line("Crypto Sockets in Listen state:")
	for _, o := range s.Sockets {
		p.linef("Client: \"TUNNEL SEC\" Profile: %q Map-name: %q", o.Profile, tagOf(o.Flow))
	}
	return p.line("").lines
}

// Lifetime is `show crypto ipsec security-association lifetime`.
type Lifetime struct {
	Kilobytes int64 `json:"kilobytes"` // 0: no limit
	Seconds   int   `json:"seconds"`
}

// LifetimeOf is the global lifetime; what is not said is IOS's.
func LifetimeOf(l iosconfig.Lifetime) (out Lifetime) {
	out.Seconds, out.Kilobytes = l.Limits()
	return out
}

// Lines is the one line.
func (s Lifetime) Lines(iosconfig.Generation) []string {
	var p page
	p.lifetimes("", s.Seconds, s.Kilobytes)
	return p.line("").lines
}

// SACount is `show crypto ipsec sa count`.
type SACount struct {
	Active int `json:"active"`
	Rekey  int `json:"rekeying"`
}

// SACountOf counts both directions; a pair that has a newer one is being rekeyed.
func SACountOf(flows []crypto.FlowState) (s SACount) {
	for _, f := range flows {
		s.Active += 2 * min(1, len(f.Pairs))
		s.Rekey += 2 * max(0, len(f.Pairs)-1)
	}
	return s
}

// Lines is the one line.
func (s SACount) Lines(iosconfig.Generation) []string {
	return []string{fmt.Sprintf("IPsec SA total: %d, active: %d, rekeying: %d, unused: 0, invalid: 0", s.Active+s.Rekey, s.Active, s.Rekey), ""}
}

// Identities is `show crypto ipsec sa identity`: the flows without their SAs.
type Identities struct {
	Flows []crypto.FlowState `json:"flows"`
}

// Lines shows flow by flow.
func (s Identities) Lines(iosconfig.Generation) []string {
	var p page
	for i, f := range s.Flows {
		identity(&p, f, i == 0 || s.Flows[i-1].Interface != f.Interface)
		errorsOf(&p, f, false)
		p.line("")
	}
	return p.lines
}

// SessionBrief is `show crypto session brief`.
type SessionBrief struct {
	CryptoSessions
}

// Lines is a row for each session.
func (s SessionBrief) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Status: A- Active, U - Up, D - Down, I - Idle, S - Standby, N - Negotiating").line("        K - No IKE")
	p.line("ivrf = (none)").line("           Peer          I/F        Username          Group/Phase1_id      Uptime Status")
	for _, one := range s.Sessions {
		status := map[string]string{"UP-ACTIVE": "UA", "UP-IDLE": "UI", "UP-NO-IKE": "UK", "DOWN-NEGOTIATING": "DN", "DOWN": "D"}[one.Status]
		id, uptime := "", "00:00:00"
		for _, f := range one.Flows {
			if !f.UpSince.IsZero() {
				uptime = words.Age(s.Now.Sub(f.UpSince))
			}
		}
		if len(one.SAs) > 0 {
			id = one.SAs[0].RemoteID
		}
		p.linef("%15s %12s %15s %24s %11s %6s", words.Addr(one.Peer.Addr()), iosconfig.ShortName(one.Interface), "", id, uptime, status)
	}
	return p.line("").lines
}
