package sts_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/sts"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

// tags are pairs of key and value as the operation takes them.
func tags(pairs ...string) []any {
	var list []any
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, map[string]any{"Key": pairs[i], "Value": pairs[i+1]})
	}
	return list
}

// marked is a session with a source identity and an inherited tag.
func marked() api.Principal {
	return api.Principal{
		Type: api.AssumedRole, ARN: "arn:aws:sts::123456789012:assumed-role/Other/s", TransitiveTags: []string{"stage"},
		Keys: map[string][]string{"aws:SourceIdentity": {"ana"}, "aws:PrincipalTag/stage": {"prod"}, "aws:PrincipalTag/team": {"red"}},
	}
}

// build are the claims of a build server's token, with changes.
func build(changes map[string]any) map[string]any {
	claims := map[string]any{"iss": buildIssuer, "aud": "sts.amazonaws.com", "sub": "repo:acme/app", "amr": nil}
	for name, value := range changes {
		claims[name] = value
	}
	return claims
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func TestSessionGetsTagsAndInheritsTransitiveOnes(t *testing.T) {
	for name, tt := range map[string]struct {
		caller     api.Principal
		input      map[string]any
		tags       map[string]string
		transitive []string
		source     []string
	}{
		"tags":              {lambda(), map[string]any{"Tags": tags("team", "blue"), "TransitiveTagKeys": []any{"Team"}}, map[string]string{"team": "blue"}, []string{"Team"}, nil},
		"no tags":           {lambda(), nil, nil, nil, nil},
		"source identity":   {lambda(), map[string]any{"SourceIdentity": "ana"}, nil, nil, []string{"ana"}},
		"inherited":         {marked(), nil, map[string]string{"stage": "prod"}, []string{"stage"}, []string{"ana"}},
		"inherited and own": {marked(), map[string]any{"Tags": tags("team", "blue"), "SourceIdentity": "ana"}, map[string]string{"stage": "prod", "team": "blue"}, []string{"stage"}, []string{"ana"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			if _, _, err := f.run(tt.caller, "AssumeRole", assume(tt.input)); err != nil {
				t.Fatal(err)
			}
			got := f.directory.issued[0]
			if diff := cmp.Diff([]any{tt.tags, tt.transitive, tt.source}, []any{got.Tags, got.TransitiveTags, got.Keys["aws:SourceIdentity"]}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
// https://github.com/mahitotsu/gekko_08/blob/main/experiments/multi-hop-propagation/RESULTS.md
func TestLabelsOfSessionsAreRefused(t *testing.T) {
	var many []string
	for i := range 51 {
		many = append(many, "k"+strconv.Itoa(i), "v")
	}
	for name, tt := range map[string]struct {
		input     map[string]any
		forbidden string
		rule      trace.RuleID
		refusal   *awserr.Error
	}{
		"one key twice":            {map[string]any{"Tags": tags("team", "blue", "Team", "red")}, "", sts.RuleTags, awserr.New("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")},
		"an inherited key":         {map[string]any{"Tags": tags("Stage", "test")}, "", sts.RuleTags, awserr.New("InvalidParameterValue", "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")},
		"transitive without a tag": {map[string]any{"TransitiveTagKeys": []any{"team"}}, "", sts.RuleTags, awserr.New("InvalidParameterValue", "The specified transitive tag key must be included in the requested tags.")},
		"too many":                 {map[string]any{"Tags": tags(many...)}, "", sts.RuleTags, awserr.New("ValidationError", "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50")},
		"another source identity":  {map[string]any{"SourceIdentity": "bob"}, "", sts.RuleSourceIdentity, awserr.WithStatus(403, "AccessDenied", "The source identity is already set for this assume role session")},
		"a key too long":           {map[string]any{"Tags": tags("a", "b", strings.Repeat("k", 129), "v")}, "", sts.RuleTags, awserr.New("ValidationError", "1 validation error detected: Value '%s' at 'tags.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 128", strings.Repeat("k", 129))},
		"a value too long":         {map[string]any{"Tags": tags("k", strings.Repeat("v", 257))}, "", sts.RuleTags, awserr.New("ValidationError", "1 validation error detected: Value '%s' at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256", strings.Repeat("v", 257))},
		"tagging not allowed":      {map[string]any{"Tags": tags("team", "blue")}, "sts:TagSession", "", awserr.WithStatus(403, "AccessDenied", "no sts:TagSession")},
		"source not allowed":       {map[string]any{"SourceIdentity": "ana"}, "sts:SetSourceIdentity", "", awserr.WithStatus(403, "AccessDenied", "no sts:SetSourceIdentity")},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			f.directory.forbidden = tt.forbidden
			_, exchange, err := f.run(marked(), "AssumeRole", assume(tt.input))
			if diff := cmp.Diff(error(tt.refusal), err); diff != "" {
				t.Error(diff)
			}
			if got := tracetest.Decider(f.recorder.Trace(), exchange); got != tt.rule {
				t.Errorf("decided by %q, want %q", got, tt.rule)
			}
		})
	}
}

// filled are tags that take that many bytes packed, three of them for each tag.
func filled(bytes int) []any {
	return tags("first", strings.Repeat("a", 200-5-3), "second", strings.Repeat("b", bytes-200-6-3))
}

// nine are nine tags T1 to T9 of 250 characters each.
func nine() []any {
	var pairs []string
	for i := range 9 {
		pairs = append(pairs, "T"+strconv.Itoa(i+1), strings.Repeat("a", 250))
	}
	return tags(pairs...)
}

// Sources: https://github.com/aws-actions/configure-aws-credentials/issues/1898 for the nine tags,
// https://docs.aws.amazon.com/cognito/latest/developerguide/using-afac-with-cognito-identity-pools.html for 460 bytes
func TestTagsTogetherHaveLittleSpace(t *testing.T) {
	inherited := marked()
	inherited.Keys["aws:PrincipalTag/stage"] = []string{strings.Repeat("p", 200)}
	for name, tt := range map[string]struct {
		caller  api.Principal
		tags    []any
		percent int
	}{
		"all of it":                 {lambda(), filled(460), 100},
		"more than all":             {lambda(), filled(465), 101},
		"nine tags":                 {lambda(), nine(), 498},
		"inherited ones take space": {inherited, filled(300), 110},
	} {
		f := setUp(t)
		out, _, err := f.run(tt.caller, "AssumeRole", assume(map[string]any{"Tags": tt.tags}))
		if tt.percent <= 100 {
			if err != nil || out["PackedPolicySize"] != float64(tt.percent) {
				t.Errorf("%s: %v, %v", name, out["PackedPolicySize"], err)
			}
			continue
		}
		want := awserr.New("PackedPolicyTooLarge", "Packed size of session tags consumes %d%% of allotted space.", tt.percent)
		if diff := cmp.Diff(error(want), err); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func TestSessionPoliciesHaveLimits(t *testing.T) {
	eleven := make([]any, 11)
	for i := range eleven {
		eleven[i] = map[string]any{"arn": "arn:aws:iam::123456789012:policy/p"}
	}
	long := strings.Repeat("x", 2049)
	for name, tt := range map[string]struct {
		input   map[string]any
		message string
	}{
		"a long policy":   {map[string]any{"Policy": long}, "Value '" + long + "' at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048"},
		"eleven policies": {map[string]any{"PolicyArns": eleven}, "Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10"},
	} {
		f := setUp(t)
		federated := map[string]any{"Name": "fay"}
		for member, value := range tt.input {
			federated[member] = value
		}
		_, _, byUser := f.run(ana(), "GetFederationToken", federated)
		_, _, byRole := f.run(lambda(), "AssumeRole", assume(tt.input))
		_, _, byToken := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), nil), tt.input))
		_, _, byAssertion := f.federate(vouched(), tt.input)
		want := awserr.New("ValidationError", "%s", "1 validation error detected: "+tt.message)
		for operation, err := range map[string]error{"AssumeRole": byRole, "AssumeRoleWithWebIdentity": byToken, "AssumeRoleWithSAML": byAssertion, "GetFederationToken": byUser} {
			if diff := cmp.Diff(error(want), err); diff != "" {
				t.Errorf("%s, %s: %s", name, operation, diff)
			}
		}
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
func TestATokenMaySetTheSourceIdentity(t *testing.T) {
	f := setUp(t)
	token := f.token(key(0), map[string]any{"https://aws.amazon.com/source_identity": "ana"})
	out, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(token, nil))
	if err != nil || out["SourceIdentity"] != "ana" || !cmp.Equal([]string{"ana"}, f.directory.issued[0].Keys["aws:SourceIdentity"]) {
		t.Errorf("%v, %v", out["SourceIdentity"], err)
	}
	f.directory.forbidden = "sts:SetSourceIdentity"
	_, _, err = f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(token, nil))
	if diff := cmp.Diff(error(awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:SetSourceIdentity")), err); diff != "" {
		t.Error(diff)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func TestTaggingIsAskedOfTheTrustPolicy(t *testing.T) {
	f := setUp(t)
	if _, _, err := f.run(lambda(), "AssumeRole", assume(map[string]any{"Tags": tags("team", "blue"), "TransitiveTagKeys": []any{"team"}, "SourceIdentity": "ana"})); err != nil {
		t.Fatal(err)
	}
	want := api.Authorization{
		Principal: lambda(), Action: "sts:TagSession", Resource: reader, ResourcePolicy: "the trust policy",
		Keys: map[string][]string{"aws:RequestTag/team": {"blue"}, "aws:TagKeys": {"team"}, "sts:TransitiveTagKeys": {"team"}, "sts:SourceIdentity": {"ana"}, "sts:RoleSessionName": {"list"}},
	}
	if diff := cmp.Diff(want, f.directory.asked[0]); diff != "" {
		t.Error(diff)
	}
	if got := f.directory.asked[1].Action; got != "sts:SetSourceIdentity" {
		t.Errorf("then %s is asked", got)
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func TestTagsInAWebIdentityTokenTagTheSession(t *testing.T) {
	f := setUp(t)
	claim := map[string]any{"https://aws.amazon.com/tags": map[string]any{
		"principal_tags": map[string]any{"team": []any{"blue"}, "plan": []any{"free"}, "none": []any{}}, "transitive_tag_keys": []any{"team"},
	}}
	if _, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), claim), nil)); err != nil {
		t.Fatal(err)
	}
	got := f.directory.issued[0]
	if diff := cmp.Diff(map[string]string{"team": "blue", "plan": "free"}, got.Tags); diff != "" || !cmp.Equal([]string{"team"}, got.TransitiveTags) {
		t.Error(diff, got.TransitiveTags)
	}
	f.directory.forbidden = "sts:TagSession"
	_, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), claim), nil))
	if diff := cmp.Diff(error(awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:TagSession")), err); diff != "" {
		t.Error(diff)
	}
	twice := map[string]any{"https://aws.amazon.com/tags": map[string]any{"principal_tags": map[string]any{"a": []any{"1"}, "A": []any{"2"}}}}
	if _, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), twice), nil)); err == nil {
		t.Error("tags that differ in case only pass")
	}
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func TestTokenOfTheAccountsOIDCProviderGetsCredentials(t *testing.T) {
	f := setUp(t)
	out, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), build(nil)), map[string]any{"RoleSessionName": "build"}))
	if err != nil {
		t.Fatal(err)
	}
	if out["Provider"] != buildIssuer || out["Audience"] != "sts.amazonaws.com" || out["SubjectFromWebIdentityToken"] != "repo:acme/app" {
		t.Errorf("answer %v", out)
	}
	want := api.SessionRequest{RoleARN: reader, Name: "build", Duration: time.Hour, Keys: map[string][]string{
		"build.example.com/acme:aud": {"sts.amazonaws.com"}, "build.example.com/acme:sub": {"repo:acme/app"}, "aws:FederatedProvider": {buildProvider},
	}}
	if diff := cmp.Diff(want, f.directory.issued[0]); diff != "" {
		t.Error(diff)
	}
	if got := f.doors.sent[1].URL; got != "https://build.example.com/keys" {
		t.Errorf("keys are fetched from %s", got)
	}
}

// Sources: https://github.com/awslabs/amazon-eks-irsa-cfn/pull/18, https://github.com/aws/aws-sdk-js-v3/issues/3052
func TestTokenOfAnOIDCProviderIsRefused(t *testing.T) {
	const noKey = "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"
	for name, tt := range map[string]struct {
		claims    map[string]any
		discovery string
		rule      trace.RuleID
		refusal   *awserr.Error
	}{
		"another audience":      {build(map[string]any{"aud": "other"}), `{"jwks_uri": "https://build.example.com/keys"}`, sts.RuleTokenAudience, awserr.New("InvalidIdentityToken", "Incorrect token audience")},
		"no discovery document": {build(nil), "not found", sts.RuleTokenSignature, awserr.New("InvalidIdentityToken", noKey)},
		"another repository":    {build(map[string]any{"sub": "repo:evil/app"}), `{"jwks_uri": "https://build.example.com/keys"}`, "", awserr.WithStatus(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t)
			f.doors.discovery = tt.discovery
			_, exchange, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), tt.claims), nil))
			if diff := cmp.Diff(error(tt.refusal), err); diff != "" {
				t.Error(diff)
			}
			if got := tracetest.Decider(f.recorder.Trace(), exchange); got != tt.rule {
				t.Errorf("decided by %q, want %q", got, tt.rule)
			}
		})
	}
	f := setUp(t)
	f.doors.err = errors.New("no such host")
	if _, _, err := f.run(api.Principal{}, "AssumeRoleWithWebIdentity", f.webIdentity(f.token(key(0), build(nil)), nil)); !errors.Is(err, f.doors.err) {
		t.Errorf("a document that cannot be fetched: %v", err)
	}
}
