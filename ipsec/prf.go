package ipsec

import (
	"crypto/hmac"
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

// Sum is prf(key, data[0] | data[1] | ...), HMAC in one go (RFC 2104 section
// 2), as a handshake has fourteen of them with as many keys: nothing is
// allocated but the result, where crypto/hmac makes two hashes ready for more.
// p is one that is known, as is any that was negotiated.
func (p PRFID) Sum(key []byte, data ...[]byte) []byte {
	var room [usualSigned]byte
	var outerRoom [sha512.BlockSize + sha512.Size]byte
	block := p.blockLen()
	if len(key) > block {
		key = p.digest(nil, key)
	}
	inner := appendPad(room[:0], key, block, 0x36)
	for _, d := range data {
		inner = append(inner, d...)
	}
	outer := p.digest(appendPad(outerRoom[:0], key, block, 0x5c), inner)
	return p.digest(make([]byte, 0, p.KeyLen()), outer)
}

// usualSigned is more octets than Sum mostly covers: those that AUTH does.
const usualSigned = 1024

// appendPad is the key, padded to a block of the hash, XOR pad.
func appendPad(dst, key []byte, block int, pad byte) []byte {
	start := len(dst)
	dst = append(append(dst, key...), make([]byte, block-len(key))...)
	for i := range dst[start:] {
		dst[start+i] ^= pad
	}
	return dst
}

// blockLen is the number of octets that the hash takes at a time.
func (p PRFID) blockLen() int {
	if p == PRFSHA384 || p == PRFSHA512 {
		return sha512.BlockSize
	}
	return sha256.BlockSize // MD5's and SHA-1's, too
}

// digest appends the hash of b.
func (p PRFID) digest(dst, b []byte) []byte {
	switch p {
	case PRFMD5:
		h := md5.Sum(b)
		return append(dst, h[:]...)
	case PRFSHA1:
		h := sha1.Sum(b)
		return append(dst, h[:]...)
	case PRFSHA256:
		h := sha256.Sum256(b)
		return append(dst, h[:]...)
	case PRFSHA384:
		h := sha512.Sum384(b)
		return append(dst, h[:]...)
	}
	h := sha512.Sum512(b)
	return append(dst, h[:]...)
}

// Plus is the first n octets of prf+(key, seed) (RFC 7296 section 2.13):
//
//	T1 | T2 | ... with Ti = prf(key, Ti-1 | seed | i)
//
// It panics when p is not known or n is more than 255 times KeyLen, where the
// one-octet counter would wrap.
func (p PRFID) Plus(key, seed []byte, n int) []byte {
	_, size, constructor := p.info()
	if n > 255*size {
		panic(fmt.Sprintf("ipsec: prf+ of %d octets, at most %d", n, 255*size))
	}
	out := make([]byte, 0, n+size)
	h := hmac.New(constructor, key)
	var last []byte
	for i := byte(1); len(out) < n; i++ {
		h.Reset()
		h.Write(last)
		h.Write(seed)
		h.Write([]byte{i})
		out = h.Sum(out)
		last = out[len(out)-size:]
	}
	return out[:n:n]
}
