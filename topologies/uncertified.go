package topologies

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
)

// Uncertified is a configuration without the certificates that its router asks for by itself: they
// are for keys that no configuration has, so that it asks anew in each network.
func Uncertified(config, image string) string {
	if !strings.Contains(config, iosconfig.CertificateChains+" ") {
		return config
	}
	asks := map[string]bool{}
	for t := range rows.Load(config, iosconfig.Generation(image)).Commit.After.PKI.Trustpoints.All() {
		asks[t.Name] = t.AutoEnroll != ""
	}
	if len(asks) == 0 {
		return config
	}
	var b strings.Builder
	inside := false
	for line := range strings.Lines(config) {
		if name, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), iosconfig.CertificateChains+" "); ok {
			inside = asks[name]
		} else if !strings.HasPrefix(line, " ") {
			inside = false
		}
		if !inside {
			b.WriteString(line)
		}
	}
	return b.String()
}
