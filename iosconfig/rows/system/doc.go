// Package system holds the configuration commands of the system, its log, terminals and banners: rows that
// edit the types of package iosconfig.
package system
