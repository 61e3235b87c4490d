package house

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The rules of the house, as policy. A rule is never widened to make a build
// pass.

// imports says which packages of ours each package may import.
var imports = map[string][]string{
	"ipsec":                 nil,
	"ipsec/esp":             {"ipsec"},
	"ipsec/few":             nil,
	"ipsec/spd":             {"ipsec", "ipsec/few"},
	"iosconfig":             {"iosconfig/syntax"},
	"iosconfig/rows":        {"iosconfig", "iosconfig/editor", "iosconfig/syntax", "iosconfig/rows/crypto", "iosconfig/rows/ip", "iosconfig/rows/system"},
	"iosconfig/rows/system": {"iosconfig", "iosconfig/editor", "iosconfig/syntax"},
	"iosconfig/rows/ip":     {"iosconfig", "iosconfig/editor", "iosconfig/syntax"},
	"iosconfig/rows/crypto": {"iosconfig", "iosconfig/editor", "iosconfig/syntax"},
	"iosconfig/editor":      {"iosconfig", "iosconfig/syntax"},
	"iosconfig/syntax":      nil,
	"netsim":                {"netsim/pcapng"},
	"netsim/pcapng":         nil,
	"netsim/hostlink":       nil,
	"ikev2/wire":            nil,
	"ikev2/propose":         {"ikev2/wire", "ipsec"},
	"ikev2/keys":            {"ipsec", "ikev2/wire"},
	"ikev2/pki":             {"ikev2/wire", "ikev2/keys"},
	"ikev2/window":          nil,
	"ikev2":                 {"ipsec", "ipsec/few", "ipsec/spd", "ikev2/wire", "ikev2/propose", "ikev2/keys", "ikev2/pki", "ikev2/window"},
	"router/record":         nil,
	"router/acl":            {"router/ip"},
	"router/ip":             {"ipsec/few", "router/record"},
	"router/nat":            {"router/record", "router/ip"},
	"router/dhcp":           {"router/record", "router/ip"},
	"router/ntp":            {"router/record", "router/ip"},
	"router/track":          {"router/record", "router/ip"},
	"router/standby":        {"router/record", "router/ip"},
	"router/cluster":        {"router/record", "router/ip", "router/standby"},
	"router/tunnel":         {"ipsec/few", "router/record", "router/ip", "router/crypto"},
	"router/crypto":         {"router/record", "router/ip", "ipsec", "ipsec/few", "ipsec/esp", "ipsec/spd"},
	"router/policy":         {"iosconfig", "iosconfig/rows", "ikev2", "ikev2/pki", "ikev2/wire", "ipsec", "ipsec/spd", "router/acl", "router/ip", "router/nat", "router/dhcp", "router/track", "router/standby", "router/cluster", "router/crypto", "router/tunnel", "router/ntp"},
	"router/words":          {"ipsec", "ikev2", "ikev2/pki", "ikev2/wire"},
	"router/operator":       nil,
	"router/debug/sentence": {},
	"router/debug":          {"router/debug/sentence", "iosconfig", "ikev2", "ikev2/pki", "ikev2/wire", "ipsec", "router/record", "router/ip", "router/nat", "router/dhcp", "router/track", "router/standby", "router/cluster", "router/crypto", "router/tunnel", "router/operator", "router/words", "router/ntp"},
	"router/shell":          {"iosconfig", "iosconfig/rows", "iosconfig/editor", "iosconfig/syntax", "router/record", "router/operator", "router/show", "router/debug", "router/words", "router/ntp"},
	"router/shell/line":     nil,
	"router/show":           {"iosconfig", "ikev2", "ikev2/wire", "ipsec", "router/ip", "router/nat", "router/dhcp", "router/track", "router/standby", "router/cluster", "router/crypto", "router/tunnel", "router/words", "router/ntp"},
	"router":                {"router/record", "ipsec/few", "router/acl", "router/ip", "router/nat", "router/dhcp", "router/track", "router/standby", "router/cluster", "router/tunnel", "router/crypto", "router/policy", "router/show", "router/shell", "router/operator", "iosconfig", "iosconfig/rows", "iosconfig/editor", "iosconfig/syntax", "ikev2", "ikev2/keys", "ikev2/pki", "ikev2/wire", "ipsec", "ipsec/esp", "ipsec/spd", "router/ntp"},
	"topologies/form":       nil,
	"topologies/authority":  {"ikev2/keys", "ikev2/pki"},
	"topologies":            {"topologies/form", "topologies/authority", "ikev2/pki", "router/nat", "iosconfig", "iosconfig/rows", "iosconfig/editor", "iosconfig/syntax"},
	"topologies/station":    {"router/record", "router/ip", "router/nat", "router/dhcp"},
	"topologies/lab":        {"topologies", "topologies/authority", "topologies/form", "topologies/rogue", "topologies/station", "router", "router/record", "router/ip", "router/shell", "netsim"},
	"topologies/script":     {"topologies", "topologies/lab", "router/shell", "router/shell/line", "netsim"},
	"topologies/fault":      {"topologies/form", "topologies/lab", "router/record", "router/ip", "netsim", "ikev2", "ikev2/wire"},
	"topologies/condition":  {"netsim", "topologies/fault", "router/crypto", "topologies/form", "topologies", "topologies/lab", "topologies/script", "router/record", "router/debug", "ikev2"},
	"topologies/scenario":   {"router/record", "topologies/form", "topologies/phrase", "topologies/why", "topologies/rogue", "topologies/fault", "topologies/condition", "topologies", "topologies/lab", "topologies/script", "router/shell", "netsim"},
	"topologies/swarm":      {"topologies", "topologies/lab", "topologies/condition", "topologies/fault", "router", "router/shell", "router/record", "router/operator", "topologies/authority", "router/crypto", "router/ip", "router/nat", "ikev2", "ikev2/pki", "ipsec", "netsim"},
	"topologies/rogue":      {"router/ip", "ikev2/wire", "ikev2/keys", "ikev2/propose", "ipsec"},
	"topologies/verdict":    {"topologies", "topologies/phrase", "topologies/why", "topologies/lab", "router/shell", "router/record", "router/crypto", "router/ip", "router/nat", "router/words", "iosconfig", "iosconfig/rows", "ikev2"},
	"topologies/phrase":     nil,
	"topologies/explain":    {"ikev2/pki", "topologies", "topologies/lab", "topologies/scenario", "topologies/phrase", "router/record", "router/operator", "router/debug", "router/words", "router/crypto", "router/ip", "router/nat", "iosconfig", "iosconfig/syntax", "ikev2", "ikev2/wire", "ipsec", "ipsec/spd"},
	"topologies/decode":     {"topologies/lab", "router", "router/record", "router/debug", "iosconfig", "ikev2", "ikev2/wire", "ipsec", "ipsec/esp", "netsim/pcapng"},
	"topologies/exercise":   {"topologies", "topologies/form", "topologies/scenario", "iosconfig", "iosconfig/rows"},
	"topologies/why":        {"ikev2/pki", "topologies", "topologies/phrase", "topologies/lab", "router/shell", "router/record", "router/operator", "router/crypto", "router/ip", "router/nat", "router/words", "ikev2", "ikev2/wire", "iosconfig", "iosconfig/rows", "iosconfig/syntax", "router/ntp", "router/standby"},
	"topologies/bench":      {"topologies", "topologies/lab", "router/ip", "router/record", "router/shell", "netsim", "ipsec"},
	"cmd/ikelab":            {"topologies", "topologies/form", "topologies/lab", "topologies/script", "topologies/scenario", "topologies/swarm", "topologies/bench", "topologies/decode", "topologies/verdict", "topologies/explain", "topologies/explain/logs", "topologies/exercise", "topologies/phrase", "topologies/why", "router/shell", "netsim", "netsim/hostlink", "cmd/ikelab/internal/attach", "cmd/ikelab/internal/files", "cmd/ikelab/internal/keep", "cmd/ikelab/internal/pace", "cmd/ikelab/internal/seat", "cmd/ikelab/internal/serve", "cmd/ikelab/internal/suite", "cmd/ikelab/internal/terminal"},

	"topologies/explain/logs": {"topologies/explain", "topologies/phrase", "router/debug", "router/debug/sentence"},

	"cmd/ikelab/internal/attach":   {"cmd/ikelab/internal/terminal"},
	"cmd/ikelab/internal/files":    nil,
	"cmd/ikelab/internal/keep":     {"router/shell", "topologies", "topologies/form"},
	"cmd/ikelab/internal/pace":     {"netsim"},
	"cmd/ikelab/internal/seat":     {"router/shell", "cmd/ikelab/internal/terminal"},
	"cmd/ikelab/internal/serve":    {"router/shell", "topologies/lab", "cmd/ikelab/internal/files", "cmd/ikelab/internal/seat", "cmd/ikelab/internal/terminal"},
	"cmd/ikelab/internal/suite":    {"topologies", "topologies/lab", "topologies/condition", "topologies/script", "topologies/scenario", "cmd/ikelab/internal/files"},
	"cmd/ikelab/internal/terminal": {"router/shell/line"},

	"tests/kit":           {"router/ip", "router/record"},
	"tests/automation":    {"tests/kit"},
	"tests/interop":       {"tests/kit", "ipsec", "ipsec/esp"},
	"tests/kernel":        {"tests/kit"},
	"tests/interop/agent": nil,
	"tests/house":         {"iosconfig/rows", "router/debug", "topologies/lab", "topologies/rogue"},
	"tests":               {"topologies/exercise", "topologies/explain/logs", "router/words", "topologies/why", "topologies/phrase", "tests/kit", "topologies", "topologies/lab", "topologies/scenario", "topologies/swarm", "router", "router/shell", "router/shell/line", "router/debug", "netsim", "netsim/hostlink", "netsim/pcapng", "router/record", "iosconfig", "iosconfig/rows", "ikev2", "ikev2/wire", "ipsec", "ipsec/spd"},
}

// testsToo says what the tests of a package may import besides: the one harness
// for routers is the simulation itself.
var testsToo = map[string][]string{
	"router": {"netsim"}, "topologies/rogue": {"topologies", "topologies/lab", "router/shell"}, "topologies/explain": {"topologies/exercise"},
	"cmd/ikelab/internal/serve": {"topologies", "cmd/ikelab/internal/pace"},
}

// outside lists the libraries that a package may not import.
var outside = map[string][]string{
	"ipsec":     {"github.com/google/gopacket"},
	"iosconfig": {"golang.org/x/term"},
	"router":    {"golang.org/x/term", "os"},
}

// free are the packages that may start goroutines and know the host.
var free = []string{
	"cmd/ikelab", "cmd/ikelab/internal/attach", "cmd/ikelab/internal/files", "cmd/ikelab/internal/keep", "cmd/ikelab/internal/pace", "cmd/ikelab/internal/seat", "cmd/ikelab/internal/serve", "cmd/ikelab/internal/suite", "cmd/ikelab/internal/terminal", "netsim/hostlink", "tests", "tests/automation", "tests/interop", "tests/interop/agent", "tests/kernel", "tests/kit",
}

// TestRaced: the race detector looks at every package that may start goroutines.
func TestRaced(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	_, list, _ := strings.Cut(string(makefile), "\nRACED = ")
	list, _, _ = strings.Cut(list, "\n")
	for _, pkg := range free {
		require.True(t, slices.ContainsFunc(strings.Fields(list), func(raced string) bool {
			below, all := strings.CutSuffix(raced, "...")
			return raced == "./"+pkg || all && strings.HasPrefix("./"+pkg+"/", below)
		}), pkg)
	}
}

// bannedImports are those that no other package may have. What is banned of
// packages that it may have is in strict_test.go.
var bannedImports = []string{
	"sync", "sync/atomic", "os", "os/exec", "os/signal", "crypto/rand", "net", "log", "log/slog", "context", "math/rand", "unsafe",
}

// source is one file of the project.
type source struct {
	path, pkg string // relative to the root
	test      bool
	text      []byte
	file      *ast.File
	set       *token.FileSet
}

// found are the project's files: read and parsed once, and not changed by who looks at them.
var found []source

// sources lists all files of the project.
func sources(t *testing.T) []source {
	t.Helper()
	if found != nil {
		return found
	}
	var list []source
	set, root := token.NewFileSet(), filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(set, rel, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		list = append(list, source{rel, filepath.ToSlash(filepath.Dir(rel)), strings.HasSuffix(rel, "_test.go"), text, file, set})
		return nil
	}))
	require.Greater(t, len(list), 50)
	found = list
	return list
}

func (s *source) imports() []string {
	var list []string
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		list = append(list, path)
	}
	return list
}

func (s *source) at(n ast.Node) string { return s.set.Position(n.Pos()).String() }

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		allowed, known := imports[s.pkg]
		require.True(t, known, "%s: package %s has no place in the house", s.path, s.pkg)
		seen[s.pkg] = true
		for _, path := range s.imports() {
			ours, isOurs := strings.CutPrefix(path, "ikelab/")
			require.True(t, !isOurs || slices.Contains(allowed, ours) || s.test && mayTest(s.pkg, ours), "%s imports %s", s.path, path)
			for _, bad := range outside[s.pkg] {
				require.False(t, !s.test && (path == bad || strings.HasPrefix(path, bad+"/")), "%s imports %s", s.path, path)
			}
		}
	}
	require.Len(t, seen, len(imports), "a package of the policy is gone")
}

// mayTest says whether a package's tests may import another: itself, what tests share, and what
// the packages that it imports may import, whose types it must be given.
func mayTest(pkg, ours string) bool {
	return ours == pkg || ours == "tests/kit" || slices.Contains(testsToo[pkg], ours) || slices.ContainsFunc(imports[pkg], func(p string) bool { return slices.Contains(imports[p], ours) })
}

func TestBans(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.Contains(free, s.pkg) {
			continue
		}
		for _, path := range s.imports() {
			require.NotContains(t, bannedImports, path, s.path)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				require.Fail(t, "goroutine", s.at(n))
			case *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
				require.Fail(t, "channel", s.at(n))
			}
			return true
		})
	}
}

// fuzzed are the surfaces that strangers write to, each with its native fuzz
// targets, which .ci/fuzz finds by their names.
var fuzzed = map[string][]string{
	"IKE datagrams":                        {"ikev2.FuzzReceive", "ikev2.FuzzSealed", "ikev2.FuzzConfiguration"},
	"certificates and signatures":          {"ikev2/pki.FuzzChain", "ikev2/keys.FuzzVerifySignature"},
	"keys and certificates, pasted":        {"ikev2/pki.FuzzPasted", "ikev2/pki.FuzzBundle"},
	"distinguished names":                  {"ikev2/pki.FuzzParseName"},
	"IKE messages, sealed ones, fragments": {"ikev2/wire.FuzzParse", "ikev2/wire.FuzzOpen", "ikev2/wire.FuzzOpenFragment", "ikev2/window.FuzzPieces", "ikev2/wire.FuzzRedirect"},
	"ESP":                                  {"ipsec/esp.FuzzOpen", "ipsec/esp.FuzzInside", "ipsec/esp.FuzzRoundTrip", "router/crypto.FuzzOuter", "router/crypto.FuzzInner"},
	"frames":                               {"router/ip.FuzzReceive", "router/ip.FuzzReceive6", "router/ip.FuzzAdvertisements", "router.FuzzReceive", "netsim.FuzzSegment", "topologies/fault.FuzzFrame"},
	"GRE, NAT, access lists":               {"router/tunnel.FuzzGRE", "router/nat.FuzzTranslator", "router/acl.FuzzMatch", "router/acl.FuzzMatchSix"},
	"DHCP, at either end":                  {"router/dhcp.FuzzMessage", "router/dhcp.FuzzServer", "router/dhcp.FuzzClient"},
	"HSRP":                                 {"router/standby.FuzzHello"},
	"gateways of a cluster":                {"router/cluster.FuzzMessage"},
	"NTP":                                  {"router/ntp.FuzzMessage"},
	"captures":                             {"netsim.FuzzPacketBlock", "topologies/decode.FuzzDecode"},
	"doors to real networks":               {"netsim/hostlink.FuzzDoor", "netsim/hostlink.FuzzDecapsulate", "netsim/hostlink.FuzzOffload"},
	"EXEC lines, their ? and Tab":          {"router/shell.FuzzSession"},
	"? and Tab in every mode":              {"router/shell.FuzzModes"},
	"filters":                              {"router/shell.FuzzFilter"},
	"telnet, requests of SSH sessions":     {"cmd/ikelab/internal/serve.FuzzTelnet", "cmd/ikelab/internal/serve.FuzzSSH"},
	"keystrokes":                           {"router/shell/line.FuzzKeys"},
	"startup configurations":               {"iosconfig/rows.FuzzLoad", "iosconfig.FuzzSSHKey"},
	"topology files":                       {"topologies.FuzzTopology", "topologies/lab.FuzzBuild"},
	"scenario files, lines of exec":        {"topologies/scenario.FuzzScenario", "topologies/condition.FuzzCondition"},
	"logs of real routers":                 {"topologies/explain/logs.FuzzRead"},
	"replay logs":                          {"topologies/scenario.FuzzLog"},
}

// TestEverySurfaceIsFuzzed: each has its targets, and there is no target that
// belongs to none.
func TestEverySurfaceIsFuzzed(t *testing.T) {
	var have, want []string
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && s.test && strings.HasPrefix(f.Name.Name, "Fuzz") {
				have = append(have, s.pkg+"."+f.Name.Name)
			}
		}
	}
	for _, targets := range fuzzed {
		want = append(want, targets...)
	}
	require.ElementsMatch(t, want, have)
}

func TestEveryPackageExplainsItself(t *testing.T) {
	for pkg := range imports {
		name := "doc.go"
		if pkg == "cmd/ikelab" {
			name = "main.go"
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", pkg, name), nil, parser.ParseComments|parser.PackageClauseOnly)
		require.NoError(t, err, pkg)
		require.NotNil(t, file.Doc, "%s/%s has no package comment", pkg, name)
	}
}

func TestFormatted(t *testing.T) {
	for _, s := range sources(t) {
		want, err := format.Source(s.text)
		require.NoError(t, err)
		require.Equal(t, string(want), string(s.text), s.path)
	}
}

// TestReadme: exactly two commands for a fresh machine.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(data), "```sh\n")
	require.True(t, ok)
	commands, rest, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	require.Equal(t, []string{"go run ./cmd/ikelab run", "go test ./..."}, strings.Split(strings.TrimSpace(commands), "\n"))
	require.NotContains(t, rest, "```sh", "a second block of commands")
}

// TestImportsAreGrouped: the standard library, then others, then ours, with a blank line
// between.
func TestImportsAreGrouped(t *testing.T) {
	for _, s := range sources(t) {
		kind, line := -1, 0
		for _, i := range s.file.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			k := originOf(path)
			at := s.set.Position(i.Pos()).Line
			if i.Doc == nil && kind >= 0 {
				require.False(t, k < kind, "%s: %s is below its group", s.at(i), path)
				require.Equal(t, k != kind, at > line+1, "%s: a blank line stands between groups, and nowhere else", s.at(i))
			}
			kind, line = k, at
		}
	}
}

// originOf orders imports: 0 the standard library, 1 others, 2 ours.
func originOf(path string) int {
	switch first, _, _ := strings.Cut(path, "/"); {
	case first == "ikelab":
		return 2
	case strings.Contains(first, "."):
		return 1
	}
	return 0
}
