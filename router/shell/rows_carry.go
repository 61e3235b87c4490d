package shell

import (
	"encoding/base64"
	"strings"

	"ikelab/iosconfig/syntax"
)

// Keys with their certificates, brought from another device and taken to one.

// leastPassphrase is how long one has to be that protects a key, in characters.
const leastPassphrase = 8

// replaces asks before the key pair of a trustpoint is replaced.
func replaces(x *exec, trustpoint string, then func(x *exec)) {
	label := trustpoint
	if t := x.d.Running().PKI.Trustpoints.Get(trustpoint); t != nil {
		if named, _, _ := t.KeyPair(); named != "" {
			label = named
		}
	}
	if _, has := x.d.HasKey(label); !has {
		then(x)
		return
	}
	x.linef("%% You already have keys defined named %s.", label)
	x.askYesNo("% Do you really want to replace them? [yes/no]: ", func(x *exec, yes bool) {
		if yes {
			then(x)
		}
	})
}

// importsPEM takes the authority's certificate, the key and the router's own certificate.
func importsPEM(x *exec, a args) error {
	in := Imported{Passphrase: a.Word("passphrase"), Exportable: a.Has("exportable")}
	name := a.Word("name")
	replaces(x, name, func(x *exec) {
		x.line("% Enter PEM-formatted CA certificate.").line(`% End with a blank line or "quit" on a line by itself.`)
		x.paste(true, "", func(x *exec, text string) {
			in.Authority = text
			x.line("% Enter PEM-formatted encrypted private General Purpose key.").line(`% End with "quit" on a line by itself.`)
			x.paste(false, "", func(x *exec, text string) {
				in.Key = text
				x.line("% Enter PEM-formatted General Purpose certificate.").line(`% End with a blank line or "quit" on a line by itself.`)
				x.paste(true, "", func(x *exec, text string) {
					in.Certificate = text
					x.s.sh.records.Begin(x.now, 0, 0)
					if err := x.d.Import(x.now, name, in); err != nil {
						x.linef("%% PEM files import failed: %s", err)
						return
					}
					x.line("% PEM files import succeeded.")
				})
			})
		})
	})
	return nil
}

// importsPKCS12 takes all from one file, or from the terminal.
func importsPKCS12(x *exec, a args) error {
	in, name, url := Imported{Passphrase: a.Word("passphrase")}, a.Word("name"), a.Word("url")
	if url != "terminal" {
		if strings.HasSuffix(url, ":") {
			url += name
		}
		if _, err := flashName(url); err != nil {
			return err
		}
	}
	replaces(x, name, func(x *exec) {
		x.line("% Importing pkcs12...")
		if url == "terminal" {
			x.line("").line("Enter the base 64 encoded pkcs12.").line(endOfText + ":").line("")
			x.paste(true, "", func(x *exec, text string) { importsBundle(x, name, text, in) })
			return
		}
		suggested := strings.TrimLeft(url[strings.IndexByte(url, ':')+1:], "/")
		x.ask("Source filename ["+suggested+"]? ", func(x *exec, text string) {
			if text = strings.TrimSpace(text); text == "" {
				text = suggested
			}
			file, found := x.d.Flash().read(text)
			if !found {
				x.linef("%%Error opening flash:/%s (No such file or directory)", text)
				return
			}
			x.linef("Reading file from flash:%s", text)
			importsBundle(x, name, file, in)
		})
	})
	return nil
}

func importsBundle(x *exec, name, file string, in Imported) {
	in.PKCS12 = []byte(file)
	finish := func(x *exec) {
		x.s.sh.records.Begin(x.now, 0, 0)
		if err := x.d.Import(x.now, name, in); err != nil {
			x.linef("CRYPTO_PKI: Import PKCS12 operation failed: %s", err)
			return
		}
		x.line("CRYPTO_PKI: Imported PKCS12 file successfully.")
	}
	switch n, err := x.d.Authorities(in.PKCS12, in.Passphrase); {
	case err == nil && n == 0:
		x.line("% CA certificate not found. The imported certificate may not be usable.")
	case err == nil && n > 1:
		x.line("% Do you also want to create trustpoints for CAs higher in")
		x.askYesNo("% the hierarchy? [yes/no]: ", func(x *exec, yes bool) {
			in.Higher = yes
			finish(x)
		})
		return
	}
	finish(x)
}

// exportsPEM shows the certificates of a trustpoint, and with a passphrase the key.
func exportsPEM(x *exec, a args) error {
	name, passphrase := a.Word("name"), a.Word("passphrase")
	if a.Given("cipher") && len(passphrase) < leastPassphrase {
		return syntax.Refuse("%% Passphrase is too short, needs to be at least %d chars", leastPassphrase)
	}
	x.s.sh.records.Begin(x.now, 0, 0)
	out, err := x.d.Export(name, a.Word("cipher"), passphrase)
	if err != nil {
		return syntax.Refuse("%% PEM files export failed: %s", err)
	}
	head := "% CA certificate:"
	if out.SelfSigned {
		head = "% Self-signed CA certificate:"
	}
	showPEM(x, out.Authority, head)
	showPEM(x, out.Key, "% Key name: "+out.Label, "   Usage: General Purpose Key")
	showPEM(x, out.Certificate, "% General Purpose Certificate:")
	return nil
}

func showPEM(x *exec, text string, heads ...string) {
	if text != "" {
		x.out = append(append(x.out, heads...), strings.Split(text, "\n")...) // the last is empty
	}
}

// exportsPKCS12 writes all of a trustpoint into one file, or to the terminal.
func exportsPKCS12(x *exec, a args) error {
	name, url := a.Word("name"), a.Word("url")
	if len(a.Word("passphrase")) < leastPassphrase {
		return syntax.Refuse("%% Passphrase is too short, needs to be at least %d chars", leastPassphrase)
	}
	if url != "terminal" {
		if strings.HasSuffix(url, ":") {
			url += name
		}
		if _, err := flashName(url); err != nil {
			return err
		}
	}
	x.s.sh.records.Begin(x.now, 0, 0)
	file, err := x.d.ExportPKCS12(name, a.Word("passphrase"))
	if err != nil {
		return syntax.Refuse("CRYPTO_PKI: Export PKCS12 operation failed: %s", err)
	}
	if url == "terminal" {
		x.line("Exported pkcs12 follows:").line("")
		x.out = append(x.out, strings.Split(strings.TrimSpace(base64Lines(file)), "\n")...)
		x.line("").line("---End - This line not part of pkcs12---").line("").line("CRYPTO_PKI: Exported PKCS12 file successfully.")
		return nil
	}
	suggested := strings.TrimLeft(url[strings.IndexByte(url, ':')+1:], "/")
	x.ask("Destination filename ["+suggested+"]? ", func(x *exec, text string) {
		if text = strings.TrimSpace(text); text == "" {
			text = suggested
		}
		if !validFile(text) {
			x.linef("%%Error opening flash:%s (Invalid file name)", text)
			return
		}
		x.linef("Writing pkcs12 file to flash:%s", text)
		if err := x.d.Flash().write(text, string(file), false, x.now); err != nil {
			x.linef("%%Error writing flash:/%s (%s)", text, reason(err))
			return
		}
		x.line("CRYPTO_PKI: Exported PKCS12 file successfully.")
	})
	return nil
}

// base64Lines is a file as it is pasted.
func base64Lines(file []byte) string {
	var b strings.Builder
	text := base64.StdEncoding.EncodeToString(file)
	for ; len(text) > 64; text = text[64:] {
		b.WriteString(text[:64] + "\n")
	}
	return b.String() + text
}
