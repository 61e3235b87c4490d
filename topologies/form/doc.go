// Package form reads files in YAML by tables of their keys. One table gives the
// reader, the messages about what does not fit it, the JSON Schema that editors
// complete from, and the pages of documentation.
//
//	r := form.NewReader("x.yml", data)
//	r.Read(form.Object("the file", []form.Key{
//		{Name: "name", Help: "what it is called", Required: true, Value: form.Text(&name)},
//		{Name: "delay", Help: "before it starts", Value: form.Duration(&delay)},
//	}))
//	err := r.Err()                                  // every problem, with line and column
//	schema := form.Document("title", "about", value, false) // of the same value
//
// A Value knows where it stores what it reads, so a table is made for the thing
// that it fills. What is written twice, unknown or missing is a problem, and a
// hint says what was probably meant. Nothing here opens a file.
package form
