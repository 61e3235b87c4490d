// Package kernel tries what ikelab does beside what others do with the same
// octets: the doors to real networks with Linux interfaces, in network namespaces
// that a test makes and that are gone with it.
package kernel
