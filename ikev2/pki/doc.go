// Package pki judges X.509 certificates as IKEv2 uses them (RFC 4945, RFC 5280): who has
// signed a chain, for how long, for what and for whom, and whether it was revoked. It makes
// requests and certificates too. Everything is a pure function of octets, keys and instants.
package pki
