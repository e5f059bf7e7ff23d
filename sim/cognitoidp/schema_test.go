package cognitoidp_test

import (
	"errors"
	"testing"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cognitoidp"
)

// limitedPool limits three attributes of its own.
const limitedPool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Schema:
        - {Name: code, AttributeDataType: String, StringAttributeConstraints: {MinLength: "3", MaxLength: "5"}}
        - {Name: seats, AttributeDataType: Number, NumberAttributeConstraints: {MinValue: "1", MaxValue: "9"}}
        - {Name: note, AttributeDataType: String}
`

func (a *account) setAttribute(name, value string) object {
	input := a.user("ana")
	input["UserAttributes"] = []any{attribute(name, value)}
	return input
}

// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SchemaAttributeType.html
func valuesFitTheSchema(a *account) {
	a.with(limitedPool)
	a.addUser("ana")
	for name, values := range map[string][]string{"custom:code": {"abc", "äöüßé", ""}, "custom:seats": {"1", "9"}, "custom:note": {"anything at all"}} {
		for _, value := range values {
			a.Must("AdminUpdateUserAttributes", a.setAttribute(name, value))
		}
	}
	var code object
	for _, item := range a.describePool(a.Ref("Pool"))["SchemaAttributes"].([]any) {
		if item.(object)["Name"] == "custom:code" {
			code = item.(object)
		}
	}
	a.has(code, object{"AttributeDataType": "String", "StringAttributeConstraints": object{"MinLength": "3", "MaxLength": "5"}, "DeveloperOnlyAttribute": false})
}

func schemaRefusals() []refusal {
	const invalid = "InvalidParameterException"
	value := func(title, name, text, fault string) refusal {
		return refusal{
			title, reference + "API_SchemaAttributeType.html", limitedPool,
			cognitoidp.RuleAttributeValue, invalid, "Attributes did not conform to the schema: " + name + ": " + fault + "\n", "AdminUpdateUserAttributes",
			func(a *account) object { return a.setAttribute(name, text) },
		}
	}
	return []refusal{
		value("a text that is too short", "custom:code", "ab", "The length is less than 3."),
		value("a text that is too long", "custom:code", "abcdef", "The length is more than 5."),
		value("a number that is too small", "custom:seats", "0", "The number is less than 1."),
		value("a number that is too large", "custom:seats", "10", "The number is more than 9."),
		value("a number that is none", "custom:seats", "many", "The value is no number."),
		{
			"an attribute with a long name", "https://github.com/aws/aws-cdk/issues/14175", "",
			cognitoidp.RuleAttributeName, invalid, "1 validation error detected: Value 'the_favourite_roast_of_all' at 'schema.1.member.name' failed to satisfy constraint: Member must have length less than or equal to 20", "CreateUserPool",
			func(*account) object {
				return object{"PoolName": "shop", "Schema": []any{object{"Name": "the_favourite_roast_of_all"}}}
			},
		},
	}
}

func TestWhatIsNotKnownAboutASchemaIsNoVerdict(t *testing.T) {
	for name, item := range map[string]string{
		"a text's limit in words":   "{Name: code, AttributeDataType: String, StringAttributeConstraints: {MaxLength: five}}",
		"a developer's attribute":   "{Name: code, DeveloperOnlyAttribute: true}",
		"a number's limit in words": "{Name: seats, AttributeDataType: Number, NumberAttributeConstraints: {MinValue: one}}",
	} {
		t.Run(name, func(t *testing.T) {
			err := newAccount(t).Deploy("\nResources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {Schema: [" + item + "]}}\n")
			if err == nil || errors.As(err, new(*awserr.Error)) {
				t.Errorf("deployed: %v, want an error of the simulation", err)
			}
		})
	}
}
