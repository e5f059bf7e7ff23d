package nodejs

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/javascript"
)

// boot loads the runtime's own JavaScript and gives it the environment.
func (r *Runtime) boot() error {
	settings, err := json.Marshal(map[string]any{"major": r.settings.Major, "environment": r.settings.Environment})
	if err != nil {
		return fmt.Errorf("the environment cannot be written as JSON: %w", err)
	}
	script, err := readSource("boot")
	if err != nil {
		return err
	}
	if err := r.engine.Eval(script); err != nil {
		return fmt.Errorf("the runtime does not load: %w", err)
	}
	return r.engine.Call("__lambda.configure", string(settings))
}

// compile makes the source the function's code and says in which style it is
// written. As Node.js does where it detects the style, it tries CommonJS first.
func (r *Runtime) compile(source string) (style string, failure *Result) {
	r.modules.setMain(source)
	err := r.engine.Call("__lambda.define", source)
	message, line, isSyntax := javascript.SyntaxError(err)
	switch {
	case err == nil:
		return "commonjs", nil
	case isSyntax && usesModuleSyntax(source):
		return "module", nil
	case isSyntax:
		return "", ptr(threw("Runtime.UserCodeSyntaxError", "SyntaxError: "+message, fmt.Sprintf("/var/task/index.js:%d", line)))
	case errors.Is(err, javascript.ErrBusy):
		return "", &Result{Outcome: TimedOut}
	case errors.Is(err, javascript.ErrMemory):
		return "", &Result{Outcome: OutOfMemory}
	}
	// The source is nested too deeply to be read.
	return "", ptr(threw("RangeError", "Maximum call stack size exceeded"))
}

// run calls one of the runtime's entry points and turns the event loop until
// there is a result.
func (r *Runtime) run(entry string, args ...string) (Result, error) {
	r.end = nil
	if err := r.engine.Call("__lambda."+entry, args...); err != nil {
		return r.stop(err)
	}
	for idle := false; ; {
		if err := r.engine.Drain(); err != nil {
			return r.stop(err)
		}
		if err := r.unsimulated(); err != nil {
			return Result{}, err
		}
		if r.end != nil {
			return *r.end, nil
		}
		if err := r.send(); err != nil {
			return Result{}, err
		}
		e, some, late := r.loop.next()
		switch {
		case late:
			return Result{Outcome: TimedOut}, nil
		case !some && idle:
			return Result{}, errors.New("the handler's event loop stands still without a result")
		case !some:
			// Nothing lies ahead: Node.js would leave its event loop.
			idle, e = true, event{function: "__lambda.idle"}
		}
		if err := r.engine.Call(e.function, e.args...); err != nil {
			return r.stop(err)
		}
	}
}

func (r *Runtime) stop(err error) (Result, error) {
	switch {
	case errors.Is(err, javascript.ErrBusy):
		return Result{Outcome: TimedOut}, nil
	case errors.Is(err, javascript.ErrMemory):
		return Result{Outcome: OutOfMemory}, nil
	}
	return Result{}, fmt.Errorf("the JavaScript runtime fails: %w", err)
}

func (r *Runtime) unsimulated() error {
	if r.modules.unsimulated == "" {
		return nil
	}
	return fmt.Errorf("the handler uses %s: AWS's Node.js runtime has it, the simulation does not", r.modules.unsimulated)
}

// send makes the calls that the handler has queued and puts their answers on
// the clock. A call that the handler did not wait for before it answered is
// never sent: Lambda freezes the execution environment.
func (r *Runtime) send() error {
	calls := r.calls
	r.calls = nil
	for _, queued := range calls {
		if r.made++; r.made > maxCalls {
			return fmt.Errorf("the handler makes more than %d AWS calls in one invocation", maxCalls)
		}
		output, err := r.host.Call(queued.call)
		outcome, body, err := answer(output, err)
		if err != nil {
			return err
		}
		r.loop.schedule(apiLatency, event{function: "__lambda.settle", args: []string{queued.id, outcome, body}})
	}
	return nil
}

// answer turns what an AWS call gave into the texts that settle takes.
func answer(output map[string]any, err error) (outcome, body string, failure error) {
	var tree any = output
	outcome = "answered"
	if refusal := (*awserr.Error)(nil); errors.As(err, &refusal) {
		outcome = "refused"
		tree = map[string]any{"name": refusal.Code, "message": refusal.Message, "status": refusal.Status}
	} else if err != nil {
		return "", "", err
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return "", "", fmt.Errorf("the answer to an AWS call cannot be written as JSON: %w", err)
	}
	return outcome, string(text), nil
}

// splitHandler splits "FILE.FUNCTION" as Lambda's runtime does, at the first dot.
func splitHandler(handler string) (file, function string, failure *Result) {
	if strings.Contains(handler, "..") {
		return "", "", ptr(threw("Runtime.MalformedHandlerName",
			"'"+handler+"' is not a valid handler name. Use absolute paths when specifying root directories in handler names."))
	}
	file, function, found := strings.Cut(handler, ".")
	if !found {
		return "", "", ptr(threw("Runtime.MalformedHandlerName", "Bad handler"))
	}
	return file, function, nil
}

func importError(file string) Result {
	return threw("Runtime.ImportModuleError", "Error: Cannot find module '"+file+"'\nRequire stack:\n- /var/runtime/index.mjs")
}

// threw is a failure in the shape of the runtime interface client
// (https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js).
func threw(errorType, message string, frames ...string) Result {
	trace := append([]string{errorType + ": " + message}, frames...)
	payload := struct {
		ErrorType    string   `json:"errorType"`
		ErrorMessage string   `json:"errorMessage"`
		Trace        []string `json:"trace"`
	}{errorType, message, trace}
	// Strings always marshal.
	text, _ := json.Marshal(payload)
	return Result{Outcome: Threw, Payload: string(text)}
}

func ptr(r Result) *Result { return &r }
