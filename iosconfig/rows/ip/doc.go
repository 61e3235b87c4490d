// Package ip holds the configuration commands of interfaces, tunnels and routes: rows that
// edit the types of package iosconfig.
package ip
