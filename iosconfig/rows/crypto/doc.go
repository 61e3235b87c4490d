// Package crypto holds the configuration commands of IKEv2 and IPsec: rows that
// edit the types of package iosconfig.
package crypto
