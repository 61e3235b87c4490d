package wire

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// part makes a payload of a type, as far as Check looks at it.
func part(t PayloadType) Payload {
	switch t {
	case TypeSA:
		return noteSA(ProtoESP, 4, noteESP...)
	case TypeKE:
		return &KE{}
	case TypeIDi, TypeIDr:
		return noteID(t == TypeIDi)
	case TypeCert:
		return &Cert{}
	case TypeCertReq:
		return &CertReq{}
	case TypeAuth:
		return &Auth{}
	case TypeNonce:
		return &Nonce{}
	case TypeDelete:
		return &Delete{}
	case TypeVendorID:
		return &VendorID{}
	case TypeTSi, TypeTSr:
		return noteTS(t == TypeTSi)
	case TypeCP:
		return &CP{}
	case TypeSK:
		return &Encrypted{}
	}
	return &Unknown{Kind: t}
}

func parts(types ...PayloadType) []Payload {
	list := make([]Payload, len(types))
	for i, t := range types {
		list[i] = part(t)
	}
	return list
}

func report(kinds ...NotifyType) []Payload {
	list := make([]Payload, len(kinds))
	for i, k := range kinds {
		list[i] = &Notify{Kind: k}
	}
	return list
}

func joined(lists ...[]Payload) []Payload { return slices.Concat(lists...) }

const (
	request  Flags = FlagInitiator
	response Flags = FlagResponse
)

var rekeySA = []Payload{noteSA(ProtoIKE, 8, rekeyIKE...)}

// says is what Check's error ends with; "" for a good message.
var checkRows = []struct {
	name     string
	exchange ExchangeType
	flags    Flags
	payloads []Payload
	says     string
}{
	{"init", IKE_SA_INIT, request, parts(TypeSA, TypeKE, TypeNonce), ""},
	{"init in any order, with vendor ids and unknown payloads", IKE_SA_INIT, request,
		parts(TypeVendorID, TypeNonce, 200, 200, TypeKE, TypeVendorID, TypeSA), ""},
	{"init with a cookie", IKE_SA_INIT, request, joined(report(COOKIE), parts(TypeSA, TypeKE, TypeNonce)), ""},
	{"init, empty", IKE_SA_INIT, request, nil, "IKE_SA_INIT request: SA missing, KE missing, N missing"},
	{"init request of an error", IKE_SA_INIT, request, report(NO_PROPOSAL_CHOSEN), "IKE_SA_INIT request: SA missing, KE missing, N missing"},
	{"init without KE", IKE_SA_INIT, request, parts(TypeSA, TypeNonce), "KE missing"},
	{"init with two KE", IKE_SA_INIT, request, parts(TypeSA, TypeKE, TypeKE, TypeNonce), "KE repeated"},
	{"init with two SA", IKE_SA_INIT, request, parts(TypeSA, TypeSA, TypeKE, TypeNonce), "SA repeated"},
	{"init with an identity", IKE_SA_INIT, request, parts(TypeSA, TypeKE, TypeNonce, TypeIDi), "IDi out of place"},
	{"init with ENCR", IKE_SA_INIT, request, parts(TypeSK), "ENCR out of place, SA missing, KE missing, N missing"},
	{"init request with CERTREQ", IKE_SA_INIT, request, parts(TypeSA, TypeKE, TypeNonce, TypeCertReq), "CERTREQ out of place"},
	{"init response", IKE_SA_INIT, response, parts(TypeSA, TypeKE, TypeNonce, TypeCertReq, TypeCertReq), ""},
	{"init response, cookie", IKE_SA_INIT, response, report(COOKIE), ""},
	{"init response, redirect", IKE_SA_INIT, response, report(REDIRECT), ""},
	{"init response, other group", IKE_SA_INIT, response, joined(report(INVALID_KE_PAYLOAD), parts(TypeVendorID)), ""},
	{"init response, no proposal", IKE_SA_INIT, response, report(NO_PROPOSAL_CHOSEN), ""},
	{"init response, error nobody knows", IKE_SA_INIT, response, report(8191), ""},
	{"init response of a status", IKE_SA_INIT, response, report(NAT_DETECTION_SOURCE_IP), "SA missing, KE missing, N missing"},
	{"init response, error and stray payload", IKE_SA_INIT, response, joined(report(NO_PROPOSAL_CHOSEN), parts(TypeDelete)), "DELETE out of place"},
	{"auth", IKE_AUTH, request, parts(TypeIDi, TypeCert, TypeCert, TypeCertReq, TypeIDr, TypeAuth, TypeCP, TypeSA, TypeTSi, TypeTSr), ""},
	{"auth that asks for EAP", IKE_AUTH, request, parts(TypeIDi, TypeSA, TypeTSi, TypeTSr), ""},
	{"auth without a child", IKE_AUTH, request, parts(TypeIDi, TypeAuth), ""},
	{"auth with half a child", IKE_AUTH, request, parts(TypeIDi, TypeAuth, TypeSA), "IKE_AUTH request: TSi missing, TSr missing"},
	{"auth without an identity", IKE_AUTH, request, parts(TypeAuth, TypeSA, TypeTSi, TypeTSr), "IDi missing"},
	{"auth with two AUTH", IKE_AUTH, request, parts(TypeIDi, TypeAuth, TypeAuth, TypeSA, TypeTSi, TypeTSr), "AUTH repeated"},
	{"auth with two identities", IKE_AUTH, request, parts(TypeIDi, TypeIDi, TypeAuth, TypeSA, TypeTSi, TypeTSr), "IDi repeated"},
	{"auth with EAP", IKE_AUTH, request, parts(TypeIDi, TypeSA, TypeTSi, TypeTSr, TypeEAP), "EAP out of place"},
	{"auth unopened", IKE_AUTH, request, parts(TypeSK), "ENCR out of place, IDi missing"},
	{"auth response", IKE_AUTH, response, parts(TypeIDr, TypeCert, TypeAuth, TypeCP, TypeSA, TypeTSi, TypeTSr), ""},
	{"auth response, child refused", IKE_AUTH, response, joined(parts(TypeIDr, TypeAuth), report(TS_UNACCEPTABLE)), ""},
	{"auth response, refused", IKE_AUTH, response, report(AUTHENTICATION_FAILED), ""},
	{"auth response without AUTH", IKE_AUTH, response, parts(TypeIDr, TypeSA, TypeTSi, TypeTSr), "AUTH missing"},
	{"auth response without TSr", IKE_AUTH, response, parts(TypeIDr, TypeAuth, TypeSA, TypeTSi), "TSr missing"},
	{"auth response of IDi", IKE_AUTH, response, parts(TypeIDi, TypeAuth, TypeSA, TypeTSi, TypeTSr), "IDi out of place, IDr missing"},
	{"auth response of a redirect without AUTH", IKE_AUTH, response, report(REDIRECT), "IDr missing, AUTH missing"},
	{"auth response of a cookie", IKE_AUTH, response, report(COOKIE), "IDr missing, AUTH missing"},
	{"auth response without a child", IKE_AUTH, response, parts(TypeIDr, TypeAuth), ""},
	{"child", CREATE_CHILD_SA, request, parts(TypeSA, TypeNonce, TypeTSi, TypeTSr), ""},
	{"child with PFS", CREATE_CHILD_SA, request, parts(TypeSA, TypeNonce, TypeKE, TypeTSi, TypeTSr, TypeCP), ""},
	{"child rekey", CREATE_CHILD_SA, request, joined(report(REKEY_SA), parts(TypeSA, TypeNonce, TypeTSi, TypeTSr)), ""},
	{"child without selectors", CREATE_CHILD_SA, request, parts(TypeSA, TypeNonce, TypeKE),
		"CREATE_CHILD_SA request for a child SA: TSi missing, TSr missing"},
	{"child, empty", CREATE_CHILD_SA, request, nil, "SA missing, N missing, TSi missing, TSr missing"},
	{"child response", CREATE_CHILD_SA, response, parts(TypeSA, TypeNonce, TypeKE, TypeTSi, TypeTSr), ""},
	{"child response without a nonce", CREATE_CHILD_SA, response, parts(TypeSA, TypeTSi, TypeTSr), "N missing"},
	{"child response, other group", CREATE_CHILD_SA, response, report(INVALID_KE_PAYLOAD), ""},
	{"child response, later", CREATE_CHILD_SA, response, report(TEMPORARY_FAILURE), ""},
	{"child response, unknown child", CREATE_CHILD_SA, response, report(CHILD_SA_NOT_FOUND), ""},
	{"child response, empty", CREATE_CHILD_SA, response, nil, "SA missing, N missing, TSi missing, TSr missing"},
	{"IKE rekey", CREATE_CHILD_SA, request, joined(rekeySA, parts(TypeNonce, TypeKE)), ""},
	{"IKE rekey without KE", CREATE_CHILD_SA, request, joined(rekeySA, parts(TypeNonce)),
		"CREATE_CHILD_SA request for the IKE SA: KE missing"},
	{"IKE rekey with selectors", CREATE_CHILD_SA, request, joined(rekeySA, parts(TypeNonce, TypeKE, TypeTSi, TypeTSr)),
		"TSi out of place, TSr out of place"},
	{"IKE rekey with REKEY_SA", CREATE_CHILD_SA, request, joined(report(REKEY_SA), rekeySA, parts(TypeNonce, TypeKE)), "REKEY_SA out of place"},
	{"IKE rekey response", CREATE_CHILD_SA, response, joined(rekeySA, parts(TypeNonce, TypeKE)), ""},
	{"IKE rekey response without KE", CREATE_CHILD_SA, response, joined(rekeySA, parts(TypeNonce)),
		"CREATE_CHILD_SA response for the IKE SA: KE missing"},
	{"informational, empty", INFORMATIONAL, request, nil, ""},
	{"informational", INFORMATIONAL, request, joined(parts(TypeDelete, TypeDelete, TypeCP, TypeVendorID), report(AUTHENTICATION_FAILED)), ""},
	{"informational response", INFORMATIONAL, response, parts(TypeDelete, TypeCP), ""},
	{"informational with two CFG", INFORMATIONAL, request, parts(TypeCP, TypeCP), "CFG repeated"},
	{"informational with an SA", INFORMATIONAL, response, parts(TypeSA), "SA out of place"},
	{"an exchange of IKEv1", 2, request, nil, "unknown exchange 2"},
	{"an exchange nobody knows", 240, response, report(INVALID_SYNTAX), "unknown exchange 240"},
}

func TestCheck(t *testing.T) {
	for _, row := range checkRows {
		t.Run(row.name, func(t *testing.T) {
			err := Check(&Message{Header: Header{Exchange: row.exchange, Flags: row.flags}, Payloads: row.payloads})
			if row.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ErrGrammar)
			require.Regexp(t, row.says+"$", err.Error())
		})
	}
}

// Requests number their proposals from 1, responses hold one (RFC 7296 3.3.1).
func TestCheckProposals(t *testing.T) {
	init := func(flags Flags, numbers ...uint8) error {
		sa := &SA{}
		for _, n := range numbers {
			sa.Proposals = append(sa.Proposals, Proposal{Number: n, Protocol: ProtoIKE})
		}
		return Check(&Message{Header: Header{Exchange: IKE_SA_INIT, Flags: flags}, Payloads: append(parts(TypeKE, TypeNonce), sa)})
	}
	require.NoError(t, init(request, 1))
	require.NoError(t, init(request, 1, 2, 3))
	require.NoError(t, init(response, 1))
	require.NoError(t, init(response, 3))
	require.ErrorContains(t, init(request, 2), "first proposal has number 2, must be 1")
	require.ErrorContains(t, init(request, 0), "first proposal has number 0, must be 1")
	require.ErrorContains(t, init(response, 1, 2), "2 proposals, must be 1")
}

// Every form is whole: taking any required payload out, or doubling it, is
// noticed.
func TestFormsBite(t *testing.T) {
	for _, f := range forms {
		m := &Message{Header: Header{Exchange: f.exchange}}
		if f.response {
			m.Flags = FlagResponse
		}
		m.Payloads = parts(f.must...)
		if f.ikeRekey {
			m.Payloads[0] = rekeySA[0]
		}
		require.NoError(t, Check(m), f.name)
		full := m.Payloads
		for i, p := range full {
			m.Payloads = slices.Delete(slices.Clone(full), i, i+1)
			require.ErrorIs(t, Check(m), ErrGrammar, "%s without %v", f.name, p.Type())
			m.Payloads = append(slices.Clone(full), p)
			require.ErrorIs(t, Check(m), ErrGrammar, "%s with two %v", f.name, p.Type())
		}
	}
}
