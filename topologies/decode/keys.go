package decode

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/netip"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/router"
)

// Keys open what a capture holds.
type Keys struct {
	ike map[[2]uint64][]ikeCiphers // newest first
	esp map[ipsec.SPI][]*espKey
}

// ikeCiphers are those of an IKE SA, by whether the original initiator sends.
type ikeCiphers map[bool]*ipsec.Cipher

// espKey opens one direction of a pair.
type espKey struct {
	from, to netip.Addr
	in       *esp.Inbound
	verifies bool // it has an integrity algorithm
}

// The files that Wireshark keeps keys in.
const (
	IKETable = "ikev2_decryption_table"
	ESPTable = "esp_sa"
)

// ReadKeys reads Wireshark's tables. A row that cannot be used is a problem, and
// no reason to do without the others.
func ReadKeys(ikeTable, espTable []byte) (k *Keys, problems []error) {
	k = &Keys{ike: map[[2]uint64][]ikeCiphers{}, esp: map[ipsec.SPI][]*espKey{}}
	problems = append(rows(IKETable, ikeTable, k.addIKE), rows(ESPTable, espTable, k.addESP)...)
	return k, problems
}

// rows hands over the fields of each row.
func rows(name string, table []byte, take func([]string) error) (problems []error) {
	r := csv.NewReader(bytes.NewReader(table))
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', -1, true
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return problems
		}
		line := 0
		if err == nil {
			line, _ = r.FieldPos(0)
			err = take(fields)
		}
		var syntax *csv.ParseError
		switch {
		case errors.As(err, &syntax):
			return append(problems, fmt.Errorf("%s:%d: %w", name, syntax.Line, syntax.Err))
		case err != nil:
			problems = append(problems, fmt.Errorf("%s:%d: %w", name, line, err))
		}
	}
}

func (k *Keys) addIKE(fields []string) error {
	row, err := router.ReadWiresharkIKE(fields)
	if err != nil {
		return err
	}
	i, err := ipsec.NewCipher(row.Encr, row.Integ, row.EncrI, row.AuthI)
	if err != nil {
		return err
	}
	r, err := ipsec.NewCipher(row.Encr, row.Integ, row.EncrR, row.AuthR)
	if err != nil {
		return err
	}
	sa := [2]uint64{row.SA.SPIi, row.SA.SPIr}
	k.ike[sa] = append([]ikeCiphers{{true: &i, false: &r}}, k.ike[sa]...)
	return nil
}

// ikeCipher is the one that opens a message, or the last that was tried: the keys of an SA
// change with each IKE_INTERMEDIATE, its SPIs do not (RFC 9242).
func (k *Keys) ikeCipher(h wire.Header, b []byte) (c *ipsec.Cipher, have bool) {
	for _, generation := range k.ike[[2]uint64{h.SPIi, h.SPIr}] {
		c, have = generation[h.FromInitiator()], true
		if _, err := wire.Open(b, c); h.Next == wire.TypeSK && !errors.Is(err, wire.ErrIntegrity) {
			break
		}
		if _, err := wire.OpenFragment(b, c); h.Next == wire.TypeSKF && !errors.Is(err, wire.ErrIntegrity) {
			break
		}
	}
	return c, have
}

func (k *Keys) addESP(fields []string) error {
	row, err := router.ReadWiresharkESP(fields)
	if err != nil {
		return err
	}
	in, err := esp.NewInbound(row.Params)
	if err != nil {
		return err
	}
	k.esp[row.SPI] = append(k.esp[row.SPI], &espKey{row.From, row.To, &in, row.Integ != ipsec.IntegNone || row.Encr.AEAD()})
	return nil
}

// fits says whether a key is for packets between these.
func (e *espKey) fits(from, to netip.Addr) bool {
	return (!e.from.IsValid() || e.from == from) && (!e.to.IsValid() || e.to == to)
}
