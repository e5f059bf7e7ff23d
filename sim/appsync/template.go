package appsync

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/appsync/resolverjs"
	"claimcheck/sim/vtl"
)

// runTemplate fills in a mapping template with ctx and reads the JSON that it
// makes. A template that calls $util.error or $util.unauthorized ends as code
// does. Its error says what the simulation cannot run.
// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference.html
func (e *execution) runTemplate(t *vtl.Template, context map[string]any) (resolverjs.Result, error) {
	variable, _ := vtl.Value(context).(*vtl.Map)
	variable.Put("args", variable.Get("arguments"))
	util := &templateUtil{execution: e}
	output, err := t.Run(map[string]any{"context": variable, "ctx": variable, "util": util, "utils": util})
	result := util.result
	result.Stash, _ = plainValue(variable.Get("stash")).(map[string]any)
	var gap templateGap
	var fault *vtl.Error
	switch {
	case result.Outcome != "":
		return result, nil
	case errors.As(err, &gap), errors.As(err, &fault) && fault.Unsimulated:
		return result, err
	case err != nil:
		result.Outcome, result.Error = resolverjs.Broke, resolverjs.Error{Type: "MappingTemplate", Message: err.Error()}
		return result, nil
	}
	made, err := vtl.ParseJSON(output)
	if err != nil {
		result.Outcome, result.Error = resolverjs.Broke, resolverjs.Error{Type: "MappingTemplate", Message: "Unable to parse the JSON document: '" + abbreviate(output) + "'"}
		return result, nil
	}
	result.Outcome, result.Value = resolverjs.Returned, plainValue(made)
	return result, nil
}

// plainValue is a template's value as JSON has it.
func plainValue(value any) any {
	switch v := value.(type) {
	case *vtl.Map:
		members := map[string]any{}
		for _, key := range v.Keys() {
			members[key] = plainValue(v.Get(key))
		}
		return members
	case *vtl.List:
		items := make([]any, len(v.Items))
		for i, item := range v.Items {
			items[i] = plainValue(item)
		}
		return items
	case int64:
		return float64(v)
	}
	return value
}

// templateGap is something that AppSync's templates have and the simulation does
// not.
type templateGap string

// Error names it.
func (g templateGap) Error() string {
	return "the template uses " + string(g) + ": AppSync has it, the simulation does not"
}

// errStopped ends a template whose end is in its templateUtil.
var errStopped = errors.New("the template has ended the resolver")

// templateUtil is $util of one run of a template.
// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference.html
type templateUtil struct {
	execution *execution
	// result holds what the template has asked for so far: its end and the errors
	// that it appended.
	result resolverjs.Result
}

// Get returns $util.dynamodb and $util.time.
func (u *templateUtil) Get(name string) any {
	switch name {
	case "dynamodb":
		return templateTable{}
	case "time":
		return templateTime{now: u.execution.world.Now().UTC()}
	}
	return nil
}

// Call runs a method of $util.
func (u *templateUtil) Call(method string, arguments []any) (any, error) {
	first := argument(arguments, 0)
	switch method {
	case "error":
		return nil, u.stop(resolverjs.Raised, errorOf(arguments))
	case "unauthorized":
		return nil, u.stop(resolverjs.Unauthorized, resolverjs.Error{})
	case "validate":
		if first == true {
			return "", nil
		}
		return nil, u.stop(resolverjs.Raised, errorOf(arguments[min(1, len(arguments)):]))
	case "appendError":
		u.result.Appended = append(u.result.Appended, errorOf(arguments))
		return "", nil
	case "qr", "quiet":
		return "", nil
	case "toJson":
		return vtl.JSON(first), nil
	case "parseJson":
		return vtl.ParseJSON(vtl.Text(first))
	case "autoId":
		return u.execution.world.UUID(), nil
	case "matches":
		return matches(vtl.Text(first), vtl.Text(argument(arguments, 1)))
	}
	return nullMethods(method, first, argument(arguments, 1))
}

func (u *templateUtil) stop(outcome resolverjs.Outcome, e resolverjs.Error) error {
	u.result.Outcome, u.result.Error = outcome, e
	return errStopped
}

func argument(arguments []any, i int) any {
	if i < len(arguments) {
		return arguments[i]
	}
	return nil
}

// errorOf reads message, type, data and errorInfo.
func errorOf(arguments []any) resolverjs.Error {
	e := resolverjs.Error{Message: vtl.Text(argument(arguments, 0)), Data: plainValue(argument(arguments, 2)), Info: plainValue(argument(arguments, 3))}
	if kind := argument(arguments, 1); kind != nil {
		e.Type = vtl.Text(kind)
	}
	return e
}

func matches(pattern, text string) (any, error) {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression", pattern)
	}
	return compiled.MatchString(text), nil
}

// nullMethods are those that ask whether a value is there.
func nullMethods(method string, value, other any) (any, error) {
	text, isText := value.(string)
	absent := map[string]bool{
		"Null": value == nil, "NullOrEmpty": value == nil || isText && text == "", "NullOrBlank": value == nil || isText && strings.TrimSpace(text) == "",
	}
	if kind, ok := strings.CutPrefix(method, "defaultIf"); ok && slices.Contains([]string{"Null", "NullOrEmpty", "NullOrBlank"}, kind) {
		if absent[kind] {
			return other, nil
		}
		return value, nil
	}
	if held, ok := absent[strings.TrimPrefix(method, "is")]; ok {
		return held, nil
	}
	return nil, templateGap("$util." + method)
}

// templateTable is $util.dynamodb.
type templateTable struct{}

// Get returns nothing: $util.dynamodb has methods only.
func (templateTable) Get(string) any { return nil }

// Call makes typed attribute values; a method whose name ends in Json makes JSON
// text of them.
func (templateTable) Call(method string, arguments []any) (any, error) {
	name, asText := strings.CutSuffix(method, "Json")
	made, err := attributeValue(name, plainValue(argument(arguments, 0)))
	if err != nil || !asText {
		return vtl.Value(made), err
	}
	return vtl.JSON(vtl.Value(made)), nil
}

// attributeValue is what a method of $util.dynamodb makes of a value.
func attributeValue(method string, value any) (any, error) {
	switch method {
	case "toDynamoDB":
		return dynamic(value), nil
	case "toMapValues":
		members, _ := dynamic(value).(map[string]any)
		return members["M"], nil
	case "toString":
		return map[string]any{"S": value}, nil
	case "toNumber":
		return map[string]any{"N": value}, nil
	case "toBoolean":
		return map[string]any{"BOOL": value}, nil
	case "toStringSet":
		return map[string]any{"SS": value}, nil
	case "toNull":
		return map[string]any{"NULL": nil}, nil
	}
	return nil, templateGap("$util.dynamodb." + method)
}

// dynamic types a value by what it is.
func dynamic(value any) any {
	switch v := value.(type) {
	case nil:
		return map[string]any{"NULL": nil}
	case string:
		return map[string]any{"S": v}
	case bool:
		return map[string]any{"BOOL": v}
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = dynamic(item)
		}
		return map[string]any{"L": items}
	case map[string]any:
		members := map[string]any{}
		for name, member := range v {
			members[name] = dynamic(member)
		}
		return map[string]any{"M": members}
	}
	return map[string]any{"N": value}
}

// templateTime is $util.time.
type templateTime struct{ now time.Time }

// Get returns nothing: $util.time has methods only.
func (templateTime) Get(string) any { return nil }

// Call gives the time in one of its forms.
func (t templateTime) Call(method string, _ []any) (any, error) {
	switch method {
	case "nowISO8601":
		return t.now.Format("2006-01-02T15:04:05.000Z"), nil
	case "nowEpochSeconds":
		return t.now.Unix(), nil
	case "nowEpochMilliSeconds":
		return t.now.UnixMilli(), nil
	}
	return nil, templateGap("$util.time." + method)
}
