package interop

import (
	"slices"
)

// What a tunnel with a real peer may be made of, in the words of both ends. A
// peer's word that is missing says that the peer cannot do it.

// word is a value of a factor: its name in the table, our configuration, and
// what each kind of peer calls it.
type word struct {
	name  string
	ios   string
	peers map[string]string // by kind of peer; none: that peer cannot
}

// factor is one dimension of the matrix.
type factor struct {
	name   string
	values []word
}

// The factors, each in the order in which the table lists it. An AEAD has no
// integrity algorithm: what integrity says is then the PRF alone.
var (
	encryptions = factor{"IKE encryption", []word{
		{"3DES", "3des", peerWords("3des", "3des", "3des")},
		{"AES-CBC-128", "aes-cbc-128", peerWords("aes128", "aes128", "aes-128")},
		{"AES-CBC-192", "aes-cbc-192", peerWords("aes192", "aes192", "aes-192")},
		{"AES-CBC-256", "aes-cbc-256", peerWords("aes256", "aes256", "aes-256")},
		{"AES-CTR-256", "aes-ctr-256", peerWords("aes256ctr", "aes_ctr256", "")},
		{"AES-GCM-128", "aes-gcm-128", peerWords("aes128gcm16", "aes_gcm128", "aes-128-gcm")},
		{"AES-GCM-256", "aes-gcm-256", peerWords("aes256gcm16", "aes_gcm256", "aes-256-gcm")},
		{"ChaCha20-Poly1305", "chacha20-poly1305", peerWords("chacha20poly1305", "chacha20_poly1305", "")},
	}}
	integrities = factor{"integrity and PRF", []word{
		{"MD5", "md5", peerWords("md5", "", "hmac-md5")},
		{"SHA1", "sha1", peerWords("sha1", "sha1", "hmac-sha1")},
		{"SHA256", "sha256", peerWords("sha256", "sha2_256", "hmac-sha2-256")},
		{"SHA384", "sha384", peerWords("sha384", "sha2_384", "hmac-sha2-384")},
		{"SHA512", "sha512", peerWords("sha512", "sha2_512", "hmac-sha2-512")},
	}}
	groups = factor{"group", []word{
		{"2", "2", peerWords("modp1024", "", "modp1024")},
		{"5", "5", peerWords("modp1536", "modp1536", "modp1536")},
		{"14", "14", peerWords("modp2048", "modp2048", "modp2048")},
		{"15", "15", peerWords("modp3072", "modp3072", "modp3072")},
		{"16", "16", peerWords("modp4096", "modp4096", "modp4096")},
		{"19", "19", peerWords("ecp256", "dh19", "ecp256")},
		{"20", "20", peerWords("ecp384", "dh20", "ecp384")},
		{"21", "21", peerWords("ecp521", "dh21", "ecp521")},
		{"31 (curve25519)", "31", peerWords("curve25519", "dh31", "curve25519")},
		{"24", "24", peerWords("modp2048s256", "", "")},
	}}
	// OpenIKED knows more than it can tell Linux by PF_KEY.
	transforms = factor{"ESP", []word{
		{"3DES MD5", "esp-3des esp-md5-hmac", peerWords("3des-md5", "", "enc 3des auth hmac-md5")},
		{"3DES SHA1", "esp-3des esp-sha-hmac", peerWords("3des-sha1", "3des-sha1", "enc 3des auth hmac-sha1")},
		{"AES-128 SHA1", "esp-aes esp-sha-hmac", peerWords("aes128-sha1", "aes128-sha1", "enc aes-128 auth hmac-sha1")},
		{"AES-192 SHA256", "esp-aes 192 esp-sha256-hmac", peerWords("aes192-sha256", "aes192-sha2_256", "")},
		{"AES-256 SHA384", "esp-aes 256 esp-sha384-hmac", peerWords("aes256-sha384", "aes256-sha2_384", "enc aes-256 auth hmac-sha2-384")},
		{"AES-256 SHA512", "esp-aes 256 esp-sha512-hmac", peerWords("aes256-sha512", "aes256-sha2_512", "enc aes-256 auth hmac-sha2-512")},
		{"GCM-128", "esp-gcm", peerWords("aes128gcm16", "aes_gcm128-null", "")},
		{"GCM-256", "esp-gcm 256", peerWords("aes256gcm16", "aes_gcm256-null", "")},
		{"CTR-128 SHA256", "esp-ctr esp-sha256-hmac", peerWords("aes128ctr-sha256", "aes_ctr128-sha2_256", "")},
		{"GCM-8-256", "esp-gcm8 256", peerWords("aes256gcm8", "aes_gcm_a256-null", "")},
		{"ChaCha20-Poly1305", "esp-chacha20-poly1305", peerWords("chacha20poly1305", "chacha20_poly1305-null", "")},
		{"GMAC-256", "esp-gmac 256", peerWords("aes256gmac", "aes_gmac256-null", "")},
		{"AES-256 SHA256 ESN", "esp-aes 256 esp-sha256-hmac esn", peerWords("aes256-sha256-esn", "", "")},
		{"GCM-256 ESN", "esp-gcm 256 esn", peerWords("aes256gcm16-esn", "", "")},
		{"NULL SHA256", "esp-null esp-sha256-hmac", peerWords("null-sha256", "null-sha2_256", "")},
	}}
	pfs = factor{"PFS", []word{
		{"none", "", peerWords("", "", "")},
		{"of the IKE SA", "same", peerWords("same", "same", "same")},
	}}
	// What the ends call themselves: each with the router's or the peer's name in it.
	identities = factor{"identities", []word{
		{"address", "address", peerWords("%[1]s", "%[1]s", "%[1]s")},
		{"fqdn", "fqdn", peerWords("fqdn:%[2]s.example", "@%[2]s.example", "%[2]s.example")},
		{"email", "email", peerWords("email:vpn@%[2]s.example", "vpn@%[2]s.example", "vpn@%[2]s.example")},
		{"key-id", "key-id", peerWords("keyid:key-%[2]s", "@[key-%[2]s]", "")},
	}}
)

var factors = []factor{encryptions, integrities, groups, transforms, pfs, identities}

// The kinds of peers, as peerWords takes them.
const (
	strongSwan = "strongSwan"
	libreswan  = "libreswan"
	openIKED   = "OpenIKED"
)

// peerWords are the words of the three; an empty one says that a peer cannot,
// but for PFS, where it says "without".
func peerWords(strong, libre, open string) map[string]string {
	return map[string]string{strongSwan: strong, libreswan: libre, openIKED: open}
}

// can says whether a kind of peer knows a value.
func (f factor) can(value int, peer string) bool {
	return f.name == pfs.name || f.values[value].peers[peer] != ""
}

// pairwise covers each pair of values of two factors that a peer can by at
// least one row of values, greedily: each row begins with the first pair that
// is not covered and takes, factor by factor, what covers most.
func pairwise(peer string) [][]int {
	open := map[[4]int]bool{}
	var order [][4]int
	eachPair(peer, func(pair [4]int) { open[pair] = true; order = append(order, pair) })
	var rows [][]int
	for _, first := range order {
		if !open[first] {
			continue
		}
		row := slices.Repeat([]int{-1}, len(factors))
		row[first[0]], row[first[2]] = first[1], first[3]
		for f := range factors {
			if row[f] < 0 {
				row[f] = best(peer, row, f, open, len(rows))
			}
		}
		cover(row, func(pair [4]int) { delete(open, pair) })
		rows = append(rows, row)
	}
	return rows
}

// eachPair calls f with all pairs: factor, value, later factor, value.
func eachPair(peer string, f func([4]int)) {
	for a := range factors {
		for b := a + 1; b < len(factors); b++ {
			for x := range factors[a].values {
				for y := range factors[b].values {
					if factors[a].can(x, peer) && factors[b].can(y, peer) {
						f([4]int{a, x, b, y})
					}
				}
			}
		}
	}
}

// best is the value of a factor that adds most open pairs to a row; those that
// add as much take turns.
func best(peer string, row []int, f int, open map[[4]int]bool, turn int) int {
	most, value := -1, 0
	n := len(factors[f].values)
	for i := range n {
		v := (i + turn) % n
		if !factors[f].can(v, peer) {
			continue
		}
		row[f] = v
		count := 0
		cover(row, func(pair [4]int) {
			if open[pair] {
				count++
			}
		})
		if count > most {
			most, value = count, v
		}
	}
	return value
}

// cover calls f with the pairs of a row, as far as it is filled.
func cover(row []int, f func([4]int)) {
	for a := range row {
		for b := a + 1; b < len(row); b++ {
			if row[a] >= 0 && row[b] >= 0 {
				f([4]int{a, row[a], b, row[b]})
			}
		}
	}
}
