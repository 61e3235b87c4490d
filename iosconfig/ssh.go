package iosconfig

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
)

// SSHUser is a `username` of `ip ssh pubkey-chain`: the public keys by which
// somebody logs in.
type SSHUser struct {
	Name  string
	Keys  []SSHKey
	typed string // of a key-string, up to here
}

// SSHKey is a public key as running-config holds it: by its hash.
type SSHKey struct {
	Kind string // "ssh-rsa"
	Hash string // MD5 of the key's octets (RFC 4253 section 6.6), 32 hexadecimal digits
	Name string // a comment, or ""
}

// sshFields are how many strings the octets of a public key have, by kind (RFC
// 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4).
var sshFields = map[string]int{
	"ssh-rsa": 3, "ssh-ed25519": 2, "ecdsa-sha2-nistp256": 3, "ecdsa-sha2-nistp384": 3, "ecdsa-sha2-nistp521": 3,
}

// mostKeyString is how many characters a key-string may have.
const mostKeyString = 8192

// Is says whether these are the octets of the key.
func (k SSHKey) Is(octets []byte) bool {
	kind, whole := sshKind(octets)
	return whole && kind == k.Kind && sshHash(octets) == strings.ToUpper(k.Hash)
}

// sshHash is the hash of the octets of a public key, as IOS writes it.
func sshHash(octets []byte) string {
	sum := md5.Sum(octets)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// BeginKey is where a key-string begins.
func (u *SSHUser) BeginKey() { u.typed = "" }

// TypeKey takes a line of a key-string. When the key is whole it becomes one of
// the user's. It is false where no key can come of what was typed.
func (u *SSHUser) TypeKey(line string) bool {
	if f := strings.Fields(line); u.typed == "" && len(f) > 1 && sshFields[f[0]] > 0 {
		line = f[1] // as a file of OpenSSH has it: kind, key, comment
	}
	u.typed += strings.Join(strings.Fields(line), "")
	octets, err := base64.StdEncoding.DecodeString(u.typed[:len(u.typed)/4*4])
	if err != nil || len(u.typed) > mostKeyString {
		return false
	}
	if kind, whole := sshKind(octets); whole {
		u.typed = ""
		u.AddKey(SSHKey{Kind: kind, Hash: sshHash(octets)})
	}
	return true
}

// AddKey adds a key, once.
func (u *SSHUser) AddKey(k SSHKey) {
	u.DropKey(k)
	u.Keys = append(u.Keys, k)
}

// DropKey takes a key away.
func (u *SSHUser) DropKey(k SSHKey) {
	u.Keys = slices.DeleteFunc(slices.Clone(u.Keys), func(o SSHKey) bool { return o.Kind == k.Kind && o.Hash == k.Hash })
}

// sshKind is the kind of public key that octets are, and whether they are one
// from the first to the last.
func sshKind(octets []byte) (kind string, whole bool) {
	for n := 0; len(octets) >= 4; n++ {
		size := binary.BigEndian.Uint32(octets)
		if octets = octets[4:]; uint64(size) > uint64(len(octets)) {
			return kind, false
		}
		if n == 0 {
			kind = string(octets[:size])
		}
		if octets = octets[size:]; n+1 == sshFields[kind] {
			return kind, len(octets) == 0
		}
	}
	return kind, false
}
