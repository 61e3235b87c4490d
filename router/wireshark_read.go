package router

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/ipsec/esp"
)

// WiresharkESP is a row of esp_sa: the keys of one direction. An invalid
// address is any.
type WiresharkESP struct {
	From, To netip.Addr
	esp.Params
}

// ReadWiresharkIKE reads the fields of a row of ikev2_decryption_table.
func ReadWiresharkIKE(f []string) (k ikev2.Keys, err error) {
	if len(f) != 8 {
		return k, fmt.Errorf("%d fields, not 8", len(f))
	}
	encr, ok := named(wiresharkIKEEncr, f[4])
	if !ok {
		return k, fmt.Errorf("the encryption %q is not known here", f[4])
	}
	integ, ok := named(wiresharkIKEInteg, f[7])
	if !ok {
		return k, fmt.Errorf("the integrity algorithm %q is not known here", f[7])
	}
	k.Encr, k.Integ = encr, integ
	for i, spi := range []*uint64{&k.SA.SPIi, &k.SA.SPIr} {
		if *spi, err = strconv.ParseUint(strings.TrimPrefix(f[i], "0x"), 16, 64); err != nil {
			return k, fmt.Errorf("%q is no SPI", f[i])
		}
	}
	for i, key := range map[int]*[]byte{2: &k.EncrI, 3: &k.EncrR, 5: &k.AuthI, 6: &k.AuthR} {
		if *key, err = hex.DecodeString(strings.TrimPrefix(f[i], "0x")); err != nil {
			return k, fmt.Errorf("field %d is no key in hexadecimal digits", i+1)
		}
	}
	return k, nil
}

// named finds what has a name in Wireshark's tables.
func named[T comparable](names map[T]string, name string) (found T, ok bool) {
	for t, n := range names {
		if n == name {
			return t, true
		}
	}
	return found, false
}

// ReadWiresharkESP reads the fields of a row of esp_sa; the ninth and tenth, of
// extended sequence numbers, may be missing.
func ReadWiresharkESP(f []string) (sa WiresharkESP, err error) {
	if len(f) != 8 && len(f) != 10 {
		return sa, fmt.Errorf("%d fields, neither 8 nor 10", len(f))
	}
	for i, a := range []*netip.Addr{&sa.From, &sa.To} {
		if f[1+i] == "*" {
			continue
		}
		if *a, err = netip.ParseAddr(f[1+i]); err != nil {
			return sa, fmt.Errorf("%q is neither an address nor *", f[1+i])
		}
	}
	spi, err := strconv.ParseUint(f[3], 0, 32)
	if err != nil {
		return sa, fmt.Errorf("%q is no SPI such as 0x12345678", f[3])
	}
	sa.SPI, sa.ESN = ipsec.SPI(spi), len(f) == 10 && strings.HasPrefix(f[8], "64")
	if sa.EncrKey, err = wiresharkKey(f[5]); err != nil {
		return sa, err
	}
	if sa.IntegKey, err = wiresharkKey(f[7]); err != nil {
		return sa, err
	}
	var ok bool
	if sa.Encr.ID, ok = strongSwanGCM(f[4], f[6]); !ok {
		if sa.Encr.ID, ok = named(wiresharkESPEncr, f[4]); !ok {
			return sa, fmt.Errorf("the encryption %q is not known here", f[4])
		}
		if sa.Integ, ok = named(wiresharkESPInteg, f[6]); !ok {
			return sa, fmt.Errorf("the integrity algorithm %q is not known here", f[6])
		}
	}
	sa.Encr.KeyBits = keyBits(sa.Encr.ID, len(sa.EncrKey))
	return sa, nil
}

// strongSwanGCM knows how strongSwan's plugin save-keys writes GCM, which
// Wireshark 4.0 refuses.
func strongSwanGCM(encr, integ string) (id ipsec.EncrID, ok bool) {
	if encr != "AES-GCM [RFC4106]" {
		return 0, false
	}
	id, ok = map[string]ipsec.EncrID{
		"ANY 64 bit authentication [no checking]": ipsec.EncrAESGCM8, "ANY 96 bit authentication [no checking]": ipsec.EncrAESGCM12,
		"ANY 128 bit authentication [no checking]": ipsec.EncrAESGCM16, wiresharkESPInteg[ipsec.IntegNone]: ipsec.EncrAESGCM16,
	}[integ]
	return id, ok
}

// keyBits finds the size of a cipher whose name says none by its key, behind
// which there may be a salt.
func keyBits(id ipsec.EncrID, octets int) uint16 {
	for _, bits := range []uint16{128, 192, 256} {
		if e := (ipsec.Encr{ID: id, KeyBits: bits}); e.Known() && e.KeyLen() == octets {
			return bits
		}
	}
	return 0
}

// wiresharkKey reads digits behind 0x, or text as it is.
func wiresharkKey(s string) ([]byte, error) {
	digits, isHex := strings.CutPrefix(s, "0x")
	if !isHex {
		return []byte(s), nil
	}
	key, err := hex.DecodeString(digits)
	if err != nil {
		return nil, fmt.Errorf("%q is no key in hexadecimal digits", s)
	}
	return key, nil
}
