package operator

import "time"

// Typed is a line that was entered on a terminal, up to a secret or to what is
// not understood and may be one. Answers to questions, which may be passwords,
// and the text of banners are not recorded.
type Typed struct {
	Line   string // of the router: "console", "vty0"
	Prompt string
	Text   string
}

// Kind names the body in the stream.
func (Typed) Kind() string { return "operator.typed" }

// LineEntered is a line that changed the running configuration, typed or of a
// file. Object and Name say what it changed: "keyring", "K".
type LineEntered struct {
	Line   string // up to its secret
	Whole  string `record:"secret"` // "": as Line
	Object string
	Name   string
}

// Kind names the body in the stream.
func (LineEntered) Kind() string { return "operator.line_entered" }

// LineRefused is a line of the startup configuration that was not understood.
type LineRefused struct {
	Number  int    // of the line in its file
	Line    string // up to what may be a secret
	Whole   string `record:"secret"` // "": as Line
	Column  int    // from 1
	Message string
	Passed  int    // how many lines of its block were passed over with it
	Below   string // the name of the object whose mode it was read in, as an interface; "": none
}

// Kind names the body in the stream.
func (LineRefused) Kind() string { return "operator.line_refused" }

// ConfigurationRead is what came of a startup configuration of which lines were
// refused.
type ConfigurationRead struct {
	Refused  int
	Passed   int      // lines that were passed over with them
	Kept     int      // lines without effect
	Families []string // the command words of those
	Doubts   []string // what was understood but does not do what it seems to
}

// Kind names the body in the stream.
func (ConfigurationRead) Kind() string { return "operator.configuration_read" }

// Configured says that somebody left configuration mode.
type Configured struct{ From, By string }

// Kind names the body in the stream.
func (Configured) Kind() string { return "operator.configured" }

// ClockSet is `clock set`: what the clock said, and says.
type ClockSet struct {
	From, To time.Time
	By       string
}

// Kind names the body in the stream.
func (ClockSet) Kind() string { return "operator.clock_set" }

// CountersCleared is `clear counters`.
type CountersCleared struct {
	Interface string // "": all
	By        string
}

// Kind names the body in the stream.
func (CountersCleared) Kind() string { return "operator.counters_cleared" }

// ReloadRequested is `reload`, confirmed.
type ReloadRequested struct{ By, Reason string }

// Kind names the body in the stream.
func (ReloadRequested) Kind() string { return "operator.reload_requested" }

// ReloadScheduled is `reload in` or `reload at`, confirmed. Its instants are those that
// the clock shows.
type ReloadScheduled struct {
	For, Asked time.Time
	By, Reason string
}

// Kind names the body in the stream.
func (ReloadScheduled) Kind() string { return "operator.reload_scheduled" }

// ReloadCancelled is `reload cancel`.
type ReloadCancelled struct{ At time.Time }

// Kind names the body in the stream.
func (ReloadCancelled) Kind() string { return "operator.reload_cancelled" }

// Restarted says that the router runs anew.
type Restarted struct{}

// Kind names the body in the stream.
func (Restarted) Kind() string { return "operator.restarted" }

// CertificateInstalled is a certificate that stands in the configuration from now on: an
// authority's, or one that was issued to the router.
type CertificateInstalled struct {
	Trustpoint string
	Authority  bool
	Subject    string
	Issuer     string
	Serial     string
	Until      time.Time
}

// Kind names the body in the stream.
func (CertificateInstalled) Kind() string { return "operator.certificate_installed" }

// EnrolmentFailed says that a trustpoint has not got what it asked for.
type EnrolmentFailed struct{ Trustpoint, Reason string }

// Kind names the body in the stream.
func (EnrolmentFailed) Kind() string { return "operator.enrolment_failed" }

// RenewalBegun says that a trustpoint asks for another certificate, since the one that it has ends.
type RenewalBegun struct{ Trustpoint string }

// Kind names the body in the stream.
func (RenewalBegun) Kind() string { return "operator.renewal_begun" }

// KeyMissing says that the private key of a trustpoint's certificate is not there: no configuration
// has keys.
type KeyMissing struct{ Trustpoint, Key string }

// Kind names the body in the stream.
func (KeyMissing) Kind() string { return "operator.key_missing" }
