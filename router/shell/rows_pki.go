package shell

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// pkiShowRows and pkiRows are those of keys and certificates. IOS 15.1 has the second ones in
// configuration mode, where they are too. `show crypto ca` is the older spelling of the first.
var pkiShowRows = slices.Concat(pkiScreens, olderSpelling(pkiScreens))

// olderSpelling are the rows of `show crypto pki` as `show crypto ca`.
func olderSpelling(rows []syntax.Command[exec]) (list []syntax.Command[exec]) {
	for i, row := range rows {
		if rest, ok := strings.CutPrefix(row.Syntax, "show crypto pki "); ok {
			if row.Syntax = "show crypto ca " + rest; i == 0 {
				row.Help = strings.Replace(row.Help, "||Show PKI", "||Show certification authority policy", 1)
			}
			list = append(list, row)
		}
	}
	return list
}

var pkiScreens = []syntax.Command[exec]{
	{Syntax: "show crypto pki certificates [verbose] [<name:word>]", Help: "||Show PKI|Show certificates|Display in verbose mode|Trustpoint Name", Set: always(func(x *exec, a args) show.Screen {
		return show.CertificatesOf(x.d.PKI(), a.Word("name"), a.Has("verbose"))
	})},
	{Syntax: "show crypto pki trustpoints [<name:word>]", Help: "|||Show trustpoints|Trustpoint Name", Set: always(func(x *exec, a args) show.Screen {
		return show.TrustpointsOf(x.d.PKI(), a.Word("name"))
	})},
	{Syntax: "show crypto pki trustpoints {status|<name:word> status}", Help: "|||Show trustpoints|Show trustpoint status|Trustpoint Name|Show trustpoint status", Set: always(func(x *exec, a args) show.Screen {
		return show.TrustpointStatusOf(x.d.PKI(), a.Word("name"))
	})},
	{Syntax: "show crypto pki crls", Help: "|||Show Certificate Revocation Lists", Set: always(func(x *exec, _ args) show.Screen {
		return show.CertificateLists{Lists: x.d.PKI().Lists}
	})},
	{Syntax: "show crypto key mypubkey kind={rsa|all|ec}", Help: "||Show long term public keys|Show public keys associated with this router|Show RSA public keys|Show all public keys|Show EC public keys", Set: always(func(x *exec, a args) show.Screen {
		return show.PublicKeysOf(x.d.PKI(), a.Word("kind"))
	})},
}

const keyHelp = "Encryption related commands|Long term key operations|"

var pkiRows = []syntax.Command[exec]{
	{Syntax: "crypto key generate rsa [{general-keys|label <label:word>|modulus <bits:1024-4096>|exportable}...]",
		Help: keyHelp + "Generate new keys|Generate RSA keys|Generate a general purpose RSA key pair for signing and encryption|Provide a label|RSA keypair label|Provide number of modulus bits on the command line|size of the key modulus|Allow the key to be exported",
		Set:  generates("rsa")},
	{Syntax: "crypto key generate ec keysize {bits={256|384|521}} [{label <label:word>|exportable}...]",
		Help: "|||Generate EC keys|Provide number of keysize bits|P-256|P-384|P-521|Provide a label|EC keypair label|Allow the key to be exported", Set: generates("ec")},
	{Syntax: "crypto key generate ed25519 [{label <label:word>|exportable}...]", Help: "|||Generate an Ed25519 key, which IOS has not|Provide a label|Keypair label|Allow the key to be exported", Set: generates("ed25519")},
	{Syntax: "crypto key zeroize kind={rsa|ec} [<label:word>]", Help: "||Remove keys|Remove RSA keys|Remove EC keys|Key label", Set: zeroize},
	{Syntax: "crypto pki authenticate <name:word>", Help: "|Public Key components|Get the CA certificate|CA Server Name", Set: authenticates},
	{Syntax: "crypto pki enroll <name:word>", Help: "||Request a certificate from a CA|CA Server Name", Set: enrols},
	{Syntax: "crypto pki import <name:word> certificate", Help: "||Import certificate or pkcs12|CA Server Name|Import a certificate from the terminal", Set: imports},
	{Syntax: "crypto pki import <name:word> pem {exportable terminal|terminal [exportable]} {password <passphrase:secret-line>|<passphrase:secret-line>}",
		Help: "||||Import PEM files|Allow the key to be exported|via cut-and-paste|via cut-and-paste|Allow the key to be exported|Passphrase used to protect the private key|Passphrase|Passphrase", Set: importsPEM},
	{Syntax: "crypto pki import <name:word> pkcs12 <url:word> {password <passphrase:secret-line>|<passphrase:secret-line>}",
		Help: "||||Import PKCS12|terminal, or a file: flash:NAME|Passphrase used to protect the PKCS12 file|Passphrase|Passphrase", Set: importsPKCS12},
	{Syntax: "crypto pki export <name:word> pem terminal [cipher={3des|des} {password <passphrase:secret-line>|<passphrase:secret-line>}]",
		Help: "||Export certificate or PKCS12 file|CA Server Name|Export PEM files|via cut-and-paste|Use triple DES to encrypt the private key|Use DES to encrypt the private key|Passphrase used to protect the private key|Passphrase|Passphrase", Set: exportsPEM},
	{Syntax: "crypto pki export <name:word> pkcs12 <url:word> {password <passphrase:secret-line>|<passphrase:secret-line>}",
		Help: "||||Export PKCS12|terminal, or a file: flash:NAME|Passphrase used to protect the PKCS12 file|Passphrase|Passphrase", Set: exportsPKCS12},
	{Syntax: "crypto pki crl request <name:word>", Help: "||Actions on certificate revocation lists|Request CRL|CA Server Name", Set: func(x *exec, a args) error {
		name := a.Word("name")
		if x.d.Running().PKI.Trustpoints.Get(name) == nil {
			return syntax.Refuse("%% CA trustpoint %s is not known", name)
		}
		x.s.sh.records.Begin(x.now, 0, 0)
		if err := x.d.FetchList(x.now, name); err != nil {
			return syntax.Refuse("%% CRL request for trustpoint %s failed: %s", name, err)
		}
		return nil
	}},
}

// generates makes a key pair; who has one already is asked.
func generates(kind string) func(*exec, args) error {
	return func(x *exec, a args) error {
		bits := a.Int("bits")
		if kind == "rsa" && bits == 0 {
			bits = iosconfig.DefaultModulus
		}
		name, has := x.d.HasKey(a.Word("label"))
		generate := func(x *exec) { generateKey(x, name, kind, bits, a.Has("exportable")) }
		if !has {
			generate(x)
			return nil
		}
		x.linef("%% You already have %s keys defined named %s.", strings.ToUpper(kind), name)
		x.askYesNo("% Do you really want to replace them? [yes/no]: ", func(x *exec, yes bool) {
			if yes {
				generate(x)
			}
		})
		return nil
	}
}

func generateKey(x *exec, name, kind string, bits int, exportable bool) {
	x.s.sh.records.Begin(x.now, 0, 0)
	if _, err := x.d.GenerateKey(x.now, name, kind, bits, exportable); err != nil {
		x.line("% " + err.Error())
		return
	}
	x.linef("The name for the keys will be: %s", name).line("")
	may := "non-exportable"
	if exportable {
		may = "exportable"
	}
	x.linef("%% Generating %d bit %s keys, keys will be %s...", bits, strings.ToUpper(kind), may)
	x.line("[OK] (elapsed time was 0 seconds)")
}

func zeroize(x *exec, a args) error {
	kind := strings.ToUpper(a.Word("kind"))
	if label := a.Word("label"); label == "" {
		x.linef("%% All %s keys will be removed.", kind)
	} else if _, has := x.d.HasKey(label); !has {
		return syntax.Refuse("%% Key pair %s does not exist", label)
	} else {
		x.linef("%% Keys to be removed are named '%s'.", label)
	}
	x.line("% All router certs issued using these keys will also be removed.")
	x.askYesNo("Do you really want to remove these keys? [yes/no]: ", func(x *exec, yes bool) {
		if yes {
			x.s.sh.records.Begin(x.now, 0, 0)
			x.d.ZeroizeKeys(x.now, a.Word("kind"), a.Word("label"))
		}
	})
	return nil
}
