package ikev2

import "ikelab/ikev2/wire"

// usualPayloads is as many as a message of the initial exchanges mostly has.
const usualPayloads = 12

// What says the same in every message is there once: nobody changes a payload.
var (
	deleteReason   = &wire.VendorID{Data: []byte(vendorDeleteReason)}
	flexVPN        = &wire.VendorID{Data: []byte(vendorFlexVPN)}
	noPadding      = ikeNotify(wire.ESP_TFC_PADDING_NOT_SUPPORTED, nil)
	laterFragments = ikeNotify(wire.NON_FIRST_FRAGMENTS_ALSO, nil)
	firstContact   = ikeNotify(wire.INITIAL_CONTACT, nil)
	byURL          = &wire.CertReq{Encoding: wire.CertHashAndURL, Data: rootHashes}
	looksUpCerts   = ikeNotify(wire.HTTP_CERT_LOOKUP_SUPPORTED, nil)
	intermediate   = ikeNotify(wire.INTERMEDIATE_EXCHANGE_SUPPORTED, nil)
)

func ikeNotify(kind wire.NotifyType, data []byte) *wire.Notify {
	return &wire.Notify{Protocol: wire.ProtoIKE, Kind: kind, Data: data}
}

// childNotifies end a list of what we say of a pair: as IOS does that we take no padding for the
// sake of traffic flow confidentiality, unless the entry is configured to pad itself
// (RFC 7296 1.3.1).
func childNotifies(list []wire.Payload, f *entry) []wire.Payload {
	if f == nil || !f.cfg.Padded {
		list = append(list, noPadding)
	}
	return append(list, laterFragments)
}

// takesPadding says whether the peer takes such padding: "This notification asserts that
// the sending endpoint will not accept packets that contain Traffic Flow Confidentiality
// (TFC) padding over the Child SA being negotiated." (RFC 7296 1.3.1)
func takesPadding(m *wire.Message) bool { return m.Notify(wire.ESP_TFC_PADDING_NOT_SUPPORTED) == nil }

// ciscoAttributes are those of Cisco's own that a CFG_REQUEST of IOS asks for.
var ciscoAttributes = [...]wire.CPAttrType{
	wire.UNITY_SPLITDNS_NAME, wire.UNITY_BANNER, wire.CISCO_CONFIG_URL, wire.UNITY_BACKUP_SERVERS, wire.UNITY_DEF_DOMAIN,
}

// versionLen is the length of the APPLICATION_VERSION that IOS sends.
const versionLen = 257

func (c *configured) windowNotify() *wire.Notify {
	both := &struct {
		notify wire.Notify
		size   [4]byte
	}{size: [4]byte{3: byte(c.cfg.window())}}
	both.notify = wire.Notify{Protocol: wire.ProtoIKE, Kind: wire.SET_WINDOW_SIZE, Data: both.size[:]}
	return &both.notify
}

// initMessage is what both messages of IKE_SA_INIT begin with, behind a cookie if there is one.
func initMessage(x *exchange, proposals []wire.Proposal, nonce []byte) *wire.Message {
	all := &struct {
		m     wire.Message
		list  [usualPayloads]wire.Payload
		sa    wire.SA
		ke    wire.KE
		nonce wire.Nonce
	}{
		m:  wire.Message{Header: x.sa.header(wire.IKE_SA_INIT, 0, !x.initiator)},
		sa: wire.SA{Proposals: proposals}, ke: wire.KE{Group: uint16(x.group()), Data: x.kes[0].public}, nonce: wire.Nonce{Data: nonce},
	}
	all.m.Payloads = all.list[:0]
	if x.init.cookie != nil {
		all.m.Payloads = append(all.m.Payloads, ikeNotify(wire.COOKIE, x.init.cookie))
	}
	all.m.Payloads = append(all.m.Payloads, &all.sa, &all.ke, &all.nonce)
	return &all.m
}

// authNotifies end both IKE_AUTH messages.
func (c *configured) authNotifies(list []wire.Payload, f *entry) []wire.Payload {
	return childNotifies(append(list, c.windowNotify()), f)
}

// version is the value of APPLICATION_VERSION, in its room.
func (c *configured) version(room *[versionLen]byte) []byte {
	copy(room[:], c.cfg.Version)
	return room[:]
}

// cfgRequest asks for configuration: for an address only where the interface wants one.
func (c *configured) cfgRequest(f *entry) *wire.CP {
	all := &struct {
		cp         wire.CP
		attributes [8 + len(ciscoAttributes)]wire.CPAttribute
		version    [versionLen]byte
	}{}
	cp := &all.cp
	cp.Kind, cp.Attributes = wire.CFGRequest, all.attributes[:0]
	if f.cfg.Addressed {
		cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: wire.INTERNAL_IP4_ADDRESS}, wire.CPAttribute{Type: wire.INTERNAL_IP4_NETMASK})
	}
	cp.Attributes = append(cp.Attributes,
		wire.CPAttribute{Type: wire.INTERNAL_IP4_DNS}, wire.CPAttribute{Type: wire.INTERNAL_IP4_DNS},
		wire.CPAttribute{Type: wire.INTERNAL_IP4_NBNS}, wire.CPAttribute{Type: wire.INTERNAL_IP4_NBNS},
		wire.CPAttribute{Type: wire.INTERNAL_IP4_SUBNET}, wire.CPAttribute{Type: wire.APPLICATION_VERSION, Value: c.version(&all.version)})
	for _, t := range ciscoAttributes {
		cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: t})
	}
	return cp
}

// makesSA says whether a message has what a new IKE SA needs.
func makesSA(m *wire.Message) bool {
	_, sa := wire.Get[*wire.SA](m)
	_, ke := wire.Get[*wire.KE](m)
	_, nonce := wire.Get[*wire.Nonce](m)
	return sa && ke && nonce
}
