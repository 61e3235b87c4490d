package debug

import (
	"fmt"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
)

// What the life of SAs reads like: coming up, rekeys, deletes, windows.

// mibPlatform is how far the platform's MIB index is ahead of IKEv2's in the
// tech note's lab; IOS's rule is not known.
const mibPlatform = 59

// saLifeLines: IOS numbers SAs as they come up, in its MIB too.
func saLifeLines(_ View, b ikev2.SALife) []Line {
	switch {
	case b.CEID != 0:
		return []Line{free(Internal, sentence.MIBStored, b.CEID, b.CEID+mibPlatform)}
	case b.Deleted:
		return []Line{about(b.SA, Fact, sentence.Deleting)}
	}
	return nil
}

// childAddedLines: the pair is given to IPsec; the second line is empty on the
// router too.
func childAddedLines(_ View, b ikev2.AddChild) []Line {
	return []Line{about(b.IKE, Internal, sentence.Queued), about(b.IKE, Internal, sentence.Empty)}
}

// identHandle marks the handle of an SA. That it holds the SA's id is a guess:
// IOS's rule is not known, nor that of the numbers of KMI messages.
const identHandle = 0x80000000

func pairLoadedLines(_ View, b ikev2.PairLoaded) []Line {
	if b.Exchange != wire.IKE_AUTH || !b.Initiator {
		return nil
	}
	return []Line{
		free(Internal, sentence.MessageConsumed, 8),
		free(Internal, sentence.MessageConsumed, 12),
		free(Internal, sentence.NoModeConfig),
		free(Internal, sentence.IdentAdded, uint32(b.SA.ID)|identHandle, uint32(b.In), b.Session),
	}
}

func modeDeclinedLines(_ View, b ikev2.ModeDeclined) []Line {
	return []Line{about(b.SA, Fact, sentence.ModeDeclined)}
}

func duplicateLines(_ View, b ikev2.DuplicateChecked) []Line {
	if b.Other.ID == 0 {
		return []Line{about(b.SA, Fact, sentence.NoTwin)}
	}
	return []Line{about(b.SA, Fact, sentence.Twin)}
}

func initialContactLines(_ View, b ikev2.InitialContact) []Line {
	return []Line{about(b.Old, Fact, sentence.ContactSeen)}
}

func windowCheckedLines(_ View, b ikev2.WindowChecked) []Line {
	return []Line{about(b.SA, Packet, sentence.RequestFits, b.MessageID, b.First, b.Last)}
}

func windowMovedLines(_ View, b ikev2.WindowMoved) []Line {
	if b.Ours {
		return []Line{about(b.SA, Fact, sentence.WindowSends, b.MessageID, b.First, b.Last)}
	}
	return []Line{about(b.SA, Fact, sentence.WindowTakes, b.MessageID, b.First, b.Last)}
}

func requestQueuedLines(_ View, b ikev2.RequestQueued) []Line {
	return []Line{about(b.SA, Fact, sentence.WindowFull)}
}

func negotiatingLines(View, ikev2.AlreadyNegotiating) []Line {
	return []Line{free(Fact, sentence.AlreadyBegun)}
}

func rekeyingLines(_ View, b ikev2.Rekeying) []Line {
	if b.In == 0 {
		if b.Anew {
			return []Line{about(b.SA, Fact, sentence.Reauthenticates)}
		}
		return []Line{about(b.SA, Fact, sentence.RekeysIKE)}
	}
	return []Line{about(b.SA, Fact, sentence.RekeysPair, uint32(b.In))}
}

// deleteQueuedLines has no word for the reason: all public debugs say
// "unknown", and the tech note's rekey has no such line. The record has it.
func deleteQueuedLines(_ View, b ikev2.DeleteQueued) []Line {
	if b.Reason == ikev2.ReasonRekeyed {
		return nil
	}
	return []Line{about(b.SA, Fact, sentence.DeleteQueued, "unknown")}
}

func deleteReceivedLines(_ View, b ikev2.DeleteReceived) []Line {
	if b.Protocol == wire.ProtoIKE {
		return []Line{about(b.SA, Fact, sentence.DeleteTaken, b.SA.SPIi, b.SA.SPIr)}
	}
	var lines []Line
	for _, spi := range b.SPIs {
		lines = append(lines, about(b.SA, Fact, sentence.PairDeleteTaken, uint32(spi)))
	}
	if b.Known > 0 {
		lines = append(lines, about(b.SA, Fact, sentence.DeleteHeeded))
	}
	return lines
}

func livenessLines(_ View, b ikev2.LivenessAsked) []Line {
	return []Line{about(b.SA, Fact, sentence.LivenessTaken)}
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
		return []Line{about(sa, Fact, sentence.AckSent)}
	}
	return lines
}

func deleting(sa ikev2.Ref, d *wire.Delete) []Line {
	if d.Protocol == wire.ProtoIKE {
		return []Line{about(sa, Fact, sentence.DeleteSent, sa.SPIi, sa.SPIr)}
	}
	var lines []Line
	for _, spi := range d.SPIs {
		lines = append(lines, about(sa, Fact, sentence.PairDeleteSent, hexNumber(spi)))
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
