// Package nodejs runs the code of one Lambda function as AWS's Node.js runtime
// does: module styles, handler conventions, event loop, error shapes, the
// globals of Node.js and the AWS SDK for JavaScript. It owns everything between
// the text of a handler and the payload it answers with. It refuses to know the
// account: whatever leaves the function goes through Host.
//
// Time is virtual. A handler that sleeps moves only its own clock, and every
// AWS call takes apiLatency of it, so the same handler with the same answers
// gives the same result on every machine. Code that never gives up the
// processor is stopped by a guard on real time and counts as timed out.
//
// An invocation gets a fresh engine: what a module keeps in its variables
// between invocations of a warm execution environment is not simulated.
package nodejs

import (
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/javascript"
)

// Host is what a handler reaches outside of its runtime.
type Host interface {
	// Log takes one line that the handler wrote, without a line break at the end.
	Log(line string)
	// Call runs one AWS operation. A refusal by AWS is an *awserr.Error, which
	// the handler sees as an exception. Any other error ends the invocation
	// and is what Load or Invoke returns.
	Call(call Call) (map[string]any, error)
}

// Call is one request of the handler's SDK client.
type Call struct {
	// Service is the IAM prefix, such as "cognito-idp".
	Service   string
	Operation string
	Input     map[string]any
	// Credentials are those that the code gave its client; nil stands for the
	// function's role.
	Credentials *api.Credentials
}

// Settings are what a runtime is started with.
type Settings struct {
	// Major is the major version of Node.js, such as 22.
	Major int
	// Environment is process.env.
	Environment map[string]string
	// Start is the virtual time at which the invocation begins, Timeout what
	// the function may use of it.
	Start   time.Time
	Timeout time.Duration
	// Seed determines Math.random and everything made from it.
	Seed string
}

// Outcome is how an invocation ended.
type Outcome string

// The outcomes.
const (
	// Returned means that Payload is what the handler answered, as JSON.
	Returned Outcome = "returned"
	// Threw means that the handler, or the loading of its module, failed:
	// Payload is {"errorType","errorMessage","trace"}.
	Threw Outcome = "threw"
	// TimedOut means that the time was up, and OutOfMemory that the memory
	// was; the code had no chance to answer, so there is no Payload.
	TimedOut    Outcome = "timed out"
	OutOfMemory Outcome = "out of memory"
)

// Result is the end of an invocation.
type Result struct {
	Outcome Outcome
	Payload string
}

// Runtime is one execution environment for one invocation.
type Runtime struct {
	settings Settings
	host     Host
	image    *Image
	engine   *javascript.Engine
	loop     loop
	random   *random
	modules  *modules
	// logged and made count lines and AWS calls; calls are those not yet sent.
	logged, made int
	calls        []queuedCall
	// end is the first answer of the code under way, nil before it.
	end *Result
}

// New starts a runtime. Close must be called when it is no longer needed.
func New(image *Image, settings Settings, host Host) (*Runtime, error) {
	r := &Runtime{
		settings: settings, host: host, image: image, modules: newModules(),
		loop: loop{deadline: settings.Timeout}, random: newRandom(settings.Seed),
	}
	engine, err := javascript.New(r.modules, r.serve)
	if err != nil {
		return nil, err
	}
	r.engine = engine
	if err := r.boot(); err != nil {
		engine.Close()
		return nil, err
	}
	return r, nil
}

// Elapsed is the virtual time that has passed since the runtime was started. The
// time of code that never gives up the processor does not count.
func (r *Runtime) Elapsed() time.Duration { return r.loop.now }

// Close frees the engine.
func (r *Runtime) Close() { r.engine.Close() }

// Load runs the function's module, AWS's Init phase, and finds the handler in
// it. handler is "FILE.FUNCTION"; the source is the file "index". The outcome
// Returned means that Invoke may follow.
//
// CloudFormation writes inline code to index.js, which Lambda loads as CommonJS
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-lambda-function-code.html).
// Here the source stands for the whole deployment package: code that is no
// CommonJS but a valid ES module is loaded as if its file were index.mjs.
func (r *Runtime) Load(source, handler string) (Result, error) {
	file, function, failure := splitHandler(handler)
	if failure != nil {
		return *failure, nil
	}
	if file != "index" {
		return importError(file), nil
	}
	style, failure := r.compile(source)
	if failure != nil {
		return *failure, nil
	}
	return r.run("load", style, function)
}

// Invoke calls the handler. Event and context are JSON texts; the context holds
// the properties of Lambda's context object that are data.
func (r *Runtime) Invoke(event, context string) (Result, error) {
	return r.run("invoke", event, context)
}
