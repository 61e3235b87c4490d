package crypto

import (
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// reverseRows are `reverse-route` and `set reverse-route …`.
func (p protection[O]) reverseRows() []editor.Row[O] {
	of := func(o *O) *iosconfig.ReverseRoute { return &p.of(o).Reverse }
	return []editor.Row[O]{
		{
			Syntax: "reverse-route / [{static|remote-peer <peer:ip> [{gateway|static}]}]",
			Help: "Reverse Route Injection.|Create routes based on static ACLs permanently|Create route in route table for remote tunnel endpoint" +
				"|IP address of next hop|Create a route to the remote tunnel endpoint, too|Create routes based on static ACLs permanently",
			Set: func(e *editor.At[O], a syntax.Args) error {
				r := of(e.It)
				r.On, r.Static, r.Peer, r.Gateway = true, a.Has("static"), a.Addr("peer"), a.Has("gateway")
				p.noteReverse(e, a)
				return nil
			},
			Clear: func(e *editor.At[O], _ syntax.Args) error {
				*of(e.It) = iosconfig.ReverseRoute{Metric: of(e.It).Metric, Tag: of(e.It).Tag}
				return nil
			},
			Show: func(e *editor.At[O]) []string { return editor.When(of(e.It).On, of(e.It).String()) },
		},
		editor.NumberRow("set reverse-route distance", "1-255", "|Reverse Route Injection.|Assign Distance to this route|Distance",
			func(o *O) *int { return &of(o).Metric }),
		{
			Syntax: "set reverse-route tag / <tag:1-4294967295>",
			Help:   "||Create Route and tag it|Tag value",
			Set:    func(e *editor.At[O], a syntax.Args) error { of(e.It).Tag = uint32(a.Int64("tag")); return nil },
			Clear:  func(e *editor.At[O], _ syntax.Args) error { of(e.It).Tag = 0; return nil },
			Show: func(e *editor.At[O]) []string {
				return editor.When(of(e.It).Tag != 0, "set reverse-route tag "+strconv.FormatUint(uint64(of(e.It).Tag), 10))
			},
		},
	}
}

// noteReverse tells what has no meaning at a tunnel interface: routes lead into it,
// and it has no list.
func (p protection[O]) noteReverse(e *editor.At[O], a syntax.Args) {
	if path := e.Path; p.tunnels && (a.Has("static") || a.Given("peer")) {
		e.Note("% "+a.String()+": routes lead into the tunnel, as long as its SAs are there", func(c *iosconfig.Config) bool {
			o := p.find(c, path)
			return o != nil && p.of(o).Reverse.On && (p.of(o).Reverse.Static || p.of(o).Reverse.Peer.IsValid())
		})
	}
}
