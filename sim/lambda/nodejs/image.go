package nodejs

import (
	"embed"
	"fmt"

	"claimcheck/sim/javascript"
)

//go:embed js
var sources embed.FS

// Image is the runtime's own JavaScript in the engine's compiled form, so that
// many runtimes compile it once. It is not safe for concurrent use.
type Image struct {
	compiled map[string][]byte
}

// NewImage returns an image that compiles each file when it is first needed.
func NewImage() *Image { return &Image{compiled: map[string][]byte{}} }

// load puts a file into the engine as the global function __file.
func (i *Image) load(e *javascript.Engine, name string) error {
	code, ok := i.compiled[name]
	if !ok {
		source, err := readSource(name)
		if err != nil {
			return err
		}
		code, err = e.Compile("globalThis.__file = function (module, load) {" + source + "\n};")
		if err != nil {
			return fmt.Errorf("js/%s.js: %w", name, err)
		}
		i.compiled[name] = code
	}
	return e.RunCompiled(code)
}

// readSource gives a file of the runtime's own JavaScript.
func readSource(name string) (string, error) {
	text, err := sources.ReadFile("js/" + name + ".js")
	return string(text), err
}
