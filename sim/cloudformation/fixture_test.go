package cloudformation_test

import (
	"strings"
	"testing"

	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

// The types of these tests bear the names of real ones and have fewer properties.
type (
	poolProperties struct {
		UserPoolName string
		UserPoolTier string `aws:"enum=LITE|ESSENTIALS|PLUS"`
		Policies     policies

		_ struct{} `noeffect:"UserPoolTags" unsimulated:"LambdaConfig"`
	}
	policies struct {
		PasswordPolicy passwordPolicy
	}
	passwordPolicy struct {
		MinimumLength int64
		_             struct{} `unsimulated:"PasswordHistorySize"`
	}
	clientProperties struct {
		UserPoolId        string `aws:"required"`
		ExplicitAuthFlows []string
	}
	authorizerProperties struct {
		Name         string
		Type         string `aws:"required,enum=TOKEN|REQUEST|COGNITO_USER_POOLS"`
		ProviderARNs []string
		TTL          int64 `aws:"name=AuthorizerResultTtlInSeconds"`
	}
	roleProperties struct {
		Value any
	}
)

// cloud is an account whose resources only note that they were created.
type cloud struct {
	world *apitest.World
	// order are the logical ids in the order of creation.
	order []string
	// values are the roles' Value by logical id.
	values map[string]any
	// refusals are what services answer instead of creating, by logical id.
	refusals map[string]error
	// decide is set when a service records the check that refuses.
	decide bool
}

func newCloud() *cloud {
	return &cloud{world: apitest.NewWorld(), values: map[string]any{}, refusals: map[string]error{}}
}

func (c *cloud) types() []cloudformation.Type {
	return []cloudformation.Type{
		cloudformation.Define("AWS::Cognito::UserPool", []string{"ProviderName", "Arn"}, func(r cloudformation.Resource, p poolProperties) (cloudformation.Created, error) {
			return c.create(r, map[string]string{"Arn": "arn:" + r.LogicalID, "ProviderName": "provider/" + r.LogicalID})
		}),
		cloudformation.Define("AWS::Cognito::UserPoolClient", []string{"ClientId"}, func(r cloudformation.Resource, p clientProperties) (cloudformation.Created, error) {
			return c.create(r, nil)
		}),
		cloudformation.Define("AWS::ApiGateway::Authorizer", nil, func(r cloudformation.Resource, p authorizerProperties) (cloudformation.Created, error) {
			return c.create(r, nil)
		}),
		cloudformation.Define("AWS::IAM::Role", []string{"Arn"}, func(r cloudformation.Resource, p roleProperties) (cloudformation.Created, error) {
			c.values[r.LogicalID] = p.Value
			return c.create(r, map[string]string{"Arn": "arn:" + r.LogicalID})
		}),
	}
}

func (c *cloud) create(r cloudformation.Resource, attributes map[string]string) (cloudformation.Created, error) {
	if err := c.refusals[r.LogicalID]; err != nil {
		if c.decide {
			r.Span.Decide("test.name-free", false, "a free name", "a taken one")
		}
		return cloudformation.Created{}, err
	}
	c.order = append(c.order, r.LogicalID)
	return cloudformation.Created{Ref: "id-" + r.LogicalID, Attributes: attributes}, nil
}

// deploy deploys a template and returns the trace of it too.
func (c *cloud) deploy(t *testing.T, text string) (cloudformation.Stack, trace.Trace, error) {
	t.Helper()
	recorder := c.world.Recorder()
	stack, err := cloudformation.Deploy(recorder.Flow(), c.world, parse(t, text), c.types())
	return stack, recorder.Trace(), err
}

func parse(t *testing.T, text string) cloudformation.Template {
	t.Helper()
	template, err := cloudformation.Parse("stack.yaml", []byte(text))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return template
}

func node(t *testing.T, file, text string) source.Node {
	t.Helper()
	n, err := source.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// lines writes several lines as one text.
func lines(l ...string) string { return strings.Join(l, "\n") }

func taken() error {
	return awserr.New("ResourceConflictException", "The name is taken")
}
