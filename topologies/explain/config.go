package explain

import (
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig/syntax"
	"ikelab/router/crypto"
	"ikelab/router/record"
	"ikelab/topologies/phrase"
)

// running are the running configurations of the routers, as they were from each
// instant on.
type running map[string][]snapshot

type snapshot struct {
	from  time.Time
	lines []string
}

// at is the configuration of a router at an instant.
func (r running) at(node string, at time.Time) (lines []string) {
	for _, s := range r[node] {
		if lines == nil || !s.from.After(at) {
			lines = s.lines
		}
	}
	return lines
}

// note keeps a configuration, with keys and passwords left out.
func (r running) note(node string, now time.Time, text string) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range lines {
		lines[i] = masked(lines[i])
	}
	if list := r[node]; len(list) > 0 && list[len(list)-1].from.Equal(now) {
		list[len(list)-1].lines = lines
		return
	}
	r[node] = append(r[node], snapshot{now, lines})
}

// secretWords are the words behind which a line of a configuration has a secret, where more
// than "key" stands before it.
var secretWords = []string{"pre-shared-key local ", "pre-shared-key remote ", "pre-shared-key hex "}

const hidden = "***"

// masked is a line without its secret.
func masked(line string) string {
	for _, w := range secretWords {
		if before, _, ok := strings.Cut(line, w); ok {
			return before + w + hidden
		}
	}
	if strings.HasPrefix(strings.TrimSpace(line), "tunnel key ") { // a number that packets show
		return line
	}
	return strings.ReplaceAll(syntax.PublicText(line), syntax.Removed, hidden)
}

// block is the lines of a configuration below one that begins so; further words choose
// among them, none: all. nil: there is none.
func block(lines []string, head string, keep ...string) (found []string) {
	inside := false
	for _, l := range lines {
		switch {
		case !strings.HasPrefix(l, " "):
			if inside = l == head || strings.HasPrefix(l, head+" "); inside {
				found = append(found, l)
			}
		case inside && kept(l, keep):
			found = append(found, l)
		}
	}
	return found
}

func kept(line string, keep []string) bool {
	for _, k := range keep {
		if strings.HasPrefix(strings.TrimSpace(line), k) {
			return true
		}
	}
	return len(keep) == 0
}

// part is a block within a block: the keyring's own line and those of one of its peers.
func part(lines []string, head, inner string) (found []string) {
	inside := false
	for i, l := range block(lines, head) {
		switch {
		case i == 0:
			found = append(found, l)
		case !strings.HasPrefix(l, "  "):
			if inside = strings.TrimSpace(l) == inner; inside {
				found = append(found, l)
			}
		case inside:
			found = append(found, l)
		}
	}
	return found
}

// chooser collects the blocks that the lookups of a scene answer with.
type chooser struct {
	lines  []string
	blocks []Block
}

func (c *chooser) add(lines []string) {
	if len(lines) == 0 {
		return
	}
	for i := range c.blocks {
		if len(c.blocks[i].Lines) > 0 && c.blocks[i].Lines[0] == lines[0] {
			for _, l := range lines[1:] {
				if !kept(l, nil) || !contains(c.blocks[i].Lines, l) {
					c.blocks[i].Lines = append(c.blocks[i].Lines, l)
				}
			}
			return
		}
	}
	c.blocks = append(c.blocks, Block{Lines: append([]string(nil), lines...)})
}

func contains(list []string, l string) bool {
	for _, o := range list {
		if o == l {
			return true
		}
	}
	return false
}

// named adds an object by its name, or says that it is the image's own.
func (c *chooser) named(head string) {
	if found := block(c.lines, head); len(found) > 0 {
		c.add(found)
		return
	}
	for i := range c.blocks {
		if c.blocks[i].Lines[0] == head {
			return
		}
	}
	c.blocks = append(c.blocks, Block{Lines: []string{head}, Note: phrase.Of("tour.config.builtin")})
}

// take adds what a record says to have decided.
func (c *chooser) take(b record.Body) {
	switch b := b.(type) {
	case ikev2.PolicyLookup:
		if b.Policy != "" {
			c.named("crypto ikev2 policy " + b.Policy)
		}
		for _, p := range b.Proposals {
			c.named("crypto ikev2 proposal " + p)
		}
	case ikev2.KeyLookup:
		switch {
		case b.Keyring != "" && b.Peer != "":
			c.add(part(c.lines, "crypto ikev2 keyring "+b.Keyring, "peer "+b.Peer))
		case b.Keyring != "":
			c.add(block(c.lines, "crypto ikev2 keyring "+b.Keyring))
		case b.Profile != "":
			c.add(block(c.lines, "crypto ikev2 profile "+b.Profile, "authentication", "keyring"))
		}
	case ikev2.ProfileLookup:
		c.profile(b)
	case ikev2.ProposalChosen:
		if b.Protocol == wire.ProtoESP {
			c.named("crypto ipsec transform-set " + b.Proposal)
		} else {
			c.named("crypto ikev2 proposal " + b.Proposal)
		}
	case crypto.Requested:
		c.entry(b.Entry)
	case ikev2.AddChild:
		c.entry(b.Entry)
	case ikev2.Failure:
		c.entry(b.Entry)
	case ikev2.Rekeying:
		c.rekeying(b)
	case ikev2.SAUp:
		c.add(block(c.lines, "crypto ikev2 profile "+b.Info.Profile, "lifetime", "dpd"))
		c.add(block(c.lines, "crypto ikev2 dpd"))
	}
}

func (c *chooser) profile(b ikev2.ProfileLookup) {
	if b.Found {
		c.add(block(c.lines, "crypto ikev2 profile "+b.Profile))
		return
	}
	for _, l := range c.lines { // none takes the identity: what each would take
		if strings.HasPrefix(l, "crypto ikev2 profile ") {
			c.add(block(c.lines, l, "match"))
		}
	}
}

// entry adds what makes an entry of the SPD: a tunnel's or a crypto map's lines, and
// what they name.
func (c *chooser) entry(name string) {
	if name == "" {
		return
	}
	iface, rest, isMap := strings.Cut(name, " ")
	lines := block(c.lines, "interface "+iface, "tunnel ", "crypto map ")
	c.add(lines)
	if isMap {
		words := strings.Fields(rest)
		head := "crypto map " + strings.Join(words[:min(2, len(words))], " ")
		c.add(block(c.lines, head))
		for _, l := range block(c.lines, head) {
			if _, list, ok := strings.Cut(l, "match address "); ok {
				c.add(block(c.lines, "ip access-list extended "+list))
				c.add(block(c.lines, "access-list "+list))
			}
		}
		return
	}
	for _, l := range lines {
		if _, profile, ok := strings.Cut(l, "tunnel protection ipsec profile "); ok {
			c.add(block(c.lines, "crypto ipsec profile "+strings.Fields(profile)[0]))
		}
	}
}

// rekeying adds the lifetimes that have come due.
func (c *chooser) rekeying(b ikev2.Rekeying) {
	if b.In == 0 {
		for _, l := range c.lines {
			if strings.HasPrefix(l, "crypto ikev2 profile ") {
				c.add(block(c.lines, l, "lifetime"))
			}
		}
		return
	}
	c.add(block(c.lines, "crypto ipsec security-association lifetime"))
	c.entry(b.Entry)
}
