package shell

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// What is pasted at a terminal, and shown there to be copied.

const endOfText = `End with a blank line or the word "quit" on a line by itself`

// authenticates gets the authority's certificate, from where the trustpoint says or from the
// terminal, and asks whether its fingerprint is right.
func authenticates(x *exec, a args) error {
	name := a.Word("name")
	t := x.d.Running().PKI.Trustpoints.Get(name)
	if t == nil {
		return syntax.Refuse("%% Certificate Authority (trustpoint) %s is unknown", name)
	}
	if has, _ := x.d.Running().Texts.Certificates(name); len(has) > 0 {
		return syntax.Refuse("%% Please delete your existing CA certificate first.\n%% You must use 'no crypto pki trustpoint <trustpoint-name>' to delete the CA certificate")
	}
	if t.Terminal() {
		x.line("").line("Enter the base 64 encoded CA certificate.").line(endOfText).line("")
		x.paste(true, "", func(x *exec, text string) { offers(x, name, text+"\n") })
		return nil
	}
	if _, _, err := x.d.Offered(name, ""); err != nil {
		return syntax.Refuse("%% Error in receiving Certificate Authority certificate: status = FAIL, cert length = 0: %s", err)
	}
	offers(x, name, "")
	return nil
}

// offers asks whether a certificate is the authority's.
func offers(x *exec, name, pasted string) {
	md5, sha1, err := x.d.Offered(name, pasted)
	if err != nil {
		x.linef("%% Error in saving certificate: status = FAIL: %s", err)
		return
	}
	x.line("Certificate has the following attributes:").linef("       Fingerprint MD5: %s ", md5).linef("      Fingerprint SHA1: %s ", sha1).line("")
	x.askYesNo("% Do you accept this certificate? [yes/no]: ", func(x *exec, yes bool) {
		if !yes {
			return
		}
		x.s.sh.records.Begin(x.now, 0, 0)
		if err := x.d.Trust(x.now, name, pasted); err != nil {
			x.line("% " + err.Error())
			return
		}
		if x.line("Trustpoint CA certificate accepted."); pasted != "" {
			x.line("% Certificate successfully imported").line("")
		}
	})
}

// enrols asks for a certificate, or makes one that nobody else signs. What a challenge password
// would be for, an administrator who revokes, is not there.
func enrols(x *exec, a args) error {
	name := a.Word("name")
	t := x.d.Running().PKI.Trustpoints.Get(name)
	if t == nil {
		return syntax.Refuse("%% CA trustpoint %s is not known", name)
	}
	selfSigned := t.Enrollment == iosconfig.SelfSigned
	if has, _ := x.d.Running().Texts.Certificates(name); len(has) == 0 && !selfSigned {
		return syntax.Refuse("%% You must authenticate the Certificate Authority before\nyou can enroll with it.")
	}
	if !selfSigned {
		x.line("% Start certificate enrollment .. ").line("")
		if t.Subject != "" {
			x.linef("%% The subject name in the certificate will include: %s", t.Subject)
		}
	}
	switch fqdn := t.FQDN; {
	case fqdn == "none":
		x.line("% The fully-qualified domain name will not be included in the certificate")
	case !selfSigned:
		if fqdn == "" {
			fqdn = x.d.Running().FQDN()
		}
		x.linef("%% The subject name in the certificate will include: %s", fqdn)
	}
	includes(x, t, func(x *exec, with Included) {
		switch {
		case selfSigned:
			signsItself(x, name, with)
		case t.Terminal():
			displays(x, t, with)
		default:
			requests(x, name, with)
		}
	})
	return nil
}

// includes asks for what the trustpoint does not say.
func includes(x *exec, t *iosconfig.Trustpoint, then func(x *exec, with Included)) {
	address := func(x *exec, with Included) {
		if t.Address != "" {
			then(x, with)
			return
		}
		x.ask("% Include an IP address in the subject name? [no]: ", func(x *exec, text string) {
			if !isPrefix(text, "yes") {
				then(x, with)
				return
			}
			x.ask("Enter Interface name or IP Address[]: ", func(x *exec, text string) {
				with.Address = strings.TrimSpace(text)
				then(x, with)
			})
		})
	}
	switch t.Serial {
	case "":
		x.askYesNo("% Include the router serial number in the subject name? [yes/no]: ", func(x *exec, yes bool) {
			if yes {
				x.linef("%% The serial number in the certificate will be: %s", x.d.Name())
			}
			address(x, Included{Serial: yes})
		})
		return
	case "none":
	default:
		x.linef("%% The serial number in the certificate will be: %s", x.d.Name())
	}
	address(x, Included{})
}

// requests asks the authority that the trustpoint names.
func requests(x *exec, name string, with Included) {
	x.askYesNo("Request certificate from CA? [yes/no]: ", func(x *exec, yes bool) {
		if !yes {
			return
		}
		x.s.sh.records.Begin(x.now, 0, 0)
		if err := x.d.Enrol(x.now, name, with); err != nil {
			x.linef("%% Error in connection to Certificate Authority: status = FAIL: %s", err)
			return
		}
		x.line("% Certificate request sent to Certificate Authority").linef("%% The 'show crypto pki certificate verbose %s' commandwill show the fingerprint.", name)
	})
}

func signsItself(x *exec, name string, with Included) {
	x.askYesNo("Generate Self Signed Router Certificate? [yes/no]: ", func(x *exec, yes bool) {
		if !yes {
			return
		}
		x.s.sh.records.Begin(x.now, 0, 0)
		if err := x.d.Enrol(x.now, name, with); err != nil {
			x.linef("%% Failed to generate persistent self-signed cert: %s", err)
			return
		}
		x.line("").line("Router Self Signed Certificate successfully created").line("")
	})
}

// displays shows a request, from where it is copied.
func displays(x *exec, t *iosconfig.Trustpoint, with Included) {
	x.askYesNo("Display Certificate Request to terminal? [yes/no]: ", func(x *exec, yes bool) {
		if !yes {
			return
		}
		x.s.sh.records.Begin(x.now, 0, 0)
		text, err := x.d.Request(x.now, t.Name, with)
		if err != nil {
			x.linef("%% Certificate request failed: %s", err)
			return
		}
		showsRequest(x, strings.Split(strings.TrimSpace(text), "\n"), t.Enrollment == "terminal pem")
	})
}

func showsRequest(x *exec, lines []string, encapsulated bool) {
	x.line("Certificate Request follows:").line("")
	shown := lines
	if !encapsulated {
		shown = lines[1 : len(lines)-1]
	}
	x.out = append(x.out, shown...)
	x.line("").line("---End - This line not part of the certificate request---").line("")
	x.askYesNo("Redisplay enrollment request? [yes/no]: ", func(x *exec, yes bool) {
		if yes {
			showsRequest(x, lines, encapsulated)
		}
	})
}

// imports takes the certificate that was issued for a request.
func imports(x *exec, a args) error {
	name := a.Word("name")
	if x.d.Running().PKI.Trustpoints.Get(name) == nil {
		return syntax.Refuse("%% CA trustpoint %s is not known", name)
	}
	x.line("").line("Enter the base 64 encoded certificate.").line(endOfText).line("")
	x.paste(true, "", func(x *exec, text string) {
		x.s.sh.records.Begin(x.now, 0, 0)
		if err := x.d.Install(x.now, name, text); err != nil {
			x.linef("%% Failed to parse or verify imported certificate: %s", err).line("")
			return
		}
		x.line("% Router Certificate successfully imported").line("")
	})
	return nil
}
