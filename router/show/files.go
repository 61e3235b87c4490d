package show

import (
	"time"

	"ikelab/iosconfig"
)

// Directory is `dir`, and `show flash:`.
type Directory struct {
	Total int    `json:"bytes_total"`
	Free  int    `json:"bytes_free"`
	Files []File `json:"files"`
}

// File is a file of flash.
type File struct {
	Name    string    `json:"name"`
	Size    int       `json:"size"`
	Written time.Time `json:"written"`
}

// Lines is the list.
func (s Directory) Lines(g iosconfig.Generation) []string {
	var p page
	p.linef("Directory of %s:/", flashOf(g)).line("")
	for i, f := range s.Files {
		p.linef("%5d  -rw-  %11d  %s  %s", i+1, f.Size, f.Written.Format("Jan _2 2006 15:04:05 -07:00"), f.Name)
	}
	if len(s.Files) == 0 {
		p.line("No files in directory")
	}
	return p.line("").linef("%d bytes total (%d bytes free)", s.Total, s.Free).lines
}

// flashOf is what a generation calls its flash.
func flashOf(g iosconfig.Generation) string {
	if g == iosconfig.XE17 {
		return "bootflash"
	}
	return "flash"
}

// FileSystems is `show file systems`.
type FileSystems struct {
	Total int `json:"flash_bytes"`
	Free  int `json:"flash_bytes_free"`
	NVRAM int `json:"nvram_bytes"`
	Used  int `json:"nvram_bytes_used"`
}

// Lines is the table.
func (s FileSystems) Lines(g iosconfig.Generation) []string {
	var p page
	p.add("File Systems:", "", "       Size(b)       Free(b)      Type  Flags  Prefixes")
	names := map[bool]string{false: "flash: flash0: disk0:", true: "bootflash: flash:"}[g == iosconfig.XE17]
	p.linef("*%13d%14d      disk     rw   %s", s.Total, s.Free, names)
	return p.linef(" %13d%14d     nvram     rw   nvram:", s.NVRAM, s.NVRAM-s.Used).line("").lines
}
