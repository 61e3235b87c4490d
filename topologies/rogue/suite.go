package rogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ikelab/ipsec"
)

// Suite is the transforms that a peer speaks with, IKE and ESP alike.
type Suite struct {
	Encr  ipsec.Encr
	Integ ipsec.IntegID
	PRF   ipsec.PRFID
	Group ipsec.Group
}

// The words of a suite. The groups are those in which most values are no point.
var (
	encryptions = map[string]ipsec.Encr{
		"aes-cbc-128": {ID: ipsec.EncrAESCBC, KeyBits: 128}, "aes-cbc-192": {ID: ipsec.EncrAESCBC, KeyBits: 192}, "aes-cbc-256": {ID: ipsec.EncrAESCBC, KeyBits: 256},
	}
	integrities = map[string]Suite{
		"sha1":   {Integ: ipsec.IntegSHA1, PRF: ipsec.PRFSHA1},
		"sha256": {Integ: ipsec.IntegSHA256, PRF: ipsec.PRFSHA256},
		"sha384": {Integ: ipsec.IntegSHA384, PRF: ipsec.PRFSHA384},
		"sha512": {Integ: ipsec.IntegSHA512, PRF: ipsec.PRFSHA512},
	}
	groups = map[string]ipsec.Group{"19": 19, "20": 20, "21": 21}
)

// DefaultSuite is that of a peer of whom nothing else is said.
const DefaultSuite = "aes-cbc-128 sha256 19"

// ParseSuite reads three words: encryption, integrity, group.
func ParseSuite(text string) (s Suite, err error) {
	words := strings.Fields(text)
	if len(words) != 3 {
		return s, fmt.Errorf("%q is not a suite such as %q", text, DefaultSuite)
	}
	encr, knownEncr := encryptions[words[0]]
	s, knownInteg := integrities[words[1]]
	group, knownGroup := groups[words[2]]
	s.Encr, s.Group = encr, group
	switch {
	case !knownEncr:
		err = unknown(words[0], encryptions)
	case !knownInteg:
		err = unknown(words[1], integrities)
	case !knownGroup:
		err = unknown(words[2], groups)
	}
	return s, err
}

func unknown[V any](word string, of map[string]V) error {
	return fmt.Errorf("a misbehaving peer knows no %q: %s", word, strings.Join(slices.Sorted(maps.Keys(of)), ", "))
}
