package router

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/words"
)

// sentence is what a fact reads like. {addr}, {name}, {a}, {b}, {c},
// {xa} and {xb} stand for the note's values (x: hexadecimal). alt is the
// wording when A is 0.
type sentence struct {
	class debugClass
	text  string
	alt   string
}

// sentences are the words of IOS 15.1 for the engine's facts; the failures
// are the toolkit's texts, which IOS prints behind ": ".
var sentences = map[ikev2.Fact]sentence{
	ikev2.GettingKeyByAddress:   {class: classFact, text: "% Getting preshared key by address {addr}"},
	ikev2.AddingProposal:        {class: classFact, text: "Adding Proposal {name} to toolkit policy"},
	ikev2.ChoosingProfile:       {class: classFact, text: "({a}): Choosing IKE profile {name}"},
	ikev2.UsingProfile:          {class: classFact, text: "Using IKEv2 profile '{name}'"},
	ikev2.RequestAdmitted:       {class: classFact, text: "New ikev2 sa request admitted"},
	ikev2.IncrementOutgoing:     {class: classFact, text: "Incrementing outgoing negotiating sa count by one"},
	ikev2.IncrementIncoming:     {class: classFact, text: "Incrementing incoming negotiating sa count by one"},
	ikev2.DecrementOutgoing:     {class: classFact, text: "Decrement count for outgoing negotiating"},
	ikev2.DecrementIncoming:     {class: classFact, text: "Decrement count for incoming negotiating"},
	ikev2.RequestActivated:      {class: classFact, text: "New ikev2 sa request activated"},
	ikev2.DecrementOutgoingFail: {class: classFact, text: "Failed to decrement count for outgoing negotiating"},
	ikev2.DecrementIncomingFail: {class: classFact, text: "Failed to decrement count for incoming negotiating"},
	ikev2.RequestDeleted:        {class: classFact, text: "Negotiating SA request deleted"},
	ikev2.SettingPolicies:       {class: classFact, text: "Setting configured policies"},
	ikev2.ActionNull:            {class: classTrace, text: "Action: Action_Null"},
	ikev2.NoConfigInInit: {class: classFact, text: "IKEv2 initiator - no config data to send in IKE_SA_INIT exch",
		alt: "IKEv2 responder - no config data to send in IKE_SA_INIT exch"},
	ikev2.NoConfigToSend:        {class: classInternal, text: "No config data to send to toolkit:"},
	ikev2.SendingConfig:         {class: classInternal, text: "Sending config data to toolkit"},
	ikev2.ReceivedConfig:        {class: classInternal, text: "Received config data from toolkit:"},
	ikev2.ConfigReplyError:      {class: classFact, text: "Error constructing config reply"},
	ikev2.NoModeConfigSet:       {class: classInternal, text: "No data to send in mode config set."},
	ikev2.ProcessingInit:        {class: classFact, text: "Processing IKE_SA_INIT message"},
	ikev2.NATProcess:            {class: classFact, text: "Process NAT discovery notify"},
	ikev2.NATSource:             {class: classFact, text: "Processing nat detect src notify"},
	ikev2.NATRemoteMatch:        {class: classFact, text: "Remote address matched"},
	ikev2.NATRemoteMismatch:     {class: classFact, text: "Remote address not matched"},
	ikev2.NATDestination:        {class: classFact, text: "Processing nat detect dst notify"},
	ikev2.NATLocalMatch:         {class: classFact, text: "Local address matched"},
	ikev2.NATLocalMismatch:      {class: classFact, text: "Local address not matched"},
	ikev2.NATNone:               {class: classFact, text: "No NAT found"},
	ikev2.NATFound:              {class: classFact, text: "Host is located NAT inside", alt: "Host is located NAT outside"},
	ikev2.GenerateSKEYID:        {class: classFact, text: "Generate skeyid"},
	ikev2.DeleteReasonEnabled:   {class: classFact, text: "Cisco DeleteReason Notify is enabled"},
	ikev2.PKIOpen:               {class: classFact, text: "Opening a PKI session"},
	ikev2.PKIClose:              {class: classFact, text: "Closing the PKI session"},
	ikev2.ExpectedMessageID:     {class: classPacket, text: "Request has mess_id {a}; expected {b} through {c}"},
	ikev2.ValidID:               {class: classFact, text: "Received valid parameteres in process id"},
	ikev2.RedirectSkipped:       {class: classFact, text: "Redirect check is not needed, skipping it"},
	ikev2.NoAAAGroup:            {class: classFact, text: "AAA group authorization is not configured"},
	ikev2.NoAAAUser:             {class: classFact, text: "AAA user authorization is not configured"},
	ikev2.StoreMIB:              {class: classInternal, text: "Store mib index ikev2 {a}, platform {b}"},
	ikev2.AsyncQueued:           {class: classInternal, text: "Asynchronous request queued"},
	ikev2.EmptyLine:             {class: classInternal, text: ""},
	ikev2.KMIConsumed:           {class: classInternal, text: "KMI message {a} consumed. No action taken."},
	ikev2.IdentHandle:           {class: classInternal, text: "Adding ident handle 0x{xa} associated with SPI 0x{xb} for session {c}"},
	ikev2.AccountingNotRequired: {class: classFact, text: "Accounting not required"},
	ikev2.SentResponse:          {class: classFact, text: "Sent response with message id {a}, Requests can be accepted from range {b} to {c}"},
	ikev2.ProcessedResponse:     {class: classFact, text: "Processed response with message id {a}, Requests can be sent from range {b} to {c}"},

	ikev2.NoKey:                  {class: classError, text: "% Failed to get preshared key for peer {addr}"},
	ikev2.NoProfile:              {class: classError, text: "% IKEv2 profile not found"},
	ikev2.NoItemInDatabase:       {class: classError, text: ": Failed to locate an item in the database"},
	ikev2.FailedPolicyMatch:      {class: classError, text: ": Failed to find a matching policy"},
	ikev2.SendingNoProposal:      {class: classFact, text: "Sending no proposal chosen notify"},
	ikev2.ReceivedNoProposal:     {class: classError, text: ": Received no proposal chosen notify"},
	ikev2.InvalidKESent:          {class: classFact, text: "Sending invalid ke notification, peer sent group {a}, local policy prefers group {b}"},
	ikev2.InvalidKEReceived:      {class: classFact, text: "Processing invalid ke notification, we sent group {a}, peer prefers group {b}"},
	ikev2.AuthDataFailed:         {class: classError, text: "Verification of peer's authentication data FAILED"},
	ikev2.SendingAuthFailed:      {class: classFact, text: "Sending authentication failure notify"},
	ikev2.ReceivedAuthFailed:     {class: classError, text: ": Failed to authenticate the IKE SA"},
	ikev2.NoTSPolicy:             {class: classError, text: ": There was no IPSEC policy found for received TS"},
	ikev2.SendingTSUnacceptable:  {class: classFact, text: "Sending TS unacceptable notify"},
	ikev2.ReceivedTSUnacceptable: {class: classError, text: ": Received TS unacceptable notify"},
	ikev2.ReceivedNotify:         {class: classError, text: ": Received notify {name} from peer"},
	ikev2.InitFailed:             {class: classFact, text: "Failed SA init exchange"},
	ikev2.InitialExchangeFailed:  {class: classError, text: "Initial exchange failed: Initial exchange failed"},
	ikev2.AuthExchangeFailed:     {class: classError, text: ": Auth exchange failed"},
	ikev2.CreateChildFailed:      {class: classError, text: ": Create child exchange failed"},
	ikev2.AbortExchange:          {class: classFact, text: "Abort exchange"},
	ikev2.DeletingSA:             {class: classFact, text: "Deleting SA"},
	ikev2.MaxRetransmissions:     {class: classError, text: ": Maximum number of retransmissions reached"},
	ikev2.AuthTimerExpired:       {class: classError, text: "Failed to receive the AUTH msg before the timer expired"},
	ikev2.Retransmitting:         {class: classFact, text: "Retransmitting packet"},
	ikev2.AlreadyNegotiating:     {class: classFact, text: "SA is already in negotiation, hence not negotiating again"},
	ikev2.QueuingDelete:          {class: classFact, text: "Queuing IKE SA delete request reason: {name}"},
	ikev2.SendingDeleteChild:     {class: classFact, text: "Sending DELETE INFO message for IPsec SA [SPI: 0x{xb}]"},
	ikev2.SendingDeleteIKE:       {class: classFact, text: "Sending DELETE INFO message for IKEv2 SA [ISPI: 0x{spii} RSPI: 0x{spir}]"},
	ikev2.ProcessingDeleteChild:  {class: classFact, text: "Processing DELETE INFO message for IPsec SA [SPI: 0x{xb}]"},
	ikev2.ProcessingDeleteIKE:    {class: classFact, text: "Processing DELETE INFO message for IKEv2 SA [ISPI: 0x{spii} RSPI: 0x{spir}]"},
	ikev2.DeleteFromPeer:         {class: classFact, text: "Process delete request from peer"},
	ikev2.ProcessingInfoAck:      {class: classFact, text: "Processing ACK to informational exchange"},
	ikev2.SendingDPD:             {class: classFact, text: "Sending DPD/liveness query"},
	ikev2.ReceivedDPD:            {class: classFact, text: "Received DPD/liveness query"},
	ikev2.SendingInfoAck:         {class: classFact, text: "Sending ACK to informational exchange"},
	ikev2.DuplicateFound:         {class: classFact, text: "Duplicate IKEv2 SA found, deleting the old one"},
	ikev2.DuplicateNone:          {class: classFact, text: "No duplicate IKEv2 SA found"},
	ikev2.InitialContactReceived: {class: classFact, text: "Process initial contact notify"},
	ikev2.RekeyStarted:           {class: classFact, text: "Rekeying IKE SA"},
	ikev2.ChildRekeyStarted:      {class: classFact, text: "Rekeying IPsec SA [SPI: 0x{xb}]"},
	ikev2.WindowFull:             {class: classFact, text: "Request does not fit in peer window, queuing it"},
	ikev2.TemporaryFailure:       {class: classFact, text: "Temporary failure, the exchange will be tried again"},
	ikev2.LimitReached:           {class: classError, text: "New ikev2 sa request rejected: negotiation limit reached"},
}

func renderNote(n ikev2.Note) []debugLine {
	s, ok := sentences[n.What]
	if !ok {
		return nil
	}
	text := s.text
	if s.alt != "" && n.A == 0 {
		text = s.alt
	}
	return []debugLine{stamped(s.class, ikeLine(n.SA, fillNote(text, n)))}
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

// renderNoProposal shows both sides' proposals, in the layout of 15.x.
func renderNoProposal(ev ikev2.NoProposal) []debugLine {
	lines := policyLines(ev.SA, "Received Policies: ", ev.Protocol, ev.Received)
	return append(lines, policyLines(ev.SA, "Expected Policies: ", ev.Protocol, ev.Local)...)
}

func policyLines(sa ikev2.Ref, title string, proto wire.ProtocolID, list []wire.Proposal) []debugLine {
	lines := []debugLine{stamped(classError, ikeLine(sa, title))}
	for i, p := range list {
		var names []string
		for _, t := range p.Transforms {
			name := words.Transform(t)
			if t.KeyBits != 0 {
				name += "-" + strconv.Itoa(int(t.KeyBits))
			}
			names = append(names, name)
		}
		prefix := ""
		if proto == wire.ProtoESP {
			prefix = "ESP: "
		}
		lines = append(lines, follows(classError, fmt.Sprintf("%sProposal %d:  %s", prefix, i+1, strings.Join(names, " "))))
	}
	return lines
}

// refusals are the sentences for datagrams that were dropped.
var refusals = []struct {
	err  error
	text string
}{
	{ikev2.ErrUnknownSPI, "Couldn't find matching SA"},
	{ikev2.ErrMessageID, ": Message id outside the window"},
	{ikev2.ErrStaleReply, ": Response to no outstanding request"},
	{ikev2.ErrRetransmit, "Retransmitted request, sending the response again"},
	{ikev2.ErrInProgress, "Request is being processed already"},
	{wire.ErrIntegrity, ": Failed to verify the integrity of the packet"},
}

func renderRefused(ev ikev2.Refused) []debugLine {
	text := fmt.Sprintf(": Packet from %v dropped: %v", ev.From, ev.Reason)
	for _, known := range refusals {
		if errors.Is(ev.Reason, known.err) {
			text = known.text
			break
		}
	}
	return []debugLine{stamped(classError, ikeLine(ev.SA, text))}
}
