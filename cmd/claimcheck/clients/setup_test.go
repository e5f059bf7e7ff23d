package clients

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	identitytypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentity/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// setup sets an app up call by call, as tutorials do.
type setup struct {
	t      *testing.T
	served served
	users  *cognitoidentityprovider.Client
	pools  *cognitoidentity.Client
	access *iam.Client
}

func newSetup(t *testing.T) *setup {
	s := serve(t, template)
	admin := s.administrator(t)
	return &setup{t, s, cognitoidentityprovider.NewFromConfig(admin), cognitoidentity.NewFromConfig(admin), iam.NewFromConfig(admin)}
}

// must returns what an SDK's call gave, and ends the test when it failed.
func must[T any](out T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// userPool makes a pool with an app client and a user, and returns their ids.
func (u *setup) userPool() (pool, client string) {
	t := u.t
	made := must(u.users.CreateUserPool(t.Context(), &cognitoidentityprovider.CreateUserPoolInput{
		PoolName: aws.String("shop"), AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		Policies:                    &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(10)}},
		DeletionProtection:          types.DeletionProtectionTypeActive,
		VerificationMessageTemplate: &types.VerificationMessageTemplateType{DefaultEmailOption: types.DefaultEmailOptionTypeConfirmWithCode},
		Schema: []types.SchemaAttributeType{{
			Name: aws.String("plan"), AttributeDataType: types.AttributeDataTypeString, Mutable: aws.Bool(true),
			StringAttributeConstraints: &types.StringAttributeConstraintsType{MaxLength: aws.String("10")},
		}},
	}))(t)
	pool = aws.ToString(made.UserPool.Id)
	app := must(u.users.CreateUserPoolClient(t.Context(), &cognitoidentityprovider.CreateUserPoolClientInput{
		UserPoolId: &pool, ClientName: aws.String("web"), IdTokenValidity: aws.Int32(8),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth},
	}))(t)
	must(u.users.AdminCreateUser(t.Context(), &cognitoidentityprovider.AdminCreateUserInput{UserPoolId: &pool, Username: aws.String("ana")}))(t)
	must(u.users.AdminSetUserPassword(t.Context(), &cognitoidentityprovider.AdminSetUserPasswordInput{
		UserPoolId: &pool, Username: aws.String("ana"), Password: aws.String("Correct-Horse-7"), Permanent: true,
	}))(t)
	return pool, aws.ToString(app.UserPoolClient.ClientId)
}

func (u *setup) signIn(client string) *types.AuthenticationResultType {
	out := must(u.users.InitiateAuth(u.t.Context(), &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: &client, AuthParameters: map[string]string{"USERNAME": "ana", "PASSWORD": "Correct-Horse-7"},
	}))(u.t)
	return out.AuthenticationResult
}

func TestAUserPoolIsSetUpByCalls(t *testing.T) {
	u := newSetup(t)
	pool, client := u.userPool()
	u.signIn(client)
	described := must(u.users.DescribeUserPool(t.Context(), &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: &pool}))(t).UserPool
	if *described.Policies.PasswordPolicy.MinimumLength != 10 || described.DeletionProtection != types.DeletionProtectionTypeActive || described.CreationDate.IsZero() {
		t.Errorf("the pool: %+v", described)
	}
	must(u.users.UpdateUserPoolClient(t.Context(), &cognitoidentityprovider.UpdateUserPoolClientInput{
		UserPoolId: &pool, ClientId: &client, PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled,
	}))(t)
	app := must(u.users.DescribeUserPoolClient(t.Context(), &cognitoidentityprovider.DescribeUserPoolClientInput{UserPoolId: &pool, ClientId: &client}))(t).UserPoolClient
	if app.IdTokenValidity != nil || len(app.ExplicitAuthFlows) != 0 || *app.ClientName != "web" {
		t.Errorf("after an update that leaves most out: %+v", app)
	}
	_, err := u.users.DeleteUserPool(t.Context(), &cognitoidentityprovider.DeleteUserPoolInput{UserPoolId: &pool})
	if !raised[*types.InvalidParameterException](err) {
		t.Errorf("deleting a protected pool: %v", err)
	}
	must(u.users.UpdateUserPool(t.Context(), &cognitoidentityprovider.UpdateUserPoolInput{UserPoolId: &pool, DeletionProtection: types.DeletionProtectionTypeInactive}))(t)
	must(u.users.DeleteUserPool(t.Context(), &cognitoidentityprovider.DeleteUserPoolInput{UserPoolId: &pool}))(t)
	_, err = u.users.DescribeUserPool(t.Context(), &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: &pool})
	if !raised[*types.ResourceNotFoundException](err) {
		t.Errorf("describing a deleted pool: %v", err)
	}
}

func TestAnIdentityPoolIsSetUpByCalls(t *testing.T) {
	u := newSetup(t)
	pool, client := u.userPool()
	provider := fmt.Sprintf("cognito-idp.%s.amazonaws.com/%s", u.served.Region, pool)
	made := must(u.pools.CreateIdentityPool(t.Context(), &cognitoidentity.CreateIdentityPoolInput{
		IdentityPoolName:         aws.String("shop"),
		CognitoIdentityProviders: []identitytypes.CognitoIdentityProvider{{ClientId: &client, ProviderName: &provider}},
	}))(t)
	trust := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"},
		"Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": %q}}}}`, *made.IdentityPoolId)
	role := must(u.access.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("shoppers"), AssumeRolePolicyDocument: &trust, Tags: []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("a b")}},
	}))(t).Role
	must(u.pools.SetIdentityPoolRoles(t.Context(), &cognitoidentity.SetIdentityPoolRolesInput{
		IdentityPoolId: made.IdentityPoolId, Roles: map[string]string{"authenticated": *role.Arn},
	}))(t)
	logins := map[string]string{provider: *u.signIn(client).IdToken}
	id := must(u.pools.GetId(t.Context(), &cognitoidentity.GetIdInput{IdentityPoolId: made.IdentityPoolId, Logins: logins}))(t)
	key := must(u.pools.GetCredentialsForIdentity(t.Context(), &cognitoidentity.GetCredentialsForIdentityInput{IdentityId: id.IdentityId, Logins: logins}))(t).Credentials
	shopper := u.served.as(t, credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretKey, *key.SessionToken))
	who := must(sts.NewFromConfig(shopper).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))(t)
	if !strings.Contains(*who.Arn, ":assumed-role/shoppers/") {
		t.Errorf("the shopper is %s", *who.Arn)
	}
}

func TestRolesAndPoliciesAreSetUpByCalls(t *testing.T) {
	u := newSetup(t)
	name, document := aws.String("worker"), aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`)
	trust := aws.String(`{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`)
	create := &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: trust, Tags: []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}}
	must(u.access.CreateRole(t.Context(), create))(t)
	if _, err := u.access.CreateRole(t.Context(), create); !raised[*iamtypes.EntityAlreadyExistsException](err) {
		t.Errorf("a second role of the name: %v", err)
	}
	must(u.access.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("read"), PolicyDocument: document}))(t)
	inline := must(u.access.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("read")}))(t)
	if text, err := url.QueryUnescape(*inline.PolicyDocument); err != nil || !strings.Contains(text, `"s3:GetObject"`) {
		t.Errorf("the inline policy: %q, %v", text, err)
	}
	managed := must(u.access.CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("reading"), PolicyDocument: document}))(t).Policy
	must(u.access.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: managed.Arn}))(t)
	attached := must(u.access.ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: name}))(t)
	if len(attached.AttachedPolicies) != 1 || *attached.AttachedPolicies[0].PolicyArn != *managed.Arn {
		t.Errorf("attached: %+v", attached.AttachedPolicies)
	}
	role := must(u.access.GetRole(t.Context(), &iam.GetRoleInput{RoleName: name}))(t).Role
	if len(role.Tags) != 1 || *role.Tags[0].Value != "blue" || *role.MaxSessionDuration != 3600 {
		t.Errorf("the role: %+v", role)
	}
	remove := &iam.DeleteRoleInput{RoleName: name}
	if _, err := u.access.DeleteRole(t.Context(), remove); !raised[*iamtypes.DeleteConflictException](err) {
		t.Errorf("deleting a role with policies: %v", err)
	}
	must(u.access.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("read")}))(t)
	must(u.access.DetachRolePolicy(t.Context(), &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: managed.Arn}))(t)
	must(u.access.DeleteRole(t.Context(), remove))(t)
	if _, err := u.access.GetRole(t.Context(), &iam.GetRoleInput{RoleName: name}); !raised[*iamtypes.NoSuchEntityException](err) {
		t.Errorf("a deleted role: %v", err)
	}
	pages := iam.NewListRolesPaginator(u.access, &iam.ListRolesInput{MaxItems: aws.Int32(1)})
	names := 0
	for pages.HasMorePages() {
		names += len(must(pages.NextPage(t.Context()))(t).Roles)
	}
	if names < 3 {
		t.Errorf("%d roles in pages of one", names)
	}
}
