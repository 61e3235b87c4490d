package sentence

import (
	"slices"
	"strconv"
)

// The severities of syslog that messages have.
const (
	Errors        = 3
	warnings      = 4
	notifications = 5
	Informational = 6
)

// Message is a form of message of syslog: "%LINK-3-UPDOWN: ...".
type Message struct {
	Severity int
	facility string
	mnemonic string
	text     Sentence
	whole    Sentence // behind "%", its name and ": "
}

var messages []*Message

func message(facility string, severity int, mnemonic, format string) *Message {
	m := &Message{Severity: severity, facility: facility, mnemonic: mnemonic, text: Sentence{format: format}}
	m.whole = Sentence{format: "%%" + m.Name() + ": " + format}
	messages = append(messages, m)
	return m
}

// Name is what stands between "%" and ":".
func (m *Message) Name() string {
	return m.facility + "-" + strconv.Itoa(m.Severity) + "-" + m.mnemonic
}

// Mnemonic is the last part of its name.
func (m *Message) Mnemonic() string { return m.mnemonic }

// Say puts values into the places.
func (m *Message) Say(values ...any) string { return m.whole.Say(values...) }

// Pattern is what stands behind the name, with "{}" for the places.
func (m *Message) Pattern() string { return m.text.Pattern() }

// Messages are the messages that there are.
func Messages() []*Message { return slices.Clone(messages) }

// The messages.
var (
	LinkChanged   = message("LINK", notifications, "CHANGED", "Interface %s, changed state to administratively down")
	LinkUpDown    = message("LINK", Errors, "UPDOWN", "Interface %s, changed state to %s")
	LineProtocol  = message("LINEPROTO", notifications, "UPDOWN", "Line protocol on Interface %s, changed state to %s")
	AddressLeased = message("DHCP", Informational, "ADDRESS_ASSIGN", "Interface %s assigned DHCP address %v, mask %s, hostname %s\n")
	PingConflict  = message("DHCPD", warnings, "PING_CONFLICT", "DHCP address conflict:  server pinged %v.")
	Tracked       = message("TRACKING", notifications, "STATE", "%d %s %s->%s")
	TrackedNewer  = message("TRACK", Informational, "STATE", "%d %s %s -> %s")
	ClientUp      = message("FLEXVPN", Informational, "FLEXVPN_CONNECTION_UP", "FlexVPN(%s) Client_public_addr = %v Server_public_addr = %v%s")
	ClientDown    = message("FLEXVPN", Informational, "FLEXVPN_CONNECTION_DOWN", "FlexVPN(%s) Client_public_addr = %v Server_public_addr = %v%s")
	LoopedChain   = message("ADJ", notifications, "PARENT", "Midchain parent maintenance for IP midchain out of %s %08X - looped chain attempting to stack")
	DuplicateIP   = message("IP", warnings, "DUPADDR", "Duplicate address %s on %s, sourced by %s")
	Duplicate     = message("IPV6_ND", warnings, "DUPLICATE", "Duplicate address %s on %s")
	LoggedPorts   = message("SEC", Informational, "IPACCESSLOGP", "list %s %s %s %s(%d) %s-> %s(%d), %s")
	LoggedICMP    = message("SEC", Informational, "IPACCESSLOGDP", "list %s %s icmp %s %s-> %s (%d/%d), %s")
	LoggedOther   = message("SEC", Informational, "IPACCESSLOGNP", "list %s %s %d %s %s-> %s, %s")
	LoggedSource  = message("SEC", Informational, "IPACCESSLOGS", "list %s %s %s %s")
	LoggedMissed  = message("SEC", Informational, "IPACCESSLOGRL", "access-list logging rate-limited or missed %s")
	LoggedPorts6  = message("IPV6_ACL", Informational, "ACCESSLOGP", "list %s/%d %s %s %s(%d) %s-> %s(%d), %s")
	LoggedICMP6   = message("IPV6_ACL", Informational, "ACCESSLOGDP", "list %s/%d %s icmpv6 %s %s-> %s (%d/%d), %s")
	LoggedOther6  = message("IPV6_ACL", Informational, "ACCESSLOGNP", "list %s/%d %s %d %s %s-> %s, %s")
	Recursive     = message("TUN", notifications, "RECURDOWN", "%s temporarily disabled due to recursive routing")

	Switched          = message("CRYPTO", Informational, "ISAKMP_ON_OFF", "ISAKMP is %s")
	Session           = message("CRYPTO", notifications, "SESSION_STATUS", "Crypto tunnel is %-4s.  Peer %v       Id: %s")
	SessionIKEv2      = message("CRYPTO", notifications, "IKEV2_SESSION_STATUS", "Crypto tunnel v2 is %s.  Peer %v       Id: %s")
	Aborted           = message("IKEV2", Errors, "NEG_ABORT", "Negotiation aborted due to ERROR: %s")
	InvalidSPI        = message("CRYPTO", warnings, "RECVD_PKT_INV_SPI", "decaps: rec'd IPSEC packet has invalid spi for destaddr=%v, prot=50, spi=%s, srcaddr=%v, input interface=%s")
	NotIPsec          = message("CRYPTO", warnings, "RECVD_PKT_NOT_IPSEC", "Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /%v, src_addr= %v, prot= %d")
	Replayed          = message("CRYPTO", warnings, "PKT_REPLAY_ERR", "decrypt: replay check failed\n        connection id=%d, sequence number=%d\n")
	WrongMAC          = message("CRYPTO", warnings, "RECVD_PKT_MAC_ERR", "decrypt: mac verify failed for connection id=%d")
	SequenceExhausted = message("CRYPTO", warnings, "SEQUENCE_EXHAUSTED", "encrypt: no sequence number left for connection id=%d, spi=%s, peer=%v: its SAs are deleted")

	CertificateInvalid  = message("PKI", Errors, "CERTIFICATE_INVALID", "Certificate chain validation has failed.")
	CertificateExpired  = message("PKI", Errors, "CERTIFICATE_INVALID_EXPIRED", "Certificate chain validation has failed. The certificate (SN: %s) has expired. Validity period ended on %s")
	CertificateEarly    = message("PKI", Errors, "CERTIFICATE_INVALID_NOT_YET_VALID", "Certificate chain validation has failed. The certificate (SN: %s) is not yet valid. Validity period begins on %s")
	CertificateRevoked  = message("PKI", Errors, "CERTIFICATE_REVOKED", "Certificate chain validation has failed. The certificate (SN: %s) is revoked")
	ListNotFetched      = message("PKI", Errors, "CRL_FETCH_FAIL", "CRL fetch for trustpoint %s failed")
	CertificateReceived = message("PKI", Informational, "CERTRET", "Certificate received from Certificate Authority")
	CertificateInstall  = message("PKI", Informational, "CERT_INSTALL", "%s certificate has been installed under\nTrustpoint   : %s\nIssuer-name  : %s\nSubject-name : %s\nSerial-number: %s\nEnd-date     : %s")
	NotEnrolled         = message("PKI", Errors, "CERT_ENROLL_FAIL", "Certificate enrollment failed for trustpoint %s: %s")
	RenewalBegun        = message("PKI", Informational, "CERTRENEWAUTO", "Renewing the router certificate for trustpoint %s")
	KeyMismatch         = message("PKI", Errors, "KEY_CMP_MISMATCH", "Key in the certificate and stored key does not match for Trustpoint-%s.")
	NoAddressMatch      = message("CRYPTO", Informational, "IKMP_NO_ID_CERT_ADDR_MATCH", "ID of %s (type %d) and certificate addr with %s")
	NoFQDNMatch         = message("CRYPTO", Informational, "IKMP_NO_ID_CERT_FQDN_MATCH", "ID of %s (type %d) and certificate fqdn with %s")
	NoDNMatch           = message("CRYPTO", Informational, "IKMP_NO_ID_CERT_DN_MATCH", "ID of %s (type %d) and certificate DN with %s")
	NoUserMatch         = message("CRYPTO", Informational, "IKMP_NO_ID_CERT_USER_FQDN_MATCH", "ID of %s (type %d) and certificate user fqdn with %s")

	Configured      = message("SYS", notifications, "CONFIG_I", "Configured from %s by %s")
	ClockSet        = message("SYS", Informational, "CLOCKUPDATE", "System clock has been updated from %s to %s, configured from console by %s.")
	StandbyState    = message("HSRP", notifications, "STATECHANGE", "%s Grp %d state %s -> %s")
	StandbyAuth     = message("HSRP", warnings, "BADAUTH", "Bad authentication from %s, group %d, remote state %s")
	StandbyDiffers  = message("HSRP", warnings, "DIFFVIP1", "%s Grp %d active routers virtual IP address %s is different to the locally configured address %s")
	ClockByNTP      = message("SYS", Informational, "CLOCKUPDATE", "System clock has been updated from %s to %s, configured from NTP by %s.")
	NTPStarted      = message("NTP", Informational, "RESTART", "NTP process starts")
	NTPStopped      = message("NTP", Informational, "STOP", "NTP process stops")
	NTPReachable    = message("NTP", Informational, "PEERREACH", "Peer %s is reachable")
	NTPUnreachable  = message("NTP", warnings, "PEERUNREACH", "Peer %s is unreachable")
	NTPSynced       = message("NTP", notifications, "PEERSYNC", "NTP synced to peer %s")
	NTPLost         = message("NTP", warnings, "UNSYNC", "NTP sync is lost")
	ReloadScheduled = message("SYS", notifications, "SCHEDULED_RELOAD", "Reload requested for %s at %s by %s. Reload Reason: %s.")
	ReloadCancelled = message("SYS", notifications, "SCHEDULED_RELOAD_CANCELLED", " Scheduled reload cancelled at %s")
	CountersCleared = message("CLEAR", notifications, "COUNTERS", "Clear counter on %s by %s")
	Reloading       = message("SYS", notifications, "RELOAD", "Reload requested by %s. Reload Reason: %s.")
	Restarted       = message("SYS", notifications, "RESTART", "System restarted --")
)
