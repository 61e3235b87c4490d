// Package acl is access lists as packets meet them: lines in order, of which the
// first that fits decides. It knows no configuration and no device.
//
//	lists := acl.Lists{}
//	vpn := lists.Get("VPN")            // also before it is defined: edits reach who holds it
//	lists.Set("VPN", []acl.Line{{Number: 10, Entry: acl.Entry{…}}})
//	line, verdict := vpn.Match(packet) // verdict: Permit, Deny; None: no line fits
//	line, verdict = vpn.MatchMirrored(packet)
//
// The contract:
//   - A list without lines permits everything: nothing, or nothing yet, was said.
//     One with lines denies what none of them permits, and that is None, since
//     who asks may have more lists.
//   - Each match counts at its line. An edit keeps the counts of the lines that
//     stay.
//   - A match allocates nothing and costs O(log n) for lists as people write
//     them: a tree of cuts through addresses and ports leads to a few lines, which
//     are compared in full.
//   - A list is of one family, which its lines say; a packet of the other one fits none of
//     them. What is no whole header matches nothing. Later fragments show no ports:
//     a line that asks for some permits them by their addresses and does not deny
//     them.
package acl
