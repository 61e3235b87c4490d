// Package bench is the benchmarks of `ikelab bench`: labs made for measuring,
// run and weighed by the instruments of a Host, beside what the bare primitive
// does in the same run.
//
//	list, err := bench.Run("scale", host)
package bench
