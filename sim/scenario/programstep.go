package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/awserr"
	"claimcheck/sim/host"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

// programStep starts a program and has its SDK find credentials.
type programStep struct {
	request
	sdk, profile string
	on           []value
	environment  value
	files        value
	properties   value
}

func parseProgram(sdk string, fields map[string]source.Node, problems *source.Problems) Step {
	at := fields["program"].At()
	if !slices.Contains(host.SDKs(), sdk) {
		problems.Add(at, "an SDK was expected, one of %s; found %q%s", strings.Join(host.SDKs(), ", "), sdk, source.Suggest(sdk, host.SDKs()))
		return nil
	}
	step := programStep{request: parseRequest(at, fields, problems), sdk: sdk}
	if on, ok := fields["on"]; ok {
		step.on = parseMachines(on, problems)
	}
	step.environment = parseTexts(fields, "environment", problems)
	step.files = parseTexts(fields, "files", problems)
	step.properties = parseTexts(fields, "properties", problems)
	if profile, ok := fields["profile"]; ok {
		step.profile = profile.Text(problems)
	}
	return step
}

// parseTexts reads a mapping of names to texts, nil when there is none.
func parseTexts(fields map[string]source.Node, key string, problems *source.Problems) value {
	node, ok := fields[key]
	if !ok {
		return nil
	}
	if node.Shape() != "a mapping" {
		problems.Add(node.At(), "a mapping of names to texts was expected, found %s", node.Shape())
	}
	return parseValue(node, problems)
}

// parseMachines reads one machine or a list of them, outermost first.
func parseMachines(n source.Node, problems *source.Problems) []value {
	if n.Shape() != "a list" {
		return []value{parseValue(n, problems)}
	}
	var machines []value
	for _, item := range n.Items(problems) {
		machines = append(machines, parseValue(item, problems))
	}
	return machines
}

func (s programStep) run(r *run) error {
	program, err := s.build(r)
	if err != nil {
		return err
	}
	exchange := r.recorder.Exchanges() + 1
	found, err := r.account.FindCredentials(r.recorder.Flow(), program)
	var refusal *awserr.Error
	if err != nil && !errors.As(err, &refusal) {
		return fmt.Errorf("%s: %w", s.at, err)
	}
	if refusal != nil {
		return &refuted{expected: "the program finds credentials", happened: refusal.Error(), evidence: evidence{exchange: exchange}}
	}
	result := credentialsTree(found.Credentials)
	result["Provider"] = found.Provider
	if !found.Expires.IsZero() {
		result["Expiration"] = found.Expires.UTC().Format(time.RFC3339)
	}
	return r.save(s.at, s.as, exchange, result)
}

func (s programStep) build(r *run) (host.Program, error) {
	program := host.Program{SDK: s.sdk, Profile: s.profile, By: trace.Actor(s.by)}
	for _, machine := range s.on {
		id, err := machine.evaluate(r.env)
		if err != nil {
			return program, err
		}
		text, ok := id.(string)
		if !ok {
			return program, fmt.Errorf("%s: on wants the Ref of an instance or a task definition, found %s", s.at, show(id))
		}
		program.On = append(program.On, text)
	}
	for _, part := range []struct {
		value  value
		target *map[string]string
	}{{s.environment, &program.Environment}, {s.files, &program.Files}, {s.properties, &program.Properties}} {
		var err error
		if *part.target, err = texts(part.value, r.env); err != nil {
			return program, fmt.Errorf("%s: %w", s.at, err)
		}
	}
	var err error
	program.Credentials, err = s.credentials(r.env)
	return program, err
}

// texts evaluates a mapping whose values are all text.
func texts(v value, env map[string]any) (map[string]string, error) {
	if v == nil {
		return nil, nil
	}
	tree, err := v.evaluate(env)
	if err != nil {
		return nil, err
	}
	entries, _ := tree.(map[string]any)
	all := make(map[string]string, len(entries))
	for name, entry := range entries {
		text, ok := entry.(string)
		if !ok {
			return nil, fmt.Errorf("the value of %s is text, found %s", name, show(entry))
		}
		all[name] = text
	}
	return all, nil
}
