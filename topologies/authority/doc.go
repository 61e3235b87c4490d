// Package authority is the certification authorities of a lab: they sign what routers ask for, and
// say what they have revoked. Routers reach them beside the network, at http://NAME. What an
// authority does wrong on purpose is in its settings, so that a lab may have certificates of every
// wrong kind.
package authority
