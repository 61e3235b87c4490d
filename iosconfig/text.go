package iosconfig

// Text is a command that is kept as it was typed, with what stands below it:
// nothing here acts on it.
type Text struct {
	Line  string
	Below List[Text]
}

// Texts are such commands by family, which is the words that they begin with,
// and those of a family in the order in which they came.
type Texts struct{ families Tree[string, List[Text]] }

// Family are the commands of a family.
func (t *Texts) Family(name string) List[Text] {
	list, _ := t.families.Get(name)
	return list
}

// Lines are the commands of a family, without what stands below them.
func (t *Texts) Lines(name string) []string {
	var lines []string
	list := t.Family(name)
	for x := range list.All() {
		lines = append(lines, x.Line)
	}
	return lines
}

// SetFamily makes a list the commands of a family.
func (t *Texts) SetFamily(name string, list List[Text]) {
	if list.Len() == 0 {
		t.families.delete(name)
		return
	}
	t.families.Put(name, list)
}

// TextAt is what stands at a path: a family, a line of it, one below that, and so
// on; nil: nothing does.
func (t *Texts) TextAt(path []string) *Text {
	list := t.Family(path[0])
	at := list.Get(path[1])
	for _, line := range path[2:] {
		if at == nil {
			return nil
		}
		at = at.Below.Get(line)
	}
	return at
}

// PutText puts a text at a path; what it stands below is made if it has gone.
func (t *Texts) PutText(path []string, x *Text) {
	list := t.Family(path[0])
	putText(&list, path[1:], x)
	t.SetFamily(path[0], list)
}

func putText(list *List[Text], path []string, x *Text) {
	if len(path) == 1 {
		list.Put(path[0], x)
		return
	}
	above := Text{Line: path[0]}
	if old := list.Get(path[0]); old != nil {
		above = *old
	}
	putText(&above.Below, path[1:], x)
	list.Put(path[0], &above)
}
