package scenario_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/scenario"
)

func deployed(t *testing.T, text string) (scenario.Deployment, error) {
	t.Helper()
	template, err := cloudformation.Parse("stack.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return scenario.Deploy(scenario.Program{Stack: template}, scenario.Start())
}

func TestADeploymentIsWhatAFlowFinds(t *testing.T) {
	d, err := deployed(t, `
Resources:
  Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: holiday-photos}}
Metadata:
  Claimcheck:
    Values: {password: Correct-Horse-7}
    IdentityProviders: {Google: {Users: [{sub: "104"}]}}
    Accounts:
      Partner:
        Id: "444455556666"
        Resources:
          Films: {Type: AWS::S3::Bucket, Properties: {BucketName: partner-films}}
    Setup:
      - call: s3:PutObject
        with: {Bucket: "${Photos}", Key: a.jpg, Body: "${password}"}
`)
	if err != nil {
		t.Fatal(err)
	}
	refs := map[string]any{}
	for _, r := range d.Resources {
		refs[r.ID] = r.Attributes["Ref"]
	}
	if diff := cmp.Diff(map[string]any{"Photos": "holiday-photos", "Partner.Films": "partner-films"}, refs); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if d.Values["password"] != "Correct-Horse-7" || len(d.Providers) != 1 || d.Providers[0].LoginURL() != "https://accounts.google.com/o/oauth2/v2/auth" {
		t.Errorf("values %v, providers %v", d.Values, d.Providers)
	}
	if !d.Account.Now().Equal(scenario.Start()) {
		t.Errorf("the clock stands at %v", d.Account.Now())
	}
}

func TestADeploymentThatAWSRefusesIsARefusal(t *testing.T) {
	_, err := deployed(t, `Resources: {Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: NO}}}`)
	if !errors.As(err, new(*awserr.Error)) {
		t.Errorf("the error is %v", err)
	}
}
