package interop

import (
	"fmt"
	"strings"
)

// cell is one tunnel of the matrix: a router of ours and a connection of the
// peer's. Its number is in its addresses.
type cell struct {
	n                                                int // from 1
	encryption, integrity, group, esp, pfs, identity word
	feature                                          *feature // what else it tries, if anything
	suffix                                           string   // of its name
}

// besides is the peer's second connection of a cell.
func (c cell) besides() cell { c.suffix = "o"; return c }

// cells are those of the pairwise cover, and those that try a feature.
func cells(d *daemon) []cell {
	var list []cell
	for _, row := range pairwise(d.kind) {
		list = append(list, cell{
			len(list) + 1, encryptions.values[row[0]], integrities.values[row[1]], groups.values[row[2]],
			transforms.values[row[3]], pfs.values[row[4]], identities.values[row[5]], nil, "",
		})
	}
	for _, f := range d.features {
		list = append(list, f.tries(d, len(list)+1))
	}
	return list
}

func (c cell) name() string       { return fmt.Sprintf("c%d", c.n) + c.suffix }
func (c cell) natName() string    { return fmt.Sprintf("NAT%d", c.n) }
func (c cell) router() string     { return fmt.Sprintf("R%d", c.n) }
func (c cell) ours() string       { return c.outside(1) }
func (c cell) theirs() string     { return c.outside(2) }
func (c cell) inside() string     { return fmt.Sprintf("192.168.%d", c.n) }
func (c cell) theirInner() string { return fmt.Sprintf("172.20.%d.2", c.n) }
func (c cell) other() string      { return fmt.Sprintf("172.21.%d", c.n) } // a second network of the peer's

// aead says whether the IKE SA's cipher has no integrity algorithm beside it.
func (c cell) aead() bool {
	return strings.Contains(c.encryption.name, "GCM") || strings.Contains(c.encryption.name, "Poly1305")
}

// ids are the identities of our end and of the peer's, in the peer's words.
func (c cell) ids(peer string) (ours, theirs string) {
	form := c.identity.peers[peer]
	say := func(address, name string) string {
		return strings.NewReplacer("%[1]s", address, "%[2]s", name).Replace(form)
	}
	return say(c.ours(), strings.ToLower(c.router())), say(c.theirs(), c.name())
}

// identityLines are our lines for them: of the keyring's peer and of the profile.
func (c cell) identityLines() (local, remote string) {
	say := func(address, name string) string {
		return map[string]string{
			"address": "address " + address, "fqdn": "fqdn " + name + ".example",
			"email": "email vpn@" + name + ".example", "key-id": "key-id key-" + name,
		}[c.identity.ios]
	}
	local, remote = say(c.ours(), strings.ToLower(c.router())), say(c.theirs(), c.name())
	if c.identity.ios == "address" {
		remote = "address " + c.whole(c.theirs(), " 255.255.255.255")
	}
	return local, remote
}

// config is the cell's router. It waits for the peer until it is told otherwise.
func (c cell) config() string {
	integrity, group := " integrity "+c.integrity.ios, ""
	if c.aead() {
		integrity = " prf " + c.integrity.ios
	}
	if c.pfs.ios != "" {
		group = " set pfs group" + c.group.ios + "\n"
	}
	local, remote := c.identityLines()
	outside, more := "ip address "+c.ours()+" 255.255.255.0", c.sixLines()
	if c.outside6() {
		outside = "ipv6 address " + c.ours() + "/64"
	}
	if c.feature != nil {
		more += c.fill(c.feature.ours) + "\n"
	}
	if c.behindNAT() {
		outside = fmt.Sprintf("ip address 10.1.%d.2 255.255.255.0\nip route 0.0.0.0 0.0.0.0 10.1.%[1]d.1", c.n)
	}
	return strings.NewReplacer("ROUTER", c.router(), "ENCRYPTION", c.encryption.ios, "INTEGRITY", integrity, "GROUP", c.group.ios,
		"OUTSIDE", outside, "WHOLE", c.whole(c.theirs(), ""), "THEIRS", c.theirs(), "LOCAL", local, "REMOTE", remote, "ESP", c.esp.ios, "PFS\n", group,
		"INSIDE", c.inside(), "INNER", c.theirInner()).Replace(`hostname ROUTER
no logging console
crypto ikev2 proposal P
 encryption ENCRYPTION
INTEGRITY
 group GROUP
crypto ikev2 policy P
 proposal P
crypto ikev2 keyring K
 peer P
  address WHOLE
  pre-shared-key interop
crypto ikev2 profile P
 match identity remote REMOTE
 identity local LOCAL
 authentication remote pre-share
 authentication local pre-share
 keyring local K
 lifetime 86400
crypto ipsec transform-set T ESP
crypto ipsec profile P
 set transform-set T
 set ikev2-profile P
 responder-only
PFS
interface Ethernet0/0
 OUTSIDE
interface Ethernet0/1
 ip address INSIDE.1 255.255.255.0
interface Tunnel0
 ip address 172.16.0.1 255.255.255.252
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination THEIRS
 tunnel protection ipsec profile P
ip route INNER 255.255.255.255 Tunnel0
`) + more
}

func (c cell) behindNAT() bool { return c.feature != nil && c.feature.nat }
