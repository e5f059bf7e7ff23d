package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/iam/policy"
)

// Pages that the tables cite.
const (
	guide      = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	operators  = guide + "reference_policies_elements_condition_operators.html"
	variables  = guide + "reference_policies_variables.html"
	logic      = guide + "reference_policies_evaluation-logic.html"
	crossLogic = guide + "reference_policies_evaluation-logic-cross-account.html"
	principals = guide + "reference_policies_elements_principal.html"
	setPage    = guide + "reference_policies_condition-single-vs-multi-valued-context-keys.html"
)

const (
	account = "123456789012"
	other   = "210987654321"
	bucket  = "arn:aws:s3:::photos"
	object  = "arn:aws:s3:::photos/us-east-1:1111/cat.jpg"
)

func ana() policy.Principal {
	return policy.Principal{Kind: policy.User, ARN: "arn:aws:iam::" + account + ":user/ana", Account: account}
}

func session() policy.Principal {
	return policy.Principal{Kind: policy.RoleSession, ARN: "arn:aws:sts::" + account + ":assumed-role/Reader/s1",
		Origin: "arn:aws:iam::" + account + ":role/Reader", Account: account}
}

func document(t testing.TB, kind policy.Kind, statements ...string) *policy.Document {
	t.Helper()
	text := `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
	d, err := policy.ParseJSON([]byte(text), kind)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return d
}

func identity(t testing.TB, statements ...string) policy.Policies {
	t.Helper()
	return policy.Policies{Identity: []policy.Policy{{Name: "p", Document: document(t, policy.IdentityPolicy, statements...)}}}
}

// statement writes an Allow for s3:GetObject on everything with more elements.
func allow(more string) string {
	return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"` + more + `}`
}

func context(keys map[string][]string) policy.Context { return policy.NewContext(keys) }

func get(resource string) policy.Request {
	return policy.Request{Principal: ana(), Action: "s3:GetObject", Resource: resource}
}

func outcome(t testing.TB, r policy.Request, p policy.Policies) policy.Outcome {
	t.Helper()
	d := policy.Evaluate(r, p)
	if x := policy.Explain(r, p); x.Decision != d {
		t.Errorf("Explain decides %+v, Evaluate %+v", x.Decision, d)
	}
	return d.Outcome
}

func TestActionMatching(t *testing.T) {
	const source = guide + "reference_policies_elements_action.html"
	for _, tt := range []struct {
		element string
		action  string
		applies bool
	}{
		{`"Action":"s3:GetObject"`, "s3:GetObject", true},
		{`"Action":"S3:getobject"`, "s3:GetObject", true},
		{`"Action":"s3:Get*"`, "s3:GetObject", true},
		{`"Action":"s3:*Object"`, "s3:GetObject", true},
		{`"Action":"s3:Get?bject"`, "s3:GetObject", true},
		{`"Action":"s3:Get?object"`, "s3:GetObject", false},
		{`"Action":"*"`, "s3:GetObject", true},
		{`"Action":"s3:*"`, "s3express:GetObject", false},
		{`"Action":["s3:PutObject","s3:GetObject"]`, "s3:GetObject", true},
		{`"Action":"s3:PutObject"`, "s3:GetObject", false},
		{`"NotAction":"s3:PutObject"`, "s3:GetObject", true},
		{`"NotAction":"iam:*"`, "iam:CreateUser", false},
		{`"NotAction":["iam:*","s3:GetObject"]`, "s3:GetObject", false},
	} {
		r := get(object)
		r.Action = tt.action
		got := outcome(t, r, identity(t, `{"Effect":"Allow",`+tt.element+`,"Resource":"*"}`))
		if (got == policy.Allowed) != tt.applies {
			t.Errorf("%s for %s: %s (source: %s)", tt.element, tt.action, got, source)
		}
	}
}

func TestResourceMatching(t *testing.T) {
	const source = guide + "reference_policies_elements_resource.html"
	for _, tt := range []struct {
		element  string
		resource string
		applies  bool
	}{
		{`"Resource":"*"`, object, true},
		{`"Resource":"arn:aws:s3:::photos/*"`, object, true},
		{`"Resource":"arn:aws:s3:::photos/*.jpg"`, object, true},
		{`"Resource":"arn:aws:s3:::photos/*.png"`, object, false},
		{`"Resource":"arn:aws:s3:::photos"`, object, false},
		{`"Resource":"arn:aws:s3:::photos/*"`, bucket, false},
		{`"Resource":"arn:aws:s3:::PHOTOS"`, bucket, false},
		{`"Resource":"arn:aws:s3:::photo?"`, bucket, true},
		{`"Resource":["arn:aws:s3:::a","arn:aws:s3:::photos"]`, bucket, true},
		{`"NotResource":"arn:aws:s3:::photos/*"`, object, false},
		{`"NotResource":"arn:aws:s3:::photos/*"`, bucket, true},
		// A * ends its segment and reaches beyond colons, in the middle of one it does not.
		{`"Resource":"arn:aws:sqs:us-*:123456789012:q"`, "arn:aws:sqs:us-east-1:123456789012:q", true},
		{`"Resource":"arn:aws:sqs:*:q:*:*"`, "arn:aws:sqs:us-east-1:123456789012:q:r:s", true},
		{`"Resource":"arn:aws:sqs:u*1:123456789012:q"`, "arn:aws:sqs:us-east-1:123456789012:q", true},
		{`"Resource":"arn:aws:sqs:u*2:123456789012:q"`, "arn:aws:sqs:us-east-1:123456789012:q", false},
		{`"Resource":"arn:aws:sqs:us*x:123456789012:q"`, "arn:aws:sqs:us-east-1:123456789012:q", false},
		{`"Resource":"arn:aws:sqs:u*2::q"`, "arn:aws:sqs:us:2::q", false},
		{`"Resource":"arn:aws:sqs:us?east-1:123456789012:q"`, "arn:aws:sqs:us-east-1:123456789012:q", true},
		{`"Resource":"arn:aws:sqs:us?2::q"`, "arn:aws:sqs:us:2::q", false},
		{`"Resource":"arn:aws:lambda:*:*:function:list*"`, "arn:aws:lambda:us-east-1:123456789012:function:list:live", true},
		{`"Resource":"arn:aws:sqs:*:x*9:q"`, "arn:aws:sqs:a:x1:b:x9:q", true},
		{`"Resource":"arn:aws:s3:::photos/é?"`, "arn:aws:s3:::photos/éü", true},
	} {
		r := get(tt.resource)
		r.ResourceAccount = account
		got := outcome(t, r, identity(t, `{"Effect":"Allow","Action":"s3:GetObject",`+tt.element+`}`))
		if (got == policy.Allowed) != tt.applies {
			t.Errorf("%s for %s: %s (source: %s)", tt.element, tt.resource, got, source)
		}
	}
}

func TestPolicyVariables(t *testing.T) {
	const sub = "cognito-identity.amazonaws.com:sub"
	keys := map[string][]string{sub: {"us-east-1:1111"}, "aws:username": {"ana"}, "amr": {"a", "b"}, "star": {"*"}}
	for _, tt := range []struct {
		name, version, element, resource string
		applies                          bool
	}{
		{"filled in", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${cognito-identity.amazonaws.com:sub}/*"`, object, true},
		{"key of any case", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${Cognito-Identity.amazonaws.com:Sub}/*"`, object, true},
		{"another's prefix", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${cognito-identity.amazonaws.com:sub}/*"`, "arn:aws:s3:::photos/us-east-1:2222/cat.jpg", false},
		{"old version keeps text", "2008-10-17", `"Resource":"arn:aws:s3:::photos/${aws:username}/*"`, "arn:aws:s3:::photos/ana/cat.jpg", false},
		{"old version is literal", "2008-10-17", `"Resource":"arn:aws:s3:::photos/${aws:username}"`, "arn:aws:s3:::photos/${aws:username}", true},
		{"no such key", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${aws:PrincipalTag/team}*"`, object, false},
		{"no such key in NotResource excludes nothing", "2012-10-17", `"NotResource":"arn:aws:s3:::photos/${aws:PrincipalTag/team}*"`, object, true},
		{"default", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${aws:PrincipalTag/team, 'us-east-1:1111'}/*"`, object, true},
		{"default not needed", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${aws:username, 'x'}"`, "arn:aws:s3:::photos/ana", true},
		{"two variables", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${aws:username}/${aws:username}"`, "arn:aws:s3:::photos/ana/ana", true},
		{"several values", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${amr}"`, "arn:aws:s3:::photos/a", false},
		{"a star in a value is no wildcard", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${star}"`, object, false},
		{"literal star", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${*}"`, "arn:aws:s3:::photos/*", true},
		{"literal star only", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${*}"`, "arn:aws:s3:::photos/x", false},
		{"literal question mark", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${?}"`, "arn:aws:s3:::photos/x", false},
		{"literal dollar", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${$}"`, "arn:aws:s3:::photos/$", true},
		{"before the fifth colon it is text", "2012-10-17", `"Resource":"arn:aws:s3:${aws:username}::photos"`, "arn:aws:s3:ana::photos", false},
		{"a dollar alone", "2012-10-17", `"Resource":"arn:aws:s3:::photos/$aws"`, "arn:aws:s3:::photos/$aws", true},
		{"unclosed", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${aws"`, "arn:aws:s3:::photos/${aws", true},
		{"empty", "2012-10-17", `"Resource":"arn:aws:s3:::photos/${}"`, "arn:aws:s3:::photos/${}", true},
		{"in a StringLike", "2012-10-17", `"Resource":"*","Condition":{"StringLike":{"s3:prefix":"${aws:username}/*"}}`, bucket, true},
		{"in an ArnLike", "2012-10-17", `"Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:${aws:username}"}}`, bucket, true},
		{"not in Bool", "2012-10-17", `"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"${secure}"}}`, bucket, false},
		{"unresolved in a negated condition", "2012-10-17", `"Resource":"*","Condition":{"StringNotEquals":{"aws:username":"${nobody}"}}`, bucket, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := `{"Version":"` + tt.version + `","Statement":{"Effect":"Allow","Action":"s3:*",` + tt.element + `}}`
			d, err := policy.ParseJSON([]byte(text), policy.IdentityPolicy)
			if err != nil {
				t.Fatal(err)
			}
			r := get(tt.resource)
			r.Context = context(merge(keys, map[string][]string{"s3:prefix": {"ana/2026"}, "aws:SourceArn": {"arn:aws:sns:us-east-1:1:ana"}, "aws:SecureTransport": {"true"}, "secure": {"true"}}))
			got := outcome(t, r, policy.Policies{Identity: []policy.Policy{{Document: d}}})
			if (got == policy.Allowed) != tt.applies {
				t.Errorf("%s (source: %s)", got, variables)
			}
		})
	}
}

func merge(maps ...map[string][]string) map[string][]string {
	all := map[string][]string{}
	for _, m := range maps {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

func TestConditionOperators(t *testing.T) {
	for _, tt := range []struct {
		condition string
		found     []string // nil: no such key
		holds     bool
	}{
		{`"StringEquals":{"k":"a"}`, []string{"a"}, true},
		{`"StringEquals":{"K":"a"}`, []string{"a"}, true},
		{`"StringEquals":{"k":"a"}`, []string{"A"}, false},
		{`"StringEquals":{"k":"*"}`, []string{"a"}, false},
		{`"StringEquals":{"k":["b","a"]}`, []string{"a"}, true},
		{`"StringEquals":{"k":[]}`, []string{"a"}, false},
		{`"StringEquals":{"k":5}`, []string{"5"}, true},
		{`"StringNotEquals":{"k":["b","a"]}`, []string{"a"}, false},
		{`"StringNotEquals":{"k":["b","c"]}`, []string{"a"}, true},
		{`"StringEqualsIgnoreCase":{"k":"aBc"}`, []string{"AbC"}, true},
		{`"StringEqualsIgnoreCase":{"k":"X${who}"}`, []string{"xana"}, true},
		{`"StringLike":{"k":"${"}`, []string{"${"}, true},
		{`"StringNotEqualsIgnoreCase":{"k":"aBc"}`, []string{"AbC"}, false},
		{`"StringLike":{"k":"a*c?"}`, []string{"abbbcd"}, true},
		{`"StringLike":{"k":"a*"}`, []string{"a:b:c"}, true},
		{`"StringLike":{"k":"A*"}`, []string{"ab"}, false},
		{`"StringNotLike":{"k":"a*"}`, []string{"ab"}, false},

		{`"NumericEquals":{"k":"10"}`, []string{"10.0"}, true},
		{`"NumericEquals":{"k":10}`, []string{"10"}, true},
		{`"NumericEquals":{"k":"ten"}`, []string{"10"}, false},
		{`"NumericEquals":{"k":"10"}`, []string{"ten"}, false},
		{`"NumericNotEquals":{"k":"10"}`, []string{"11"}, true},
		{`"NumericLessThan":{"k":"10"}`, []string{"10"}, false},
		{`"NumericLessThan":{"k":"10"}`, []string{"9"}, true},
		{`"NumericLessThanEquals":{"k":"10"}`, []string{"10"}, true},
		{`"NumericGreaterThan":{"k":"10"}`, []string{"11"}, true},
		{`"NumericGreaterThanEquals":{"k":"9"}`, []string{"9"}, true},
		{`"NumericGreaterThanEquals":{"k":"10"}`, []string{"9"}, false},

		{`"DateEquals":{"k":"2026-03-02T09:00:00Z"}`, []string{"2026-03-02T10:00:00+01:00"}, true},
		{`"DateNotEquals":{"k":"2026-03-02"}`, []string{"2026-03-03"}, true},
		{`"DateLessThan":{"k":"2026-03-02T09:00:00Z"}`, []string{"1772442000"}, false},
		{`"DateLessThan":{"k":"1772442001"}`, []string{"2026-03-02T09:00Z"}, true},
		{`"DateLessThanEquals":{"k":"2026"}`, []string{"2025-12"}, true},
		{`"DateGreaterThan":{"k":"2026-03-02"}`, []string{"2026-03-02T00:00:01"}, true},
		{`"DateGreaterThanEquals":{"k":"2026-03-02"}`, []string{"2026-03-02"}, true},
		{`"DateGreaterThanEquals":{"k":"2026-03-02"}`, []string{"soon"}, false},

		{`"Bool":{"k":"true"}`, []string{"true"}, true},
		{`"Bool":{"k":true}`, []string{"true"}, true},
		{`"Bool":{"k":false}`, []string{"true"}, false},
		{`"BinaryEquals":{"k":"QmluYXJ5"}`, []string{"QmluYXJ5"}, true},
		{`"BinaryEquals":{"k":"QmluYXJ5"}`, []string{"eA=="}, false},
		{`"BinaryEquals":{"k":"??"}`, []string{"??"}, false},

		{`"IpAddress":{"k":"203.0.113.0/24"}`, []string{"203.0.113.9"}, true},
		{`"IpAddress":{"k":"203.0.113.9/24"}`, []string{"203.0.113.1"}, true},
		{`"IpAddress":{"k":"203.0.113.9"}`, []string{"203.0.113.9"}, true},
		{`"IpAddress":{"k":"2001:DB8::/32"}`, []string{"2001:db8::1"}, true},
		{`"IpAddress":{"k":"here"}`, []string{"203.0.113.9"}, false},
		{`"IpAddress":{"k":"203.0.113.0/24"}`, []string{"there"}, false},
		{`"NotIpAddress":{"k":"203.0.113.0/24"}`, []string{"198.51.100.1"}, true},

		{`"ArnEquals":{"k":"arn:aws:sns:*:123456789012:t*"}`, []string{"arn:aws:sns:us-east-1:123456789012:tasks"}, true},
		{`"ArnLike":{"k":"arn:aws:sns:*:tasks"}`, []string{"arn:aws:sns:us-east-1:123456789012:tasks"}, false},
		{`"ArnLike":{"k":"arn:aws:execute-api:us-east-1:123456789012:api/*"}`, []string{"arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/a:b"}, true},
		{`"ArnLike":{"k":"*"}`, []string{"arn:aws:sns:us-east-1:123456789012:tasks"}, true},
		{`"ArnLike":{"k":"a*"}`, []string{"abc"}, false},
		{`"ArnNotEquals":{"k":"arn:aws:sns:*:*:a"}`, []string{"arn:aws:sns:r:1:b"}, true},
		{`"ArnNotLike":{"k":"arn:aws:sns:*:*:a"}`, []string{"arn:aws:sns:r:1:a"}, false},

		// A key that is not there.
		{`"StringEquals":{"k":"a"}`, nil, false},
		{`"StringNotEquals":{"k":"a"}`, nil, true},
		{`"StringEqualsIfExists":{"k":"a"}`, nil, true},
		{`"StringEqualsIfExists":{"k":"a"}`, []string{"b"}, false},
		{`"StringNotEqualsIfExists":{"k":"a"}`, nil, true},
		{`"BoolIfExists":{"k":"false"}`, nil, true},
		{`"Null":{"k":"true"}`, nil, true},
		{`"Null":{"k":"true"}`, []string{"a"}, false},
		{`"Null":{"k":"false"}`, nil, false},
		{`"Null":{"k":false}`, []string{"a"}, true},

		// Several operators and keys.
		{`"StringLike":{"k":"a*"},"StringNotLike":{"k":"ab*"}`, []string{"ac"}, true},
		{`"StringLike":{"k":"a*"},"StringNotLike":{"k":"ab*"}`, []string{"abc"}, false},
		{`"StringEquals":{"k":"a","l":"b"}`, []string{"a"}, false},
	} {
		expectCondition(t, tt.condition, tt.found, tt.holds, operators)
	}
}

func TestSetOperators(t *testing.T) {
	for _, tt := range []struct {
		condition string
		found     []string
		holds     bool
	}{
		{`"ForAllValues:StringEquals":{"k":["a","b"]}`, []string{"a", "b"}, true},
		{`"ForAllValues:StringEquals":{"k":["a","b"]}`, []string{"a", "c"}, false},
		{`"ForAllValues:StringEquals":{"k":["a","b"]}`, nil, true},
		{`"ForAllValues:StringEquals":{"k":"a"}`, []string{}, true},
		{`"ForAllValues:StringNotEquals":{"k":["a","b"]}`, []string{"c", "d"}, true},
		{`"ForAllValues:StringNotEquals":{"k":["a","b"]}`, []string{"c", "a"}, false},
		{`"ForAnyValue:StringEquals":{"k":["a","b"]}`, []string{"c", "a"}, true},
		{`"ForAnyValue:StringEquals":{"k":["a","b"]}`, []string{"c"}, false},
		{`"ForAnyValue:StringEquals":{"k":"a"}`, nil, false},
		{`"ForAnyValue:StringLike":{"k":"authenticated"}`, []string{"authenticated", "cognito-idp"}, true},
		{`"ForAnyValue:StringNotEquals":{"k":"a"}`, []string{"a", "b"}, true},
		{`"ForAnyValue:StringNotEquals":{"k":"a"}`, nil, false},
		{`"ForAnyValue:StringLikeIfExists":{"k":"a"}`, nil, true},
		{`"StringEquals":{"k":"a"}`, []string{"b", "a"}, true},
		{`"StringNotEquals":{"k":"a"}`, []string{"b", "a"}, false},
	} {
		expectCondition(t, tt.condition, tt.found, tt.holds, setPage)
	}
}

func expectCondition(t *testing.T, condition string, found []string, holds bool, source string) {
	t.Helper()
	r := get(object)
	if found != nil {
		r.Context = context(map[string][]string{"k": found, "who": {"Ana"}})
	}
	got := outcome(t, r, identity(t, allow(`,"Condition":{`+condition+`}`)))
	if (got == policy.Allowed) != holds {
		t.Errorf("%s with %q: %s (source: %s)", condition, found, got, source)
	}
}

func TestExplicitDenyWinsInEveryLayer(t *testing.T) {
	allowAll := document(t, policy.IdentityPolicy, allow(""))
	denyAll := document(t, policy.IdentityPolicy, `{"Sid":"No","Effect":"Deny","Action":"*","Resource":"*"}`, allow(""))
	denyResource := document(t, policy.ResourcePolicy, `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`)
	for name, tt := range map[string]struct {
		policies policy.Policies
		layer    policy.Layer
	}{
		"identity": {policy.Policies{Identity: []policy.Policy{{Document: allowAll}, {Document: denyAll}}}, policy.LayerIdentity},
		"resource": {policy.Policies{Identity: []policy.Policy{{Document: allowAll}}, Resource: policy.Policy{Document: denyResource}}, policy.LayerResource},
		"boundary": {policy.Policies{Identity: []policy.Policy{{Document: allowAll}}, Boundary: policy.Policy{Document: denyAll}}, policy.LayerBoundary},
		"session":  {policy.Policies{Identity: []policy.Policy{{Document: allowAll}}, Session: []policy.Policy{{Document: denyAll}}}, policy.LayerSession},
	} {
		t.Run(name, func(t *testing.T) {
			d := policy.Evaluate(get(object), tt.policies)
			if d.Outcome != policy.ExplicitDeny || d.Layer != tt.layer {
				t.Errorf("%+v (source: %s)", d, logic)
			}
		})
	}
}

func TestLayersOfOneAccount(t *testing.T) {
	yes := document(t, policy.IdentityPolicy, allow(""))
	no := document(t, policy.IdentityPolicy, `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`)
	type layers struct{ identity, boundary, session *policy.Document }
	for name, tt := range map[string]struct {
		principal policy.Principal
		layers    layers
		resource  string // the Principal element of an Allow, "" for no resource policy
		outcome   policy.Outcome
		layer     policy.Layer
		source    string
	}{
		"identity policy":                     {ana(), layers{identity: yes}, "", policy.Allowed, policy.LayerIdentity, logic},
		"nothing":                             {ana(), layers{}, "", policy.ImplicitDeny, policy.LayerIdentity, logic},
		"boundary grants nothing":             {ana(), layers{boundary: yes}, "", policy.ImplicitDeny, policy.LayerIdentity, logic},
		"boundary limits":                     {ana(), layers{identity: yes, boundary: no}, "", policy.ImplicitDeny, policy.LayerBoundary, logic},
		"boundary and identity":               {ana(), layers{identity: yes, boundary: yes}, "", policy.Allowed, policy.LayerIdentity, logic},
		"session policy limits":               {session(), layers{identity: yes, session: no}, "", policy.ImplicitDeny, policy.LayerSession, logic},
		"session policy grants nothing":       {session(), layers{session: yes}, "", policy.ImplicitDeny, policy.LayerIdentity, logic},
		"session policy and identity":         {session(), layers{identity: yes, session: yes}, "", policy.Allowed, policy.LayerIdentity, logic},
		"user named":                          {ana(), layers{boundary: no}, `{"AWS":"arn:aws:iam::123456789012:user/ana"}`, policy.Allowed, policy.LayerResource, logic},
		"another user named":                  {ana(), layers{}, `{"AWS":"arn:aws:iam::123456789012:user/bob"}`, policy.ImplicitDeny, policy.LayerIdentity, logic},
		"everyone":                            {ana(), layers{boundary: no}, `"*"`, policy.Allowed, policy.LayerResource, principals},
		"everyone by kind":                    {session(), layers{session: no}, `{"AWS":"*"}`, policy.Allowed, policy.LayerResource, principals},
		"account delegates":                   {ana(), layers{}, `{"AWS":"123456789012"}`, policy.ImplicitDeny, policy.LayerIdentity, principals},
		"account as root delegates":           {ana(), layers{identity: yes}, `{"AWS":"arn:aws:iam::123456789012:root"}`, policy.Allowed, policy.LayerIdentity, principals},
		"role named needs no identity Allow":  {session(), layers{}, `{"AWS":"arn:aws:iam::123456789012:role/Reader"}`, policy.Allowed, policy.LayerResource, logic},
		"role named, boundary still limits":   {session(), layers{boundary: no}, `{"AWS":"arn:aws:iam::123456789012:role/Reader"}`, policy.ImplicitDeny, policy.LayerBoundary, logic},
		"role named, session still limits":    {session(), layers{session: no}, `{"AWS":"arn:aws:iam::123456789012:role/Reader"}`, policy.ImplicitDeny, policy.LayerSession, logic},
		"session named, nothing limits":       {session(), layers{boundary: no, session: no}, `{"AWS":"arn:aws:sts::123456789012:assumed-role/Reader/s1"}`, policy.Allowed, policy.LayerResource, logic},
		"role by id is another principal":     {session(), layers{}, `{"AWS":"AROAEXAMPLE"}`, policy.ImplicitDeny, policy.LayerIdentity, principals},
		"canonical user is not an IAM user":   {ana(), layers{}, `{"CanonicalUser":"79a59d"}`, policy.ImplicitDeny, policy.LayerIdentity, principals},
		"service named is not a user":         {ana(), layers{}, `{"Service":"s3.amazonaws.com"}`, policy.ImplicitDeny, policy.LayerIdentity, principals},
		"closest naming counts":               {session(), layers{boundary: no}, `{"AWS":["123456789012","arn:aws:iam::123456789012:role/Reader","arn:aws:sts::123456789012:assumed-role/Reader/s1"]}`, policy.Allowed, policy.LayerResource, logic},
		"federated user without session":      {policy.Principal{Kind: policy.FederatedUser, ARN: "arn:aws:sts::123456789012:federated-user/f", Origin: ana().ARN, Account: account}, layers{identity: yes}, "", policy.ImplicitDeny, policy.LayerSession, logic},
		"federated user named":                {policy.Principal{Kind: policy.FederatedUser, ARN: "arn:aws:sts::123456789012:federated-user/f", Origin: ana().ARN, Account: account}, layers{}, `{"AWS":"arn:aws:sts::123456789012:federated-user/f"}`, policy.Allowed, policy.LayerResource, logic},
		"user who federated named":            {policy.Principal{Kind: policy.FederatedUser, ARN: "arn:aws:sts::123456789012:federated-user/f", Origin: ana().ARN, Account: account}, layers{session: no}, `{"AWS":"arn:aws:iam::123456789012:user/ana"}`, policy.ImplicitDeny, policy.LayerSession, logic},
		"root user":                           {policy.Principal{Kind: policy.Root, ARN: "arn:aws:iam::123456789012:root", Account: account}, layers{}, "", policy.Allowed, policy.LayerIdentity, logic},
		"anonymous":                           {policy.Principal{Kind: policy.Anonymous}, layers{}, "", policy.ImplicitDeny, policy.LayerResource, principals},
		"anonymous, everyone":                 {policy.Principal{Kind: policy.Anonymous}, layers{}, `"*"`, policy.Allowed, policy.LayerResource, principals},
		"anonymous, account":                  {policy.Principal{Kind: policy.Anonymous}, layers{identity: yes}, `{"AWS":"123456789012"}`, policy.ImplicitDeny, policy.LayerResource, principals},
		"service named":                       {policy.Principal{Kind: policy.Service, Name: "apigateway.amazonaws.com"}, layers{}, `{"Service":"apigateway.amazonaws.com"}`, policy.Allowed, policy.LayerResource, principals},
		"service without resource policy":     {policy.Principal{Kind: policy.Service, Name: "apigateway.amazonaws.com"}, layers{identity: yes}, "", policy.ImplicitDeny, policy.LayerResource, principals},
		"another service named":               {policy.Principal{Kind: policy.Service, Name: "apigateway.amazonaws.com"}, layers{}, `{"Service":"sns.amazonaws.com"}`, policy.ImplicitDeny, policy.LayerResource, principals},
		"web identity named":                  {policy.Principal{Kind: policy.WebIdentity, Name: "cognito-identity.amazonaws.com"}, layers{}, `{"Federated":"cognito-identity.amazonaws.com"}`, policy.Allowed, policy.LayerResource, principals},
		"web identity of another provider":    {policy.Principal{Kind: policy.WebIdentity, Name: "accounts.google.com"}, layers{}, `{"Federated":"cognito-identity.amazonaws.com"}`, policy.ImplicitDeny, policy.LayerResource, principals},
		"root of another account with suffix": {ana(), layers{}, `{"AWS":"arn:aws:iam::210987654321:root"}`, policy.ImplicitDeny, policy.LayerIdentity, principals},
	} {
		t.Run(name, func(t *testing.T) {
			p := policy.Policies{Boundary: policy.Policy{Document: tt.layers.boundary}}
			if tt.layers.identity != nil {
				p.Identity = []policy.Policy{{Document: tt.layers.identity}}
			}
			if tt.layers.session != nil {
				p.Session = []policy.Policy{{Document: tt.layers.session}}
			}
			if tt.resource != "" {
				p.Resource.Document = document(t, policy.ResourcePolicy, `{"Effect":"Allow","Principal":`+tt.resource+`,"Action":"s3:GetObject","Resource":"*"}`)
			}
			r := get(object)
			r.Principal = tt.principal
			d := policy.Evaluate(r, p)
			if d.Outcome != tt.outcome || d.Layer != tt.layer {
				t.Errorf("%s by %s, want %s by %s (source: %s)", d.Outcome, d.Layer, tt.outcome, tt.layer, tt.source)
			}
			if x := policy.Explain(r, p); x.Decision != d {
				t.Errorf("Explain decides %+v", x.Decision)
			}
		})
	}
}

func TestOtherAccountNeedsBothSides(t *testing.T) {
	yes := identity(t, allow(""))
	for name, tt := range map[string]struct {
		policies policy.Policies
		resource string
		outcome  policy.Outcome
		layer    policy.Layer
	}{
		"neither":                {policy.Policies{}, "", policy.ImplicitDeny, policy.LayerIdentity},
		"identity only":          {yes, "", policy.ImplicitDeny, policy.LayerResource},
		"resource only":          {policy.Policies{}, `{"AWS":"arn:aws:iam::123456789012:user/ana"}`, policy.ImplicitDeny, policy.LayerIdentity},
		"everyone is not enough": {policy.Policies{}, `"*"`, policy.ImplicitDeny, policy.LayerIdentity},
		"both":                   {yes, `{"AWS":"arn:aws:iam::123456789012:user/ana"}`, policy.Allowed, policy.LayerIdentity},
		"both, by account":       {yes, `{"AWS":"123456789012"}`, policy.Allowed, policy.LayerIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			p := tt.policies
			if tt.resource != "" {
				p.Resource.Document = document(t, policy.ResourcePolicy, `{"Effect":"Allow","Principal":`+tt.resource+`,"Action":"s3:GetObject","Resource":"*"}`)
			}
			for _, r := range []policy.Request{
				{Principal: ana(), Action: "s3:GetObject", Resource: object, ResourceAccount: other},
				{Principal: ana(), Action: "s3:GetObject", Resource: "arn:aws:s3:us-east-1:" + other + ":accesspoint/p"},
			} {
				if d := policy.Evaluate(r, p); d.Outcome != tt.outcome || d.Layer != tt.layer {
					t.Errorf("%s by %s, want %s by %s (source: %s)", d.Outcome, d.Layer, tt.outcome, tt.layer, crossLogic)
				}
			}
		})
	}
}

func TestTrustPolicyMustAllowByItself(t *testing.T) {
	const role = "arn:aws:iam::123456789012:role/Admin"
	mayAssume := identity(t, `{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`)
	for name, tt := range map[string]struct {
		policies  policy.Policies
		principal string
		outcome   policy.Outcome
		layer     policy.Layer
	}{
		"trusts the user":                     {policy.Policies{}, `{"AWS":"arn:aws:iam::123456789012:user/ana"}`, policy.Allowed, policy.LayerTrust},
		"trusts the account, identity allows": {mayAssume, `{"AWS":"123456789012"}`, policy.Allowed, policy.LayerIdentity},
		"trusts the account only":             {policy.Policies{}, `{"AWS":"123456789012"}`, policy.ImplicitDeny, policy.LayerIdentity},
		"trusts somebody else":                {mayAssume, `{"Service":"lambda.amazonaws.com"}`, policy.ImplicitDeny, policy.LayerTrust},
	} {
		t.Run(name, func(t *testing.T) {
			p := tt.policies
			p.Resource.Document = document(t, policy.TrustPolicy, `{"Effect":"Allow","Principal":`+tt.principal+`,"Action":"sts:AssumeRole"}`)
			d := policy.Evaluate(policy.Request{Principal: ana(), Action: "sts:AssumeRole", Resource: role}, p)
			if d.Outcome != tt.outcome || d.Layer != tt.layer {
				t.Errorf("%s by %s, want %s by %s", d.Outcome, d.Layer, tt.outcome, tt.layer)
			}
		})
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func TestNotPrincipalDeniesAllOthersAndEveryoneWithABoundary(t *testing.T) {
	p := identity(t, allow(""))
	p.Resource.Document = document(t, policy.ResourcePolicy, `{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:user/ana"},"Action":"*","Resource":"*"}`)
	if got := outcome(t, get(object), p); got != policy.Allowed {
		t.Errorf("the named user: %s", got)
	}
	r := get(object)
	r.Principal.ARN = "arn:aws:iam::123456789012:user/bob"
	if got := outcome(t, r, p); got != policy.ExplicitDeny {
		t.Errorf("another user: %s", got)
	}
	p.Boundary.Document = document(t, policy.IdentityPolicy, allow(""))
	if got := outcome(t, get(object), p); got != policy.ExplicitDeny {
		t.Errorf("the named user with a boundary: %s", got)
	}
}

func TestDecidingStatementIsNamed(t *testing.T) {
	p := identity(t, `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, `{"Sid":"Read","Effect":"Allow","Action":"s3:Get*","Resource":"*"}`)
	want := policy.Decision{Outcome: policy.Allowed, Layer: policy.LayerIdentity,
		Statement: policy.Statement{Layer: policy.LayerIdentity, Policy: "p", Index: 1, Sid: "Read"}}
	if diff := cmp.Diff(want, policy.Evaluate(get(object), p)); diff != "" {
		t.Error(diff)
	}
}

func TestExplanationShowsFilledInVariablesAndTheElementMissed(t *testing.T) {
	p := identity(t,
		`{"Sid":"Own","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::photos/${cognito-identity.amazonaws.com:sub}/*"}`,
		`{"Sid":"Team","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::photos/${aws:PrincipalTag/team}/?"}`,
		`{"Sid":"Bucket","Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::x","Condition":{"Null":{"a":"true"},"StringLike":{"s3:prefix":"p*"}}}`,
		`{"Sid":"Else","Effect":"Allow","NotAction":"s3:*","Resource":"*"}`)
	r := get("arn:aws:s3:::photos/us-east-1:2222/cat.jpg")
	r.Context = context(map[string][]string{"cognito-identity.amazonaws.com:sub": {"us-east-1:1111"}})
	got := policy.Explain(r, p).Layers
	var lines []string
	for _, reason := range got[len(got)-1].Reasons {
		last := reason.Elements[len(reason.Elements)-1]
		lines = append(lines, strings.Join([]string{reason.Statement.Sid, string(reason.Missed), last.Wanted, last.Found}, " | "))
	}
	want := []string{
		"Own | Resource | Resource arn:aws:s3:::photos/us-east-1:1111/* | arn:aws:s3:::photos/us-east-1:2222/cat.jpg",
		"Team | Resource | Resource arn:aws:s3:::photos/${aws:PrincipalTag/team}/? (the request has no aws:PrincipalTag/team) | arn:aws:s3:::photos/us-east-1:2222/cat.jpg",
		"Bucket | Condition | StringLike s3:prefix p* | no such key in the request",
		"Else | Action | NotAction s3:* | s3:GetObject",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

func TestKeysThatDifferOnlyInCaseAreOne(t *testing.T) {
	r := get(object)
	r.Context = context(map[string][]string{"K": {"first"}, "k": {"second"}})
	if got := outcome(t, r, identity(t, allow(`,"Condition":{"StringEquals":{"k":"first"}}`))); got != policy.Allowed {
		t.Error(got)
	}
}

// The values of a request cannot smuggle in wildcards as bytes that are no UTF-8.
func TestInvalidUTF8IsNoWildcard(t *testing.T) {
	r := get(object)
	r.Context = context(map[string][]string{"k": {"\xff"}})
	if got := outcome(t, r, identity(t, `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::photos/${k}"}`)); got != policy.ImplicitDeny {
		t.Error(got)
	}
	d, err := policy.Parse(map[string]any{"Statement": map[string]any{"Effect": "Allow", "Action": "s3:\xff", "Resource": "*"}}, policy.IdentityPolicy)
	if err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, get(object), policy.Policies{Identity: []policy.Policy{{Document: d}}}); got != policy.ImplicitDeny {
		t.Error(got)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	p := identity(b,
		`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::photos/${cognito-identity.amazonaws.com:sub}/*"}`,
		`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::photos","Condition":{"StringLike":{"s3:prefix":"${cognito-identity.amazonaws.com:sub}/*"}}}`,
		`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`)
	r := get(object)
	r.Principal = session()
	r.Context = context(map[string][]string{"cognito-identity.amazonaws.com:sub": {"us-east-1:1111"}, "aws:SecureTransport": {"true"}})
	b.ReportAllocs()
	for b.Loop() {
		if policy.Evaluate(r, p).Outcome != policy.Allowed {
			b.Fatal("denied")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "evaluations/s")
}
