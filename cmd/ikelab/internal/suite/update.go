package suite

import (
	"bytes"
	"fmt"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/topologies/scenario"
)

// Write writes the screens that have changed into the scenario files, and tells
// which files it wrote.
func Write(results []Result, tell func(path string)) error {
	for i := 0; i < len(results); {
		source := results[i].Source
		var updates []scenario.Update
		for ; i < len(results) && results[i].Source == source; i++ {
			for _, u := range results[i].Updates {
				if u.File != source.Path {
					return fmt.Errorf("%v: screens of files that are included are not updated", u.Place)
				}
				updates = append(updates, u)
			}
		}
		text, err := scenario.Updated(source.data, updates)
		if err != nil {
			return err
		}
		if bytes.Equal(text, source.data) {
			continue
		}
		if source.embedded != "" {
			return fmt.Errorf("%s is embedded in the program and cannot be updated", source.Path)
		}
		if err := files.Write(source.Path, text); err != nil {
			return err
		}
		tell(source.Path)
	}
	return nil
}
