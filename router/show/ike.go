package show

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/router/words"
)

// IKESA is an IKE SA as screens show it.
type IKESA struct {
	ID          int            `json:"tunnel_id"`
	Local       netip.AddrPort `json:"local"`
	Remote      netip.AddrPort `json:"remote"`
	Status      string         `json:"status"` // READY, IN-NEG, DELETE
	Description string         `json:"status_description"`
	Suite       IKESuite       `json:"suite"`
	Lifetime    int64          `json:"lifetime_seconds"`
	Established time.Time      `json:"established,omitzero"`
	CEID        int            `json:"ce_id"`
	Session     int            `json:"session_id"`
	LocalSPI    string         `json:"local_spi"`
	RemoteSPI   string         `json:"remote_spi"`
	IKENames
	Windows IKEWindows `json:"windows"`
	DPD     IKEDPD     `json:"dpd"`
	IKEPath
	IKEConfiguration
	Initiator bool        `json:"initiator"`
	Children  []ipsec.SPI `json:"children"` // inbound SPIs
	IKEMatched
}

// IKEMatched are the objects of the configuration that an IKE SA was made by.
type IKEMatched struct {
	Profile     string `json:"profile,omitempty"`
	Policy      string `json:"policy,omitempty"`
	Proposal    string `json:"proposal,omitempty"`
	Keyring     string `json:"keyring,omitempty"`
	KeyringPeer string `json:"keyring_peer,omitempty"`
	PPK         string `json:"ppk_id,omitempty"`
}

// IKENames are the identities of the ends.
type IKENames struct {
	LocalID  string `json:"local_id"`
	RemoteID string `json:"remote_id"`
}

// IKEConfiguration is what configuration payloads have settled.
type IKEConfiguration struct {
	Assigned netip.Addr     `json:"assigned_address,omitzero"` // that the responder has given to the initiator
	Subnets  []netip.Prefix `json:"remote_subnets,omitempty"`
	Dynamic  bool           `json:"dynamic_route_update,omitempty"` // what the peer tells becomes routes
}

// IKEPath is how messages travel.
type IKEPath struct {
	NAT         bool       `json:"nat_detected"`
	NATInside   bool       `json:"nat_inside"`               // a NAT stands before this end
	FragmentMTU int        `json:"fragment_mtu,omitempty"`   // octets of IKE in a packet; 0: messages are not fragmented
	Cisco       bool       `json:"cisco_peer"`               // it says so by a vendor id
	From        netip.Addr `json:"redirected_from,omitzero"` // the gateway that has sent this end to the peer (RFC 5685)
	IKEVRFs
}

// IKEVRFs are the VRFs of an IKE SA: in front, and of what it protects.
type IKEVRFs struct {
	FVRF string `json:"fvrf,omitempty"`
	IVRF string `json:"ivrf,omitempty"`
	vrf  int    // in front, by number
}

// IKESuite is the algorithms of an IKE SA in IOS's words; before they are
// negotiated they are unknown.
type IKESuite struct {
	Encryption string `json:"encryption"`
	KeySize    int    `json:"key_size,omitempty"`
	Hash       string `json:"hash"`
	PRF        string `json:"prf"`
	Group      int    `json:"dh_group"`
	AddKE      string `json:"pqc_key_exchange,omitempty"`
	AuthSign   string `json:"auth_sign"`
	AuthVerify string `json:"auth_verify"`
	// QuantumResistant: a post-quantum preshared key is in the keys (RFC 8784).
	QuantumResistant bool `json:"quantum_resistant,omitempty"`
}

// IKEWindows are the message ids and windows of both ends.
type IKEWindows struct {
	LocalRequest  uint32 `json:"local_request_id"`
	RemoteRequest uint32 `json:"remote_request_id"`
	LocalNext     uint32 `json:"local_next_id"`
	RemoteNext    uint32 `json:"remote_next_id"`
	LocalQueued   uint32 `json:"local_queued"`
	RemoteQueued  uint32 `json:"remote_queued"`
	LocalSize     int    `json:"local_window"`
	RemoteSize    int    `json:"remote_window"`
}

// IKEDPD is dead peer detection; zero: off.
type IKEDPD struct {
	Interval int64 `json:"interval_seconds"`
	Retry    int64 `json:"retry_seconds"`
}

// ikeSAs are the IKE SAs that keep says (nil: all), by their local SPIs, which
// is the order of IOS's tables.
func ikeSAs(list []ikev2.SAInfo, keep func(ikev2.SAInfo) bool) []IKESA {
	out := make([]IKESA, 0, len(list))
	for _, sa := range list {
		if keep == nil || keep(sa) {
			out = append(out, ikeSA(sa))
		}
	}
	slices.SortStableFunc(out, func(a, b IKESA) int { return cmp.Compare(a.LocalSPI, b.LocalSPI) })
	return out
}

// firstCE is below the first number that a crypto engine gives to an IKE SA:
// IOS counts from 1001.
const firstCE = 1000

func ikeSA(sa ikev2.SAInfo) IKESA {
	local, remote := sa.SPIr, sa.SPIi
	if sa.Initiator {
		local, remote = remote, local
	}
	return IKESA{
		ID: sa.ID, Local: sa.Local, Remote: sa.Remote, Status: string(sa.Status), Description: description(&sa), Suite: ikeSuite(sa),
		Lifetime: words.Seconds(sa.Lifetime), Established: sa.Established, CEID: firstCE + sa.CEID, Session: sa.Session,
		LocalSPI: fmt.Sprintf("%016X", local), RemoteSPI: fmt.Sprintf("%016X", remote),
		IKENames: IKENames{words.Identity(sa.LocalID.Kind, sa.LocalID.Data), words.Identity(sa.RemoteID.Kind, sa.RemoteID.Data)},
		Windows: IKEWindows{
			sa.LocalNextID, sa.RemoteNextID, sa.LocalNextID, sa.RemoteNextID, sa.LocalNextID, sa.RemoteNextID, sa.LocalWindow, sa.RemoteWindow,
		},
		DPD: IKEDPD{words.Seconds(sa.DPD.Interval), words.Seconds(sa.DPD.Retry)}, IKEPath: IKEPath{sa.NAT, sa.NATInside, sa.FragmentOctets, sa.DeleteReasonPeer, sa.Sent, IKEVRFs{vrf: sa.VRF}}, Initiator: sa.Initiator, IKEConfiguration: IKEConfiguration{sa.Address, sa.Subnets, sa.Dynamic},
		Children: append([]ipsec.SPI{}, sa.Children...), IKEMatched: IKEMatched(sa.Matched),
	}
}

func ikeSuite(sa ikev2.SAInfo) IKESuite {
	s := IKESuite{
		Encryption: words.Unknown(0), PRF: words.Unknown(0), Hash: "None", Group: int(sa.Group), AddKE: words.AddKE(sa.AddKE),
		AuthSign: words.Unknown(0), AuthVerify: words.Unknown(0),
	}
	if sa.Encr.ID != 0 {
		s.Encryption, s.KeySize = words.Encr(sa.Encr.ID), int(sa.Encr.KeyBits)
		s.Hash, s.PRF = words.Integ(sa.Integ), words.PRF(sa.PRF)
	}
	if s.QuantumResistant = sa.PPK != ""; sa.Auth[0] != "" {
		s.AuthSign, s.AuthVerify = sa.Auth[0], sa.Auth[1]
	}
	return s
}

// active is how long the SA has been established.
func (sa *IKESA) active(now time.Time) time.Duration {
	if sa.Established.IsZero() {
		return 0
	}
	return now.Sub(sa.Established)
}

func (sa *IKESA) ready() bool { return sa.Status == string(ikev2.StatusReady) }

// description is the line "Status Description" of the detailed screen.
func description(sa *ikev2.SAInfo) string {
	if sa.Status == ikev2.StatusDelete {
		return "Deleting IKE SA"
	}
	switch sa.State {
	case ikev2.Ready:
		return "Negotiation done"
	case ikev2.IWaitInit:
		return "Initiator waiting for INIT response"
	case ikev2.IWaitAuth:
		return "Initiator waiting for AUTH response"
	case ikev2.RWaitAuth:
		return "Responder waiting for AUTH message"
	}
	return "Negotiating"
}
