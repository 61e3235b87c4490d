package suite

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The common dialect of JUnit's XML.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	Classname string        `xml:"classname,attr"`
	File      string        `xml:"file,attr"`
	Time      string        `xml:"time,attr"`
	Failure   *junitFailure `xml:"failure,omitempty"`
	Error     *junitFailure `xml:"error,omitempty"`
	Skipped   *struct{}     `xml:"skipped,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the results as JUnit's XML, a suite for each file.
func JUnit(w io.Writer, results []Result) error {
	all := junitSuites{Name: "ikelab"}
	total := time.Duration(0)
	for i := 0; i < len(results); {
		s := junitSuite{Name: results[i].Path}
		wall := time.Duration(0)
		for source := results[i].Source; i < len(results) && results[i].Source == source; i++ {
			s.add(results[i])
			wall += results[i].Wall
		}
		s.Time = seconds(wall)
		total += wall
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors, all.Skipped+s.Skipped
		all.Suites = append(all.Suites, s)
	}
	all.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(r Result) {
	c := junitCase{Name: fmt.Sprintf("%s (seed %d)", r.Name, r.Seed), Classname: r.Path, File: r.Path, Time: seconds(r.Wall)}
	s.Tests++
	switch {
	case r.Skipped:
		s.Skipped++
		c.Skipped = &struct{}{}
	case r.Failure() != nil:
		s.Failures++
		c.Failure = &junitFailure{Message: strings.ToValidUTF8(r.Failure().Error(), "?"), Type: "failure", Text: failure(r)}
	case r.Err != nil:
		s.Errors++
		c.Error = &junitFailure{Message: r.Err.Error(), Type: "error", Text: failure(r)}
	}
	s.Cases = append(s.Cases, c)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// TAP writes the results as the Test Anything Protocol, version 14.
func TAP(w io.Writer, results []Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "TAP version 14\n1..%d\n", len(results))
	for i, r := range results {
		name := strings.NewReplacer("\\", "\\\\", "#", "\\#").Replace(fmt.Sprintf("%s (seed %d)", r.Name, r.Seed))
		switch {
		case r.Skipped:
			fmt.Fprintf(&b, "ok %d - %s # SKIP another one has failed\n", i+1, name)
		case r.Err != nil:
			fmt.Fprintf(&b, "not ok %d - %s\n", i+1, name)
			for line := range strings.SplitSeq(failure(r), "\n") {
				fmt.Fprintf(&b, "# %s\n", line)
			}
		default:
			fmt.Fprintf(&b, "ok %d - %s\n", i+1, name)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
