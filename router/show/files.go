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
func (s Directory) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Directory of flash:/").line("")
	for i, f := range s.Files {
		p.linef("%5d  -rw-  %11d  %s  %s", i+1, f.Size, f.Written.Format("Jan _2 2006 15:04:05 -07:00"), f.Name)
	}
	if len(s.Files) == 0 {
		p.line("No files in directory")
	}
	return p.line("").linef("%d bytes total (%d bytes free)", s.Total, s.Free).lines
}

// FileSystems is `show file systems`.
type FileSystems struct {
	Total int `json:"flash_bytes"`
	Free  int `json:"flash_bytes_free"`
	NVRAM int `json:"nvram_bytes"`
	Used  int `json:"nvram_bytes_used"`
}

// Lines is the table.
func (s FileSystems) Lines(iosconfig.Generation) []string {
	var p page
	p.add("File Systems:", "", "       Size(b)       Free(b)      Type  Flags  Prefixes")
	p.linef("*%13d%14d      disk     rw   flash: flash0: disk0:", s.Total, s.Free)
	return p.linef(" %13d%14d     nvram     rw   nvram:", s.NVRAM, s.NVRAM-s.Used).line("").lines
}
