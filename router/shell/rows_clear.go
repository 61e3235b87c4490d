package shell

import "ikelab/iosconfig/syntax"

// clearRows are the `clear` commands of neighbours.
var clearRows = []syntax.Command[exec]{
	{Syntax: "clear arp-cache", Help: "|Clear the entire ARP cache", Set: does(func(x *exec) { x.d.ClearNeighbours(x.now) })},
	{Syntax: "clear ip arp", Help: "|IP|Clear the ARP cache", Set: does(func(x *exec) { x.d.ClearNeighbours(x.now) })},
}
