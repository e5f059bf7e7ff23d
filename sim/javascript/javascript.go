// Package javascript is the engine that runs the JavaScript of the simulated
// AWS. It owns what bounds code (memory, real time) and how its errors are told
// apart. It refuses to know what runs in it: globals, modules and the ways in
// and out belong to the runtimes built on it.
package javascript

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/quickjs"
)

const (
	// HeapLimit bounds an engine's memory in bytes: enough for any code here, and
	// reached by a runaway long before busyLimit.
	HeapLimit = 64 << 20
	// busyLimit bounds the real time that an engine may run. Code needs
	// milliseconds; only code that never gives up the processor gets here.
	busyLimit = 3 * time.Second
)

// Stopped is a way in which an engine stops by itself.
type Stopped string

// The ways in which an engine stops.
const (
	ErrBusy   Stopped = "the code ran without giving up the processor"
	ErrMemory Stopped = "the code used up the memory"
)

// Error is the reason.
func (s Stopped) Error() string { return string(s) }

// Modules says where the modules of an import statement come from.
type Modules interface {
	// Normalize gives the full name of what a statement names.
	Normalize(name string) string
	// Load returns the source of a module by its full name.
	Load(name string) (string, error)
}

// Engine runs JavaScript. Only texts cross its border: values of the engine
// never do. It is the one place that knows which engine it is.
type Engine struct {
	// Limit is the real time that the engine may spend. It decides only whether
	// code ever comes back, and is no virtual time.
	Limit time.Duration

	vm   *quickjs.VM
	busy time.Duration
}

// New starts an engine whose global function __host calls host with texts. Close
// must be called when it is no longer needed.
func New(modules Modules, host func(operation string, args []string) (string, error)) (*Engine, error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("the JavaScript engine does not start: %w", err)
	}
	e := &Engine{vm: vm, Limit: busyLimit}
	vm.SetMemoryLimit(HeapLimit)
	vm.SetModuleLoader(
		func(_ *quickjs.VM, name string) (string, error) { return modules.Load(name) },
		func(_ *quickjs.VM, _, name string) (string, error) { return modules.Normalize(name), nil },
	)
	err = vm.RegisterHostFunc("__host", func(args []any) (any, error) {
		texts := make([]string, len(args))
		for i, arg := range args {
			texts[i] = fmt.Sprint(arg)
		}
		return host(texts[0], texts[1:])
	})
	if err != nil {
		e.Close()
		return nil, fmt.Errorf("the JavaScript engine does not take the host function: %w", err)
	}
	return e, nil
}

// Close frees the engine.
func (e *Engine) Close() { _ = e.vm.Close() }

// Eval runs a script of a runtime's own.
func (e *Engine) Eval(script string) error {
	return e.guarded(func() error {
		_, err := e.vm.Eval(script, quickjs.EvalGlobal)
		return err
	})
}

// Call calls a global function of a runtime with texts. That must not run code of
// others but queue it: only Drain notices when code has been stopped.
func (e *Engine) Call(function string, args ...string) error {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg
	}
	return e.guarded(func() error {
		_, err := e.vm.Call(function, values...)
		return err
	})
}

// Compile turns a script of a runtime into code for RunCompiled.
func (e *Engine) Compile(script string) ([]byte, error) {
	return e.vm.Compile(script, quickjs.EvalGlobal)
}

// RunCompiled runs compiled code from within a call of the host, in what is
// left of the time of whoever made that call.
func (e *Engine) RunCompiled(code []byte) error {
	_, err := e.vm.EvalBytecode(code)
	return err
}

// Drain runs queued jobs until none is left.
// Its errors are ErrBusy and ErrMemory; exceptions nobody caught are dropped.
func (e *Engine) Drain() error {
	err := e.guarded(func() error {
		_, err := e.vm.ExecutePendingJobs()
		return err
	})
	if stop := Stopped(""); errors.As(err, &stop) {
		return stop
	}
	return nil
}

func (e *Engine) guarded(run func() error) error {
	left := e.Limit - e.busy
	if left <= 0 {
		return ErrBusy
	}
	if err := e.vm.SetEvalTimeout(left); err != nil {
		return err
	}
	began := time.Now()
	err := run()
	e.busy += time.Since(began)
	return classify(err)
}

// classify recognizes the engine's own errors by their text: it has no types
// for them.
func classify(err error) error {
	var thrown *quickjs.Error
	switch {
	case err == nil:
		return nil
	case strings.Contains(err.Error(), "aborted draining"):
		return ErrBusy
	case !errors.As(err, &thrown) || thrown.Name != "InternalError":
		return err
	case thrown.Message == "interrupted":
		return ErrBusy
	case thrown.Message == "out of memory":
		return ErrMemory
	}
	return err
}

// SyntaxError is a SyntaxError of the engine with the line it is about.
func SyntaxError(err error) (message string, line int, ok bool) {
	var thrown *quickjs.Error
	if !errors.As(err, &thrown) || thrown.Name != "SyntaxError" {
		return "", 0, false
	}
	return thrown.Message, thrown.LineNumber, true
}
