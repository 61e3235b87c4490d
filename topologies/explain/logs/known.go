package logs

// passing are the sentences of IKEv2 that tell of a step and of nothing that is not
// known otherwise, of routers elsewhere: the renderer here prints none of them.
var passing = []string{
	"Decrement count for {} active",
	"Active ike sa request deleted",
	"Set NAT keepalive timer {}",
	"Fragmentation is enabled",
	"Cisco Fragmentation is enabled",
	"Sending Delete Reason Notify with error code : {} severity: {}",
	"decrypt queued",
	"Process delete IPSec API",
	"ipsec delete",
	"Successfully removed child SAs",
	"Deleting negotiation context for {} message ID: {}",
	"Starting timer ({} sec) to delete negotiation context",
	"Verification of peer's authentication data PASSED",
	"not a VPN-SIP session",
	"Getting configured policies",
	"Adding trusted issuer hash to send. Hash:",
	"Process custom VID payloads",
	"Cisco Copyright VID received from peer",
	"Encrypt success status returned via ipc {}",
	"Decrypt success status returned via ipc {}",
	"session manager killed ikev2 tunnel. Reason: {}",
	"attempting to find tunnel group for ID: {}",
	"Site to Site connection detected",
	"my auth method set to: {}",
	"peer auth method set to: {}",
	"Completed authentication for connection",
	"Selector received from peer is accepted",
	"Received PFKEY {} SA for SPI {}",
}
