package cognitoidp

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// schemaAttribute is one item of a pool's Schema:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SchemaAttributeType.html
type schemaAttribute struct {
	Name                       string
	AttributeDataType          string `aws:"enum=String|Number|DateTime|Boolean"`
	DeveloperOnlyAttribute     bool
	Mutable                    *bool
	Required                   bool
	StringAttributeConstraints *stringConstraints `json:",omitempty"`
	NumberAttributeConstraints *numberConstraints `json:",omitempty"`
}

// stringConstraints and numberConstraints hold numbers as text, "" for no limit.
type (
	stringConstraints struct {
		MinLength string `json:",omitempty"`
		MaxLength string `json:",omitempty"`
	}
	numberConstraints struct {
		MinValue string `json:",omitempty"`
		MaxValue string `json:",omitempty"`
	}
)

// schema is what attributes the users of a pool have.
type schema struct {
	custom, required []string
	// immutable are those that keep their first value.
	immutable []string
	// items are the attributes that somebody described, by their whole names.
	items map[string]schemaAttribute
}

// newSchema adds a pool's Schema to the standard attributes. An item that is
// not standard becomes custom:NAME.
func newSchema(items []schemaAttribute) schema {
	s := schema{items: map[string]schemaAttribute{}}
	for _, item := range items {
		if !isStandard(item.Name) {
			s.addCustom(item)
			continue
		}
		if item.Required {
			s.required = append(s.required, item.Name)
		}
		s.keep(item.Name, item)
	}
	sort.Strings(s.required)
	return s
}

// customPrefix stands before the name of every attribute of a pool's own.
const customPrefix = "custom:"

// addCustom adds the attribute custom:NAME.
func (s *schema) addCustom(item schemaAttribute) {
	s.custom = append(s.custom, customPrefix+item.Name)
	s.keep(customPrefix+item.Name, item)
}

func (s *schema) keep(name string, item schemaAttribute) {
	s.items[name] = item
	if item.Mutable != nil && !*item.Mutable {
		s.immutable = append(s.immutable, name)
	}
}

// describe lists the standard attributes and then the pool's own.
func (s schema) describe() []schemaAttribute {
	var list []schemaAttribute
	for _, name := range slices.Concat(standardAttributes(), s.custom) {
		mutable := name != "sub" && !slices.Contains(s.immutable, name)
		item := s.items[name]
		item.Name, item.AttributeDataType, item.Mutable = name, s.kind(name), &mutable
		item.Required = name == "sub" || slices.Contains(s.required, name)
		list = append(list, item)
	}
	return list
}

// kind is an attribute's AttributeDataType.
func (s schema) kind(name string) string {
	switch name {
	case "email_verified", "phone_number_verified":
		return "Boolean"
	case "updated_at":
		return "Number"
	}
	return cmp.Or(s.items[name].AttributeDataType, "String")
}

func (s schema) has(name string) bool { return isStandard(name) || slices.Contains(s.custom, name) }

// standardAttributes are those every pool has:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func standardAttributes() []string {
	return []string{
		"address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale",
		"middle_name", "name", "nickname", "phone_number", "phone_number_verified", "picture",
		"preferred_username", "profile", "sub", "updated_at", "website", "zoneinfo",
	}
}

func isStandard(name string) bool { return slices.Contains(standardAttributes(), name) }

// noneStandard is isStandard where every name means an attribute of the pool's
// own.
func noneStandard(string) bool { return false }

// maximumName is the length of an attribute's name without its prefix.
const maximumName = 20

// checkSchema looks at attributes that somebody describes, under the member's
// name of the input:
//
//  1. no name is too long, in the words of https://github.com/aws/aws-cdk/issues/14175
//  2. no custom attribute is required, in the words of
//     https://github.com/hashicorp/terraform-provider-aws/issues/18430
//  3. the limits are numbers
func checkSchema(span *trace.Span, member string, items []schemaAttribute, standard func(string) bool) error {
	for n, item := range items {
		if !span.Decide(RuleAttributeName, len(item.Name) <= maximumName, fmt.Sprintf("a name of at most %d characters", maximumName), item.Name) { // 1
			return awserr.New("InvalidParameterException", "1 validation error detected: Value '%s' at '%s.%d.member.name' failed to satisfy constraint: Member must have length less than or equal to %d", item.Name, member, n+1, maximumName)
		}
		if !standard(item.Name) && !span.Decide(RuleCustomOptional, !item.Required, "a custom attribute that is not required", item.Name+" is "+requiredOrNot(item.Required)) { // 2
			return awserr.New("InvalidParameterException", "Required custom attributes are not supported currently.")
		}
		if item.DeveloperOnlyAttribute {
			return fmt.Errorf("attribute %s: DeveloperOnlyAttribute is not simulated; AWS advises to use WriteAttributes instead", item.Name)
		}
		if _, err := item.limits(); err != nil { // 3
			return err
		}
	}
	return nil
}

func requiredOrNot(required bool) string {
	if required {
		return "required"
	}
	return "not required"
}

// limits are the least and the most that an attribute's length or number may
// be; nil stands for no limit.
type limits struct{ least, most *int64 }

// limits reads the constraints of the attribute's type. How AWS refuses those
// that are no numbers is not documented.
func (item schemaAttribute) limits() (limits, error) {
	var least, most string
	switch {
	case item.AttributeDataType == "Number" && item.NumberAttributeConstraints != nil:
		least, most = item.NumberAttributeConstraints.MinValue, item.NumberAttributeConstraints.MaxValue
	case item.AttributeDataType != "Number" && item.StringAttributeConstraints != nil:
		least, most = item.StringAttributeConstraints.MinLength, item.StringAttributeConstraints.MaxLength
	}
	var l limits
	for _, limit := range []struct {
		text string
		into **int64
	}{{least, &l.least}, {most, &l.most}} {
		if limit.text == "" {
			continue
		}
		number, err := strconv.ParseInt(limit.text, 10, 64)
		if err != nil {
			return limits{}, fmt.Errorf("attribute %s: the limit %q is no whole number", item.Name, limit.text)
		}
		*limit.into = &number
	}
	return l, nil
}

// checkValues refuses attributes that the schema lacks, and values that it does
// not allow. The line break is AWS's, and the words about the first:
// https://github.com/aws-amplify/amplify-cli/issues/1761. Those about values are
// not known to be.
func (s schema) checkValues(span *trace.Span, attributes map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !span.Decide(RuleAttributeSchema, s.has(name), name+" in the schema", existence(s.has(name))) {
			return awserr.New("InvalidParameterException", "Attributes did not conform to the schema: %s: Attribute does not exist in the schema.\n", name)
		}
		item := s.items[name]
		if !item.isLimited() || attributes[name] == "" {
			continue
		}
		fault, err := item.fault(attributes[name])
		if err != nil {
			return err
		}
		if !span.Decide(RuleAttributeValue, fault == "", "a value that "+name+" may have", cmp.Or(fault, "it may")) {
			return awserr.New("InvalidParameterException", "Attributes did not conform to the schema: %s: %s\n", name, fault)
		}
	}
	return nil
}

// isLimited reports whether a value can be wrong.
func (item schemaAttribute) isLimited() bool {
	return item.AttributeDataType == "Number" || item.StringAttributeConstraints != nil
}

// fault says what is wrong with a value, "" for nothing. Values of other types
// than String and Number are not looked at.
func (item schemaAttribute) fault(value string) (string, error) {
	l, err := item.limits()
	if err != nil {
		return "", err
	}
	measure, what := int64(len([]rune(value))), "The length"
	if item.AttributeDataType == "Number" {
		number, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "The value is no number.", nil
		}
		measure, what = number, "The number"
	}
	switch {
	case l.least != nil && measure < *l.least:
		return fmt.Sprintf("%s is less than %d.", what, *l.least), nil
	case l.most != nil && measure > *l.most:
		return fmt.Sprintf("%s is more than %d.", what, *l.most), nil
	}
	return "", nil
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
