package clients

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// What a tutorial makes with commands works as what a template makes.
func TestAPoolIsMadeOverTheAPI(t *testing.T) {
	s := serve(t, template)
	admin := cognitoidentityprovider.NewFromConfig(s.administrator(t))
	pool, err := admin.CreateUserPool(t.Context(), &cognitoidentityprovider.CreateUserPoolInput{
		PoolName: aws.String("staff"), AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
	})
	if err != nil || pool.UserPool.CreationDate == nil {
		t.Fatalf("CreateUserPool: %+v, %v", pool, err)
	}
	id := pool.UserPool.Id
	app, err := admin.CreateUserPoolClient(t.Context(), &cognitoidentityprovider.CreateUserPoolClientInput{
		UserPoolId: id, ClientName: aws.String("web"), ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth},
		AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: []types.OAuthFlowType{types.OAuthFlowTypeCode}, AllowedOAuthScopes: []string{"openid"},
		CallbackURLs: []string{callback}, SupportedIdentityProviders: []string{"COGNITO"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.CreateUserPoolDomain(t.Context(), &cognitoidentityprovider.CreateUserPoolDomainInput{UserPoolId: id, Domain: aws.String("later")}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.CreateGroup(t.Context(), &cognitoidentityprovider.CreateGroupInput{UserPoolId: id, GroupName: aws.String("editors")}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.users(t).SignUp(t.Context(), &cognitoidentityprovider.SignUpInput{
		ClientId: app.UserPoolClient.ClientId, Username: aws.String("ana"), Password: aws.String("Correct-Horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ana@example.com")}},
	}); err != nil {
		t.Fatal(err)
	}
	described, err := admin.DescribeUserPool(t.Context(), &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: id})
	if err != nil || aws.ToString(described.UserPool.Domain) != "later" {
		t.Errorf("DescribeUserPool: %+v, %v", described, err)
	}
	var document struct {
		Authorize string `json:"authorization_endpoint"`
	}
	get(t, s.Endpoint+"/"+*id+"/.well-known/openid-configuration", &document)
	page, _ := visit(t, browser(t), document.Authorize+"?response_type=code&client_id="+*app.UserPoolClient.ClientId+"&redirect_uri="+callback, nil)
	if page == nil || page.Path != "/login" || page.Hostname() != "127.0.0.1" {
		t.Errorf("the browser is sent to %v", page)
	}
	identities, err := cognitoidentity.NewFromConfig(s.administrator(t)).CreateIdentityPool(t.Context(), &cognitoidentity.CreateIdentityPoolInput{
		IdentityPoolName: aws.String("staff"), AllowUnauthenticatedIdentities: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cognitoidentity.NewFromConfig(s.administrator(t)).SetIdentityPoolRoles(t.Context(), &cognitoidentity.SetIdentityPoolRolesInput{
		IdentityPoolId: identities.IdentityPoolId, Roles: map[string]string{"authenticated": s.attribute(t, "PhotoRole", "Arn")},
	}); err != nil {
		t.Error(err)
	}
}
