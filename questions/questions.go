// Package questions is the built-in study material: data, and the one function
// that hands it out. Each folder is a bank of question files but for stacks,
// which holds the templates that questions name. It refuses to know the format
// of anything in it.
package questions

import (
	"embed"
	"io/fs"
)

//go:embed schema.json */*
var files embed.FS

// Files is the folder of this package without its Go code: a bank's question is
// BANK/ID.yaml, a stack stacks/NAME.yaml, and schema.json the JSON Schema of
// question files.
func Files() fs.FS { return files }
