package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
)

// decideFlags are one request on the command line.
type decideFlags struct {
	action, resource, account, principal, kind string
	context                                    []string
	identity, session, services, resources     []string
	resourcePolicy, boundary                   string
}

func (f *decideFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.action, "action", "", "the action, such as s3:GetObject")
	flags.StringVar(&f.resource, "resource", "", `the resource's ARN, or "*"`)
	flags.StringVar(&f.account, "resource-account", "", "the account that owns the resource")
	flags.StringVar(&f.principal, "principal", "", `who asks: an ARN, a service, an identity provider, or "*" for nobody`)
	flags.StringVar(&f.kind, "principal-type", "", "user, assumedRole, federated or service")
	flags.StringArrayVar(&f.context, "context", nil, "a condition key, as KEY=VALUE; a key given twice has two values")
	flags.StringArrayVar(&f.identity, "identity-policy", nil, "an identity-based policy: a file, or JSON text")
	flags.StringVar(&f.resourcePolicy, "resource-policy", "", "the resource's policy, or the role's trust policy")
	flags.StringVar(&f.boundary, "boundary", "", "the permissions boundary")
	flags.StringArrayVar(&f.session, "session-policy", nil, "a session policy")
	flags.StringArrayVar(&f.services, "service-control-policy", nil, "a service control policy; each is a level, from the root down")
	flags.StringArrayVar(&f.resources, "resource-control-policy", nil, "a resource control policy; each is a level, from the root down")
}

// line writes the flags as the line that says the same.
func (f *decideFlags) line() ([]byte, error) {
	request := map[string]any{}
	for name, value := range map[string]string{
		"action": f.action, "resource": f.resource, "resourceAccount": f.account, "principal": f.principal, "principalType": f.kind,
	} {
		if value != "" {
			request[name] = value
		}
	}
	context := map[string][]string{}
	for _, pair := range f.context {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("--context %s: KEY=VALUE is wanted", pair)
		}
		context[key] = append(context[key], value)
	}
	request["context"] = context
	fields := map[string]any{"request": request}
	errs := []error{
		addPolicies(fields, "identityPolicies", f.identity, false), addPolicies(fields, "sessionPolicies", f.session, false),
		addPolicies(fields, "serviceControlPolicies", f.services, true), addPolicies(fields, "resourceControlPolicies", f.resources, true),
	}
	for name, given := range map[string]string{"resourcePolicy": f.resourcePolicy, "boundary": f.boundary} {
		if given == "" {
			continue
		}
		text, err := policyText(given)
		errs, fields[name] = append(errs, err), text
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}

// addPolicies adds a list of policies, or of levels with one policy each.
func addPolicies(fields map[string]any, name string, given []string, levels bool) error {
	var list []any
	for _, each := range given {
		text, err := policyText(each)
		if err != nil {
			return err
		}
		if levels {
			list = append(list, []any{text})
			continue
		}
		list = append(list, text)
	}
	if list != nil {
		fields[name] = list
	}
	return nil
}

// policyText is JSON text as it is given, or the contents of a file.
func policyText(given string) (string, error) {
	if strings.HasPrefix(strings.TrimSpace(given), "{") {
		return given, nil
	}
	text, err := os.ReadFile(given)
	if err != nil {
		return "", fmt.Errorf("%s: cannot be read: %w", given, errors.Unwrap(err))
	}
	return string(text), nil
}
