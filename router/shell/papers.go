package shell

import "time"

// PKI is what a person does to keys and certificates.
type PKI interface {
	GenerateKey(now time.Time, label, kind string, bits int, exportable bool) (name string, err error) // label "": the router's own
	HasKey(label string) (name string, has bool)
	ZeroizeKeys(now time.Time, kind, label string) (gone []string)   // label "": all of "rsa" or "ec"
	Offered(trustpoint, pasted string) (md5, sha1 string, err error) // fingerprints of the authority's certificate; pasted "": asked for
	Trust(now time.Time, trustpoint, pasted string) error
	Enrol(now time.Time, trustpoint string, with Included) error
	Request(now time.Time, trustpoint string, with Included) (text string, err error) // PEM
	Install(now time.Time, trustpoint, pasted string) error                           // what was issued for it
	FetchList(now time.Time, trustpoint string) error                                 // of what the trustpoint's authority has revoked
	Carrying
}

// Included is what a person has in a certificate beside what the trustpoint says.
type Included struct {
	Serial  bool
	Address string // an address, or an interface; "": none
}

// Carrying is what a person does with them.
type Carrying interface {
	Import(now time.Time, trustpoint string, in Imported) error
	Authorities(pkcs12 []byte, passphrase string) (n int, err error) // that are in a file
	Export(trustpoint, cipher, passphrase string) (Exported, error)  // cipher "": without the key
	ExportPKCS12(trustpoint, passphrase string) ([]byte, error)
}

// Imported is what has been brought: three texts in PEM, or a file of PKCS #12.
type Imported struct {
	Authority, Key, Certificate string

	PKCS12     []byte
	Passphrase string
	Exportable bool
	Higher     bool // trustpoints for the authorities above the first, too
}

// Exported is what can be shown of a trustpoint, in PEM; "": there is none.
type Exported struct {
	Authority, Key, Certificate string

	Label      string // of the key
	SelfSigned bool
}
