package iosconfig

import (
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"golang.org/x/crypto/scrypt"
)

// Secrets of `enable secret` and its kin, which are kept as hashes. 15.1 itself
// makes type 5, which is MD5 and was weak then; what is typed in clear becomes
// type 8 here, which every release since 15.3 reads and costs a hundredth of
// the memory of type 9. All types are verified.

// AutoCommand begins what a user's second line says.
const AutoCommand = "autocommand"

// SecretType is the type of the hashes that are made where nobody says another.
const SecretType = "8"

// ciscoBase64 is base64 in the order of crypt(3), without padding.
var ciscoBase64 = base64.NewEncoding(crypt64).WithPadding(base64.NoPadding)

const crypt64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const (
	rounds8   = 20000 // of PBKDF2 with HMAC-SHA-256
	saltBytes = 10    // 14 characters
)

// HashSecret is a hash of type 5, 8 or 9. Nothing here is random, so that a file is
// read alike each time: the salt says whose secret it is, and nothing of the secret.
func HashSecret(kind, hostname, whose, text string) string {
	sum := sha256.Sum256([]byte(hostname + "\n" + whose))
	salt := ciscoBase64.EncodeToString(sum[:saltBytes])
	if kind == "5" {
		return hashOf(kind, salt[:salt5], text)
	}
	return hashOf(kind, salt, text)
}

const salt5 = 4 // characters of type 5's, as IOS makes them

// hashOf is a hash with a salt; "" where there is none of that type.
func hashOf(kind, salt, text string) string {
	switch kind {
	case "5":
		return "$1$" + salt + "$" + md5Crypt(text, salt)
	case "8":
		return "$8$" + salt + "$" + ciscoBase64.EncodeToString(stretch(text, salt))
	case "9":
		if key, err := scrypt.Key([]byte(text), []byte(salt), 1<<14, 1, 1, sha256.Size); err == nil {
			return "$9$" + salt + "$" + ciscoBase64.EncodeToString(key)
		}
	}
	return ""
}

func stretch(text, salt string) []byte {
	key, err := pbkdf2.Key(sha256.New, text, []byte(salt), rounds8, sha256.Size)
	if err != nil { // only where the platform forbids the size
		return nil
	}
	return key
}

// SecretMatches says whether a text is the secret that is kept as hash, in one
// of IOS's types; "" and "0" are clear text. What is no hash of its type
// matches nothing.
func SecretMatches(kind, hash, text string) bool {
	var want string
	part := strings.Split(hash, "$") // "", type, salt, hash
	switch {
	case kind == "" || kind == "0":
		want = text
	case kind == "4":
		sum := sha256.Sum256([]byte(text))
		want = ciscoBase64.EncodeToString(sum[:])
	case kind == "7":
		want, hash = text, reveal7(hash)
	case len(part) != 4 || part[0] != "" || part[1] != strings.Replace(kind, "5", "1", 1):
		return false
	default:
		want = hashOf(kind, part[2], text)
	}
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(hash)) == 1
}

// The characters of a salt and of a hash by type, as IOS writes them.
var shapes = map[string]struct{ least, most, hash int }{"5": {1, 8, 22}, "8": {14, 14, 43}, "9": {14, 14, 43}}

// ValidHash says whether a text has the shape of a hash of a type, or hides a
// password of type 7.
func ValidHash(kind, text string) bool {
	switch kind {
	case "4":
		return isCrypt64(text, 43, 43)
	case "7":
		return reveal7(text) != ""
	}
	shape, known := shapes[kind]
	mark := kind
	if kind == "5" {
		mark = "1"
	}
	part := strings.Split(text, "$") // "", type, salt, hash
	return known && len(part) == 4 && part[0] == "" && part[1] == mark &&
		isCrypt64(part[2], shape.least, shape.most) && isCrypt64(part[3], shape.hash, shape.hash)
}

func isCrypt64(text string, least, most int) bool {
	return len(text) >= least && len(text) <= most && strings.Trim(text, crypt64) == ""
}

// md5Crypt is the hash of crypt(3)'s type 1, which is IOS's type 5.
func md5Crypt(text, salt string) string {
	salt = salt[:min(len(salt), 8)]
	inner := md5.Sum([]byte(text + salt + text))
	first := []byte(text + "$1$" + salt)
	for n := len(text); n > 0; n -= md5.Size {
		first = append(first, inner[:min(n, md5.Size)]...)
	}
	for n := len(text); n > 0; n >>= 1 {
		if n&1 == 1 {
			first = append(first, 0)
		} else {
			first = append(first, text[0])
		}
	}
	sum := md5.Sum(first)
	for i := range 1000 {
		sum = md5.Sum(md5Round(i, sum, text, salt))
	}
	return crypt(sum)
}

// md5Round is what the next of the thousand sums is of.
func md5Round(i int, sum [md5.Size]byte, text, salt string) []byte {
	var b []byte
	ends := [2]string{string(sum[:]), text}
	b = append(b, ends[i&1]...)
	if i%3 != 0 {
		b = append(b, salt...)
	}
	if i%7 != 0 {
		b = append(b, text...)
	}
	return append(b, ends[1-i&1]...)
}

// crypt writes a sum in the order of crypt(3): three octets make four
// characters, the lowest bits first.
func crypt(sum [md5.Size]byte) string {
	var b strings.Builder
	put := func(n uint32, count int) {
		for range count {
			b.WriteByte(crypt64[n&63])
			n >>= 6
		}
	}
	for i := range 5 {
		last := sum[5]
		if i < 4 {
			last = sum[i+12]
		}
		put(uint32(sum[i])<<16|uint32(sum[i+6])<<8|uint32(last), 4)
	}
	put(uint32(sum[11]), 2)
	return b.String()
}
