// Package tunnel is the tunnel interfaces of a router. So far it has the
// states that the screens show.
package tunnel
