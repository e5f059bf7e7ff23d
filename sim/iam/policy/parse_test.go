package policy_test

import (
	"errors"
	"math/rand"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimcheck/sim/iam/policy"
)

// Sources of the wordings: https://github.com/getmoto/moto/blob/master/moto/iam/policy_validation.py,
// https://github.com/hashicorp/terraform/issues/13449, https://github.com/localstack/localstack/issues/6644,
// https://github.com/aws/aws-cdk/pull/5746, https://github.com/aws-actions/configure-aws-credentials/issues/332
func TestFaultsOfDocuments(t *testing.T) {
	const (
		syntax = "Syntax errors in policy."
		legacy = "The policy failed legacy parsing"
		orgs   = "The provided policy document does not meet the requirements of the specified policy type."
	)
	statement := func(more string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + more + `}]}`
	}
	const ok = `"Action":"s3:GetObject","Resource":"*"`
	for name, tt := range map[string]struct {
		kind            policy.Kind
		text, path, aws string
	}{
		"not an object":                   {policy.IdentityPolicy, `[]`, "", syntax},
		"unknown element":                 {policy.IdentityPolicy, `{"Version":"2012-10-17","Statements":[],"Statement":[]}`, "Statements", syntax},
		"unknown version":                 {policy.IdentityPolicy, `{"Version":"2012-10-18","Statement":[]}`, "Version", syntax},
		"version is a number":             {policy.IdentityPolicy, `{"Version":2012,"Statement":[]}`, "Version", syntax},
		"managed without version":         {policy.ManagedPolicy, `{"Statement":[]}`, "Version", "Policy document must be version 2012-10-17 or greater."},
		"managed, old version":            {policy.ManagedPolicy, `{"Version":"2008-10-17","Statement":[]}`, "Version", "Policy document must be version 2012-10-17 or greater."},
		"id in identity policy":           {policy.IdentityPolicy, `{"Id":"x","Statement":[]}`, "Id", syntax},
		"id is a number":                  {policy.ResourcePolicy, `{"Id":1,"Statement":[]}`, "Id", syntax},
		"no statement":                    {policy.IdentityPolicy, `{"Version":"2012-10-17"}`, "Statement", syntax},
		"statement is text":               {policy.IdentityPolicy, `{"Statement":"x"}`, "Statement", syntax},
		"statement item is text":          {policy.IdentityPolicy, `{"Statement":["x"]}`, "Statement[0]", syntax},
		"unknown in statement":            {policy.IdentityPolicy, statement(ok + `,"Actions":"x"`), "Statement[0].Actions", syntax},
		"effect missing":                  {policy.IdentityPolicy, `{"Statement":{` + ok + `}}`, "Statement[0].Effect", syntax},
		"effect is a boolean":             {policy.IdentityPolicy, `{"Statement":{"Effect":true,` + ok + `}}`, "Statement[0].Effect", syntax},
		"effect in lower case":            {policy.IdentityPolicy, `{"Statement":{"Effect":"allow",` + ok + `}}`, "Statement[0].Effect", legacy},
		"sid is a number":                 {policy.IdentityPolicy, statement(ok + `,"Sid":1`), "Statement[0].Sid", syntax},
		"sid with a space":                {policy.IdentityPolicy, statement(ok + `,"Sid":"a b"`), "Statement[0].Sid", "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"},
		"sid twice":                       {policy.IdentityPolicy, `{"Statement":[{"Sid":"a","Effect":"Allow",` + ok + `},{"Sid":"a","Effect":"Allow",` + ok + `}]}`, "Statement[1].Sid", "Statement IDs (SID) in a single policy must be unique."},
		"no action":                       {policy.IdentityPolicy, statement(`"Resource":"*"`), "Statement[0]", "Policy statement must contain actions."},
		"empty actions":                   {policy.IdentityPolicy, statement(`"Action":[],"Resource":"*"`), "Statement[0].Action", "Policy statement must contain actions."},
		"both actions":                    {policy.IdentityPolicy, statement(ok + `,"NotAction":"x:y"`), "Statement[0]", syntax},
		"action without service":          {policy.IdentityPolicy, statement(`"Action":"GetObject","Resource":"*"`), "Statement[0]", "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		"action with two colons":          {policy.IdentityPolicy, statement(`"Action":"s3:Get:Object","Resource":"*"`), "Statement[0]", "Actions/Condition can contain only one colon."},
		"service with a space":            {policy.IdentityPolicy, statement(`"Action":"s 3:GetObject","Resource":"*"`), "Statement[0]", "Vendor s 3 is not valid"},
		"action is a number":              {policy.IdentityPolicy, statement(`"Action":["s3:A",1],"Resource":"*"`), "Statement[0].Action[1]", syntax},
		"no resource":                     {policy.IdentityPolicy, statement(`"Action":"s3:GetObject"`), "Statement[0]", "Policy statement must contain resources."},
		"empty resources":                 {policy.IdentityPolicy, statement(`"Action":"s3:GetObject","Resource":[]`), "Statement[0].Resource", "Policy statement must contain resources."},
		"both resources":                  {policy.IdentityPolicy, statement(ok + `,"NotResource":"*"`), "Statement[0]", syntax},
		"resource is a name":              {policy.IdentityPolicy, statement(`"Action":"s3:GetObject","Resource":"photos"`), "Statement[0]", `Resource photos must be in ARN format or "*".`},
		"resource of three parts":         {policy.IdentityPolicy, statement(`"Action":"s3:GetObject","Resource":"arn:aws:s3"`), "Statement[0]", `Resource arn:aws:s3 must be in ARN format or "*".`},
		"principal of identity":           {policy.IdentityPolicy, statement(ok + `,"Principal":"*"`), "Statement[0].Principal", "Policy document should not specify a principal."},
		"no principal":                    {policy.ResourcePolicy, statement(ok), "Statement[0]", "Missing required field Principal"},
		"both principals":                 {policy.ResourcePolicy, statement(ok + `,"Principal":"*","NotPrincipal":"*"`), "Statement[0]", syntax},
		"NotPrincipal with Allow":         {policy.ResourcePolicy, statement(ok + `,"NotPrincipal":{"AWS":"123456789012"}`), "Statement[0].NotPrincipal", syntax},
		"principal is text":               {policy.ResourcePolicy, statement(ok + `,"Principal":"ana"`), "Statement[0].Principal", syntax},
		"principal of no kind":            {policy.ResourcePolicy, statement(ok + `,"Principal":{"Aws":"*"}`), "Statement[0].Principal.Aws", syntax},
		"nobody":                          {policy.ResourcePolicy, statement(ok + `,"Principal":{"AWS":[]}`), "Statement[0].Principal.AWS", syntax},
		"nobody at all":                   {policy.ResourcePolicy, statement(ok + `,"Principal":{}`), "Statement[0].Principal", syntax},
		"principal is a group":            {policy.ResourcePolicy, statement(ok + `,"Principal":{"AWS":"arn:aws:iam::123456789012:group/g"}`), "Statement[0].Principal.AWS", `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:group/g"`},
		"principal is a bucket":           {policy.ResourcePolicy, statement(ok + `,"Principal":{"AWS":"arn:aws:s3:::b"}`), "Statement[0].Principal.AWS", `Invalid principal in policy: "AWS":"arn:aws:s3:::b"`},
		"principal is a name":             {policy.ResourcePolicy, statement(ok + `,"Principal":{"AWS":"ana"}`), "Statement[0].Principal.AWS", `Invalid principal in policy: "AWS":"ana"`},
		"wildcard in principal":           {policy.ResourcePolicy, statement(ok + `,"Principal":{"AWS":"arn:aws:iam::123456789012:user/*"}`), "Statement[0].Principal.AWS", `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/*"`},
		"every service":                   {policy.ResourcePolicy, statement(ok + `,"Principal":{"Service":"*"}`), "Statement[0].Principal.Service", `Invalid principal in policy: "Service":"*"`},
		"resource in trust":               {policy.TrustPolicy, statement(`"Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Resource":"*"`), "Statement[0].Resource", "Has prohibited field Resource."},
		"action of trust":                 {policy.TrustPolicy, statement(`"Principal":{"AWS":"*"},"Action":"s3:GetObject"`), "Statement[0]", "AssumeRole policy may only specify STS AssumeRole actions."},
		"bare star in trust":              {policy.TrustPolicy, statement(`"Principal":"*","Action":"sts:AssumeRole"`), "Statement[0].Principal", `AssumeRolepolicy contained an invalid principal: "STAR":"*".`},
		"NotPrincipal in trust":           {policy.TrustPolicy, `{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}}`, "Statement[0].NotPrincipal", syntax},
		"old version for an organization": {policy.ServiceControlPolicy, `{"Statement":[]}`, "Version", orgs},
		"principal of an SCP":             {policy.ServiceControlPolicy, statement(ok + `,"Principal":"*"`), "Statement[0].Principal", "Policy document should not specify a principal."},
		"principal of an RCP":             {policy.ResourceControlPolicy, statement(ok + `,"Principal":{"AWS":"123456789012"}`), "Statement[0].Principal", orgs},
		"no principal of an RCP":          {policy.ResourceControlPolicy, statement(ok), "Statement[0]", "Missing required field Principal"},
		"no principal of a key":           {policy.KeyPolicy, statement(ok), "Statement[0]", "Missing required field Principal"},
		"conditions are text":             {policy.IdentityPolicy, statement(ok + `,"Condition":"x"`), "Statement[0].Condition", syntax},
		"unknown operator":                {policy.IdentityPolicy, statement(ok + `,"Condition":{"StringIs":{"k":"a"}}`), "Statement[0].Condition.StringIs", syntax},
		"NullIfExists":                    {policy.IdentityPolicy, statement(ok + `,"Condition":{"NullIfExists":{"k":"a"}}`), "Statement[0].Condition.NullIfExists", syntax},
		"operator without keys":           {policy.IdentityPolicy, statement(ok + `,"Condition":{"StringLike":"a"}`), "Statement[0].Condition.StringLike", syntax},
		"value is an object":              {policy.IdentityPolicy, statement(ok + `,"Condition":{"StringLike":{"aws:x":{}}}`), "Statement[0].Condition.StringLike.aws:x", syntax},
		"value is no date":                {policy.IdentityPolicy, statement(ok + `,"Condition":{"DateLessThan":{"k":"soon"}}`), "Statement[0].Condition.DateLessThan.k", legacy},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := policy.ParseJSON([]byte(tt.text), tt.kind)
			var faults policy.Faults
			if !errors.As(err, &faults) || len(faults) != 1 {
				t.Fatalf("want one fault, got\n%v", err)
			}
			if faults[0].Path != tt.path || faults.AWS() != tt.aws || faults[0].Line == 0 {
				t.Errorf("fault %+v\nwant path %s, AWS %s", faults[0], tt.path, tt.aws)
			}
		})
	}
}

func TestDocumentsThatAreRight(t *testing.T) {
	for name, tt := range map[string]struct {
		kind policy.Kind
		text string
	}{
		"no statements":     {policy.IdentityPolicy, `{"Statement":[]}`},
		"one statement":     {policy.IdentityPolicy, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`},
		"empty Sid twice":   {policy.IdentityPolicy, `{"Statement":[{"Sid":"","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"","Effect":"Deny","NotAction":"s3:*","NotResource":"*"}]}`},
		"statement first":   {policy.ManagedPolicy, `{"Statement":[],"Version":"2012-10-17"}`},
		"Sid with a space":  {policy.ResourcePolicy, `{"Id":"x","Statement":{"Sid":"a b","Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`},
		"kinds of AWS":      {policy.ResourcePolicy, `{"Statement":{"Effect":"Allow","Principal":{"AWS":["*","123456789012","AIDAEXAMPLE","arn:aws:sts::123456789012:assumed-role/R/s"],"CanonicalUser":"79a"},"Action":"*","Resource":"*"}}`},
		"trust in services": {policy.TrustPolicy, `{"Statement":{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"],"Federated":"cognito-identity.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := policy.ParseJSON([]byte(tt.text), tt.kind); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPrincipalsAreListedByKind(t *testing.T) {
	d := document(t, policy.TrustPolicy,
		`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com","AWS":["123456789012","*"]},"Action":"sts:AssumeRole"}`)
	if diff := cmp.Diff([]string{"123456789012", "*"}, d.Principals("AWS")); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsHavePositions(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"all at once": {"{\n  \"Statement\": [\n    {\"Effect\": \"Allowed\",\n     \"Action\": 1, \"Resource\": \"*\"}]}",
			"3:6: Statement[0].Effect: the effect is Allow or Deny, found \"Allowed\"\n4:6: Statement[0].Action: text is wanted, found 1"},
		"statement alone":     {`{"Statement": {"Effect": "Allow", "Action": "s3:x", "Resource": "x"}}`, `1:2: Statement[0]: "x" is neither * nor an ARN of six parts`},
		"key twice":           {"{\"Statement\": [],\n \"é\": 1, \"Statement\": []}", "2:10: Statement: the key \"Statement\" stands twice\n2:2: é: there is no element é here: there are Version, Id, Statement"},
		"not JSON":            {`{"Statement": ]`, "1:15: invalid character ']' looking for beginning of value"},
		"comma at the end":    {`{"Statement": [],}`, "1:18: invalid character '}' looking for beginning of object key string"},
		"ends early":          {`{"Statement": [`, "1:16: the text ends before the document does"},
		"nothing":             {"", "1:1: the text ends before the document does"},
		"something follows":   {"{\"Statement\": []}\n[]", "2:2: something follows the document"},
		"deep":                {strings.Repeat("[", 50), "1:18: the document is nested too deeply"},
		"long number as text": {`{"Version": 123456789012345678901, "Statement": []}`, `1:2: Version: the version is "2012-10-17" or "2008-10-17", found "123456789012345678901"`},
		"null":                {`null`, "1:1: a policy is an object, found nothing"},
		"list of lists":       {`{"Statement": [[]]}`, "1:16: Statement[0]: a statement is an object, found a list"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := policy.ParseJSON([]byte(tt.text), policy.IdentityPolicy)
			if err == nil {
				t.Fatal("no fault")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSyntaxErrorGoesBeforeOtherFaults(t *testing.T) {
	faults := policy.Faults{{AWS: "The policy failed legacy parsing"}, {AWS: "Syntax errors in policy."}}
	if got := faults.AWS(); got != "Syntax errors in policy." {
		t.Error(got)
	}
	if got := (policy.Faults{}).AWS(); got != "" {
		t.Error(got)
	}
}

// statements are the material of the property test.
func statements() []string {
	var list []string
	for _, effect := range []string{"Allow", "Deny"} {
		for _, action := range []string{`"Action":"s3:GetObject"`, `"Action":"s3:*"`, `"NotAction":"s3:GetObject"`} {
			for _, resource := range []string{`"Resource":"*"`, `"Resource":"arn:aws:s3:::photos/*"`, `"NotResource":"arn:aws:s3:::photos/${k}"`} {
				for _, condition := range []string{"", `,"Condition":{"StringEquals":{"k":"a"}}`, `,"Condition":{"StringNotEquals":{"k":"a"}}`} {
					list = append(list, `{"Effect":"`+effect+`",`+action+`,`+resource+condition+`}`)
				}
			}
		}
	}
	return list
}

func TestLawsOfEvaluation(t *testing.T) {
	all := statements()
	rapid.Check(t, func(rt *rapid.T) {
		chosen := rapid.SliceOfN(rapid.SampledFrom(all), 1, 5).Draw(rt, "statements")
		r := get(rapid.SampledFrom([]string{bucket, object, "*"}).Draw(rt, "resource"))
		r.Context = context(map[string][]string{"k": rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(rt, "k")})
		before := policy.Evaluate(r, identity(t, chosen...)).Outcome

		shuffled := append([]string(nil), chosen...)
		rand.New(rand.NewSource(rapid.Int64().Draw(rt, "seed"))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := policy.Evaluate(r, identity(t, shuffled...)).Outcome; got != before {
			rt.Errorf("order matters: %s, shuffled %s", before, got)
		}
		if got := policy.Evaluate(r, identity(t, append(chosen, allow(""))...)).Outcome; before != policy.ExplicitDeny && got != policy.Allowed {
			rt.Errorf("one more Allow turns %s into %s", before, got)
		}
		deny := `{"Effect":"Deny","Action":"*","Resource":"*"}`
		if got := policy.Evaluate(r, identity(t, append(chosen, deny)...)).Outcome; got != policy.ExplicitDeny {
			rt.Errorf("a Deny that applies gives %s", got)
		}
		if got := policy.Explain(r, identity(t, chosen...)).Decision.Outcome; got != before {
			rt.Errorf("Explain decides %s, Evaluate %s", got, before)
		}
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, s := range statements() {
		f.Add(`{"Version":"2012-10-17","Statement":` + s + `}`)
	}
	f.Add(`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:*","Condition":{"ForAllValues:StringLikeIfExists":{"k":["${k, 'x'}",1,true]}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []policy.Kind{policy.IdentityPolicy, policy.ManagedPolicy, policy.ResourcePolicy, policy.TrustPolicy, policy.KeyPolicy, policy.ServiceControlPolicy, policy.ResourceControlPolicy} {
			d, err := policy.ParseJSON([]byte(text), kind)
			if err != nil {
				var faults policy.Faults
				if !errors.As(err, &faults) || len(faults) == 0 {
					t.Fatalf("error is %T", err)
				}
				for _, fault := range faults {
					if fault.Line < 1 || fault.Column < 1 {
						t.Errorf("no position: %+v", fault)
					}
				}
				continue
			}
			all := []policy.Policy{{Document: d}}
			p := policy.Policies{Identity: all, Resource: all[0], Boundary: all[0], Session: all, SCPs: []policy.Level{{Policies: all}}, RCPs: []policy.Level{{Policies: all}}}
			r := get(object)
			r.Context = context(map[string][]string{"k": {"a"}})
			if x := policy.Explain(r, p); x.Decision != policy.Evaluate(r, p) {
				t.Errorf("Explain decides %+v", x.Decision)
			}
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("arn:aws:s*:*:x*9:q", "arn:aws:s3:a:x1:q")
	f.Add("a*b?c", "axxbyc")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		tree := map[string]any{"Statement": map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*",
			"Condition": map[string]any{"StringLike": map[string]any{"k": pattern}}}}
		d, err := policy.Parse(tree, policy.IdentityPolicy)
		if err != nil {
			t.Fatal(err)
		}
		r := get(object)
		r.Context = context(map[string][]string{"k": {text}})
		got := policy.Evaluate(r, policy.Policies{Identity: []policy.Policy{{Document: d}}}).Outcome == policy.Allowed
		want := glob([]rune(strings.ToValidUTF8(pattern, "\uFFFD")), []rune(strings.ToValidUTF8(text, "\uFFFD")))
		if got != want {
			t.Errorf("%q on %q: %v, a slow matcher says %v", pattern, text, got, want)
		}
	})
}

// glob is the obvious matcher, by a table of which prefixes fit.
func glob(pattern, text []rune) bool {
	fits := make([]bool, len(text)+1)
	fits[0] = true
	for _, p := range pattern {
		next := make([]bool, len(text)+1)
		for i := range next {
			switch {
			case p == '*':
				next[i] = fits[i] || (i > 0 && next[i-1])
			case i > 0:
				next[i] = fits[i-1] && (p == '?' || p == text[i-1])
			}
		}
		fits = next
	}
	return fits[len(text)]
}

// Templates give whole numbers as int.
func TestConditionValuesOfTreesMayBeInts(t *testing.T) {
	tree := map[string]any{"Statement": map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*",
		"Condition": map[string]any{"NumericLessThan": map[string]any{"k": 10}}}}
	d, err := policy.Parse(tree, policy.IdentityPolicy)
	if err != nil {
		t.Fatal(err)
	}
	r := get(object)
	r.Context = context(map[string][]string{"k": {"9"}})
	if got := outcome(t, r, policy.Policies{Identity: []policy.Policy{{Document: d}}}); got != policy.Allowed {
		t.Error(got)
	}
}
