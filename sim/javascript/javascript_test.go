package javascript_test

import (
	"errors"
	"testing"
	"time"

	"claimcheck/sim/javascript"
)

// library is one module under the name "library".
type library string

func (library) Normalize(name string) string { return name }

func (l library) Load(name string) (string, error) {
	if name != "library" {
		return "", errors.New("there is no " + name)
	}
	return string(l), nil
}

// run evaluates a script and returns what it told the host.
func run(t *testing.T, limit time.Duration, script string) ([]string, error) {
	t.Helper()
	var told []string
	engine, err := javascript.New(library(`export const word = 'from the library';`), func(_ string, args []string) (string, error) {
		told = append(told, args...)
		return "", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	engine.Limit = limit
	if err := engine.Eval(script); err != nil {
		return told, err
	}
	return told, engine.Drain()
}

func TestCodeReachesTheHostAndItsModules(t *testing.T) {
	told, err := run(t, time.Second, `import('library').then((m) => __host('say', m.word));`)
	if err != nil || len(told) != 1 || told[0] != "from the library" {
		t.Errorf("the host was told %q, error %v", told, err)
	}
}

func TestAnEngineStopsCodeThatNeverEnds(t *testing.T) {
	for name, script := range map[string]string{
		"in a script": `while (true);`,
		"in a job":    `Promise.resolve().then(() => { while (true); });`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := run(t, 300*time.Millisecond, script); !errors.Is(err, javascript.ErrBusy) {
				t.Errorf("error %v, want %v", err, javascript.ErrBusy)
			}
		})
	}
}

func TestASyntaxErrorHasItsLine(t *testing.T) {
	_, err := run(t, time.Second, "const fine = 1;\nconst = 2;")
	message, line, ok := javascript.SyntaxError(err)
	if !ok || line != 2 || message == "" {
		t.Errorf("message %q, line %d, error %v", message, line, err)
	}
	if _, _, ok := javascript.SyntaxError(errors.New("another")); ok {
		t.Error("another error is taken for a SyntaxError")
	}
}
