package crypto

import (
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

type flexClient = editor.At[iosconfig.FlexClient]

// flexSection is a client with several peers for one tunnel.
var flexSection = editor.Section[iosconfig.Config, iosconfig.FlexClient]{
	Syntax: "crypto ikev2 client flexvpn <name:word>",
	Help:   "||IKEv2 client configuration|Configure an IKEv2 FlexVPN client|Name of the FlexVPN client",
	Mode:   flexMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.FlexClient] { return &c.IKEv2.Clients },
	NameOf: func(f *iosconfig.FlexClient) string { return f.Name },
	Head:   func(f *iosconfig.FlexClient) string { return "crypto ikev2 client flexvpn " + f.Name },
}

var flexMode = editor.NewMode(editor.Mode[iosconfig.FlexClient]{
	Name: "config-ikev2-flexvpn", Title: "FlexVPN client configuration commands:", Kind: iosconfig.KindFlexClient,
	New: func(_ iosconfig.Generation, name string) *iosconfig.FlexClient {
		return &iosconfig.FlexClient{Name: name}
	},
	Get: func(c *iosconfig.Config, path []string) *iosconfig.FlexClient { return c.IKEv2.Clients.Get(path[0]) },
	Put: func(c *iosconfig.Config, path []string, f *iosconfig.FlexClient) { c.IKEv2.Clients.Put(path[0], f) },
}, []editor.Row[iosconfig.FlexClient]{
	{
		Syntax: "peer <sequence:1-255> / <address:ip> [track <track:1-1000> [{up|down}]]",
		Help:   "Allowed Encryption/Decryption Peer|Peer sequence number|IP address of the peer|Peer depends on a tracked object|Tracked object number|Object is up|Object is down",
		Set: func(e *flexClient, a syntax.Args) error {
			p := iosconfig.FlexPeer{Sequence: a.Int("sequence"), Address: a.Addr("address"), Track: a.Int("track"), Down: a.Has("down")}
			noteTrack(e, p.Track, "peer "+strconv.Itoa(p.Sequence)+" is not used")
			e.It.Peers = append(withoutPeer(e.It.Peers, p.Sequence), p)
			slices.SortFunc(e.It.Peers, func(a, b iosconfig.FlexPeer) int { return a.Sequence - b.Sequence })
			return nil
		},
		Clear: func(e *flexClient, a syntax.Args) error {
			if e.It.Peers = withoutPeer(e.It.Peers, a.Int("sequence")); len(e.It.Peers) == 0 {
				e.It.Peers = nil
			}
			return nil
		},
		Show: func(e *flexClient) (lines []string) {
			for _, p := range e.It.Peers {
				lines = append(lines, "peer "+strconv.Itoa(p.Sequence)+" "+p.Address.String()+iosconfig.TrackWords(p.Track, p.Down))
			}
			return lines
		},
	},
	editor.SwitchRow("peer reactivate", "|Re-activate a preferred peer when its object allows it", func(f *iosconfig.FlexClient) *bool { return &f.Back }),
	{
		Syntax: "connect {auto|manual|track <track:1-1000> [{up|down}]}",
		Help:   "Set FlexVPN connection mode|Automatically|On demand of an operator|While a tracked object allows it|Tracked object number|Object is up|Object is down",
		Set: func(e *flexClient, a syntax.Args) error {
			e.It.Manual, e.It.Track, e.It.Down = a.Has("manual"), a.Int("track"), a.Has("down")
			noteTrack(e, e.It.Track, "it does not connect")
			return nil
		},
		Clear: func(e *flexClient, _ syntax.Args) error {
			e.It.Manual, e.It.Track, e.It.Down = false, 0, false
			return nil
		},
		Show: func(e *flexClient) []string {
			if e.It.Track != 0 {
				return []string{"connect" + iosconfig.TrackWords(e.It.Track, e.It.Down)}
			}
			return editor.When(e.It.Manual, "connect manual")
		},
		Usual: func(*flexClient) []string { return []string{"connect auto"} },
	},
	{
		Syntax: "client connect / <tunnel:interface>",
		Help:   "Client options|Interface that connects|Tunnel interface",
		Set: func(e *flexClient, a syntax.Args) error {
			name, client := a.Word("tunnel"), e.Path[0]
			if iosconfig.TypeOf(name) != iosconfig.Tunnel {
				return a.Invalid("tunnel")
			}
			e.It.Tunnel = name
			stands := func(c *iosconfig.Config) bool { f := c.IKEv2.Clients.Get(client); return f != nil && f.Tunnel == name }
			e.Note("% Interface "+name+" does not exist", func(c *iosconfig.Config) bool { return stands(c) && c.Interface(name) == nil })
			e.Note("% "+name+" has no tunnel destination dynamic: client "+client+" does not choose its peer", func(c *iosconfig.Config) bool {
				i := c.Interface(name)
				return stands(c) && i != nil && !i.Tunnel.Dynamic
			})
			return nil
		},
		Clear: func(e *flexClient, _ syntax.Args) error { e.It.Tunnel = ""; return nil },
		Show:  func(e *flexClient) []string { return editor.Word("client connect", e.It.Tunnel) },
	},
}, flexTexts)

// noteTrack tells what follows where an object is not there.
func noteTrack(e *flexClient, number int, follows string) {
	client := e.Path[0]
	e.Note("% client "+client+": Track object "+strconv.Itoa(number)+" does not exist: "+follows, func(c *iosconfig.Config) bool {
		f := c.IKEv2.Clients.Get(client)
		named := f != nil && (f.Track == number || slices.ContainsFunc(f.Peers, func(p iosconfig.FlexPeer) bool { return p.Track == number }))
		return number != 0 && named && c.Tracking.Objects.At(number) == nil
	})
}

func withoutPeer(list []iosconfig.FlexPeer, sequence int) []iosconfig.FlexPeer {
	return slices.DeleteFunc(slices.Clone(list), func(p iosconfig.FlexPeer) bool { return p.Sequence == sequence })
}

// flexTexts need what there is not: names of hosts, groups of clients.
var flexTexts = editor.TextRows(func(f *iosconfig.FlexClient) *iosconfig.Texts { return &f.Texts }, flexFamilies()...)

func flexFamilies() (list []editor.Family) {
	for item := range strings.SplitSeq("source=Source of the tunnel|client inside=Inside interface|backup=Backup configuration", "|") {
		words, help, _ := strings.Cut(item, "=")
		list = append(list, editor.Family{Words: words, Help: help, Says: func(_ *iosconfig.Config, _ *iosconfig.Text) string {
			return "% crypto ikev2 client flexvpn: " + words + ": accepted, but without effect here"
		}})
	}
	return list
}
