// Package keep is the folder of a lab: what its routers have when the lab is run
// again.
//
//	FOLDER/R1/startup-config    what `write memory` wrote; an empty one: it was erased
//	FOLDER/R1/flash/NAME        the files of flash:
//	FOLDER/.lock                held by the lab that runs with the folder
//
// (`ikelab serve` has the routers' host keys there, too.)
//
//	f, err := keep.Open(path)   // makes it; one that another lab has is refused
//	err = f.Load(topology)      // what is there takes the place of the topology's
//	s := f.Storage("R1")        // where a router writes
//	f.Rewind(); f.Settle()      // the lab runs again from its beginning; it has
//
// Every file is its owner's only (mode 0600) and is replaced as a whole or not at
// all. No name leads out of the folder, and no link in it does (os.Root).
package keep
