package interop

import (
	"fmt"
	"strings"
)

// iked initiates what its configuration calls active, and rekeys by lifetimes;
// it takes no command to do either.
var openIKEDPeer = &daemon{
	kind:  openIKED,
	needs: []string{"/usr/sbin/iked", "/usr/sbin/ikectl"},
	files: func(list []cell) map[string]string {
		return map[string]string{"active.conf": ikedConf(list, "active", " ikelifetime 45 lifetime 25"), "passive.conf": ikedConf(list, "passive", "")}
	},
	version: "iked -V 2>&1 | head -1",
	start: `echo '_iked:x:499:499::/var/empty:/usr/sbin/nologin' >>/etc/passwd
echo '_iked:x:499:' >>/etc/group
mkdir -p /var/empty /etc/iked/ca /etc/iked/certs /etc/iked/crls /etc/iked/private /etc/iked/pubkeys
openssl ecparam -genkey -name prime256v1 -noout -out /etc/iked/private/local.key 2>/dev/null
openssl ec -in /etc/iked/private/local.key -pubout -out /etc/iked/local.pub 2>/dev/null
/usr/sbin/iked -dv -f /conf/active.conf >/run/iked.log 2>&1 &
i=0
until timeout 2 ikectl show sa >/dev/null 2>&1 || [ $i -ge 60 ]; do sleep 0.1; i=$((i+1)); done
`,
	initiate:   nothing,
	rekeyChild: nothing,
	rekeyIKE:   nothing,
	between:    "timeout 20 ikectl load /conf/passive.conf; timeout 20 ikectl reset sa",
	sas:        "sh timeout 20 ikectl show sa",
	mark:       func(c cell) string { return c.ours() + ":" },
	log:        "tail -300 /run/iked.log",
}

func nothing(cell) string { return "" }

// ikedConf has a policy for each cell.
func ikedConf(list []cell, mode, lifetimes string) string {
	var b strings.Builder
	b.WriteString("set nomobike\n")
	for _, c := range list {
		w := func(of word) string { return of.peers[openIKED] }
		integrity := " auth " + w(c.integrity)
		if c.aead() {
			integrity = ""
		}
		esp := w(c.esp)
		if w(c.pfs) != "" {
			esp += " group " + w(c.group)
		}
		ours, theirs := c.ids(openIKED)
		fmt.Fprintf(&b, `ikev2 "%s" %s esp from %s to %s.0/24 local %s peer %s ikesa enc %s prf %s%s group %s childsa %s srcid %s dstid %s%s psk "interop"
`, c.name(), mode, c.theirInner(), c.inside(), c.theirs(), c.ours(), w(c.encryption), w(c.integrity), integrity, w(c.group), esp, theirs, ours, lifetimes)
	}
	return b.String()
}
