package nodejs

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strconv"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/javascript"
)

const (
	// maxLines bounds what one invocation may log: an endless loop that logs
	// must give the same trace on every machine.
	maxLines = 1000
	// maxCalls bounds the AWS calls of one invocation.
	maxCalls = 1000
	// apiLatency is the virtual time that an AWS call takes.
	apiLatency = 10 * time.Millisecond
)

// queuedCall is an AWS call that the handler made and that is not sent yet: it
// leaves when the engine stands still, so that the engine is never entered twice.
type queuedCall struct {
	id   string
	call Call
}

// serve answers one request of the runtime's JavaScript. All texts.
func (r *Runtime) serve(operation string, args []string) (string, error) {
	switch operation {
	case "log":
		r.log(args[0])
	case "now":
		return strconv.FormatInt(r.settings.Start.Add(r.loop.now).UnixMilli(), 10), nil
	case "left":
		return strconv.FormatInt((r.loop.deadline - r.loop.now).Milliseconds(), 10), nil
	case "timer":
		return "", r.setTimer(args)
	case "clear":
		id, err := strconv.Atoi(args[0])
		r.loop.cancel(id)
		return "", err
	case "call":
		return "", r.queue(args)
	case "end":
		r.finish(Result{Outcome: Outcome(args[0]), Payload: args[1]})
	case "random":
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 0 || n > javascript.HeapLimit {
			return "", fmt.Errorf("%s is no number of bytes", args[0])
		}
		return r.random.bytes(n), nil
	case "hash":
		return digest(args)
	case "load":
		return "", r.image.load(r.engine, args[0])
	case "module":
		return r.module(args[0]), nil
	case "unsimulated":
		r.modules.note(args[0])
	default:
		return "", fmt.Errorf("the host has no operation %s", operation)
	}
	return "", nil
}

func (r *Runtime) log(line string) {
	r.logged++
	switch {
	case r.logged < maxLines:
		r.host.Log(line)
	case r.logged == maxLines:
		r.host.Log(fmt.Sprintf("(no more than %d lines are kept)", maxLines))
	}
}

// finish keeps the first end: a handler has only one answer.
func (r *Runtime) finish(result Result) {
	if r.end == nil {
		r.end = &result
	}
}

// setTimer takes the timer's number and the delay in milliseconds.
func (r *Runtime) setTimer(args []string) error {
	id, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	delay, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return err
	}
	r.loop.schedule(time.Duration(delay)*time.Millisecond, event{function: "__lambda.fire", args: args[:1], timer: id})
	return nil
}

// queue takes the call's number, service, operation, input as JSON, and the
// client's own credentials as JSON or "".
func (r *Runtime) queue(args []string) error {
	call := Call{Service: args[1], Operation: args[2]}
	if err := json.Unmarshal([]byte(args[3]), &call.Input); err != nil {
		return fmt.Errorf("the input of %s is no structure: %w", args[2], err)
	}
	if args[4] != "" {
		call.Credentials = &api.Credentials{}
		if err := json.Unmarshal([]byte(args[4]), call.Credentials); err != nil {
			return fmt.Errorf("the client's credentials: %w", err)
		}
	}
	r.calls = append(r.calls, queuedCall{id: args[0], call: call})
	return nil
}

// module says what require makes of a name: "node:NAME" or a package that is
// there, and otherwise "" after noting which kind is absent.
func (r *Runtime) module(name string) string {
	full := r.modules.Normalize(name)
	if simulatedPackage(full) || simulatedBuiltin(bareName(full)) {
		return full
	}
	if isBuiltin(bareName(full)) || isIncluded(full) {
		r.modules.note(full)
	}
	return ""
}

// digest takes algorithm, data in hexadecimal, and for a keyed hash the key in
// hexadecimal. An unknown algorithm gives "".
func digest(args []string) (string, error) {
	makers := map[string]func() hash.Hash{
		"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	}
	maker, ok := makers[args[0]]
	if !ok {
		return "", nil
	}
	data, err := hex.DecodeString(args[1])
	if err != nil {
		return "", err
	}
	h := maker()
	if len(args) > 2 {
		key, err := hex.DecodeString(args[2])
		if err != nil {
			return "", err
		}
		h = hmac.New(maker, key)
	}
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil)), nil
}
