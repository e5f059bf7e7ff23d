package nodejs

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/quickjs"
)

const (
	// heapLimit bounds the engine's memory, whatever the function's MemorySize:
	// enough for any handler here, and reached by a runaway long before
	// busyLimit.
	heapLimit = 64 << 20
	// busyLimit bounds the real time that the engine may run for one
	// invocation. A handler needs milliseconds; only code that never gives up
	// the processor gets here.
	busyLimit = 3 * time.Second
)

// stopped is a way in which the engine stops by itself.
type stopped string

const (
	errBusy   stopped = "the code ran without giving up the processor"
	errMemory stopped = "the code used up the memory"
)

// Error is the reason.
func (s stopped) Error() string { return string(s) }

// engine runs JavaScript. Only texts cross its border: values of the engine
// never do. It is the one place that knows which engine it is.
type engine struct {
	vm *quickjs.VM
	// busy is the real time spent in the engine so far, limit what it may
	// spend. Neither is virtual time: they decide only whether code ever
	// comes back.
	busy, limit time.Duration
}

// newEngine starts an engine whose modules come from the given loader and whose
// global function __host calls host with texts.
func newEngine(modules *modules, host func(operation string, args []string) (string, error)) (*engine, error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("the JavaScript engine does not start: %w", err)
	}
	e := &engine{vm: vm, limit: busyLimit}
	vm.SetMemoryLimit(heapLimit)
	vm.SetModuleLoader(
		func(_ *quickjs.VM, name string) (string, error) { return modules.load(name) },
		func(_ *quickjs.VM, _, name string) (string, error) { return modules.normalize(name), nil },
	)
	err = vm.RegisterHostFunc("__host", func(args []any) (any, error) {
		texts := make([]string, len(args))
		for i, arg := range args {
			texts[i] = fmt.Sprint(arg)
		}
		return host(texts[0], texts[1:])
	})
	if err != nil {
		e.close()
		return nil, fmt.Errorf("the JavaScript engine does not take the host function: %w", err)
	}
	return e, nil
}

func (e *engine) close() { _ = e.vm.Close() }

// eval runs a script of ours.
func (e *engine) eval(script string) error {
	return e.guarded(func() error {
		_, err := e.vm.Eval(script, quickjs.EvalGlobal)
		return err
	})
}

// call calls a global function of ours with texts. That must not run code of
// the handler but queue it: only drain notices when code has been stopped.
func (e *engine) call(function string, args ...string) error {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg
	}
	return e.guarded(func() error {
		_, err := e.vm.Call(function, values...)
		return err
	})
}

// compile turns a script of ours into code for runCompiled.
func (e *engine) compile(script string) ([]byte, error) {
	return e.vm.Compile(script, quickjs.EvalGlobal)
}

// runCompiled runs compiled code from within a call of the host, in what is
// left of the time of whoever made that call.
func (e *engine) runCompiled(code []byte) error {
	_, err := e.vm.EvalBytecode(code)
	return err
}

// drain runs queued jobs, and with them the handler's code, until none is left.
// Its errors are errBusy and errMemory; exceptions nobody caught are dropped.
func (e *engine) drain() error {
	err := e.guarded(func() error {
		_, err := e.vm.ExecutePendingJobs()
		return err
	})
	if stop := stopped(""); errors.As(err, &stop) {
		return stop
	}
	return nil
}

func (e *engine) guarded(run func() error) error {
	left := e.limit - e.busy
	if left <= 0 {
		return errBusy
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
		return errBusy
	case !errors.As(err, &thrown) || thrown.Name != "InternalError":
		return err
	case thrown.Message == "interrupted":
		return errBusy
	case thrown.Message == "out of memory":
		return errMemory
	}
	return err
}

// syntaxError is a SyntaxError of the engine with the line it is about.
func syntaxError(err error) (message string, line int, ok bool) {
	var thrown *quickjs.Error
	if !errors.As(err, &thrown) || thrown.Name != "SyntaxError" {
		return "", 0, false
	}
	return thrown.Message, thrown.LineNumber, true
}
