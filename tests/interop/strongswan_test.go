package interop

import (
	"fmt"
	"strings"
)

var strongSwanPeer = &daemon{
	kind:  strongSwan,
	needs: []string{"/usr/lib/ipsec/charon", "/usr/sbin/swanctl"},
	files: func(list []cell) map[string]string {
		var b, secrets strings.Builder
		for _, c := range list {
			b.WriteString(c.swanctl())
			ours, theirs := c.ids(strongSwan)
			fmt.Fprintf(&secrets, "  ike-%s { secret = interop\n    id-1 = \"%s\"\n    id-2 = \"%s\" }\n", c.name(), theirs, ours)
		}
		files := map[string]string{
			"swanctl.conf":    "connections {\n" + b.String() + "}\nsecrets {\n" + secrets.String() + ppkSecret + "}\n" + swanPools,
			"strongswan.conf": charonConf,
		}
		swanCredentials(list, files)
		return files
	},
	version: "swanctl --version 2>/dev/null | head -1 | sed 's/ swanctl//'",
	start: swanFolder + `export STRONGSWAN_CONF=/conf/strongswan.conf
/usr/lib/ipsec/charon >>/run/charon.log 2>&1 &
i=0
until [ -S /run/charon.vici ] || [ $i -ge 600 ]; do sleep 0.1; i=$((i+1)); done
swanctl --load-all --noprompt --file /run/swanctl/swanctl.conf >/run/load.log 2>&1 || cat /run/load.log /run/charon.log
`,
	kill:       "kill -9 $(pidof charon); rm -f /run/charon.vici /run/charon.pid",
	initiate:   func(c cell) string { return "vici initiate timeout=60000 child=" + c.name() },
	rekeyChild: func(c cell) string { return "vici rekey child=" + c.name() },
	rekeyIKE:   func(c cell) string { return "vici rekey ike=" + c.name() },
	terminate:  func(c cell) string { return "vici terminate timeout=60000 ike=" + c.name() },
	sas:        "vici list-sas",
	mark:       func(c cell) string { return c.name() + "." },
	ike:        func(c cell) string { return c.name() + `\.uniqueid=` },
	collided:   func(c cell) string { return "sh grep '<" + c.name() + "|.*REKEY collision with' /run/charon.log" },
	features:   strongSwanFeatures,
	esp:        "GCM-128",
	log:        "tail -3000 /run/charon.log",
}

// ppkSecret is for who has it (RFC 8784).
const ppkSecret = "  ppk-q { id = q\n    secret = quantum }\n"

// charonConf loads what the matrix needs.
const charonConf = `charon {
  load = random nonce openssl kdf kernel-netlink socket-default vici gcm aes sha1 sha2 hmac md5 des ctr chapoly curve25519 pem pkcs1 pkcs8 x509 pubkey revocation constraints mgf1 gmp
  install_routes = no
  fragment_size = 200
  filelog { stderr { default = 1
    ike_name = yes
    time_format = %T } }
}
swanctl { load = random pem pkcs1 pkcs8 x509 openssl }
`

// swanctl is the cell's connection, with a child of the same name.
func (c cell) swanctl() string {
	w := func(of word) string { return of.peers[strongSwan] }
	ike := w(c.encryption) + "-" + w(c.integrity) + "-" + w(c.group)
	if c.aead() {
		ike = w(c.encryption) + "-prf" + w(c.integrity) + "-" + w(c.group)
	}
	esp := w(c.esp)
	if w(c.pfs) != "" {
		esp += "-" + w(c.group)
	}
	ours, theirs := c.ids(strongSwan)
	conn, child := "mobike = no", c.selectors()
	if c.feature != nil && c.feature.conn != "" {
		conn = c.fill(c.feature.conn)
	}
	if c.feature != nil && c.feature.child != "" {
		child = c.fill(c.feature.child)
	}
	return fmt.Sprintf(`%[1]s {
version = 2
local_addrs = %[2]s
remote_addrs = %[3]s
proposals = %[4]s
local {
auth = psk
id = "%[6]s"
}
remote {
auth = psk
id = "%[7]s"
}
%[5]s
children {
%[1]s {
esp_proposals = %[8]s
%[9]s
}
}
}
`, c.name(), c.theirs(), c.ours(), ike, conn, theirs, ours, esp, child)
}
