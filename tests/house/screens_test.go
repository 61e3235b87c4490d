package house

import (
	"go/ast"
	"reflect"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// hidden are the fields of screens that `| json` does not show, each with why.
var hidden = map[string]string{
	"Clock.Detail": "which form was asked for", "IKEv2SAs.Detailed": "which form was asked for", "IKEv2Sessions.Detailed": "which form was asked for",
	"IPsecSAs.Detail": "which form was asked for", "Translations.Verbose": "which form was asked for", "Cluster.Detail": "which form was asked for",
	"CryptoSessions.Detail": "which form was asked for", "NTPAssociations.Detail": "which form was asked for", "Certificates.verbose": "which form was asked for",
	"RunningConfig.Numbered": "which form was asked for", "RunningConfig.All": "which form was asked for", "RunningConfig.Derived": "which form was asked for",
	"IKEVRFs.vrf": "the number of the VRF, whose name is shown",
}

// TestScreensHideNothing: what a screen's text is made of stands behind `| json`. A screen
// is a struct with names for JSON, and what has none is no part of it (Which and Work say
// what is asked for, and are no screens).
func TestScreensHideNothing(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if s.pkg != "router/show" || s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			structure, ok := spec.Type.(*ast.StructType)
			if !ok || !tagged(structure) {
				return false
			}
			for _, f := range structure.Fields.List {
				for _, name := range f.Names {
					if key := jsonKey(f); key == "" || key == "-" {
						field := spec.Name.Name + "." + name.Name
						require.NotEmpty(t, hidden[field], "%s: %s is not shown behind | json", s.at(f), field)
						seen[field] = true
					}
				}
			}
			return false
		})
	}
	for field := range hidden {
		require.True(t, seen[field], "%s is gone: so goes its reason", field)
	}
}

// tagged says whether a struct has names for JSON.
func tagged(s *ast.StructType) bool {
	for _, f := range s.Fields.List {
		if jsonKey(f) != "" {
			return true
		}
	}
	return false
}

// jsonKey is what stands in a field's tag.
func jsonKey(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	tag, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return ""
	}
	return reflect.StructTag(tag).Get("json")
}
