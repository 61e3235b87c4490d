package interop

import (
	"fmt"
	"strings"
)

var strongSwanPeer = &daemon{
	kind:  strongSwan,
	needs: []string{"/usr/lib/ipsec/charon", "/usr/sbin/swanctl"},
	files: func(list []cell) map[string]string {
		var b strings.Builder
		for _, c := range list {
			b.WriteString(c.swanctl())
		}
		return map[string]string{
			"swanctl.conf":    "connections {\n" + b.String() + "}\nsecrets { ike-1 { secret = interop } }\n",
			"strongswan.conf": charonConf,
		}
	},
	version: "swanctl --version 2>/dev/null | head -1 | sed 's/ swanctl//'",
	start: `export STRONGSWAN_CONF=/conf/strongswan.conf
/usr/lib/ipsec/charon >/run/charon.log 2>&1 &
i=0
until [ -S /run/charon.vici ] || [ $i -ge 600 ]; do sleep 0.1; i=$((i+1)); done
swanctl --load-all --file /conf/swanctl.conf >/run/load.log 2>&1 || cat /run/load.log /run/charon.log
`,
	initiate:   func(c cell) string { return "swanctl --initiate --timeout 60 --child " + c.name() + " | tail -3" },
	rekeyChild: func(c cell) string { return "swanctl --rekey --child " + c.name() },
	rekeyIKE:   func(c cell) string { return "swanctl --rekey --ike " + c.name() },
	terminate:  func(c cell) string { return "swanctl --terminate --ike " + c.name() + " | tail -1" },
	between:    "true",
	sas:        func(c cell) string { return "swanctl --list-sas --ike " + c.name() },
	log:        "tail -300 /run/charon.log",
}

// charonConf loads what the matrix needs.
const charonConf = `charon {
  load = random nonce openssl kdf kernel-netlink socket-default vici gcm aes sha1 sha2 hmac md5 des ctr chapoly curve25519
  install_routes = no
  filelog { stderr { default = 1
    ike_name = yes
    time_format = %T } }
}
swanctl { load = random }
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
	return fmt.Sprintf(`  %[1]s {
    version = 2
    mobike = no
    local_addrs = %[2]s
    remote_addrs = %[3]s
    proposals = %[4]s
    local { auth = psk
      id = %[2]s }
    remote { auth = psk
      id = %[3]s }
    children { %[1]s {
      local_ts = %[5]s/32
      remote_ts = %[6]s.0/24
      esp_proposals = %[7]s
      } }
  }
`, c.name(), c.theirs(), c.ours(), ike, c.theirInner(), c.inside(), esp)
}
