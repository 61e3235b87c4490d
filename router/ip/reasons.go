package ip

// Reason is why a packet was dropped.
type Reason string

const (
	BadHeader       Reason = "bad header"
	BadARP          Reason = "bad arp packet"
	BadND           Reason = "bad neighbour discovery message"
	NotRouter       Reason = "ipv6 routing is off"
	BadTransport    Reason = "bad transport header or checksum"
	ImpossibleFrom  Reason = "source address that nobody can have"
	ImpossibleTo    Reason = "destination address that nobody can have"
	GroupToUnicast  Reason = "link-layer broadcast of a unicast packet"
	TTLExceeded     Reason = "time to live exceeded"
	Prohibited      Reason = "prohibited by an access list"
	NoRoute         Reason = "no route"
	NoProtocol      Reason = "protocol not served"
	NoPort          Reason = "port not served"
	InterfaceDown   Reason = "interface down"
	NoOutput        Reason = "interface carries nothing"
	NoAssociation   Reason = "no security association yet"
	TooLong         Reason = "too long, and not to be fragmented"
	Unresolved      Reason = "neighbour does not answer"
	Superseded      Reason = "a later packet waits for the neighbour"
	TooMany         Reason = "too many neighbours"
	BadFragments    Reason = "fragments contradict each other"
	FragmentsAbsent Reason = "fragments are missing"
)
