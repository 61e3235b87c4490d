package topologies

// The keys of containerlab's schema (schemas/clab.schema.json, release 0.79)
// that have no meaning for a simulated router. They are accepted with a
// warning, so that a file written for containerlab loads.
var (
	ignoredRoot     = []string{"prefix", "mgmt", "settings", "debug"}
	ignoredTopology = []string{}
	ignoredNode     = []string{
		"image-pull-policy", "restart-policy", "license", "type", "enforce-startup-config",
		"suppress-startup-config", "auto-remove", "exec", "binds", "volumes", "ports", "env",
		"credentials", "env-files", "user", "entrypoint", "cmd", "labels", "runtime",
		"mgmt-ipv4", "mgmt-ipv6", "network-mode", "link-apply-mode", "cpu", "memory", "cpu-set",
		"extras", "config", "stages", "dns", "certificate", "healthcheck", "components",
		"aliases", "shm-size", "cap-add", "privileged", "cgroupns-mode", "cgroup-parent",
		"pid-mode", "tmpfs", "security-opts", "sysctls", "devices",
	}
	ignoredLink     = []string{"ipv4", "ipv6", "labels"}
	ignoredEndpoint = []string{"mac", "ipv4", "ipv6"}
)

// laterLinkTypes are link types of containerlab's schema or of this project's
// plans that cannot be built yet.
var laterLinkTypes = []string{
	"veth-stitch", "mgmt-net", "macvlan", "vxlan-stitch", "dummy",
}
