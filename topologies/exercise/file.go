package exercise

import (
	"ikelab/topologies/form"
	"ikelab/topologies/scenario"
)

// keys are those of a lab's file.
func (l *Lab) keys() []form.Key {
	var head string // headOf has read it
	return []form.Key{
		{Name: "title", Help: "in a few words", Required: true, Value: form.Word(&l.Title, "title")},
		{Name: "level", Help: "1 easy, 2, 3 hard", Required: true, Value: form.Number(&l.Level, "level", 1, 3)},
		{Name: "minutes", Help: "that it takes", Required: true, Value: form.Number(&l.Minutes, "minutes", 1, 600)},
		{Name: "base", Help: "an embedded network; without: the topology beside this file", Value: form.Word(&head, "base")},
		{Name: "network", Help: "words for its templates, as mtu=1300", Value: form.Word(&head, "network")},
		{Name: "task", Help: "in a user's words", Required: true, Value: form.Text(&l.Task, "task")},
		{Name: "fault", Help: "lines that the configurations have besides those of the network", Value: changesValue(&l.faults)},
		{Name: "symptom", Help: "steps after which the fault shows, where pings between the hosts do not show it", Value: scenario.StepsValue(&l.Symptom)},
		{Name: "hints", Help: "in order, each of more help", Value: l.hintsValue()},
		{Name: "check", Help: "what must hold", Required: true, Value: form.List("check", "check", func() form.Value {
			c := &check{}
			l.checks = append(l.checks, c)
			return form.Object("a check", c.keys())
		})},
		{Name: "solution", Help: "lines that mend it", Required: true, Value: changesValue(&l.Solution)},
		{Name: "wrong", Help: "mends that must not pass", Value: mendsValue(&l.wrong, true)},
		{Name: "right", Help: "other mends that must pass", Value: mendsValue(&l.right, false)},
		{Name: "explanation", Help: "for who has seen the solution", Required: true, Value: form.Text(&l.Explanation, "explanation")},
		{Name: "cause", Help: "key of what `why` says", Value: form.Word(&l.Cause, "cause")},
	}
}

func (c *check) keys() []form.Key {
	return []form.Key{
		{Name: "what", Help: "must hold, for people", Required: true, Value: form.Word(&c.what, "what")},
		{Name: "points", Help: "for it", Required: true, Value: form.Number(&c.points, "points", 1, 100)},
		{Name: "alone", Help: "a router, or several one after the other: the others have the solution's configurations then", Value: form.Texts(&c.alone, "alone")},
		{Name: "steps", Help: "of a scenario, in a network that begins with the configurations that are graded", Required: true, Value: scenario.StepsValue(&c.steps)},
	}
}

// mendsValue is what somebody might do; of a wrong mend it is said what does not hold then.
func mendsValue(dst *[]mend, wrong bool) form.Value {
	return form.List("mends", "mend", func() form.Value {
		*dst = append(*dst, mend{})
		m := &(*dst)[len(*dst)-1]
		return form.Object("a mend", m.keys(wrong))
	})
}

func (m *mend) keys(wrong bool) []form.Key {
	keys := []form.Key{
		{Name: "name", Help: "what somebody might think of", Required: true, Value: form.Word(&m.name, "name")},
		{Name: "besides", Help: "the solution is typed before", Value: form.Flag(&m.besides, "besides")},
		{Name: "change", Help: "lines", Required: true, Value: changesValue(&m.changes)},
	}
	if wrong {
		keys = append(keys, form.Key{Name: "fails", Help: "of wrong mends: words of the checks that do not hold then, or of what is found instead", Required: true, Value: form.Texts(&m.fails, "fails")})
	}
	return keys
}

// changesValue is lines at routers.
func changesValue(dst *[]Change) form.Value {
	return form.List("changes", "change", func() form.Value {
		*dst = append(*dst, Change{})
		c := &(*dst)[len(*dst)-1]
		return form.Object("a change", c.keys())
	})
}

func (c *Change) keys() []form.Key {
	return []form.Key{
		{Name: "node", Help: "a router", Required: true, Value: form.Word(&c.Node, "node")},
		{Name: "configure", Help: "lines of configuration mode", Required: true, Value: form.Text(&c.Lines, "configure")},
	}
}

// hintsValue is hints; where one has somebody look at something, with steps that see what it
// says, in the network as it is found and after the symptom.
func (l *Lab) hintsValue() form.Value {
	return form.List("hints", "hint", func() form.Value {
		l.Hints, l.shows = append(l.Hints, ""), append(l.shows, nil)
		text, shows := &l.Hints[len(l.Hints)-1], &l.shows[len(l.shows)-1]
		return form.Either(form.Text(text, "hint"), form.Object("a hint", hintKeys(text, shows)))
	})
}

func hintKeys(text *string, shows *[]*scenario.Step) []form.Key {
	return []form.Key{
		{Name: "hint", Help: "for people", Required: true, Value: form.Text(text, "hint")},
		{Name: "shows", Help: "steps that see what it says", Value: scenario.StepsValue(shows)},
	}
}
