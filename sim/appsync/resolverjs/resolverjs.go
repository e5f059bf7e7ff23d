// Package resolverjs runs the code of one resolver or function as AppSync's
// APPSYNC_JS runtime does: the exported functions request and response, the
// objects of @aws-appsync/utils, and the parts of JavaScript that the runtime
// does not have. It owns everything between the text of the code and what one of
// its functions returned. It refuses to know data sources, fields and who asks:
// all of that is in the context it is given.
//
// A function gets a fresh engine: nothing lives on from one call to the next but
// the stash.
package resolverjs

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"claimcheck/sim/javascript"
)

//go:embed js
var sources embed.FS

// Function is one of the two functions that code exports.
type Function string

// The functions.
const (
	Request  Function = "request"
	Response Function = "response"
)

// Settings are what a function runs with.
type Settings struct {
	// Now is the virtual time.
	Now time.Time
	// Random gives n bytes in hexadecimal, for util.autoId.
	Random func(n int) string
	// Log takes one line of console.log.
	Log func(line string)
}

// Outcome is how a function ended.
type Outcome string

// The outcomes, in the words of the runtime's JavaScript.
const (
	// Returned means that Value is what the function returned, Early that it is
	// what runtime.earlyReturn was called with.
	Returned Outcome = "returned"
	Early    Outcome = "early"
	// Raised means that the code called util.error, and Error holds its arguments.
	Raised Outcome = "error"
	// Unauthorized means that the code called util.unauthorized.
	Unauthorized Outcome = "unauthorized"
	// Broke means that the code threw an exception of JavaScript's own or did not
	// end; Error holds its text.
	Broke Outcome = "code"
)

// Error is what util.error and util.appendError take. Type is "" when the code
// gives none.
type Error struct {
	Message, Type string
	Data, Info    any
}

// Result is the end of a function.
type Result struct {
	Outcome Outcome
	Value   any
	Error   Error
	// Stash is ctx.stash afterwards, and Appended the errors of util.appendError.
	Stash    map[string]any
	Appended []Error
}

// Run calls a function of the code with a context, a tree of JSON values whose
// member mode is the kind of authorization mode. Its error says what the
// simulation cannot run.
func Run(source string, f Function, context map[string]any, s Settings) (Result, error) {
	text, err := json.Marshal(context)
	if err != nil {
		return Result{}, fmt.Errorf("the context cannot be written as JSON: %w", err)
	}
	boot, err := sources.ReadFile("js/boot.js")
	if err != nil {
		return Result{}, err
	}
	r := &run{settings: s, modules: &modules{main: source}}
	engine, err := javascript.New(r.modules, r.serve)
	if err != nil {
		return Result{}, err
	}
	defer engine.Close()
	if err := engine.Eval(string(boot)); err != nil {
		return Result{}, fmt.Errorf("the runtime does not load: %w", err)
	}
	err = engine.Call("__appsync.run", string(f), string(text))
	if err == nil {
		err = engine.Drain()
	}
	return r.result(f, err)
}

// run is one call of a function.
type run struct {
	settings Settings
	modules  *modules
	// end is what the runtime reported, "" before it.
	end string
}

// serve answers one request of the runtime's JavaScript. All texts.
func (r *run) serve(operation string, args []string) (string, error) {
	switch operation {
	case "log":
		r.settings.Log(args[0])
	case "now":
		return strconv.FormatInt(r.settings.Now.UnixMilli(), 10), nil
	case "random":
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 1 || n > 64 {
			return "", fmt.Errorf("%s is no number of bytes", args[0])
		}
		return r.settings.Random(n), nil
	case "end":
		r.end = args[0]
	case "unsimulated":
		r.modules.note(args[0])
	default:
		return "", fmt.Errorf("the host has no operation %s", operation)
	}
	return "", nil
}

// result reads what the runtime reported.
func (r *run) result(f Function, err error) (Result, error) {
	switch {
	case r.modules.unsimulated != "":
		return Result{}, fmt.Errorf("the resolver uses %s: AppSync has it, the simulation does not", r.modules.unsimulated)
	case errors.Is(err, javascript.ErrBusy), errors.Is(err, javascript.ErrMemory):
		return Result{Outcome: Broke, Error: Error{Message: err.Error()}}, nil
	case err != nil:
		return Result{}, fmt.Errorf("the JavaScript runtime fails: %w", err)
	}
	var end struct {
		Kind     string
		Value    json.RawMessage
		Stash    map[string]any
		Appended []Error
	}
	if err := json.Unmarshal([]byte(r.end), &end); err != nil {
		return Result{}, fmt.Errorf("the function %s gave no result: %w", f, err)
	}
	if end.Kind == "missing" {
		return Result{}, fmt.Errorf("the code exports no function %s", f)
	}
	result := Result{Outcome: Outcome(end.Kind), Stash: end.Stash, Appended: end.Appended}
	switch result.Outcome {
	case Raised:
		err = json.Unmarshal(end.Value, &result.Error)
	case Broke:
		err = json.Unmarshal(end.Value, &result.Error.Message)
	default:
		err = json.Unmarshal(end.Value, &result.Value)
	}
	return result, err
}

// modules serves the code itself and the modules it may import.
type modules struct {
	main string
	// unsimulated is the first thing that AppSync has and the simulation does not.
	unsimulated string
}

const mainModule = "file:///code.js"

// Normalize leaves names as they are.
func (m *modules) Normalize(name string) string { return name }

// Load returns the source of a module. Resolver code is one file: it can import
// the modules of AppSync and nothing else.
func (m *modules) Load(name string) (string, error) {
	switch name {
	case mainModule:
		return m.main, nil
	case "@aws-appsync/utils":
		return "const { util, runtime, extensions } = __appsync;\nexport { util, runtime, extensions };\n", nil
	case "@aws-appsync/utils/dynamodb":
		text, err := sources.ReadFile("js/dynamodb.js")
		return string(text), err
	case "@aws-appsync/utils/rds":
		m.note(name)
	}
	return "", fmt.Errorf("APPSYNC_JS has no module %s", name)
}

func (m *modules) note(name string) {
	if m.unsimulated == "" {
		m.unsimulated = name
	}
}
