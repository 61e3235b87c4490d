package router

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// kinds are the types of interfaces that carry packets.
func (r *Router) kinds() map[string]ip.Kind {
	return map[string]ip.Kind{
		string(iosconfig.Ethernet): {Port: true}, string(iosconfig.FastEthernet): {Port: true}, string(iosconfig.GigabitEthernet): {Port: true},
		string(iosconfig.Loopback): {}, string(iosconfig.Tunnel): {Output: r.newTunnel},
	}
}

func isPhysical(t iosconfig.InterfaceType) bool {
	return t == iosconfig.Ethernet || t == iosconfig.FastEthernet || t == iosconfig.GigabitEthernet
}

// blankConfig is the configuration of a router without a startup-config.
func (r *Router) blankConfig() *iosconfig.Config { return r.withPorts(iosconfig.New()) }

// withPorts names the router and adds the ports that a configuration does not
// mention: they are shut down, as IOS has them.
func (r *Router) withPorts(c *iosconfig.Config) *iosconfig.Config {
	if r.options.Hostname != "" && c.Hostname == iosconfig.New().Hostname {
		c.Hostname = r.options.Hostname
	}
	configured := make(map[string]bool, len(c.Interfaces))
	for _, i := range c.Interfaces {
		configured[i.Name()] = true
	}
	for _, name := range r.options.Ports {
		if kind, number, ok := splitName(name); ok && !configured[name] {
			c.Interfaces = append(c.Interfaces, &iosconfig.Interface{Type: kind, Number: number, Shutdown: true})
		}
	}
	return c
}

// splitName cuts "Ethernet0/0" where its number begins.
func splitName(name string) (iosconfig.InterfaceType, string, bool) {
	at := strings.IndexAny(name, "0123456789")
	if at <= 0 || !isPhysical(iosconfig.InterfaceType(name[:at])) {
		return "", "", false
	}
	return iosconfig.InterfaceType(name[:at]), name[at:], true
}
