package debug

import (
	"fmt"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
)

// What the life of SAs reads like: coming up, rekeys, deletes, windows.

// mibPlatform is how far the platform's MIB index is ahead of IKEv2's in the
// tech note's lab; IOS's rule is not known.
const mibPlatform = 59

// saLifeLines: IOS numbers SAs as they come up, in its MIB too.
func saLifeLines(_ View, b ikev2.SALife) []Line {
	switch {
	case b.CEID != 0:
		return []Line{free(Internal, "Store mib index ikev2 %d, platform %d", b.CEID, b.CEID+mibPlatform)}
	case b.Deleted:
		return []Line{about(b.SA, Fact, deletingSA)}
	}
	return nil
}

// childAddedLines: the pair is given to IPsec; the second line is empty on the
// router too.
func childAddedLines(_ View, b ikev2.AddChild) []Line {
	return []Line{about(b.IKE, Internal, "Asynchronous request queued"), about(b.IKE, Internal, "")}
}

// identHandle marks the handle of an SA. That it holds the SA's id is a guess:
// IOS's rule is not known, nor that of the numbers of KMI messages.
const identHandle = 0x80000000

func pairLoadedLines(_ View, b ikev2.PairLoaded) []Line {
	if b.Exchange != wire.IKE_AUTH || !b.Initiator {
		return nil
	}
	return []Line{
		free(Internal, "KMI message 8 consumed. No action taken."),
		free(Internal, "KMI message 12 consumed. No action taken."),
		free(Internal, "No data to send in mode config set."),
		free(Internal, "Adding ident handle 0x%X associated with SPI 0x%X for session %d", uint32(b.SA.ID)|identHandle, uint32(b.In), b.Session),
	}
}

func modeDeclinedLines(_ View, b ikev2.ModeDeclined) []Line {
	return []Line{about(b.SA, Fact, "Transport mode was asked for and declined, the pair is in tunnel mode")}
}

func duplicateLines(_ View, b ikev2.DuplicateChecked) []Line {
	if b.Other.ID == 0 {
		return []Line{about(b.SA, Fact, "No duplicate IKEv2 SA found")}
	}
	return []Line{about(b.SA, Fact, "Duplicate IKEv2 SA found, deleting the old one")}
}

func initialContactLines(_ View, b ikev2.InitialContact) []Line {
	return []Line{about(b.Old, Fact, "Process initial contact notify")}
}

func windowCheckedLines(_ View, b ikev2.WindowChecked) []Line {
	return []Line{about(b.SA, Packet, "Request has mess_id %d; expected %d through %d", b.MessageID, b.First, b.Last)}
}

func windowMovedLines(_ View, b ikev2.WindowMoved) []Line {
	if b.Ours {
		return []Line{about(b.SA, Fact, "Processed response with message id %d, Requests can be sent from range %d to %d", b.MessageID, b.First, b.Last)}
	}
	return []Line{about(b.SA, Fact, "Sent response with message id %d, Requests can be accepted from range %d to %d", b.MessageID, b.First, b.Last)}
}

func requestQueuedLines(_ View, b ikev2.RequestQueued) []Line {
	return []Line{about(b.SA, Fact, "Request does not fit in peer window, queuing it")}
}

func negotiatingLines(View, ikev2.AlreadyNegotiating) []Line {
	return []Line{free(Fact, "SA is already in negotiation, hence not negotiating again")}
}

func rekeyingLines(_ View, b ikev2.Rekeying) []Line {
	if b.In == 0 {
		if b.Anew {
			return []Line{about(b.SA, Fact, "Reauthenticating IKE SA")}
		}
		return []Line{about(b.SA, Fact, "Rekeying IKE SA")}
	}
	return []Line{about(b.SA, Fact, "Rekeying IPsec SA [SPI: 0x%X]", uint32(b.In))}
}

// deleteQueuedLines has no word for the reason: all public debugs say
// "unknown", and the tech note's rekey has no such line. The record has it.
func deleteQueuedLines(_ View, b ikev2.DeleteQueued) []Line {
	if b.Reason == ikev2.ReasonRekeyed {
		return nil
	}
	return []Line{about(b.SA, Fact, "Queuing IKE SA delete request reason: unknown")}
}

func deleteReceivedLines(_ View, b ikev2.DeleteReceived) []Line {
	if b.Protocol == wire.ProtoIKE {
		return []Line{deleteLine("Processing", b.SA)}
	}
	var lines []Line
	for _, spi := range b.SPIs {
		lines = append(lines, about(b.SA, Fact, "Processing DELETE INFO message for IPsec SA [SPI: 0x%X]", uint32(spi)))
	}
	if b.Known > 0 {
		lines = append(lines, about(b.SA, Fact, "Process delete request from peer"))
	}
	return lines
}

func deleteLine(verb string, sa ikev2.Ref) Line {
	return about(sa, Fact, "%s DELETE INFO message for IKEv2 SA [ISPI: 0x%016X RSPI: 0x%016X]", verb, sa.SPIi, sa.SPIr)
}

func livenessLines(_ View, b ikev2.LivenessAsked) []Line {
	return []Line{about(b.SA, Fact, "Received DPD/liveness query")}
}

// informing is what IOS says before it shows an INFORMATIONAL that leaves.
func informing(sa ikev2.Ref, m *wire.Message) []Line {
	if m.Exchange != wire.INFORMATIONAL {
		return nil
	}
	var lines []Line
	for _, p := range m.Payloads {
		switch p := p.(type) {
		case *wire.Notify:
			if p.Kind.IsError() {
				return nil
			}
		case *wire.Delete:
			lines = append(lines, deleting(sa, p)...)
		}
	}
	if m.Response() {
		return []Line{about(sa, Fact, "Sending ACK to informational exchange")}
	}
	return lines
}

func deleting(sa ikev2.Ref, d *wire.Delete) []Line {
	if d.Protocol == wire.ProtoIKE {
		return []Line{deleteLine("Sending", sa)}
	}
	var lines []Line
	for _, spi := range d.SPIs {
		lines = append(lines, about(sa, Fact, "Sending DELETE INFO message for IPsec SA [SPI: 0x%s]", hexNumber(spi)))
	}
	return lines
}

// hexNumber is an SPI without leading zeros.
func hexNumber(spi []byte) string {
	text := strings.TrimLeft(fmt.Sprintf("%X", spi), "0")
	if text == "" {
		return "0"
	}
	return text
}
