package interop

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// iked initiates what its configuration calls active, and rekeys by lifetimes;
// it takes no command to do either.
var openIKEDPeer = &daemon{
	kind:  openIKED,
	needs: []string{"/usr/sbin/iked", "/usr/sbin/ikectl"},
	files: func(list []cell) map[string]string {
		var suites, besides []cell
		for _, c := range list {
			if c.feature == nil {
				suites = append(suites, c)
			} else if !c.feature.alone {
				besides = append(besides, c)
			}
		}
		files := map[string]string{
			"active.conf": ikedConf(suites, "active", " ikelifetime 45 lifetime 25"), "passive.conf": ikedConf(suites, "passive", ""),
			"features.conf": ikedConf(besides, "passive", ""),
		}
		for _, c := range list {
			if c.feature != nil && c.feature.alone {
				files[c.name()+".conf"] = ikedConf([]cell{c}, "passive", "")
			}
		}
		return files
	},
	version: "iked -V 2>&1 | head -1",
	start: `grep -q _iked /etc/passwd || echo '_iked:x:499:499::/var/empty:/usr/sbin/nologin' >>/etc/passwd
grep -q _iked /etc/group || echo '_iked:x:499:' >>/etc/group
mkdir -p /var/empty /etc/iked/ca /etc/iked/certs /etc/iked/crls /etc/iked/private /etc/iked/pubkeys
openssl ecparam -genkey -name prime256v1 -noout -out /etc/iked/private/local.key 2>/dev/null
openssl ec -in /etc/iked/private/local.key -pubout -out /etc/iked/local.pub 2>/dev/null
/usr/sbin/iked -dv -f "$(cat /run/conf 2>/dev/null || echo /conf/active.conf)" >>/run/iked.log 2>&1 &
i=0
until timeout 2 ikectl show sa >/dev/null 2>&1 || [ $i -ge 60 ]; do sleep 0.1; i=$((i+1)); done
`,
	initiate:   nothing,
	rekeyChild: nothing,
	rekeyIKE:   nothing,
	between:    "timeout 20 ikectl load /conf/passive.conf; timeout 20 ikectl reset sa",
	prepare: func(c cell) string {
		file := "features.conf"
		if c.feature != nil {
			file = c.name() + ".conf"
		}
		return "echo /conf/" + file + " >/run/conf; timeout 20 ikectl load /conf/" + file
	},
	kill:     "kill -9 $(pidof iked); rm -f /var/run/iked.sock",
	ike:      func(c cell) string { return `iked_sas: .*` + regexp.QuoteMeta(c.ours()+":") + `.* ESTABLISHED ` },
	features: openIKEDFeatures,
	esp:      "AES-128 SHA1",
	sas:      "sh timeout 20 ikectl show sa",
	mark:     func(c cell) string { return c.ours() + ":" },
	log:      "tail -300 /run/iked.log",
}

func nothing(cell) string { return "" }

// ikedConf has a policy for each cell.
func ikedConf(list []cell, mode, lifetimes string) string {
	var b strings.Builder
	b.WriteString("set nomobike\nset fragmentation\nset dpd_check_interval 5\n")
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
		flow, mode, lifetimes := "esp from INNER to INSIDE.0/24", mode, lifetimes
		if c.feature != nil {
			flow, lifetimes = cmp.Or(c.feature.child, flow), c.feature.conn
			if c.feature.theirs {
				mode = "active"
			}
		}
		fmt.Fprintf(&b, `ikev2 "%s" %s %s local %s peer %s ikesa enc %s prf %s%s group %s childsa %s srcid %s dstid %s%s psk "interop"
`, c.name(), mode, c.fill(flow), c.theirs(), c.ours(), w(c.encryption), w(c.integrity), integrity, w(c.group), esp, theirs, ours, lifetimes)
	}
	return b.String()
}
