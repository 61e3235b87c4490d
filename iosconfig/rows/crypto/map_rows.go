package crypto

import (
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// disabledNote is what IOS says of a new entry.
var disabledNote = []string{"% NOTE: This new crypto map will remain disabled until a peer", "        and a valid access list have been configured."}

// mapRow is `crypto map NAME SEQ ipsec-isakmp`; its `no` form without a number
// takes the whole map away.
var mapRow = editor.Row[iosconfig.Config]{
	Syntax: "crypto map <name:word> / <sequence:1-65535> [ipsec-isakmp]",
	Help:   "|Enter a crypto map|Crypto map tag|Sequence to insert into crypto map entry|IPSEC w/ISAKMP",
	Enters: true,
	Set: func(e *global, a syntax.Args) error {
		m := &iosconfig.CryptoMap{Name: a.Word("name"), Sequence: a.Int("sequence")}
		if e.Config.IPsec.Maps.Get(m.Key()) == nil {
			e.It.IPsec.Maps.Put(m.Key(), m)
			e.Say(disabledNote...)
		}
		e.Changed(iosconfig.KindCryptoMap, m.Key())
		editor.Enter(e.Line, mapMode, []string{m.Name, a.Word("sequence")})
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		gone := a.Word("name")
		if a.Given("sequence") {
			gone += " " + a.Word("sequence")
			e.It.IPsec.Maps.Remove(gone)
		} else {
			for _, m := range e.Config.CryptoMap(gone) {
				e.It.IPsec.Maps.Remove(m.Key())
			}
			e.It.IPsec.MapSources.Remove(gone)
		}
		clearMapTexts(e, "crypto map "+gone)
		e.Changed(iosconfig.KindCryptoMap, gone)
		return nil
	},
	Show: func(e *global) []string {
		var lines []string
		for _, name := range e.It.CryptoMaps() {
			if s := e.It.IPsec.MapSources.Get(name); s != nil {
				lines = append(lines, "crypto map "+name+" local-address "+s.Interface)
			}
			for _, m := range e.It.CryptoMap(name) {
				lines = append(lines, mapMode.Indented("crypto map "+m.Key()+" ipsec-isakmp", e.Line, m, nil)...)
			}
			for _, line := range e.It.Texts.Lines(iosconfig.MapTexts) {
				if editor.Begins(line, "crypto map "+name) {
					lines = append(lines, line)
				}
			}
			lines = append(lines, "!")
		}
		return lines
	},
}

var mapSourceRow = editor.Refers(editor.Row[iosconfig.Config]{
	Syntax: "crypto map <name:word> local-address / <interface:interface>",
	Help:   "|||Interface to use for local address for this crypto map|Interface name",
	Set: func(e *global, a syntax.Args) error {
		if err := e.CheckPhysical(a, "interface"); err != nil {
			return err
		}
		e.It.IPsec.MapSources.Put(a.Word("name"), &iosconfig.MapSource{Name: a.Word("name"), Interface: a.Word("interface")})
		e.Changed(iosconfig.KindCryptoMap, a.Word("name"))
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		e.It.IPsec.MapSources.Remove(a.Word("name"))
		e.Changed(iosconfig.KindCryptoMap, a.Word("name"))
		return nil
	},
}, editor.AnInterface("local-address"))

var mapMode = editor.NewMode(editor.Mode[iosconfig.CryptoMap]{
	Name: "config-crypto-map", Title: "Crypto Map configuration commands:", Kind: iosconfig.KindCryptoMap,
	New: func(iosconfig.Generation, string) *iosconfig.CryptoMap { return &iosconfig.CryptoMap{} },
	Get: func(c *iosconfig.Config, path []string) *iosconfig.CryptoMap {
		return c.IPsec.Maps.Get(strings.Join(path, " "))
	},
	Put: func(c *iosconfig.Config, path []string, m *iosconfig.CryptoMap) {
		m.Name = path[0]
		m.Sequence, _ = strconv.Atoi(path[1])
		c.IPsec.Maps.Put(m.Key(), m)
	},
	Kept: func(m *iosconfig.CryptoMap) *[]string { return &m.Kept },
}, slices.Concat(
	[]editor.Row[iosconfig.CryptoMap]{
		editor.WordRow("description", "line", "Description of the crypto map statement policy|Up to 80 characters", func(o *iosconfig.CryptoMap) *string { return &o.Description }),
		peerRow,
	},
	protectionRows(protection[iosconfig.CryptoMap]{
		of: func(o *iosconfig.CryptoMap) *iosconfig.Protection { return &o.Protection },
		find: func(c *iosconfig.Config, path []string) *iosconfig.CryptoMap {
			return c.IPsec.Maps.Get(strings.Join(path, " "))
		},
		line: func(_ *iosconfig.CryptoMap, command, text string) []string { return editor.Word(command, text) },
	}),
	[]editor.Row[iosconfig.CryptoMap]{
		matchRow(),
		editor.Kept[iosconfig.CryptoMap]("qos pre-classify", "Quality of Service related commands|Enable QOS classification before packets are tunnel encapsulated"),
		editor.Refers(editor.Warns(editor.Kept[iosconfig.CryptoMap]("set isakmp-profile / <name:word>", "|Specify isakmp Profile|isakmp profile tag"), nil), isakmpProfile),
		editor.Warns(editor.Kept[iosconfig.CryptoMap]("set identity / <name:word>", "|Identity restriction.|Identity name"), nil),
		editor.Warns(editor.Kept[iosconfig.CryptoMap]("set nat demux", "|Set NAT translation|Configure NAT demux"), nil),
		editor.Refers(editor.Warns(editor.Kept[iosconfig.CryptoMap]("set ip access-group <list:word> {in|out}", "|Interface Internet Protocol config commands|Specify access control for packets|Access-list name or number|inbound packets|outbound packets"), nil),
			editor.AccessList("access-group")),
		editor.SwitchRow("set security-association level per-host", "||Specify a security association granularity for identities|IPSec SA's are per individual host",
			func(o *iosconfig.CryptoMap) *bool { return &o.PerHost }),
	},
))

// matchRow takes the name of a list that is not there, as IOS does, and tells.
func matchRow() editor.Row[iosconfig.CryptoMap] {
	row := editor.WordRow("match address", "word", "Match values|Match address of packets to encrypt|Access-list name or number",
		func(o *iosconfig.CryptoMap) *string { return &o.Match })
	set := row.Set
	row.Set = func(e *cryptoMap, a syntax.Args) error {
		key, name := e.It.Key(), a.Word("text")
		e.Note(notThere("Access list", name), func(c *iosconfig.Config) bool {
			m := c.IPsec.Maps.Get(key)
			return m != nil && m.Match == name && c.Access.Get(name) == nil
		})
		editor.NoteMapLines(e, name)
		return set(e, a)
	}
	return row
}

// maxPeers is how many peers an entry takes.
const maxPeers = 10

// peerArg is the peer that a line names: one by name has the address that the name means
// now, unless it is to be asked for at use.
func peerArg(e *cryptoMap, a syntax.Args) (peer iosconfig.MapPeer, err error) {
	if !a.Has("dynamic") {
		peer.Address, err = editor.HostArg(e.Line, a, "peer", "host")
		return peer, err
	}
	peer.Name = a.Word("host")
	key := e.It.Key()
	e.Note(notThere("Host", peer.Name), func(c *iosconfig.Config) bool {
		m := c.IPsec.Maps.Get(key)
		_, known := c.Host(peer.Name)
		return m != nil && slices.Contains(m.Peers, peer) && !known
	})
	return peer, nil
}

// peerRow adds a peer behind those that there are.
var peerRow = editor.Row[iosconfig.CryptoMap]{
	Syntax: "set peer {<peer:ip>|<host:word> [dynamic]} [default]",
	Help: "Set values for encryption/decryption|Allowed Encryption/Decryption peer.|IP address of peer|Hostname of peer|" +
		"Resolve the hostname each time an SA is to be made|Reset to default peer in list in the event of a failure",
	Set: func(e *cryptoMap, a syntax.Args) error {
		peer, err := peerArg(e, a)
		if err != nil {
			return err
		}
		if !slices.Contains(e.It.Peers, peer) {
			if len(e.It.Peers) == maxPeers {
				return syntax.Refuse("%% An entry has at most %d peers", maxPeers)
			}
			e.It.Peers = append(slices.Clip(e.It.Peers), peer)
		}
		if a.Has("default") {
			e.It.Default = peer
		}
		return nil
	},
	Clear: func(e *cryptoMap, a syntax.Args) error {
		peer, err := peerArg(e, a)
		if named := (iosconfig.MapPeer{Name: a.Word("host")}); slices.Contains(e.It.Peers, named) {
			peer, err = named, nil
		}
		e.It.Peers = editor.Without(e.It.Peers, []iosconfig.MapPeer{peer})
		if e.It.Default == peer {
			e.It.Default = iosconfig.MapPeer{}
		}
		return err
	},
	Show: func(e *cryptoMap) []string {
		var lines []string
		for _, p := range e.It.Peers {
			line := "set peer " + p.String()
			if p == e.It.Default {
				line += " default"
			}
			lines = append(lines, line)
		}
		return lines
	},
}
