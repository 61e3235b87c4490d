package ikev2

// factNames are the facts in records, in their order.
var factNames = [...]string{
	"none", "getting key by address", "adding proposal", "choosing profile", "using profile", "request admitted", "increment outgoing",
	"increment incoming", "decrement outgoing", "decrement incoming", "request activated", "decrement outgoing fail",
	"decrement incoming fail", "request deleted", "setting policies", "no action", "no config in init", "no config to send",
	"sending config", "received config", "config reply error", "no mode config set", "processing init", "NAT discovery", "NAT source",
	"NAT remote match", "NAT remote mismatch", "NAT destination", "NAT local match", "NAT local mismatch", "no NAT", "NAT found",
	"generate SKEYID", "delete reason enabled", "PKI open", "PKI close", "expected message ID", "valid ID", "redirect skipped", "no AAA group",
	"no AAA user", "store MIB", "async queued", "empty line", "KMI consumed", "ident handle", "accounting not required", "sent response",
	"processed response", "no key", "no profile", "no item in database", "failed policy match", "sending no proposal", "received no proposal",
	"invalid KE sent", "invalid KE received", "auth data failed", "sending auth failed", "received auth failed", "no TS policy",
	"sending TS unacceptable", "received TS unacceptable", "received notify", "init failed", "initial exchange failed", "auth exchange failed",
	"create child failed", "abort exchange", "deleting SA", "max retransmissions", "auth timer expired", "retransmitting",
	"already negotiating", "queuing delete", "sending delete child", "sending delete IKE", "processing delete child", "processing delete IKE",
	"delete from peer", "processing info ack", "sending DPD", "received DPD", "sending info ack", "duplicate found", "no duplicate",
	"initial contact received", "rekey started", "child rekey started", "window full", "temporary failure", "limit reached",
}

// String names the fact in records.
func (f Fact) String() string { return factNames[f] }
