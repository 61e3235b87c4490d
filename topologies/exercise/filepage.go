package exercise

import (
	"ikelab/topologies/form"
	"ikelab/topologies/scenario"
)

const filePageHead = "# Labs of your own\n\n" +
	"<!-- Made from topologies/exercise by: go test ./topologies/exercise -run TestPages -update -->\n\n" +
	"`ikelab labs new mine` writes a small lab with a task into the folder `mine`, `ikelab labs export NAME mine` an embedded one. Change what is there; then\n\n" +
	"- `ikelab test mine/task.yml --seeds 3` tries whether it keeps what it promises: as it is found it earns nothing, the solution and all right mends pass, each wrong mend fails for its reason, and what hints tell people to look at is there;\n" +
	"- `ikelab run mine/task.yml --seed 7 --save anna` is what a learner types, and `write memory` at the routers;\n" +
	"- `ikelab test --grade CLASS --lab mine/task.yml` grades a folder of such folders.\n\n" +
	"`task.yml` says what is wrong, and how it is judged; `lab.clab.yml` and the configurations that it names are the network as it should be, to which the lines of `fault` are added. All of them are Go templates (text/template)\n" +
	"over what the seed draws, so that each learner has other names, addresses and keys, and the fault is at another end:\n\n" +
	"| in a template | is |\n|---|---|\n" +
	"| `{{.A.Name}}`, `{{.B.Name}}`, `{{.C.Name}}` | the names of up to three routers, in the order of the topology |\n" +
	"| `{{.X.Name}}`, `{{.Y.Name}}` | A and B, or B and A: the fault is at X |\n" +
	"| `{{.A.FQDN}}` | a name such as oslo.example.com |\n" +
	"| `{{.A.WAN.Addr}}`, `{{mask .A.WAN}}`, `{{.A.Gateway}}` | its address outside, the same with its mask, and that of the provider |\n" +
	"| `{{.A.Inside.Addr}}`, `{{.A.LAN}}`, `{{.A.Host}}` | its address inside, the network there, and a host's |\n" +
	"| `{{wild .A.LAN}}`, `{{mask .A.LAN}}` | that network as access lists, and as routes have it |\n" +
	"| `{{.A.Tunnel.Addr}}`, `{{.Tunnel}}` | its address in the tunnel, and the number of the tunnel interface |\n" +
	"| `{{.Key}}`, `{{.OtherKey}}` | two keys |\n" +
	"| `{{index .Net \"mtu\"}}` | a word of `network` in task.yml |\n" +
	"| `{{template \"carries\" .}}` | a part of parts.tmpl, where checks and wrong mends stand that labs share |\n" +
	"| `{{template \"router\" at . .A}}` | a part of parts.tmpl about router A: there `.Self` is A and `.Peer` the other one |\n\n" +
	"What is graded are configurations: for each check the network is built anew from them, and the steps of a scenario ([scenarios.md](scenarios.md)) are done. A check that holds is worth its points, once at least one holds that did not hold in the network as it was found. " +
	"Certificates in a configuration are for keys that are not in it: a trustpoint with `auto-enroll` gets another one in each of these networks.\n\n" +
	"## task.yml\n"

// filePage is what a lab's file may say, for people.
func filePage() string {
	var c check
	var m mend
	var change Change
	var hint string
	var shows []*scenario.Step
	return filePageHead + form.Rows((&Lab{}).keys()) +
		"\n### check\n" + form.Rows(c.keys()) +
		"\n### hints\n\nA text, or a mapping:\n" + form.Rows(hintKeys(&hint, &shows)) +
		"\n### wrong, right\n" + form.Rows(m.keys(true)) +
		"\n### fault, solution, change\n" + form.Rows(change.keys())
}
