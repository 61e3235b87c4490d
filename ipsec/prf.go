package ipsec

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
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

// Sum is prf(key, data[0] | data[1] | ...). It panics when p is not known.
func (p PRFID) Sum(key []byte, data ...[]byte) []byte {
	return p.under(key).appendSum(make([]byte, 0, p.KeyLen()), data...)
}

// Plus is the first n octets of prf+(key, seed) (RFC 7296 section 2.13):
//
//	T1 | T2 | ... with Ti = prf(key, Ti-1 | seed | i)
//
// It panics when p is not known or n is more than 255 times KeyLen, where the
// one-octet counter would wrap.
func (p PRFID) Plus(key, seed []byte, n int) []byte {
	size := p.KeyLen()
	if n > 255*size {
		panic(fmt.Sprintf("ipsec: prf+ of %d octets, at most %d", n, 255*size))
	}
	out := make([]byte, 0, n+size)
	m := p.under(key)
	var last []byte
	for i := []byte{1}; len(out) < n; i[0]++ {
		out = m.appendSum(out, last, seed, i)
		last = out[len(out)-size:]
	}
	return out[:n:n]
}

// keyed is HMAC under a key (RFC 2104 section 2). The states that crypto/hmac keeps for the next
// message are no use to a PRF, whose keys change: they were a fifth of the memory that a
// handshake takes.
type keyed struct {
	hash         hash.Hash
	inner, outer []byte // K XOR ipad, K XOR opad
	digest       []byte // room for one
}

func (p PRFID) under(key []byte) keyed {
	_, _, constructor := p.info()
	if constructor == nil {
		panic("ipsec: unknown " + p.String())
	}
	return constructor.under(key)
}

func (constructor hashFunc) under(key []byte) keyed {
	h := constructor()
	n := h.BlockSize()
	room := make([]byte, 2*n+h.Size())
	k := keyed{h, room[:n], room[n : 2*n], room[2*n : 2*n]}
	if len(key) > n {
		h.Write(key)
		key = h.Sum(k.digest)
	}
	copy(k.inner, key)
	for i := range k.inner {
		k.outer[i] = k.inner[i] ^ 0x5c
		k.inner[i] ^= 0x36
	}
	return k
}

// appendSum appends H(K XOR opad, H(K XOR ipad, data[0] | data[1] | ...)).
func (k keyed) appendSum(out []byte, data ...[]byte) []byte {
	k.hash.Reset()
	k.hash.Write(k.inner)
	for _, d := range data {
		k.hash.Write(d)
	}
	digest := k.hash.Sum(k.digest)
	k.hash.Reset()
	k.hash.Write(k.outer)
	k.hash.Write(digest)
	return k.hash.Sum(out)
}
