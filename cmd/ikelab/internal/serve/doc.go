// Package serve lets people and programs come to the routers of a lab over the
// network: by SSH (RFC 4251 to 4254) and by telnet (RFC 854), each router at
// ports of its own.
//
//	s, err := serve.Open(lab.Routers, serve.Options{Do: pacer.Do, Address: "127.0.0.1", SSH: 10001, Telnet: 11001, HostKey: key})
//	s.Doors()   // where each router is
//	s.Close()
//
// Who comes is on a vty of the router, as its configuration says: `line vty`,
// `username`, `ip ssh pubkey-chain`, `enable secret`. There is no password that
// is not configured.
//
// Nothing here makes the lab wait: what it shows is kept for a slow reader, within bounds,
// and who does not read is sent away. Attempts to log in, connections that have not,
// and the time that they have are limited; idle sessions are ended as exec-timeout says.
package serve
