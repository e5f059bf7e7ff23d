package cognitoidp

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// attribute is one attribute of a user, as the API lists it.
type attribute struct {
	Name  string `aws:"required"`
	Value string
}

// schemaAttribute is one item of a pool's Schema.
type schemaAttribute struct {
	Name              string
	AttributeDataType string `aws:"enum=String|Number|DateTime|Boolean"`
	Mutable           *bool
	Required          bool

	_ struct{} `unsimulated:"DeveloperOnlyAttribute NumberAttributeConstraints StringAttributeConstraints"`
}

// schema is what attributes the users of a pool have.
type schema struct {
	custom, required []string
	// immutable are those that keep their first value.
	immutable []string
	// kinds are the AttributeDataTypes of the custom attributes.
	kinds map[string]string
}

// newSchema adds a pool's Schema to the standard attributes. An item that is
// not standard becomes custom:NAME.
func newSchema(items []schemaAttribute) schema {
	s := schema{kinds: map[string]string{}}
	for _, item := range items {
		if !slices.Contains(standardAttributes(), item.Name) {
			s.addCustom(item)
			continue
		}
		if item.Required {
			s.required = append(s.required, item.Name)
		}
		s.setMutable(item.Name, item)
	}
	sort.Strings(s.required)
	return s
}

// addCustom adds the attribute custom:NAME.
func (s *schema) addCustom(item schemaAttribute) {
	name := customPrefix + item.Name
	s.custom = append(s.custom, name)
	s.kinds[name] = cmp.Or(item.AttributeDataType, "String")
	s.setMutable(name, item)
}

func (s *schema) setMutable(name string, item schemaAttribute) {
	if item.Mutable != nil && !*item.Mutable {
		s.immutable = append(s.immutable, name)
	}
}

// customPrefix stands before the name of every attribute of a pool's own.
const customPrefix = "custom:"

// describe lists the standard attributes and then the pool's own.
func (s schema) describe() []schemaAttribute {
	var list []schemaAttribute
	for _, name := range slices.Concat(standardAttributes(), s.custom) {
		mutable := name != "sub" && !slices.Contains(s.immutable, name)
		required := name == "sub" || slices.Contains(s.required, name)
		list = append(list, schemaAttribute{Name: name, AttributeDataType: s.kind(name), Mutable: &mutable, Required: required})
	}
	return list
}

func (s schema) kind(name string) string {
	switch name {
	case "email_verified", "phone_number_verified":
		return "Boolean"
	case "updated_at":
		return "Number"
	}
	return cmp.Or(s.kinds[name], "String")
}

func (s schema) has(name string) bool {
	return slices.Contains(standardAttributes(), name) || slices.Contains(s.custom, name)
}

// standardAttributes are those every pool has:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func standardAttributes() []string {
	return []string{
		"address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale",
		"middle_name", "name", "nickname", "phone_number", "phone_number_verified", "picture",
		"preferred_username", "profile", "sub", "updated_at", "website", "zoneinfo",
	}
}

// checkKnown refuses attributes that the schema lacks. The line break is AWS's:
// https://github.com/aws-amplify/amplify-cli/issues/1761
func (s schema) checkKnown(span *trace.Span, attributes map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !span.Decide(RuleAttributeSchema, s.has(name), name+" in the schema", existence(s.has(name))) {
			return awserr.New("InvalidParameterException", "Attributes did not conform to the schema: %s: Attribute does not exist in the schema.\n", name)
		}
	}
	return nil
}

// checkComplete refuses a user without a required attribute.
func (s schema) checkComplete(span *trace.Span, attributes map[string]string) error {
	for _, name := range s.required {
		value := attributes[name]
		if !span.Decide(RuleAttributeSchema, value != "", "required attribute "+name, presence(value)) {
			return awserr.New("InvalidParameterException", "Attributes did not conform to the schema: %s: The attribute is required\n", name)
		}
	}
	return nil
}

// values turns a list of attributes into a map. Of a name that stands twice the
// last counts.
func values(list []attribute) map[string]string {
	m := make(map[string]string, len(list))
	for _, a := range list {
		m[a.Name] = a.Value
	}
	return m
}

// attributesOf lists attributes as the API does, sub first.
func attributesOf(m map[string]string, include func(name string) bool) []attribute {
	list := []attribute{{Name: "sub", Value: m["sub"]}}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name != "sub" && include(name) {
			list = append(list, attribute{Name: name, Value: m[name]})
		}
	}
	return list
}

func presence(value string) string {
	if value == "" {
		return "missing"
	}
	return "present"
}

// phrase lists names for a trace: the first few, and how many more.
func phrase(names []string, none string) string {
	const most = 3
	switch {
	case len(names) == 0:
		return none
	case len(names) <= most:
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + ", …"
}
