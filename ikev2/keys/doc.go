// Package keys computes what IKEv2 computes with secrets: the keys of an IKE
// SA and of its children (RFC 7296 2.14, 2.17, 2.18), the octets that AUTH
// covers (2.15), and the public-key operations as jobs, which are data. It
// keeps no state and knows no message.
package keys
