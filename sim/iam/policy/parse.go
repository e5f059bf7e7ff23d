package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Parse reads a document from a tree of map[string]any, []any, string, bool,
// float64 and int. Its error is of type Faults and lists every fault.
//
// The grammar is
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html,
// with the wider Sid that resource policies may have.
func Parse(tree any, kind Kind) (*Document, error) {
	p := parser{kind: kind, operators: operators(), sids: map[string]bool{}}
	d := p.document(tree)
	if len(p.faults) > 0 {
		return nil, p.faults
	}
	return d, nil
}

type parser struct {
	kind      Kind
	operators map[string]operator
	variables bool
	sids      map[string]bool
	faults    Faults
}

func (p *parser) fault(path, aws, format string, args ...any) {
	p.faults = append(p.faults, Fault{Path: path, AWS: aws, Message: fmt.Sprintf(format, args...)})
}

func (p *parser) document(tree any) *Document {
	top, ok := tree.(map[string]any)
	if !ok {
		p.fault("", syntaxError, "a policy is an object, found %s", describe(tree))
		return nil
	}
	p.known("", top, "Version", "Id", "Statement")
	p.version(top)
	p.identifier(top)
	var items []any
	switch s := top["Statement"].(type) {
	case map[string]any:
		items = []any{s}
	case []any:
		items = s
	case nil:
		p.fault("Statement", syntaxError, "a policy needs statements")
	default:
		p.fault("Statement", syntaxError, "a statement is an object, found %s", describe(s))
	}
	d := &Document{kind: p.kind}
	for i, item := range items {
		d.statements = append(d.statements, p.statement(i, item))
	}
	return d
}

// version decides whether the document may use policy variables.
func (p *parser) version(top map[string]any) {
	value, present := top["Version"]
	p.variables = value == version2012
	if present && value != version2012 && value != version2008 {
		p.fault("Version", syntaxError, "the version is %q or %q, found %s", version2012, version2008, describe(value))
		return
	}
	switch p.kind {
	case ManagedPolicy:
		if !p.variables {
			p.fault("Version", oldVersion, "a managed policy has version %q", version2012)
		}
	case ServiceControlPolicy, ResourceControlPolicy:
		if !p.variables {
			p.fault("Version", otherPolicyType, "a %s has version %q", p.kind, version2012)
		}
	}
}

func (p *parser) identifier(top map[string]any) {
	value, present := top["Id"]
	if !present {
		return
	}
	if _, ok := value.(string); !ok {
		p.fault("Id", syntaxError, "the id is text, found %s", describe(value))
	}
	if !p.namesPrincipals() {
		p.fault("Id", syntaxError, "an identity-based policy has no Id")
	}
}

// namesPrincipals reports whether statements of the kind have a Principal.
func (p *parser) namesPrincipals() bool {
	switch p.kind {
	case ResourcePolicy, TrustPolicy, KeyPolicy, ResourceControlPolicy:
		return true
	}
	return false
}

func (p *parser) statement(i int, tree any) statement {
	path := fmt.Sprintf("Statement[%d]", i)
	s := statement{index: i}
	m, ok := tree.(map[string]any)
	if !ok {
		p.fault(path, syntaxError, "a statement is an object, found %s", describe(tree))
		return s
	}
	p.known(path, m, "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
	s.sid = p.sid(path+".Sid", m)
	s.effect = p.effect(path+".Effect", m)
	s.principals, s.notPrincipal = p.principalElement(path, m, s.effect)
	s.actions, s.notAction = p.actionElement(path, m)
	s.resources, s.notResource = p.resourceElement(path, m)
	if tree, ok := m["Condition"]; ok {
		s.conditions = p.conditions(path+".Condition", tree)
	}
	return s
}

func (p *parser) sid(path string, m map[string]any) string {
	value, present := m["Sid"]
	if !present {
		return ""
	}
	sid, ok := value.(string)
	if !ok {
		p.fault(path, syntaxError, "the Sid is text, found %s", describe(value))
		return ""
	}
	if !p.namesPrincipals() && strings.ContainsFunc(sid, notAlphanumeric) {
		p.fault(path, "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
			"a Sid has only letters and digits, found %q", sid)
	}
	if sid != "" && p.sids[sid] {
		p.fault(path, sidTwice, "the Sid %q stands twice", sid)
	}
	p.sids[sid] = true
	return sid
}

func notAlphanumeric(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

func (p *parser) effect(path string, m map[string]any) Effect {
	text, _ := m["Effect"].(string)
	switch effect := Effect(text); {
	case effect == Allow || effect == Deny:
		return effect
	case strings.EqualFold(text, string(Allow)) || strings.EqualFold(text, string(Deny)):
		p.fault(path, legacyParsing, "the effect is Allow or Deny in exactly this spelling, found %q", text)
	default:
		p.fault(path, syntaxError, "the effect is Allow or Deny, found %s", describe(m["Effect"]))
	}
	return ""
}

func (p *parser) actionElement(path string, m map[string]any) ([]template, bool) {
	values, not := p.either(path, m, choice{"Action", "NotAction", noActions})
	patterns := make([]template, len(values))
	for i, value := range values {
		p.action(path, value)
		patterns[i] = compile(value, wildcards|foldCase)
	}
	return patterns, not
}

func (p *parser) action(path, value string) {
	if value == "*" {
		return
	}
	vendor, name, prefixed := strings.Cut(value, ":")
	switch {
	case !prefixed:
		p.fault(path, needsVendor, "%q lacks the service: an action is service:Name", value)
	case strings.Contains(name, ":"):
		p.fault(path, oneColon, "%q has more than one colon", value)
	case vendor != "*" && strings.ContainsFunc(vendor, func(r rune) bool { return notAlphanumeric(r) && r != '-' && r != '.' }):
		p.fault(path, "Vendor "+vendor+" is not valid", "%q is no service", vendor)
	case p.kind == TrustPolicy && !strings.EqualFold(vendor, "sts"):
		p.fault(path, onlySTSActions, "a trust policy has actions of sts only, found %q", value)
	}
}

func (p *parser) resourceElement(path string, m map[string]any) ([]template, bool) {
	if p.kind == TrustPolicy {
		for _, name := range []string{"Resource", "NotResource"} {
			if _, present := m[name]; present {
				p.fault(path+"."+name, resourceForbidden, "a trust policy has no %s: the role itself is the resource", name)
			}
		}
		return nil, false
	}
	values, not := p.either(path, m, choice{"Resource", "NotResource", noResources})
	patterns := make([]template, len(values))
	for i, value := range values {
		if value != "*" && (!strings.HasPrefix(value, "arn:") || strings.Count(value, ":") < 5) {
			p.fault(path, fmt.Sprintf(resourceForm, value), "%q is neither * nor an ARN of six parts", value)
		}
		patterns[i] = compileResource(value, p.variables)
	}
	return patterns, not
}

// choice is two elements of which a statement has one, and AWS's wording when
// it has none or an empty list.
type choice struct{ plain, negated, missing string }

// either returns the values of the element that is there, and whether it is
// the negated one.
func (p *parser) either(path string, m map[string]any, c choice) (values []string, not bool) {
	_, hasPlain := m[c.plain]
	_, hasNegated := m[c.negated]
	name := c.plain
	switch {
	case hasPlain && hasNegated:
		p.fault(path, syntaxError, "a statement has %s or %s, not both", c.plain, c.negated)
	case hasNegated:
		name = c.negated
	case !hasPlain:
		p.fault(path, c.missing, "a statement has %s or %s", c.plain, c.negated)
		return nil, false
	}
	if isEmpty(m[name]) {
		p.fault(join(path, name), c.missing, "the list is empty")
		return nil, false
	}
	return p.texts(join(path, name), m[name]), hasNegated
}

func isEmpty(tree any) bool {
	list, isList := tree.([]any)
	return isList && len(list) == 0
}

// texts reads text or a list of texts.
func (p *parser) texts(path string, tree any) []string {
	items, isList := tree.([]any)
	if !isList {
		items = []any{tree}
	}
	var values []string
	for i, item := range items {
		text, ok := item.(string)
		if !ok {
			at := path
			if isList {
				at += "[" + strconv.Itoa(i) + "]"
			}
			p.fault(at, syntaxError, "text is wanted, found %s", describe(item))
			continue
		}
		values = append(values, text)
	}
	return values
}

func (p *parser) known(path string, m map[string]any, names ...string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(names, name) {
			p.fault(join(path, name), syntaxError, "there is no element %s here: there are %s", name, strings.Join(names, ", "))
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func describe(tree any) string {
	switch v := tree.(type) {
	case nil:
		return "nothing"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return strconv.Quote(v)
	default:
		return fmt.Sprint(v)
	}
}

// scalarText is a condition value as text. JSON numbers and booleans may stand
// without quotes.
func scalarText(tree any) (string, bool) {
	switch v := tree.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case int:
		return strconv.Itoa(v), true
	}
	return "", false
}
