package debug

// Sayings are the sentences of both generations that tell of a step and of nothing else,
// and those for datagrams that were dropped: whoever reads a log knows them from here.
func Sayings() []string {
	var list []string
	for i := range sayings {
		list = append(list, sayings[i].text)
	}
	for i := range xeSayings {
		list = append(list, xeSayings[i].text)
	}
	for _, r := range refusals {
		list = append(list, r.text)
	}
	return list
}
