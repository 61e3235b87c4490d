package router

import (
	"bufio"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
)

const (
	testSPIi = 0xF074D8BBD5A59F0B
	testSPIr = 0xF94020DD8CB4B9C4
)

// TestTranscripts renders the events of the tech note's four transcripts,
// listed in testdata/*.events, and expects the transcripts' lines.
func TestTranscripts(t *testing.T) {
	for name, lines := range map[string]int{
		"init-auth.R1.initiator": 225, "init-auth.R2.responder": 202, "rekey.R1.responder": 103, "rekey.R2.initiator": 83,
	} {
		t.Run(name, func(t *testing.T) {
			want := readLines(t, "testdata/"+name+".txt")
			require.Len(t, want, lines)
			var got []string
			for _, l := range readLines(t, "testdata/"+name+".events") {
				for _, d := range renderIKE(scriptedEvent(t, l)) {
					got = append(got, mask(d.text))
				}
			}
			requireInOrder(t, want, got, 60)
		})
	}
}

// requireInOrder expects every wanted line among the lines got, in order, with
// at most extra others between the first and the last.
func requireInOrder(t *testing.T, want, got []string, extra int) {
	t.Helper()
	at, between := 0, 0
	for i, w := range want {
		for at < len(got) && got[at] != w {
			at++
			if i > 0 {
				between++
			}
		}
		require.Less(t, at, len(got), "line %d is missing: %s", i+1, w)
		at++
	}
	require.LessOrEqual(t, between, extra, "lines that the transcript does not have")
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var lines []string
	for s := bufio.NewScanner(f); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

// masks bring a line into the form of the canonical transcripts.
var masks = []struct {
	re   *regexp.Regexp
	with string
}{
	{regexp.MustCompile(` +`), " "},
	{regexp.MustCompile(`^ `), ""},
	{regexp.MustCompile(`SA ID = \d+`), "SA ID = <id>"},
	{regexp.MustCompile(`I_SPI=F\w+`), "I_SPI=<ispi>"},
	{regexp.MustCompile(`R_SPI=F\w+`), "R_SPI=<rspi>"},
	{regexp.MustCompile(`^IKEv2:\(\d+\):`), "IKEv2:(<n>):"},
	{regexp.MustCompile(`ikev2 \d+, platform \d+`), "ikev2 <n>, platform <n>"},
	{regexp.MustCompile(`0x[0-9A-F]+ associated with SPI 0x[0-9A-F]+ for session \d+`), "<hex> associated with SPI <hex> for session <n>"},
}

func mask(s string) string {
	for _, m := range masks {
		s = m.re.ReplaceAllString(s, m.with)
	}
	return s
}

// scriptedEvent makes an event of a line like "note SettingPolicies SA".
func scriptedEvent(t *testing.T, line string) ikev2.Effect {
	t.Helper()
	f := strings.Fields(line)
	ref := ikev2.Ref{ID: 1, SPIi: testSPIi, SPIr: testSPIr}
	switch f[0] {
	case "arrived":
		return ikev2.PacketArrived{}
	case "step":
		if strings.HasSuffix(line, "R_SPI=0") {
			ref.SPIr = 0
		}
		id, err := strconv.Atoi(f[2])
		require.NoError(t, err)
		return &ikev2.Step{SA: ref, Initiator: f[1] == "I", MessageID: uint32(id), State: stateNamed(t, f[3]), Event: inputNamed(t, f[4])}
	case "note":
		n := scriptedNote(t, ref, f[1], f[2:])
		return &n
	}
	if strings.HasSuffix(line, "noSA") {
		ref = ikev2.Ref{}
	}
	m := techNoteMessage(t, f[1], f[2], f[3], f[4])
	if f[0] == "built" {
		return ikev2.MessageBuilt{SA: ref, Message: m}
	}
	return ikev2.MessageParsed{SA: ref, Message: m}
}

func stateNamed(t *testing.T, name string) ikev2.State {
	t.Helper()
	for s := ikev2.Idle; s <= ikev2.Exit; s++ {
		if s.String() == name {
			return s
		}
	}
	require.Fail(t, "no state "+name)
	return 0
}

func inputNamed(t *testing.T, name string) ikev2.Input {
	t.Helper()
	for i := ikev2.EvNoEvent; i <= ikev2.EvChkPendingAbort; i++ {
		if i.String() == name {
			return i
		}
	}
	require.Fail(t, "no input "+name)
	return 0
}

func scriptedNote(t *testing.T, ref ikev2.Ref, fact string, fields []string) ikev2.Note {
	t.Helper()
	n := ikev2.Note{What: factNamed(t, fact)}
	for _, f := range fields {
		key, value, _ := strings.Cut(f, "=")
		number, _ := strconv.ParseUint(value, 10, 32)
		switch key {
		case "SA":
			n.SA = ref
		case "Name":
			n.Name = value
		case "Addr":
			n.Addr = netip.MustParseAddr(value)
		case "A":
			n.A = uint32(number)
		case "B":
			n.B = uint32(number)
		case "C":
			n.C = uint32(number)
		default:
			require.Fail(t, "no field "+f)
		}
	}
	return n
}

// testFacts are the facts that the scripts name.
var testFacts = map[string]ikev2.Fact{
	"GettingKeyByAddress": ikev2.GettingKeyByAddress, "AddingProposal": ikev2.AddingProposal, "ChoosingProfile": ikev2.ChoosingProfile,
	"UsingProfile": ikev2.UsingProfile, "RequestAdmitted": ikev2.RequestAdmitted, "IncrementOutgoing": ikev2.IncrementOutgoing,
	"IncrementIncoming": ikev2.IncrementIncoming, "RequestActivated": ikev2.RequestActivated,
	"DecrementOutgoingFail": ikev2.DecrementOutgoingFail, "DecrementIncomingFail": ikev2.DecrementIncomingFail,
	"SettingPolicies": ikev2.SettingPolicies, "ActionNull": ikev2.ActionNull, "NoConfigInInit": ikev2.NoConfigInInit,
	"NoConfigToSend": ikev2.NoConfigToSend, "SendingConfig": ikev2.SendingConfig, "ReceivedConfig": ikev2.ReceivedConfig,
	"ConfigReplyError": ikev2.ConfigReplyError, "NoModeConfigSet": ikev2.NoModeConfigSet, "ProcessingInit": ikev2.ProcessingInit,
	"NATProcess": ikev2.NATProcess, "NATSource": ikev2.NATSource, "NATRemoteMatch": ikev2.NATRemoteMatch,
	"NATDestination": ikev2.NATDestination, "NATLocalMatch": ikev2.NATLocalMatch, "NATNone": ikev2.NATNone,
	"GenerateSKEYID": ikev2.GenerateSKEYID, "DeleteReasonEnabled": ikev2.DeleteReasonEnabled, "PKIOpen": ikev2.PKIOpen,
	"PKIClose": ikev2.PKIClose, "ExpectedMessageID": ikev2.ExpectedMessageID, "ValidID": ikev2.ValidID,
	"RedirectSkipped": ikev2.RedirectSkipped, "NoAAAGroup": ikev2.NoAAAGroup, "NoAAAUser": ikev2.NoAAAUser, "StoreMIB": ikev2.StoreMIB,
	"AsyncQueued": ikev2.AsyncQueued, "EmptyLine": ikev2.EmptyLine, "KMIConsumed": ikev2.KMIConsumed, "IdentHandle": ikev2.IdentHandle,
	"AccountingNotRequired": ikev2.AccountingNotRequired, "SentResponse": ikev2.SentResponse, "ProcessedResponse": ikev2.ProcessedResponse,
}

func factNamed(t *testing.T, name string) ikev2.Fact {
	t.Helper()
	fact, ok := testFacts[name]
	require.True(t, ok, name)
	return fact
}

// TestEveryFactHasASentence keeps the renderer complete.
func TestEveryFactHasASentence(t *testing.T) {
	for fact := ikev2.GettingKeyByAddress; fact <= ikev2.LimitReached; fact++ {
		lines := renderNote(ikev2.Note{SA: ikev2.Ref{ID: 1}, What: fact, Name: "X", Addr: netip.MustParseAddr("10.0.0.1")})
		require.Len(t, lines, 1, "fact %d", fact)
		require.NotContains(t, lines[0].text, "{", "fact %d", fact)
	}
}

// TestDebugSwitches says which switch prints which kind of line.
func TestDebugSwitches(t *testing.T) {
	for _, row := range []struct {
		flags debugFlags
		want  []debugClass
	}{
		{debugFlags{}, nil},
		{debugFlags{IPsec: true}, nil},
		{debugFlags{Error: true}, []debugClass{classError}},
		{debugFlags{Packet: true}, []debugClass{classPacket, classError}},
		{debugFlags{Internal: true}, []debugClass{classTrace, classFact, classInternal, classError}},
		{debugFlags{IKEv2: true}, []debugClass{classTrace, classFact, classPacket, classError}},
		{debugFlags{Packet: true, Internal: true}, []debugClass{classTrace, classFact, classInternal, classPacket, classError}},
	} {
		var got []debugClass
		for c := classTrace; c <= classError; c++ {
			if row.flags.wants(c) {
				got = append(got, c)
			}
		}
		require.Equal(t, row.want, got, "%+v", row.flags)
	}
}

// TestFailureLines checks the lines that say why a negotiation failed.
func TestFailureLines(t *testing.T) {
	sa := ikev2.Ref{ID: 3, SPIi: 1, SPIr: 2}
	text := func(ev ikev2.Effect) string {
		var lines []string
		for _, l := range renderIKE(ev) {
			lines = append(lines, l.text)
		}
		return strings.Join(lines, "\n")
	}
	require.Equal(t, "IKEv2:(SA ID = 3):: Auth exchange failed", text(&ikev2.Note{SA: sa, What: ikev2.AuthExchangeFailed}))
	require.Equal(t, "IKEv2:(SA ID = 3):Verification of peer's authentication data FAILED", text(&ikev2.Note{SA: sa, What: ikev2.AuthDataFailed}))
	require.Equal(t, "IKEv2:(SA ID = 3):Sending DELETE INFO message for IKEv2 SA [ISPI: 0x0000000000000001 RSPI: 0x0000000000000002]",
		text(&ikev2.Note{SA: sa, What: ikev2.SendingDeleteIKE}))
	aes := func(bits uint16) []wire.Proposal {
		return []wire.Proposal{{Number: 1, Protocol: wire.ProtoIKE, Transforms: []wire.Transform{
			{Type: wire.TypeEncr, ID: 12, KeyBits: bits}, {Type: wire.TypeDH, ID: 20},
		}}}
	}
	require.Equal(t, "IKEv2:(SA ID = 3):Received Policies: \nProposal 1:  AES-CBC-128 DH_GROUP_384_ECP/Group 20\n"+
		"IKEv2:(SA ID = 3):Expected Policies: \nProposal 1:  AES-CBC-256 DH_GROUP_384_ECP/Group 20",
		text(ikev2.NoProposal{SA: sa, Protocol: wire.ProtoIKE, Received: aes(128), Local: aes(256)}))
	require.Equal(t, "IKEv2:Couldn't find matching SA", text(ikev2.Refused{Reason: ikev2.ErrUnknownSPI}))
}
