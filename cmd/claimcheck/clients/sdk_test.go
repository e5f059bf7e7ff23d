package clients

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	cognitosrp "github.com/alexrudd/cognito-srp/v4"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	identitytypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentity/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
)

const template = "testdata/app.yaml"

func (s served) users(t testing.TB) *cognitoidentityprovider.Client {
	t.Helper()
	return cognitoidentityprovider.NewFromConfig(s.anonymous(t))
}

// signIn signs cara in with her password.
func (s served) signIn(t testing.TB) *types.AuthenticationResultType {
	t.Helper()
	out, err := s.users(t).InitiateAuth(t.Context(), &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: aws.String(s.ref(t, "App")),
		AuthParameters: map[string]string{"USERNAME": "cara", "PASSWORD": s.Values["password"]},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.AuthenticationResult
}

// raised reports whether an error is of the SDK's type E.
func raised[E error](err error) bool {
	var typed E
	return errors.As(err, &typed)
}

func TestAUserSignsUpConfirmsAndSignsIn(t *testing.T) {
	s := serve(t, template)
	users, app := s.users(t), aws.String(s.ref(t, "App"))
	up, err := users.SignUp(t.Context(), &cognitoidentityprovider.SignUpInput{
		ClientId: app, Username: aws.String("ana"), Password: aws.String("Correct-Horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ana@example.com")}},
	})
	if err != nil || up.UserConfirmed || aws.ToString(up.CodeDeliveryDetails.Destination) != "a***@e***" {
		t.Fatalf("SignUp: %+v, %v", up, err)
	}
	password := &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: app,
		AuthParameters: map[string]string{"USERNAME": "ana", "PASSWORD": "Correct-Horse-7"},
	}
	if _, err := users.InitiateAuth(t.Context(), password); !raised[*types.UserNotConfirmedException](err) {
		t.Errorf("before the confirmation: %v", err)
	}
	if _, err := users.ConfirmSignUp(t.Context(), &cognitoidentityprovider.ConfirmSignUpInput{
		ClientId: app, Username: aws.String("ana"), ConfirmationCode: aws.String(s.code(t, "ana")),
	}); err != nil {
		t.Fatal(err)
	}
	in, err := users.InitiateAuth(t.Context(), password)
	if err != nil || in.AuthenticationResult.ExpiresIn != 3600 || aws.ToString(in.AuthenticationResult.TokenType) != "Bearer" {
		t.Fatalf("InitiateAuth: %+v, %v", in, err)
	}
	who, err := users.GetUser(t.Context(), &cognitoidentityprovider.GetUserInput{AccessToken: in.AuthenticationResult.AccessToken})
	if err != nil || aws.ToString(who.Username) != "ana" {
		t.Errorf("GetUser: %+v, %v", who, err)
	}
}

func TestAUserSignsInWithSRP(t *testing.T) {
	s := serve(t, template)
	for name, row := range map[string]struct {
		password string
		refused  bool
	}{"the right password": {s.Values["password"], false}, "a wrong one": {"Wrong-Horse-7", true}} {
		srp, err := cognitosrp.NewCognitoSRP("cara", row.password, s.ref(t, "Users"), s.ref(t, "App"), nil)
		if err != nil {
			t.Fatal(err)
		}
		users := s.users(t)
		begun, err := users.InitiateAuth(t.Context(), &cognitoidentityprovider.InitiateAuthInput{
			AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: aws.String(srp.GetClientId()), AuthParameters: srp.GetAuthParams(),
		})
		if err != nil || begun.ChallengeName != types.ChallengeNameTypePasswordVerifier {
			t.Fatalf("InitiateAuth: %+v, %v", begun, err)
		}
		answer, err := srp.PasswordVerifierChallenge(begun.ChallengeParameters, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		ended, err := users.RespondToAuthChallenge(t.Context(), &cognitoidentityprovider.RespondToAuthChallengeInput{
			ChallengeName: types.ChallengeNameTypePasswordVerifier, ChallengeResponses: answer, ClientId: aws.String(srp.GetClientId()), Session: begun.Session,
		})
		if row.refused != raised[*types.NotAuthorizedException](err) || !row.refused && ended.AuthenticationResult == nil {
			t.Errorf("%s: %+v, %v", name, ended, err)
		}
	}
}

func TestAUserAnswersAChallenge(t *testing.T) {
	s := serve(t, template)
	users, app := s.users(t), aws.String(s.ref(t, "App"))
	begun, err := users.InitiateAuth(t.Context(), &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: app,
		AuthParameters: map[string]string{"USERNAME": "bob", "PASSWORD": s.Values["invitation"]},
	})
	if err != nil || begun.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
		t.Fatalf("InitiateAuth: %+v, %v", begun, err)
	}
	answer := &cognitoidentityprovider.RespondToAuthChallengeInput{
		ChallengeName: begun.ChallengeName, ClientId: app, Session: begun.Session,
		ChallengeResponses: map[string]string{"USERNAME": "bob", "NEW_PASSWORD": "short"},
	}
	if _, err := users.RespondToAuthChallenge(t.Context(), answer); !raised[*types.InvalidPasswordException](err) {
		t.Errorf("a short password: %v", err)
	}
	answer.ChallengeResponses["NEW_PASSWORD"] = "Correct-Horse-8"
	ended, err := users.RespondToAuthChallenge(t.Context(), answer)
	if err != nil || ended.AuthenticationResult == nil {
		t.Errorf("RespondToAuthChallenge: %+v, %v", ended, err)
	}
}

func TestTokensAreRefreshedRevokedAndExpire(t *testing.T) {
	s := serve(t, template)
	users, app, tokens := s.users(t), aws.String(s.ref(t, "App")), s.signIn(t)
	refresh := &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeRefreshTokenAuth, ClientId: app, AuthParameters: map[string]string{"REFRESH_TOKEN": aws.ToString(tokens.RefreshToken)},
	}
	s.advance(t, "61m")
	if _, err := users.GetUser(t.Context(), &cognitoidentityprovider.GetUserInput{AccessToken: tokens.AccessToken}); !raised[*types.NotAuthorizedException](err) {
		t.Errorf("an hour later the access token gives %v", err)
	}
	fresh, err := users.InitiateAuth(t.Context(), refresh)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := users.GetUser(t.Context(), &cognitoidentityprovider.GetUserInput{AccessToken: fresh.AuthenticationResult.AccessToken}); err != nil {
		t.Errorf("the fresh access token: %v", err)
	}
	if _, err := users.RevokeToken(t.Context(), &cognitoidentityprovider.RevokeTokenInput{ClientId: app, Token: tokens.RefreshToken}); err != nil {
		t.Fatal(err)
	}
	if _, err := users.InitiateAuth(t.Context(), refresh); !raised[*types.NotAuthorizedException](err) {
		t.Errorf("after the revocation: %v", err)
	}
}

// A clock that was moved does not spoil the signatures of clients.
func TestSignedCallsGoOnAfterTheClockWasMoved(t *testing.T) {
	s := serve(t, template)
	s.advance(t, "720h")
	if _, err := sts.NewFromConfig(s.administrator(t)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Error(err)
	}
}

// bucket is S3 as whoever the SDK's configuration is, with the bucket in the path.
func bucket(c aws.Config) *s3.Client {
	return s3.NewFromConfig(c, func(o *s3.Options) {
		o.UsePathStyle, o.DisableLogOutputChecksumValidationSkipped = true, true
	})
}

func TestAnIdentityReachesItsOwnObjectsOnly(t *testing.T) {
	s := serve(t, template)
	identities := cognitoidentity.NewFromConfig(s.anonymous(t))
	logins := map[string]string{s.attribute(t, "Users", "ProviderName"): aws.ToString(s.signIn(t).IdToken)}
	pool := aws.String(s.ref(t, "Identities"))
	if _, err := identities.GetId(t.Context(), &cognitoidentity.GetIdInput{IdentityPoolId: pool}); !raised[*identitytypes.NotAuthorizedException](err) {
		t.Errorf("a guest gets %v", err)
	}
	id, err := identities.GetId(t.Context(), &cognitoidentity.GetIdInput{IdentityPoolId: pool, Logins: logins})
	if err != nil {
		t.Fatal(err)
	}
	given, err := identities.GetCredentialsForIdentity(t.Context(), &cognitoidentity.GetCredentialsForIdentityInput{IdentityId: id.IdentityId, Logins: logins})
	if err != nil || time.Until(*given.Credentials.Expiration) < 50*time.Minute {
		t.Fatalf("GetCredentialsForIdentity: %+v, %v", given, err)
	}
	key := given.Credentials
	photos := bucket(s.as(t, credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretKey, *key.SessionToken)))
	name, own := aws.String("client-photos"), aws.String(*id.IdentityId+"/a beach.jpg")
	if _, err := photos.PutObject(t.Context(), &s3.PutObjectInput{Bucket: name, Key: own, Body: strings.NewReader("a photo"), Metadata: map[string]string{"by": "cara"}}); err != nil {
		t.Fatal(err)
	}
	got, err := photos.GetObject(t.Context(), &s3.GetObjectInput{Bucket: name, Key: own})
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(got.Body); err != nil || string(body) != "a photo" || got.Metadata["by"] != "cara" || *got.ContentLength != 7 {
		t.Errorf("GetObject: %q, %+v, %v", body, got, err)
	}
	list, err := photos.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: name, Prefix: aws.String(*id.IdentityId + "/")})
	if err != nil || len(list.Contents) != 1 || *list.Contents[0].Key != *own || time.Since(*list.Contents[0].LastModified) > time.Hour {
		t.Errorf("ListObjectsV2: %+v, %v", list, err)
	}
	_, err = photos.GetObject(t.Context(), &s3.GetObjectInput{Bucket: name, Key: aws.String("somebody-else/beach.jpg")})
	if code(err) != "AccessDenied" {
		t.Errorf("another's photo gives %v", err)
	}
	_, err = bucket(s.administrator(t)).GetObject(t.Context(), &s3.GetObjectInput{Bucket: name, Key: aws.String("nothing")})
	if !raised[*s3types.NoSuchKey](err) {
		t.Errorf("what is not there gives %v", err)
	}
	_, err = photos.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: name, Key: own})
	if err != nil {
		t.Error(err)
	}
}

// code is the code of an error that the SDK has no type for.
func code(err error) string {
	var failure smithy.APIError
	if !errors.As(err, &failure) {
		return ""
	}
	return failure.ErrorCode()
}

func TestARoleIsAssumed(t *testing.T) {
	s := serve(t, template)
	admin := s.administrator(t)
	tokens := sts.NewFromConfig(admin)
	out, err := tokens.AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String(s.attribute(t, "Reader", "Arn")), RoleSessionName: aws.String("work"), DurationSeconds: aws.Int32(900),
		Tags: []ststypes.Tag{{Key: aws.String("team"), Value: aws.String("a b")}},
	})
	if code(err) != "AccessDenied" && err != nil || err == nil && time.Until(*out.Credentials.Expiration) > 15*time.Minute {
		t.Errorf("AssumeRole with tags: %+v, %v", out, err)
	}
	reader := s.as(t, stscreds.NewAssumeRoleProvider(tokens, s.attribute(t, "Reader", "Arn")))
	who, err := sts.NewFromConfig(reader).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || !strings.Contains(*who.Arn, ":assumed-role/") {
		t.Errorf("GetCallerIdentity: %+v, %v", who, err)
	}
	if _, err := bucket(reader).PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("client-photos"), Key: aws.String("a"), Body: strings.NewReader("x")}); code(err) != "AccessDenied" {
		t.Errorf("the reader writes: %v", err)
	}
	_, err = tokens.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String(s.attribute(t, "Closed", "Arn")), RoleSessionName: aws.String("work")})
	if code(err) != "AccessDenied" {
		t.Errorf("a role that trusts somebody else gives %v", err)
	}
	_, err = sts.NewFromConfig(s.anonymous(t)).AssumeRoleWithWebIdentity(t.Context(), &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: aws.String(s.attribute(t, "PhotoRole", "Arn")), RoleSessionName: aws.String("web"), WebIdentityToken: aws.String("no token"),
	})
	if !raised[*ststypes.InvalidIdentityTokenException](err) {
		t.Errorf("a token that is none gives %v", err)
	}
	role, err := iam.NewFromConfig(admin).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(s.ref(t, "Reader"))})
	if err != nil || !strings.HasPrefix(aws.ToString(role.Role.AssumeRolePolicyDocument), "%7B%22") || time.Since(*role.Role.CreateDate) > time.Hour {
		t.Errorf("GetRole: %+v, %v", role, err)
	}
}

func TestTablesAndFunctions(t *testing.T) {
	s := serve(t, template)
	tables, notes := dynamodb.NewFromConfig(s.administrator(t)), aws.String(s.ref(t, "Notes"))
	item := map[string]dynamotypes.AttributeValue{
		"id": &dynamotypes.AttributeValueMemberS{Value: "1"}, "size": &dynamotypes.AttributeValueMemberN{Value: "7"},
		"done": &dynamotypes.AttributeValueMemberBOOL{Value: true},
	}
	put := &dynamodb.PutItemInput{TableName: notes, Item: item, ConditionExpression: aws.String("attribute_not_exists(id)")}
	if _, err := tables.PutItem(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	if _, err := tables.PutItem(t.Context(), put); !raised[*dynamotypes.ConditionalCheckFailedException](err) {
		t.Errorf("a second time: %v", err)
	}
	got, err := tables.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: notes, Key: map[string]dynamotypes.AttributeValue{"id": item["id"]}})
	if err != nil || !reflect.DeepEqual(got.Item, item) {
		t.Errorf("GetItem: %+v, %v", got, err)
	}
	functions := lambda.NewFromConfig(s.administrator(t))
	for payload, want := range map[string]string{`{"say": "hello"}`: `{"said":"hello"}`, `{"fail": true}`: `"errorMessage":"as asked"`} {
		out, err := functions.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String(s.ref(t, "Echo")), Payload: []byte(payload)})
		if err != nil || out.StatusCode != 200 || !strings.Contains(string(out.Payload), want) || strings.Contains(payload, "fail") != (out.FunctionError != nil) {
			t.Errorf("Invoke %s: %+v, %v", payload, out, err)
		}
	}
	if _, err := functions.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("nothing")}); !raised[*lambdatypes.ResourceNotFoundException](err) {
		t.Errorf("a function that is not there gives %v", err)
	}
	if _, err := functions.ListFunctions(t.Context(), &lambda.ListFunctionsInput{}); err == nil || !strings.Contains(err.Error(), "501") {
		t.Errorf("what is not simulated gives %v", err)
	}
}

func TestErrorsOfUserPoolsHaveTheTypesOfTheSDK(t *testing.T) {
	s := serve(t, template)
	users, admin, app := s.users(t), cognitoidentityprovider.NewFromConfig(s.administrator(t)), aws.String(s.ref(t, "App"))
	forged := cognitoidentityprovider.NewFromConfig(s.as(t, credentials.NewStaticCredentialsProvider(s.Credentials.AccessKeyId, "wrong", "")))
	pool, nobody := aws.String(s.ref(t, "Users")), aws.String("nobody")
	for name, row := range map[string]struct {
		call func() error
		is   func(error) bool
	}{
		"a name that is taken": {func() error {
			_, err := users.SignUp(t.Context(), &cognitoidentityprovider.SignUpInput{ClientId: app, Username: aws.String("cara"), Password: aws.String("Correct-Horse-7")})
			return err
		}, raised[*types.UsernameExistsException]},
		"a weak password": {func() error {
			_, err := users.SignUp(t.Context(), &cognitoidentityprovider.SignUpInput{ClientId: app, Username: aws.String("dan"), Password: aws.String("password")})
			return err
		}, raised[*types.InvalidPasswordException]},
		"another app client": {func() error {
			_, err := users.SignUp(t.Context(), &cognitoidentityprovider.SignUpInput{ClientId: aws.String("other"), Username: aws.String("dan"), Password: aws.String("Correct-Horse-7")})
			return err
		}, raised[*types.ResourceNotFoundException]},
		"a wrong password": {func() error {
			_, err := users.InitiateAuth(t.Context(), &cognitoidentityprovider.InitiateAuthInput{
				AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: app, AuthParameters: map[string]string{"USERNAME": "cara", "PASSWORD": "wrong"},
			})
			return err
		}, raised[*types.NotAuthorizedException]},
		"no parameters": {func() error {
			_, err := users.InitiateAuth(t.Context(), &cognitoidentityprovider.InitiateAuthInput{AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientId: app})
			return err
		}, raised[*types.InvalidParameterException]},
		"an unknown user": {func() error {
			_, err := admin.AdminGetUser(t.Context(), &cognitoidentityprovider.AdminGetUserInput{UserPoolId: pool, Username: nobody})
			return err
		}, raised[*types.UserNotFoundException]},
		"a wrong code": {func() error {
			_, err := users.ForgotPassword(t.Context(), &cognitoidentityprovider.ForgotPasswordInput{ClientId: app, Username: aws.String("cara")})
			if err != nil {
				return err
			}
			_, err = users.ConfirmForgotPassword(t.Context(), &cognitoidentityprovider.ConfirmForgotPasswordInput{
				ClientId: app, Username: aws.String("cara"), ConfirmationCode: aws.String("000000"), Password: aws.String("Correct-Horse-9"),
			})
			return err
		}, raised[*types.CodeMismatchException]},
		"a forged signature": {func() error {
			_, err := forged.AdminGetUser(t.Context(), &cognitoidentityprovider.AdminGetUserInput{UserPoolId: pool, Username: nobody})
			return err
		}, func(err error) bool { return code(err) == "InvalidSignatureException" }},
	} {
		if err := row.call(); !row.is(err) {
			t.Errorf("%s gives %v", name, err)
		}
	}
}
