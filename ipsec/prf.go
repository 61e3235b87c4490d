package ipsec

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"fmt"
	"hash"
	"slices"
)

// PRFID numbers pseudo-random functions (IANA, IKEv2 transform type 2).
type PRFID uint16

// The pseudo-random functions that this package implements.
const (
	PRFMD5    PRFID = 1
	PRFSHA1   PRFID = 2
	PRFSHA256 PRFID = 5
	PRFSHA384 PRFID = 6
	PRFSHA512 PRFID = 7
)

type hashFunc func() hash.Hash

// Named, so that the tables hold plain functions.
func newMD5() hash.Hash    { return md5.New() }
func newSHA1() hash.Hash   { return sha1.New() }
func newSHA256() hash.Hash { return sha256.New() }
func newSHA384() hash.Hash { return sha512.New384() }
func newSHA512() hash.Hash { return sha512.New() }

func (p PRFID) info() (name string, size int, constructor hashFunc) {
	switch p {
	case PRFMD5:
		return "PRF-HMAC-MD5", md5.Size, newMD5
	case PRFSHA1:
		return "PRF-HMAC-SHA1", sha1.Size, newSHA1
	case PRFSHA256:
		return "PRF-HMAC-SHA2-256", sha256.Size, newSHA256
	case PRFSHA384:
		return "PRF-HMAC-SHA2-384", sha512.Size384, newSHA384
	case PRFSHA512:
		return "PRF-HMAC-SHA2-512", sha512.Size, newSHA512
	}
	return fmt.Sprintf("PRF %d", uint16(p)), 0, nil
}

// Known reports whether p is implemented.
func (p PRFID) Known() bool { _, n, _ := p.info(); return n > 0 }

// KeyLen is the preferred key length in octets, which for these functions is
// the output length (RFC 7296 section 2.13).
func (p PRFID) KeyLen() int { _, n, _ := p.info(); return n }

func (p PRFID) String() string { name, _, _ := p.info(); return name }

// New is p with room to compute in, for one after the other. It panics when p is not known.
func (p PRFID) New() *HMAC {
	_, _, constructor := p.info()
	if constructor == nil {
		panic("ipsec: unknown " + p.String())
	}
	return &HMAC{hash: constructor()}
}

// HMAC is HMAC (RFC 2104 section 2) under one key after the other, none of which stays. The
// states that crypto/hmac keeps for the next message are no use to a PRF, whose keys change:
// they were a fifth of the memory that a handshake takes.
type HMAC struct {
	hash  hash.Hash
	inner [sha512.BlockSize]byte               // K XOR ipad, as long as a block of the hash
	outer [sha512.BlockSize + sha512.Size]byte // K XOR opad, and the digest behind it
	seed  []byte                               // of prf+, and the counter
}

// What pads are made with: ipad, and what makes the one with opad of the one with ipad.
var (
	ipad       = bytes.Repeat([]byte{0x36}, sha512.BlockSize)
	ipadToOpad = bytes.Repeat([]byte{0x36 ^ 0x5c}, sha512.BlockSize)
)

// Size is the length of a sum in octets.
func (m *HMAC) Size() int { return m.hash.Size() }

// Sum is prf(key, data[0] | data[1] | ...).
func (m *HMAC) Sum(key []byte, data ...[]byte) []byte {
	return m.Append(make([]byte, 0, m.Size()), key, data...)
}

// Append appends prf(key, data[0] | data[1] | ...).
func (m *HMAC) Append(out, key []byte, data ...[]byte) []byte {
	m.setKey(key)
	out = m.appendSum(out, data...)
	m.forget()
	return out
}

// Plus is the first n octets of prf+(key, seed) (RFC 7296 section 2.13), where seed is all of data:
//
//	T1 | T2 | ... with Ti = prf(key, Ti-1 | seed | i)
//
// It panics when n is more than 255 times Size, where the one-octet counter would wrap.
func (m *HMAC) Plus(n int, key []byte, data ...[]byte) []byte {
	size := m.Size()
	if n > 255*size {
		panic(fmt.Sprintf("ipsec: prf+ of %d octets, at most %d", n, 255*size))
	}
	room := 1
	for _, d := range data {
		room += len(d)
	}
	m.seed = slices.Grow(m.seed, room)
	for _, d := range data {
		m.seed = append(m.seed, d...)
	}
	m.seed = append(m.seed, 0)
	out := make([]byte, 0, (n+size-1)/size*size)
	m.setKey(key)
	var last []byte
	for i := byte(1); len(out) < n; i++ {
		m.seed[len(m.seed)-1] = i
		out = m.appendSum(out, last, m.seed)
		last = out[len(out)-size:]
	}
	m.forget()
	return out[:n:n]
}

func (m *HMAC) setKey(key []byte) {
	block := m.hash.BlockSize()
	if len(key) > block {
		m.hash.Reset()
		m.hash.Write(key)
		key = m.hash.Sum(m.outer[:0])
	}
	clear(m.inner[copy(m.inner[:block], key):block])
	subtle.XORBytes(m.inner[:block], m.inner[:block], ipad)
	subtle.XORBytes(m.outer[:block], m.inner[:block], ipadToOpad)
}

// forget leaves nothing of the key, nor of secrets in a seed.
func (m *HMAC) forget() {
	block := m.hash.BlockSize()
	clear(m.inner[:block])
	clear(m.outer[:block+m.hash.Size()])
	clear(m.seed)
	m.seed = m.seed[:0]
	m.hash.Reset()
}

// appendSum appends H(K XOR opad, H(K XOR ipad, data[0] | data[1] | ...)).
func (m *HMAC) appendSum(out []byte, data ...[]byte) []byte {
	block := m.hash.BlockSize()
	m.hash.Reset()
	m.hash.Write(m.inner[:block])
	for _, d := range data {
		m.hash.Write(d)
	}
	outer := m.hash.Sum(m.outer[:block])
	m.hash.Reset()
	m.hash.Write(outer)
	return m.hash.Sum(out)
}
