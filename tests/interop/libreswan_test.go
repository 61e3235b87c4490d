package interop

import (
	"cmp"
	"fmt"
	"strings"
)

// whack is how pluto is told what to do; it does not wait for the outcome.
const whack = "sh timeout 60 /usr/libexec/ipsec/whack --asynchronous "

var libreswanPeer = &daemon{
	kind:  libreswan,
	needs: []string{"/usr/libexec/ipsec/pluto", "/usr/libexec/ipsec/addconn"},
	files: func(list []cell) map[string]string {
		var conf, secrets strings.Builder
		conf.WriteString("config setup\n  uniqueids=yes\n")
		for _, c := range list {
			conf.WriteString(c.ipsecConf())
			ours, theirs := c.ids(libreswan)
			fmt.Fprintf(&secrets, "%s %s : PSK \"interop\"\n", theirs, ours)
		}
		return map[string]string{"ipsec.conf": conf.String(), "ipsec.secrets": secrets.String()}
	},
	version: "/usr/libexec/ipsec/pluto --version | cut -d' ' -f1,2",
	start: `mkdir -p /run/pluto
mkdir -p /var/lib/ipsec/nss; [ -e /var/lib/ipsec/nss/cert9.db ] || certutil -N -d sql:/var/lib/ipsec/nss --empty-password >/run/load.log 2>&1
/usr/libexec/ipsec/pluto --config /conf/ipsec.conf --secretsfile /conf/ipsec.secrets --logfile /run/pluto.log >>/run/load.log 2>&1
i=0; conns=$(grep -c '^conn' /conf/ipsec.conf)
until [ "$(grep -c 'added IKEv2 connection' /run/pluto.log)" -ge "$conns" ] || [ $i -ge 600 ]; do sleep 0.1; i=$((i+1)); done
`, // pluto loads them itself; whoever loads them once more takes down what is up

	initiate:   func(c cell) string { return whack + "--initiate --name " + c.name() },
	rekeyChild: func(c cell) string { return whack + "--rekey-ipsec --name " + c.name() },
	rekeyIKE:   func(c cell) string { return whack + "--rekey-ike --name " + c.name() },
	terminate:  func(c cell) string { return whack + "--terminate --name " + c.name() },
	sas:        "sh /usr/libexec/ipsec/whack --showstates",
	mark:       func(c cell) string { return `"` + c.name() + `"` },
	ike:        func(c cell) string { return `"` + c.name() + `".*STATE_V2_ESTABLISHED_IKE_SA` },
	kill:       "kill -9 $(pidof pluto); rm -rf /run/pluto /run/pluto.log",
	features:   libreswanFeatures,
	esp:        "GCM-128",
	log:        "cat /run/load.log; tail -300 /run/pluto.log",
}

// ipsecConf is the cell's connection. Our tunnel interface offers all addresses,
// which narrowing lets pluto answer.
func (c cell) ipsecConf() string {
	w := func(of word) string { return of.peers[libreswan] }
	esp := w(c.esp)
	if w(c.pfs) != "" {
		esp += ";" + w(c.group)
	}
	ours, theirs := c.ids(libreswan)
	conn, child := "", "  leftsubnet=INNER/32\n  rightsubnet=INSIDE.0/24" // of a feature
	if c.feature != nil {
		conn = c.fill(c.feature.conn) + "\n"
		child = cmp.Or(c.feature.child, child)
	}
	yes := map[bool]string{true: "yes", false: "no"}
	return fmt.Sprintf(`conn %s
  ikev2=insist
  authby=secret
  left=%s
  leftid=%s
  right=%s
  rightid=%s
%s
  ike=%s-%s;%s
  esp=%s
  pfs=%s
  narrowing=yes
  leftupdown=%%disabled
  auto=add
`, c.name(), c.theirs(), theirs, c.ours(), ours, c.fill(child), w(c.encryption), w(c.integrity), w(c.group), esp, yes[w(c.pfs) != ""]) + conn
}
