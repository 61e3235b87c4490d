package system

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// usernameRow is what may be said of a user, in one line or in several. Of a secret its
// hash is kept.
var usernameRow = editor.Refers(editor.Row[iosconfig.Config]{
	Syntax: "username <name:word> / [privilege <level:0-15>] [view <view:word>] [{access-class <list:word>|user-maxlinks <links:1-255>|common-criteria-policy <policy:word>" +
		"|aaa attribute list <attributes:word>|callback-dialstring <dial:word>|dnis|lawful-intercept|mac|nocallback-verify|noescape|nohangup|one-time}]" +
		" [{autocommand <command:line>|nopassword|password <password:secret-line>|secret <secret:secret-line>|" + algorithmSyntax + "}]",
	Help: "Establish User Name Authentication|User name|Set user privilege level|User privilege level|Set view name|View name|Restrict access by access-class|Access-list name or number" +
		"|Limit the user's number of inbound links|User-maxlinks value|Enter the common-criteria policy name|Policy name|AAA directive|Attribute|List|Name of the attribute list" +
		"|Callback dialstring|Telephone number|Do not require password when obtained via DNIS|Lawful intercept|This entry is for MAC Filtering where username=mac|Do not require authentication after callback" +
		"|Prevent the user from using an escape character|Do not disconnect after an automatic command|Specify that the username/password is valid for only one time" +
		"|Automatically issue a command after the user logs in|Command to be automatically issued after the user logs in|No password is required for the user to log in" +
		"|Specify the password for the user|Password, after its type|Specify the secret for the user|Secret, after its type|" + algorithmHelp,
	Set:   setUser,
	Clear: clearUser,
	Show: func(e *global) []string {
		return slices.DeleteFunc(slices.Clone(e.It.Kept), func(l string) bool { return !editor.Begins(l, "username") })
	},
}, editor.AccessList("access-class"))

// user is what is kept of one.
type user struct {
	said     []string // "privilege 15", in the order of userWords
	password string   // nopassword, password … or secret …; "": none
	auto     string   // autocommand …
}

// userWords are what may be said once each, with how many words follow.
var userWords = []struct {
	word, arg string
	more      int
}{
	{"privilege", "level", 1}, {"view", "view", 1}, {"access-class", "list", 1}, {"user-maxlinks", "links", 1}, {"common-criteria-policy", "policy", 1},
	{"aaa attribute list", "attributes", 1}, {"callback-dialstring", "dial", 1}, {"dnis", "", 0}, {"lawful-intercept", "", 0}, {"mac", "", 0},
	{"nocallback-verify", "", 0}, {"noescape", "", 0}, {"nohangup", "", 0}, {"one-time", "", 0},
}

// userNamed reads the lines of a user.
func userNamed(c *iosconfig.Config, head string) (u user) {
	for _, line := range c.Kept {
		rest, found := strings.CutPrefix(line, head+" ")
		if !found {
			continue
		}
		if strings.HasPrefix(rest, iosconfig.AutoCommand) {
			u.auto = rest
			continue
		}
		for _, w := range userWords {
			if after, is := strings.CutPrefix(rest, w.word); is {
				words := strings.SplitN(after, " ", w.more+2) // "", its words, the rest
				u.said = append(u.said, strings.TrimRight(w.word+" "+strings.Join(words[1:w.more+1], " "), " "))
				rest = strings.Join(words[w.more+1:], " ")
			}
		}
		u.password = rest
	}
	return u
}

// keep puts a user in the place of what there was of the same name.
func (u user) keep(e *global, head string) {
	e.Keep(head, strings.TrimRight(head+" "+strings.TrimLeft(strings.Join(u.said, " ")+" "+u.password, " "), " "))
	if u.auto != "" {
		kept := append(slices.Clone(e.It.Kept), head+" "+u.auto)
		slices.Sort(kept)
		e.It.Kept = kept
	}
}

func setUser(e *global, a syntax.Args) error {
	head := a.Head()
	u := userNamed(e.It, head)
	said := u.said
	u.said = nil
	for _, w := range userWords {
		at := slices.IndexFunc(said, func(s string) bool { return editor.Begins(s, w.word) })
		switch {
		case w.arg != "" && a.Given(w.arg):
			u.said = append(u.said, w.word+" "+a.Word(w.arg))
		case w.arg == "" && a.Has(w.word):
			u.said = append(u.said, w.word)
		case at >= 0:
			u.said = append(u.said, said[at])
		}
	}
	if a.Given("command") {
		u.auto = iosconfig.AutoCommand + " " + a.Word("command")
	}
	password, err := userPassword(e, a)
	if err != nil {
		return err
	}
	if before, _, _ := strings.Cut(u.password, " "); before != "" && password != "" {
		if now, _, _ := strings.Cut(password, " "); now != before && now != "nopassword" && before != "nopassword" {
			return syntax.Refuse("ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.")
		}
	}
	if password != "" {
		u.password = password
	}
	u.keep(e, head)
	return nil
}

// userPassword is the password that a line gives a user, as it is kept; "": none.
func userPassword(e *global, a syntax.Args) (string, error) {
	switch {
	case a.Has("nopassword"):
		return "nopassword", nil
	case a.Given("password"):
		text := a.Word("password")
		weak(e.Line, kindOf(text))
		if e.Config.HidesPasswords() {
			return "password " + iosconfig.HidePassword(text), checkPassword(text)
		}
		return "password " + text, checkPassword(text)
	case a.Given("clear"):
		hash, err := hashed(e, algorithms[a.Word("algorithm")], a.Head(), a.Word("clear"))
		return "secret " + hash, err
	case a.Given("secret"):
		return userSecret(e, a.Head(), a.Word("secret"))
	}
	return "", nil
}

// userSecret keeps a hash as it is, and of a secret in clear its hash.
func userSecret(e *global, whose, text string) (string, error) {
	kind, rest, typed := strings.Cut(text, " ")
	switch {
	case typed && len(kind) == 1 && strings.Contains("4589", kind):
		if !iosconfig.ValidHash(kind, rest) {
			return "", notAHash(kind)
		}
		weak(e.Line, kind)
		return "secret " + text, nil
	case typed && kind == "0":
		text = rest
	}
	hash, err := hashed(e, iosconfig.SecretType, whose, text)
	return "secret " + hash, err
}

// clearUser takes away what the line says of a user, and the user where it says nothing
// or all that there is.
func clearUser(e *global, a syntax.Args) error {
	head := a.Head()
	u := userNamed(e.It, head)
	some := false
	for _, w := range userWords {
		if w.arg != "" && a.Given(w.arg) || w.arg == "" && a.Has(w.word) {
			some = true
			u.said = slices.DeleteFunc(u.said, func(s string) bool { return editor.Begins(s, w.word) })
		}
	}
	if a.Given("command") {
		some, u.auto = true, ""
	}
	if a.Has("nopassword") || a.Given("password") || a.Given("secret") || a.Given("clear") {
		some, u.password = true, ""
	}
	if !some || len(u.said) == 0 && u.password == "" && u.auto == "" {
		e.Keep(head, "")
		return nil
	}
	u.keep(e, head)
	return nil
}
