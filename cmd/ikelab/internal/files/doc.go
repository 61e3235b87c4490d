// Package files makes the files that the program leaves behind: captures, keys,
// console logs, records.
//
// What a lab prints may hold keys, so every file is its owner's only (mode 0600),
// and a file that had the name before is replaced, whatever its mode was.
//
//	Create    a file that grows, and can be read meanwhile as far as it has come
//	Write     a file as a whole or not at all
//	Folder    both, in a folder that is made when the first file is
//	Consoles  one log for each of any number of routers, with one file open at a time
package files
