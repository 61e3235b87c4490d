package router

import (
	"bytes"
	"crypto"
	"encoding/pem"
	"maps"
	"slices"
	"strconv"
	"time"

	"ikelab/ikev2/keys"
)

// keyStore is the key pairs of a router by their labels. They never stand in a configuration:
// `write memory` has them written apart, as IOS does with its private-config.
type keyStore map[string]*storedKey

// storedKey is a key pair, with when it was made.
type storedKey struct {
	*keys.PrivateKey
	label      string
	made       time.Time
	exportable bool
}

// samePublic says whether two public keys are one.
func samePublic(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

const keyBlock = "PRIVATE KEY"

// text is all key pairs in PEM (RFC 7468), in the order of their labels; "": there are none.
func (s keyStore) text() string {
	var b bytes.Buffer
	for _, label := range slices.Sorted(maps.Keys(s)) {
		k := s[label]
		headers := map[string]string{"Label": label, "Made": k.made.UTC().Format(time.RFC3339Nano), "Exportable": strconv.FormatBool(k.exportable)}
		if err := pem.Encode(&b, &pem.Block{Type: keyBlock, Headers: headers, Bytes: k.PKCS8()}); err != nil { // a label that is no header's text
			continue
		}
	}
	return b.String()
}

// readKeys reads what text has written; what cannot be read is left out.
func readKeys(text string) keyStore {
	s := keyStore{}
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return s
		}
		key, err := keys.ParsePrivateKey(block.Bytes)
		if err != nil || block.Type != keyBlock || block.Headers["Label"] == "" {
			continue
		}
		made, _ := time.Parse(time.RFC3339Nano, block.Headers["Made"])
		label := block.Headers["Label"]
		s[label] = &storedKey{key, label, made.UTC(), block.Headers["Exportable"] == "true"}
	}
}
