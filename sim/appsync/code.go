package appsync

import (
	"errors"
	"fmt"

	"claimcheck/sim/appsync/resolverjs"
	"claimcheck/sim/vtl"
)

// code is what a resolver or a function is written in: a script of APPSYNC_JS, or
// a pair of mapping templates.
type code struct {
	script            string
	request, response *vtl.Template
}

func (c code) empty() bool { return c.script == "" && c.request == nil }

// readCode reads the properties that resolvers and functions share. It refuses
// what AppSync cannot run.
func readCode(p codeProperties) (code, error) {
	if p.Code != "" {
		return readScript(p)
	}
	if p.RequestMappingTemplate == "" && p.ResponseMappingTemplate == "" {
		return code{}, nil
	}
	request, err := readTemplate("RequestMappingTemplate", p.RequestMappingTemplate)
	if err != nil {
		return code{}, err
	}
	response, err := readTemplate("ResponseMappingTemplate", p.ResponseMappingTemplate)
	return code{request: request, response: response}, err
}

func readScript(p codeProperties) (code, error) {
	if p.Runtime == nil {
		return code{}, badRequest("Runtime is required when Code is specified.")
	}
	if p.RequestMappingTemplate != "" || p.ResponseMappingTemplate != "" {
		return code{}, badRequest("Code and mapping templates cannot be specified together.")
	}
	if faults := resolverjs.Check(p.Code); len(faults) > 0 {
		return code{}, badRequest("The code contains one or more errors. (%s)", faults[0])
	}
	return code{script: p.Code}, nil
}

func readTemplate(name, text string) (*vtl.Template, error) {
	if text == "" {
		return nil, fmt.Errorf("there is no %s: mapping templates come in pairs here", name)
	}
	t, err := vtl.Parse(text)
	var fault *vtl.Error
	if errors.As(err, &fault) && fault.Unsimulated {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return nil, badRequest("The %s is not a valid template: %s", name, err)
	}
	return t, nil
}

// runHalf runs one of the two halves with ctx.
func (e *execution) runHalf(c code, f resolverjs.Function, context map[string]any) (resolverjs.Result, error) {
	switch {
	case c.script != "":
		context = with(context, map[string]any{"mode": e.mode.kind})
		return resolverjs.Run(c.script, f, context, resolverjs.Settings{Now: e.world.Now(), Random: e.random, Log: e.span.Log})
	case f == resolverjs.Request:
		return e.runTemplate(c.request, context)
	}
	return e.runTemplate(c.response, context)
}
