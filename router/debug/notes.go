package debug

import (
	"fmt"
	"strconv"
	"strings"

	"ikelab/ikev2"
)

// sentence is what a fact reads like. {addr}, {name}, {a}, {b}, {c},
// {xa} and {xb} stand for the note's values (x: hexadecimal). alt is the
// wording when A is 0, reason what the error level says before it.
type sentence struct {
	class  Class
	text   string
	alt    string
	reason string
}

// The toolkit's reasons that more than one fact has.
const (
	wrongGroup   = ": The peer's KE payload contained the wrong DH group"
	notAuthentic = ": Failed to authenticate the IKE SA"
)

// sentences are the words of IOS 15.1 for the engine's facts; the failures
// are the toolkit's texts, which IOS prints behind ": ".
var sentences = map[ikev2.Fact]sentence{
	ikev2.GettingKeyByAddress:   {class: Fact, text: "% Getting preshared key by address {addr}"},
	ikev2.AddingProposal:        {class: Fact, text: "Adding Proposal {name} to toolkit policy"},
	ikev2.ChoosingProfile:       {class: Fact, text: "({a}): Choosing IKE profile {name}"},
	ikev2.UsingProfile:          {class: Fact, text: "Using IKEv2 profile '{name}'"},
	ikev2.RequestAdmitted:       {class: Fact, text: "New ikev2 sa request admitted"},
	ikev2.IncrementOutgoing:     {class: Fact, text: "Incrementing outgoing negotiating sa count by one"},
	ikev2.IncrementIncoming:     {class: Fact, text: "Incrementing incoming negotiating sa count by one"},
	ikev2.DecrementOutgoing:     {class: Fact, text: "Decrement count for outgoing negotiating"},
	ikev2.DecrementIncoming:     {class: Fact, text: "Decrement count for incoming negotiating"},
	ikev2.RequestActivated:      {class: Fact, text: "New ikev2 sa request activated"},
	ikev2.DecrementOutgoingFail: {class: Fact, text: "Failed to decrement count for outgoing negotiating"},
	ikev2.DecrementIncomingFail: {class: Fact, text: "Failed to decrement count for incoming negotiating"},
	ikev2.RequestDeleted:        {class: Fact, text: "Negotiating SA request deleted"},
	ikev2.SettingPolicies:       {class: Fact, text: "Setting configured policies"},
	ikev2.ActionNull:            {class: Trace, text: "Action: Action_Null"},
	ikev2.NoConfigInInit: {class: Fact, text: "IKEv2 initiator - no config data to send in IKE_SA_INIT exch",
		alt: "IKEv2 responder - no config data to send in IKE_SA_INIT exch"},
	ikev2.NoConfigToSend:        {class: Internal, text: "No config data to send to toolkit:"},
	ikev2.SendingConfig:         {class: Internal, text: "Sending config data to toolkit"},
	ikev2.ReceivedConfig:        {class: Internal, text: "Received config data from toolkit:"},
	ikev2.ConfigReplyError:      {class: Fact, text: "Error constructing config reply"},
	ikev2.NoModeConfigSet:       {class: Internal, text: "No data to send in mode config set."},
	ikev2.ProcessingInit:        {class: Fact, text: "Processing IKE_SA_INIT message"},
	ikev2.NATProcess:            {class: Fact, text: "Process NAT discovery notify"},
	ikev2.NATSource:             {class: Fact, text: "Processing nat detect src notify"},
	ikev2.NATRemoteMatch:        {class: Fact, text: "Remote address matched"},
	ikev2.NATRemoteMismatch:     {class: Fact, text: "Remote address not matched"},
	ikev2.NATDestination:        {class: Fact, text: "Processing nat detect dst notify"},
	ikev2.NATLocalMatch:         {class: Fact, text: "Local address matched"},
	ikev2.NATLocalMismatch:      {class: Fact, text: "Local address not matched"},
	ikev2.NATNone:               {class: Fact, text: "No NAT found"},
	ikev2.NATFound:              {class: Fact, text: "Host is located NAT inside", alt: "Host is located NAT outside"},
	ikev2.GenerateSKEYID:        {class: Fact, text: "Generate skeyid"},
	ikev2.DeleteReasonEnabled:   {class: Fact, text: "Cisco DeleteReason Notify is enabled"},
	ikev2.PKIOpen:               {class: Fact, text: "Opening a PKI session"},
	ikev2.PKIClose:              {class: Fact, text: "Closing the PKI session"},
	ikev2.ExpectedMessageID:     {class: Packet, text: "Request has mess_id {a}; expected {b} through {c}"},
	ikev2.ValidID:               {class: Fact, text: "Received valid parameteres in process id"},
	ikev2.RedirectSkipped:       {class: Fact, text: "Redirect check is not needed, skipping it"},
	ikev2.NoAAAGroup:            {class: Fact, text: "AAA group authorization is not configured"},
	ikev2.NoAAAUser:             {class: Fact, text: "AAA user authorization is not configured"},
	ikev2.StoreMIB:              {class: Internal, text: "Store mib index ikev2 {a}, platform {b}"},
	ikev2.AsyncQueued:           {class: Internal, text: "Asynchronous request queued"},
	ikev2.EmptyLine:             {class: Internal, text: ""},
	ikev2.KMIConsumed:           {class: Internal, text: "KMI message {a} consumed. No action taken."},
	ikev2.IdentHandle:           {class: Internal, text: "Adding ident handle 0x{xa} associated with SPI 0x{xb} for session {c}"},
	ikev2.AccountingNotRequired: {class: Fact, text: "Accounting not required"},
	ikev2.SentResponse:          {class: Fact, text: "Sent response with message id {a}, Requests can be accepted from range {b} to {c}"},
	ikev2.ProcessedResponse:     {class: Fact, text: "Processed response with message id {a}, Requests can be sent from range {b} to {c}"},

	ikev2.NoKey:                  {class: Error, text: "% Failed to get preshared key for peer {addr}"},
	ikev2.NoProfile:              {class: Error, text: "% IKEv2 profile not found"},
	ikev2.NoItemInDatabase:       {class: Error, text: ": Failed to locate an item in the database"},
	ikev2.FailedPolicyMatch:      {class: Error, text: ": Failed to find a matching policy"},
	ikev2.SendingNoProposal:      {class: Fact, text: "Sending no proposal chosen notify"},
	ikev2.ReceivedNoProposal:     {class: Error, text: ": Received no proposal chosen notify"},
	ikev2.InvalidKESent:          {class: Fact, reason: wrongGroup, text: "Sending invalid ke notification, peer sent group {a}, local policy prefers group {b}"},
	ikev2.InvalidKEReceived:      {class: Fact, reason: wrongGroup, text: "Processing invalid ke notification, we sent group {a}, peer prefers group {b}"},
	ikev2.AuthDataFailed:         {class: Error, text: "Verification of peer's authentication data FAILED"},
	ikev2.SendingAuthFailed:      {class: Fact, reason: notAuthentic, text: "Sending authentication failure notify"},
	ikev2.ReceivedAuthFailed:     {class: Error, text: notAuthentic},
	ikev2.NoTSPolicy:             {class: Error, text: ": There was no IPSEC policy found for received TS"},
	ikev2.SendingTSUnacceptable:  {class: Fact, text: "Sending TS unacceptable notify"},
	ikev2.ReceivedTSUnacceptable: {class: Error, text: ": Received TS unacceptable notify"},
	ikev2.ReceivedNotify:         {class: Error, text: ": Received notify {name} from peer"},
	ikev2.InitFailed:             {class: Fact, text: "Failed SA init exchange"},
	ikev2.InitialExchangeFailed:  {class: Error, text: "Initial exchange failed: Initial exchange failed"},
	ikev2.AuthExchangeFailed:     {class: Error, text: ": Auth exchange failed"},
	ikev2.CreateChildFailed:      {class: Error, text: ": Create child exchange failed"},
	ikev2.AbortExchange:          {class: Fact, text: "Abort exchange"},
	ikev2.DeletingSA:             {class: Fact, text: "Deleting SA"},
	ikev2.MaxRetransmissions:     {class: Error, text: ": Maximum number of retransmissions reached"},
	ikev2.AuthTimerExpired:       {class: Error, text: "Failed to receive the AUTH msg before the timer expired"},
	ikev2.Retransmitting:         {class: Fact, text: "Retransmitting packet"},
	ikev2.AlreadyNegotiating:     {class: Fact, text: "SA is already in negotiation, hence not negotiating again"},
	ikev2.QueuingDelete:          {class: Fact, text: "Queuing IKE SA delete request reason: {name}"},
	ikev2.SendingDeleteChild:     {class: Fact, text: "Sending DELETE INFO message for IPsec SA [SPI: 0x{xb}]"},
	ikev2.SendingDeleteIKE:       {class: Fact, text: "Sending DELETE INFO message for IKEv2 SA [ISPI: 0x{spii} RSPI: 0x{spir}]"},
	ikev2.ProcessingDeleteChild:  {class: Fact, text: "Processing DELETE INFO message for IPsec SA [SPI: 0x{xb}]"},
	ikev2.ProcessingDeleteIKE:    {class: Fact, text: "Processing DELETE INFO message for IKEv2 SA [ISPI: 0x{spii} RSPI: 0x{spir}]"},
	ikev2.DeleteFromPeer:         {class: Fact, text: "Process delete request from peer"},
	ikev2.ProcessingInfoAck:      {class: Fact, text: "Processing ACK to informational exchange"},
	ikev2.SendingDPD:             {class: Fact, text: "Sending DPD/liveness query"},
	ikev2.ReceivedDPD:            {class: Fact, text: "Received DPD/liveness query"},
	ikev2.SendingInfoAck:         {class: Fact, text: "Sending ACK to informational exchange"},
	ikev2.DuplicateFound:         {class: Fact, text: "Duplicate IKEv2 SA found, deleting the old one"},
	ikev2.DuplicateNone:          {class: Fact, text: "No duplicate IKEv2 SA found"},
	ikev2.InitialContactReceived: {class: Fact, text: "Process initial contact notify"},
	ikev2.RekeyStarted:           {class: Fact, text: "Rekeying IKE SA"},
	ikev2.ChildRekeyStarted:      {class: Fact, text: "Rekeying IPsec SA [SPI: 0x{xb}]"},
	ikev2.WindowFull:             {class: Fact, text: "Request does not fit in peer window, queuing it"},
	ikev2.TemporaryFailure:       {class: Fact, text: "Temporary failure, the exchange will be tried again"},
	ikev2.LimitReached:           {class: Error, text: "New ikev2 sa request rejected: negotiation limit reached"},
}

func noteLines(_ View, n *ikev2.Note) []Line {
	s, ok := sentences[n.What]
	if !ok {
		return nil
	}
	text := s.text
	if s.alt != "" && n.A == 0 {
		text = s.alt
	}
	lines := []Line{stamped(s.class, ikeLine(n.SA, fillNote(text, *n)))}
	if s.reason != "" {
		lines = append([]Line{stamped(Error, ikeLine(n.SA, s.reason))}, lines...)
	}
	return lines
}

// fillNote puts a note's values into its sentence.
func fillNote(text string, n ikev2.Note) string {
	if !strings.Contains(text, "{") {
		return text
	}
	number := func(v uint32) string { return strconv.FormatUint(uint64(v), 10) }
	return strings.NewReplacer(
		"{addr}", n.Addr.String(), "{name}", n.Name, "{a}", number(n.A), "{b}", number(n.B), "{c}", number(n.C),
		"{xa}", fmt.Sprintf("%X", n.A), "{xb}", fmt.Sprintf("%X", n.B),
		"{spii}", fmt.Sprintf("%016X", n.SA.SPIi), "{spir}", fmt.Sprintf("%016X", n.SA.SPIr),
	).Replace(text)
}
