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

func identityPayload(initiator bool, id Identity) *wire.ID {
	return &wire.ID{Initiator: initiator, Kind: id.Kind, Data: id.Data}
}

// ciscoAttributes are those of Cisco's own that a CFG_REQUEST of IOS asks for.
var ciscoAttributes = []wire.CPAttrType{
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

// initPayloads are those that both messages of IKE_SA_INIT have, behind what a list has already.
func initPayloads(list []wire.Payload, x *exchange, proposals []wire.Proposal, nonce []byte) []wire.Payload {
	all := &struct {
		sa    wire.SA
		ke    wire.KE
		nonce wire.Nonce
	}{wire.SA{Proposals: proposals}, wire.KE{Group: uint16(x.group()), Data: x.kes[0].public}, wire.Nonce{Data: nonce}}
	return append(list, &all.sa, &all.ke, &all.nonce)
}

// authNotifies end both IKE_AUTH messages.
func (c *configured) authNotifies(list []wire.Payload, f *entry) []wire.Payload {
	return childNotifies(append(list, c.windowNotify()), f)
}

// version is the value of APPLICATION_VERSION.
func (c *configured) version() []byte {
	version := make([]byte, versionLen)
	copy(version, c.cfg.Version)
	return version
}

// cfgRequest asks for configuration: for an address only where the interface wants one.
func (c *configured) cfgRequest(f *entry) *wire.CP {
	cp := &wire.CP{Kind: wire.CFGRequest, Attributes: make([]wire.CPAttribute, 0, 8+len(ciscoAttributes))}
	if f.cfg.Addressed {
		cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: wire.INTERNAL_IP4_ADDRESS}, wire.CPAttribute{Type: wire.INTERNAL_IP4_NETMASK})
	}
	cp.Attributes = append(cp.Attributes,
		wire.CPAttribute{Type: wire.INTERNAL_IP4_DNS}, wire.CPAttribute{Type: wire.INTERNAL_IP4_DNS},
		wire.CPAttribute{Type: wire.INTERNAL_IP4_NBNS}, wire.CPAttribute{Type: wire.INTERNAL_IP4_NBNS},
		wire.CPAttribute{Type: wire.INTERNAL_IP4_SUBNET}, wire.CPAttribute{Type: wire.APPLICATION_VERSION, Value: c.version()})
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
