package crypto

import (
	"slices"
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// clusterRow makes the gateway a member of a cluster, of which there is one.
var clusterRow = editor.Row[iosconfig.Config]{
	Syntax: "crypto ikev2 cluster", Help: "||Cluster load-balancer settings", Enters: true,
	Set: func(e *global, _ syntax.Args) error {
		if e.It.IKEv2.Cluster == nil {
			e.It.IKEv2.Cluster = iosconfig.NewCluster()
		}
		e.Changed(iosconfig.KindCluster, clusterPath[0])
		editor.Enter(e.Line, clusterMode, clusterPath)
		return nil
	},
	Clear: func(e *global, _ syntax.Args) error {
		e.It.IKEv2.Cluster = nil
		e.Changed(iosconfig.KindCluster, clusterPath[0])
		return nil
	},
	Show: func(e *global) []string {
		if e.It.IKEv2.Cluster == nil {
			return nil
		}
		return append(clusterMode.Indented("crypto ikev2 cluster", e.Line, e.It.IKEv2.Cluster, clusterPath), "!")
	},
}

var clusterPath = []string{"cluster"}

var clusterMode = editor.NewMode(editor.Mode[iosconfig.Cluster]{
	Name: "config-ikev2-cluster", Title: "IKEv2 Cluster configuration commands:", Kind: iosconfig.KindCluster,
	New: func(iosconfig.Generation, string) *iosconfig.Cluster { return iosconfig.NewCluster() },
	Get: func(c *iosconfig.Config, _ []string) *iosconfig.Cluster { return c.IKEv2.Cluster },
	Put: func(c *iosconfig.Config, _ []string, next *iosconfig.Cluster) { c.IKEv2.Cluster = next },
}, []editor.Row[iosconfig.Cluster]{
	{
		Syntax: "standby-group / <name:word>", Help: "HSRP group|HSRP group name",
		Set: func(e *cluster, a syntax.Args) error {
			name := a.Word("name")
			if len(name) > mostGroupName {
				return syntax.Refuse("%% The name of a group has %d characters at most", mostGroupName)
			}
			e.It.Group = name
			e.Note("% crypto ikev2 cluster: HSRP group "+name+" does not exist", func(c *iosconfig.Config) bool {
				return c.IKEv2.Cluster != nil && c.IKEv2.Cluster.Group == name && !iosconfig.StandbyNamed(c, name)
			})
			return nil
		},
		Clear: func(e *cluster, _ syntax.Args) error { e.It.Group = ""; return nil },
		Show:  func(e *cluster) []string { return editor.Word("standby-group", e.It.Group) },
	},
	clusterNumber("slave priority", "1-100", "Slave settings|Priority|Priority", func(c *iosconfig.Cluster) *int { return &c.Priority }),
	clusterNumber("slave max-session", "1-100000", "Slave settings|Maximum SAs|Maximum SAs", func(c *iosconfig.Cluster) *int { return &c.MaxSession }),
	clusterNumber("slave hello", "100-30000", "Slave settings|Hello time interval|Milliseconds", func(c *iosconfig.Cluster) *int { return &c.Hello }),
	clusterNumber("slave update", "100-60000", "Slave settings|Load update time interval|Milliseconds", func(c *iosconfig.Cluster) *int { return &c.Update }),
	clusterNumber("master overload-limit", "50-99", "Master settings|Load at which nobody is sent to a gateway|Percent", func(c *iosconfig.Cluster) *int { return &c.Overload }),
	clusterNumber("master weight crypto-load", "0-100", "Master settings|Weight of loads|IKE and IPsec SA load|Percent", func(c *iosconfig.Cluster) *int { return &c.CryptoLoad }),
	editor.Warns(clusterNumber("master weight system-load", "0-100", "Master settings|Weight of loads|CPU and memory usage load|Percent", func(c *iosconfig.Cluster) *int { return &c.SystemLoad }), nil),
	clusterNumber("holdtime", "100-120000", "Time after which a silent gateway is forgotten|Milliseconds", func(c *iosconfig.Cluster) *int { return &c.Hold }),
	clusterPortRow,
	editor.SwitchRow("shutdown", "Shutdown", func(c *iosconfig.Cluster) *bool { return &c.Shutdown }),
})

// mostGroupName is how long a name can be in messages of the cluster.
const mostGroupName = 64

// clusterNumber is `COMMAND <N>`, which has a default.
func clusterNumber(command, limits, help string, field func(*iosconfig.Cluster) *int) editor.Row[iosconfig.Cluster] {
	usual := *field(iosconfig.NewCluster())
	row := editor.NumberRow(command, limits, help, field)
	row.Clear = func(e *cluster, _ syntax.Args) error { *field(e.It) = usual; return nil }
	row.Show = func(e *cluster) []string {
		n := *field(e.It)
		return editor.When(n != usual, command+" "+strconv.Itoa(n))
	}
	return editor.Usually(row, command+" "+strconv.Itoa(usual))
}

// clusterPortRow is the port at which loads are told: none at which the router hears something else.
var clusterPortRow = func() editor.Row[iosconfig.Cluster] {
	row := clusterNumber("port", "1-65535", "Load feed port|Port", func(c *iosconfig.Cluster) *int { return &c.Port })
	set := row.Set
	row.Set = func(e *cluster, a syntax.Args) error {
		if slices.Contains([]int{67, 68, 123, 500, 1985, 4500}, a.Int("n")) {
			return syntax.Refuse("%% Port %d is in use", a.Int("n"))
		}
		return set(e, a)
	}
	return row
}()
