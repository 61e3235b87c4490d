package topologies

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The images: DefaultImage is the tech note's IOS generation.
const (
	DefaultImage = "15.1"
	NewerImage   = "xe-17"
)

// Images are all there are.
var Images = []string{DefaultImage, NewerImage}

// CheckImage says what is wrong with the name of an image.
func CheckImage(name string) error {
	if !slices.Contains(Images, name) {
		return fmt.Errorf("unknown image %q: %s or %s", name, DefaultImage, NewerImage)
	}
	return nil
}

// SetImage gives all routers of a topology an image.
func (t *Topology) SetImage(name string) {
	for _, n := range t.Nodes {
		if n.Kind == KindIOS {
			n.Image = name
		}
	}
}

// firstXE is the first release of IOS XE that counts as itself, not as the IOS in it.
const firstXE = 16

// imageOf is the image whose language a configuration speaks, by its line `version`:
// IOS XE has 16 and more there.
func imageOf(config string) string {
	for line := range strings.Lines(config) {
		rest, ok := strings.CutPrefix(line, "version ")
		if !ok {
			continue
		}
		major, _, _ := strings.Cut(strings.TrimSpace(rest), ".")
		if n, err := strconv.Atoi(major); err == nil && n >= firstXE {
			return NewerImage
		}
		break
	}
	return DefaultImage
}
