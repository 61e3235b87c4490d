package policy

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/acl"
)

func entryOfLine(t *testing.T, line string) acl.Entry {
	t.Helper()
	lines := AccessList(load(t, "access-list 101 remark x\naccess-list 101 "+line+"\n"), "101")
	require.Len(t, lines, 1, "a remark is no line")
	require.Equal(t, 10, lines[0].Number)
	return lines[0].Entry
}

func TestAccessLines(t *testing.T) {
	e := entryOfLine(t, "deny tcp 10.1.2.0 0.0.0.255 eq 80 443 host 10.9.9.9 range 5 9 established")
	require.Equal(t, acl.Entry{
		Deny: true, Protocol: 6, From: acl.Net{Address: 0x0a010200, Wildcard: 0xff}, To: acl.Net{Address: 0x0a090909},
		FromPorts: acl.Ports{{First: 80, Last: 80}, {First: 443, Last: 443}}, ToPorts: acl.Ports{{First: 5, Last: 9}}, Flags: acl.Established,
	}, e)
	require.Equal(t, acl.Entry{AnyProtocol: true, From: acl.Any, To: acl.Any, Fragments: true}, entryOfLine(t, "permit ip any any fragments"))
	require.Nil(t, AccessList(load(t, ""), "101"))
	standard := AccessList(load(t, "access-list 9 permit 10.0.0.1\n"), "9")
	require.Equal(t, []acl.Line{{Number: 10, Entry: acl.Entry{AnyProtocol: true, From: acl.Net{Address: 0x0a000001}, To: acl.Any}}}, standard)
}

// RFC 791 section 3.1 has precedence in the first three bits of the octet and tos in the next four; RFC 2474 section 3
// has the code point in the first six.
func TestAccessMarks(t *testing.T) {
	for line, want := range map[string]acl.Mark{
		"dscp ef":                     {Value: 0xb8, Mask: 0xfc},
		"dscp 0":                      {Mask: 0xfc},
		"dscp af31 log":               {Value: 26 << 2, Mask: 0xfc},
		"precedence critical":         {Value: 0xa0, Mask: 0xe0},
		"tos 8 precedence 7":          {Value: 0xf0, Mask: 0xfe},
		"tos min-monetary-cost":       {Value: 2, Mask: 0x1e},
		"fragments log":               {},
		"log dscp cs6":                {Value: 48 << 2, Mask: 0xfc},
		"precedence flash-override":   {Value: 0x80, Mask: 0xe0},
		"dscp default tos max-throug": {Value: 8, Mask: 0xfe},
	} {
		require.Equal(t, want, entryOfLine(t, "permit ip any any "+line).Mark, line)
	}
}

func TestAccessPortsAndMessages(t *testing.T) {
	for line, want := range map[string]acl.Ports{
		"gt 65535":   {{First: 1, Last: 0}},
		"lt 0":       {{First: 1, Last: 0}},
		"lt 9":       {{First: 0, Last: 8}},
		"neq 0 7":    {{First: 1, Last: 6}, {First: 8, Last: 65535}},
		"neq 65535":  {{First: 0, Last: 65534}},
		"eq telnet":  {{First: 23, Last: 23}},
		"range 9 5":  {{First: 5, Last: 9}},
		"neq 5 5 6 ": {{First: 0, Last: 4}, {First: 7, Last: 65535}},
	} {
		require.Equal(t, want, entryOfLine(t, "permit tcp any any "+line).ToPorts, line)
	}
	for line, want := range map[string]acl.Message{
		"echo":      {Type: 8, AnyCode: true},
		"3 4":       {Type: 3, Code: 4},
		"3 77 log":  {Type: 3, Code: 77},
		"200":       {Type: 200, AnyCode: true},
		"ttl-excee": {Type: 11},
	} {
		require.Equal(t, []acl.Message{want}, entryOfLine(t, "permit icmp any any "+line).ICMP, line)
	}
	require.Nil(t, entryOfLine(t, "permit icmp any any log").ICMP)
	require.Equal(t, acl.Flags{Set: 16, Clear: 1, All: true}, entryOfLine(t, "permit tcp any any match-all +ack -fin").Flags)
	require.Equal(t, acl.Flags{Set: 10}, entryOfLine(t, "permit tcp any any psh syn").Flags)
}
