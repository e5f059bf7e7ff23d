package s3_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/api/apitest"
	"claimcheck/sim/awserr"
	"claimcheck/sim/s3"
	"claimcheck/sim/trace"
	"claimcheck/sim/trace/tracetest"
)

const bearer = "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln"

// access is IAM as these tests want it: one signature that is ana's, one
// refusal for all others, and a list of what is allowed.
type access struct {
	refusal *awserr.Error
	// allowed are "ACTION RESOURCE"; public are those for anybody.
	allowed, public map[string]bool
	asked           []api.Authorization
}

func (a *access) Authenticate(*trace.Span, api.HTTPRequest, string) (api.Principal, error) {
	if a.refusal != nil {
		return api.Principal{}, a.refusal
	}
	return ana(), nil
}

func (a *access) AuthenticatePresigned(span *trace.Span, r api.HTTPRequest, service string) (api.Principal, error) {
	return a.Authenticate(span, r, service)
}

func (a *access) Authorize(_ *trace.Span, question api.Authorization) api.Decision {
	a.asked = append(a.asked, question)
	if policy, ok := question.ResourcePolicy.(map[string]any); ok && strings.Contains(fmt.Sprint(policy), "Perhaps") {
		return api.Decision{Rule: "iam.policy-document"}
	}
	what := question.Action + " " + question.Resource
	if a.public[what] || (question.Principal.Type == api.User && a.allowed[what]) {
		return api.Decision{Allowed: true}
	}
	return api.Decision{Message: "User: " + question.Principal.ARN + " is not authorized to perform: " + question.Action +
		" on resource: " + question.Resource + " because no identity-based policy allows the " + question.Action + " action"}
}

func ana() api.Principal {
	return api.Principal{Type: api.User, ARN: "arn:aws:iam::123456789012:user/ana", Account: "123456789012"}
}

// account is S3 with what has been deployed and recorded.
type account struct {
	*apitest.Bench
	access *access
	s3     *s3.S3
}

const photos = `
Resources:
  Photos: {Type: AWS::S3::Bucket, Properties: {BucketName: holiday-photos}}
`

// opened is a bucket without Block Public Access, whose policy lets anybody read.
const opened = `
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: holiday-photos
      PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: RESTRICT}
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Statement: {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Photos.Arn}/*"}
`

func newAccount(t *testing.T, cover *tracetest.Coverage) *account {
	t.Helper()
	w := apitest.NewWorld()
	all := map[string]bool{}
	for _, action := range []string{"s3:PutObject", "s3:GetObject", "s3:DeleteObject"} {
		all[action+" arn:aws:s3:::holiday-photos/ana/beach.jpg"] = true
	}
	a := &access{allowed: all, public: map[string]bool{}}
	buckets := s3.New(w, a)
	bench := apitest.NewBench(t, w, buckets)
	bench.Caller, bench.Cover = ana(), cover
	return &account{Bench: bench, access: a, s3: buckets}
}

func deployed(t *testing.T, template string) *account {
	t.Helper()
	return deployedInto(t, template, &tracetest.Coverage{})
}

func deployedInto(t *testing.T, template string, cover *tracetest.Coverage) *account {
	t.Helper()
	a := newAccount(t, cover)
	if err := a.Deploy(template); err != nil {
		t.Fatal(err)
	}
	return a
}

type object = map[string]any

// send is one HTTP request with an Authorization header, none when it is "".
func (a *account) send(method, path, authorization, body string) api.HTTPResponse {
	a.T.Helper()
	return a.sendTo(method, "https://holiday-photos.s3.us-east-1.amazonaws.com"+path, authorization, body)
}

func (a *account) sendTo(method, url, authorization, body string) api.HTTPResponse {
	a.T.Helper()
	request := api.HTTPRequest{Method: method, URL: url, Header: api.Header{"x-amz-meta-place": {"beach"}}, Body: body}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	recorder := a.World.Recorder()
	defer a.Record(recorder)
	response, err := a.s3.Site().Serve(recorder.Flow().Open("App", "S3", method, trace.Message{}), request)
	if err != nil {
		a.T.Fatal(err)
	}
	return response
}

const signature = "AWS4-HMAC-SHA256 Credential=AKIA/20260302/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00"

type errorDocument struct {
	XMLName                                                             xml.Name `xml:"Error"`
	Code, Message, ArgumentName, ArgumentValue, BucketName, Key, HostId string
	RequestId                                                           string
}

func errorOf(t *testing.T, r api.HTTPResponse) errorDocument {
	t.Helper()
	var d errorDocument
	if err := xml.Unmarshal([]byte(r.Body), &d); err != nil {
		t.Fatalf("%q is no error document: %v", r.Body, err)
	}
	return d
}

// Source: https://github.com/Einstore/Einstore/issues/152 (observed)
func TestBearerTokenIsRefusedWith400(t *testing.T) {
	a := deployed(t, photos)
	r := a.send("PUT", "/ana/beach.jpg", bearer, "a photo")
	d := errorOf(t, r)
	if r.Status != 400 || d.Code != "InvalidArgument" || d.Message != "Unsupported Authorization Type" ||
		d.ArgumentName != "Authorization" || d.ArgumentValue != bearer || d.RequestId == "" || d.HostId == "" {
		t.Errorf("answer is %d %+v", r.Status, d)
	}
	if rule := tracetest.Decider(a.Last, 1); rule != "s3.authorization-type" {
		t.Errorf("%s decided", rule)
	}
}

func TestUnsignedPutIsRefusedWith403(t *testing.T) {
	a := deployed(t, photos)
	r := a.send("PUT", "/ana/beach.jpg", "", "a photo")
	if d := errorOf(t, r); r.Status != 403 || d.Code != "AccessDenied" || d.Message != "Access Denied" {
		t.Errorf("answer is %d %+v", r.Status, d)
	}
}

func TestObjectPutAtTheAPIIsReadOverHTTPAndBack(t *testing.T) {
	a := deployed(t, photos)
	out, err := a.Run("PutObject", object{"Bucket": "holiday-photos", "Key": "ana/beach.jpg", "Body": "a photo"})
	if err != nil || out["ETag"] != `"1e171d1320221d0ef1133a398fb1d4be"` {
		t.Fatalf("PutObject: %v, %v", out, err)
	}
	for _, url := range []string{
		"https://holiday-photos.s3.us-east-1.amazonaws.com/ana/beach.jpg",
		"https://holiday-photos.s3.amazonaws.com/ana/beach.jpg",
		"https://s3.us-east-1.amazonaws.com/holiday-photos/ana/beach.jpg",
	} {
		if r := a.sendTo("GET", url, signature, ""); r.Status != 200 || r.Body != "a photo" || r.Header.Get("etag") != out["ETag"] {
			t.Errorf("GET %s: %+v", url, r)
		}
	}
	if r := a.send("PUT", "/ana/beach.jpg", signature, "another"); r.Status != 200 {
		t.Fatalf("PUT: %+v", r)
	}
	got, err := a.Run("GetObject", object{"Bucket": "holiday-photos", "Key": "ana/beach.jpg"})
	if err != nil || got["Body"] != "another" {
		t.Fatalf("GetObject: %v, %v", got, err)
	}
	if diff := cmp.Diff(object{"place": "beach"}, got["Metadata"]); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	if r := a.send("DELETE", "/ana/beach.jpg", signature, ""); r.Status != 204 {
		t.Errorf("DELETE: %+v", r)
	}
	if _, err := a.Run("DeleteObject", object{"Bucket": "holiday-photos", "Key": "ana/beach.jpg"}); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
func TestMissingObjectIsToldOnlyToWhoMayListTheBucket(t *testing.T) {
	a := deployed(t, photos)
	input := object{"Bucket": "holiday-photos", "Key": "ana/beach.jpg"}
	_, err := a.Run("GetObject", input)
	want(t, err, 403, "AccessDenied", `User: arn:aws:iam::123456789012:user/ana is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::holiday-photos" because no identity-based policy allows the s3:ListBucket action`)
	a.access.allowed["s3:ListBucket arn:aws:s3:::holiday-photos"] = true
	_, err = a.Run("GetObject", input)
	want(t, err, 404, "NoSuchKey", "The specified key does not exist.")
	if d := errorOf(t, a.send("GET", "/ana/beach.jpg", signature, "")); d.Code != "NoSuchKey" || d.Key != "ana/beach.jpg" {
		t.Errorf("over HTTP: %+v", d)
	}
}

func want(t *testing.T, err error, status int, code, message string) {
	t.Helper()
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("error is %v, want %s", err, code)
	}
	if diff := cmp.Diff(&awserr.Error{Code: code, Message: message, Status: status}, refusal); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
}

func TestMissingBucketIs404(t *testing.T) {
	a := deployed(t, photos)
	r := a.sendTo("GET", "https://other.s3.us-east-1.amazonaws.com/x", "", "")
	if d := errorOf(t, r); r.Status != 404 || d.Code != "NoSuchBucket" || d.BucketName != "other" {
		t.Errorf("answer is %d %+v", r.Status, d)
	}
	_, err := a.Run("ListObjectsV2", object{"Bucket": "other"})
	want(t, err, 404, "NoSuchBucket", "The specified bucket does not exist")
}

// Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
// https://github.com/aws/aws-sdk-php/issues/612, https://github.com/ibi-group/datatools-ui/issues/10 (observed)
func TestFaultsOfSignaturesHaveNamesOfS3(t *testing.T) {
	for code, tc := range map[string]struct {
		status int
		want   string
	}{
		"UnrecognizedClientException": {403, "InvalidAccessKeyId"},
		"SignatureDoesNotMatch":       {403, "SignatureDoesNotMatch"},
		"SignatureExpired":            {403, "RequestTimeTooSkewed"},
		"SignatureNotYetCurrent":      {403, "RequestTimeTooSkewed"},
		"ExpiredTokenException":       {400, "ExpiredToken"},
	} {
		a := deployed(t, photos)
		a.access.refusal = awserr.WithStatus(403, code, "IAM's words")
		r := a.send("GET", "/ana/beach.jpg", signature, "")
		if d := errorOf(t, r); r.Status != tc.status || d.Code != tc.want {
			t.Errorf("%s: answer is %d %+v", code, r.Status, d)
		}
	}
}

func TestNewBucketTakesNoPublicPolicy(t *testing.T) {
	a := newAccount(t, &tracetest.Coverage{})
	err := a.Deploy(strings.Replace(opened, "PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: RESTRICT}", "", 1))
	want(t, err, 403, "AccessDenied", "Access Denied")
}

func TestPublicBucketIsReadByAnybodyUnlessRestricted(t *testing.T) {
	for restrict, status := range map[string]int{"false": 200, "true": 403} {
		a := deployed(t, strings.Replace(opened, "RESTRICT", restrict, 1))
		a.access.public["s3:GetObject arn:aws:s3:::holiday-photos/ana/beach.jpg"] = true
		a.send("PUT", "/ana/beach.jpg", signature, "a photo")
		if r := a.send("GET", "/ana/beach.jpg", "", ""); r.Status != status {
			t.Errorf("restricted %s: %+v", restrict, r)
		}
	}
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func TestPolicyIsPublicWhenNothingFixesWhoIsMeant(t *testing.T) {
	const statement = "{Effect: Allow, Principal: \"*\", Action: s3:GetObject, Resource: !Sub \"${Photos.Arn}/*\"}"
	with := func(condition string) string {
		return strings.Replace(statement, "Effect: Allow", "Effect: Allow, Condition: {"+condition+"}", 1)
	}
	for name, tc := range map[string]struct {
		statement string
		public    bool
	}{
		"everybody":             {statement, true},
		"AWS everybody":         {strings.Replace(statement, `"*"`, `{AWS: "*"}`, 1), true},
		"one account":           {strings.Replace(statement, `"*"`, `{AWS: "123456789012"}`, 1), false},
		"deny":                  {strings.Replace(statement, "Allow", "Deny", 1), false},
		"one VPC":               {with(`StringEquals: {"aws:SourceVpc": vpc-1}`), false},
		"VPC pattern":           {with(`StringLike: {"aws:SourceVpc": "vpc-*"}`), true},
		"not one VPC":           {with(`StringNotEquals: {"aws:SourceVpc": vpc-1}`), true},
		"a key that fixes none": {with(`StringEquals: {"aws:Referer": "https://example.com"}`), true},
		"network":               {with(`IpAddress: {"aws:SourceIp": 203.0.113.0/24}`), false},
		"the whole internet":    {with(`IpAddress: {"aws:SourceIp": 0.0.0.0/0}`), true},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t, &tracetest.Coverage{})
			template := strings.Replace(opened, "BlockPublicPolicy: false, RestrictPublicBuckets: RESTRICT", "BlockPublicPolicy: true", 1)
			if err := a.Deploy(strings.Replace(template, statement, tc.statement, 1)); (err != nil) != tc.public {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestPolicyThatIsNoBucketPolicyIsRefused(t *testing.T) {
	const whole = `{Statement: {Effect: Allow, Principal: {AWS: "123456789012"}, Action: s3:GetObject, Resource: "arn:aws:s3:::holiday-photos/*"}}`
	for name, tc := range map[string]struct{ document, message string }{
		// https://github.com/spantaleev/matrix-docker-ansible-deploy/issues/1869 (observed)
		"no principal":   {strings.Replace(whole, `Principal: {AWS: "123456789012"}, `, "", 1), "Missing required field Principal"},
		"another bucket": {strings.Replace(whole, "holiday-photos", "other", 1), "Policy has invalid resource"},
		"longer name":    {strings.Replace(whole, "holiday-photos", "holiday-photos2", 1), "Policy has invalid resource"},
		"no statement":   {"{Version: \"2012-10-17\"}", "Missing required field Statement"},
		"no action":      {strings.Replace(whole, "Action: s3:GetObject, ", "", 1), "Missing required field Action"},
		"bad grammar":    {strings.Replace(whole, "Allow", "Perhaps", 1), "This policy contains invalid Json"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t, &tracetest.Coverage{})
			err := a.Deploy(photos + "  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Photos, PolicyDocument: " + tc.document + "}}\n")
			want(t, err, 400, "MalformedPolicy", tc.message)
		})
	}
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
func TestBucketNamesFollowTheRules(t *testing.T) {
	for name, legal := range map[string]bool{
		"holiday-photos": true, "a.b": true, strings.Repeat("x", 63): true,
		"ab": false, strings.Repeat("x", 64): false, "Photos": false, "my_photos": false, "photos-": false, "-photos": false,
		"a..b": false, "192.168.5.4": false, "xn--photos": false, "photos-s3alias": false,
	} {
		err := newAccount(t, &tracetest.Coverage{}).Deploy(strings.Replace(photos, "holiday-photos", `"`+name+`"`, 1))
		if (err == nil) != legal {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestBucketWithoutANameGetsOneInLowerCase(t *testing.T) {
	a := deployed(t, "Resources:\n  Photos: {Type: AWS::S3::Bucket}\n")
	created, _ := a.Stack.Resource("Photos")
	if !strings.HasPrefix(created.Ref, "claimcheck-photos-") || created.Attributes["Arn"] != "arn:aws:s3:::"+created.Ref {
		t.Errorf("created %+v", created)
	}
}

func TestTakenNameIsRefused(t *testing.T) {
	err := newAccount(t, &tracetest.Coverage{}).Deploy(photos + "  Again: {Type: AWS::S3::Bucket, Properties: {BucketName: holiday-photos}}\n")
	want(t, err, 409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
func TestListingGroupsByDelimiterAndTurnsPages(t *testing.T) {
	a := deployed(t, photos)
	for _, key := range []string{"ana/1", "ana/2", "bob/1", "readme"} {
		if _, err := a.Run("PutObject", object{"Bucket": "holiday-photos", "Key": key}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	input := object{"Bucket": "holiday-photos", "Delimiter": "/", "MaxKeys": 1.0}
	for range 5 {
		out, err := a.Run("ListObjectsV2", input)
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range []string{"CommonPrefixes", "Contents"} {
			list, _ := out[member].([]any)
			for _, entry := range list {
				got = append(got, entry.(object)[map[string]string{"CommonPrefixes": "Prefix", "Contents": "Key"}[member]].(string))
			}
		}
		if out["IsTruncated"] != true {
			break
		}
		input["ContinuationToken"] = out["NextContinuationToken"]
	}
	if diff := cmp.Diff([]string{"ana/", "bob/", "readme"}, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	out, err := a.Run("ListObjectsV2", object{"Bucket": "holiday-photos", "Prefix": "ana/"})
	if err != nil || out["KeyCount"] != 2.0 {
		t.Errorf("under ana/: %v, %v", out, err)
	}
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
func TestOperationsAreAuthorizedAgainstObjectOrBucket(t *testing.T) {
	a := deployed(t, photos)
	for name, tc := range map[string]struct {
		input object
		want  api.Target
	}{
		"PutObject":     {object{"Bucket": "holiday-photos", "Key": "ana/1"}, api.Target{Resource: "arn:aws:s3:::holiday-photos/ana/1"}},
		"GetObject":     {object{"Bucket": "none", "Key": "1"}, api.Target{Resource: "arn:aws:s3:::none/1"}},
		"ListObjectsV2": {object{"Bucket": "holiday-photos", "Prefix": "ana/"}, api.Target{Resource: "arn:aws:s3:::holiday-photos", Keys: map[string][]string{"s3:prefix": {"ana/"}}}},
	} {
		op := a.Operation(name)
		in, faults := op.Decode(tc.input)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if diff := cmp.Diff(tc.want, op.Target(in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if action := a.Operation("ListObjectsV2").Action; action != "s3:ListBucket" {
		t.Errorf("the action of ListObjectsV2 is %s", action)
	}
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
func TestDenialPutsTheResourceInQuotes(t *testing.T) {
	denial := newAccount(t, nil).s3.Service().Denial
	for message, quoted := range map[string]string{
		"User: u is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action": `User: u is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action`,
		"User: u is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a resource-based policy":                `User: u is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a resource-based policy`,
		"other words": "other words",
		"":            "Access Denied",
	} {
		want(t, denial(message), 403, "AccessDenied", quoted)
	}
}

func TestRunIsTheSameWithoutARecorder(t *testing.T) {
	a := deployed(t, photos)
	with := a.send("PUT", "/ana/beach.jpg", bearer, "a photo")
	request := api.HTTPRequest{Method: "PUT", URL: "https://holiday-photos.s3.us-east-1.amazonaws.com/ana/beach.jpg", Header: api.Header{"authorization": {bearer}}}
	without, err := a.s3.Site().Serve(nil, request)
	if err != nil || without.Status != with.Status || errorOf(t, without).Code != errorOf(t, with).Code {
		t.Errorf("with %+v, without %+v, %v", with, without, err)
	}
}

func TestRequestsThatAreNotSimulatedAreErrorsOfTheAuthor(t *testing.T) {
	a := deployed(t, photos)
	for _, request := range []api.HTTPRequest{
		{Method: "POST", URL: "https://holiday-photos.s3.us-east-1.amazonaws.com/x"},
		{Method: "GET", URL: "https://holiday-photos.s3.us-east-1.amazonaws.com/"},
		{Method: "PUT", URL: "https://holiday-photos.s3.us-east-1.amazonaws.com/x?acl"},
		{Method: "PUT", URL: "https://holiday-photos.s3.us-east-1.amazonaws.com/x", Header: api.Header{"x-amz-copy-source": {"a/b"}}},
	} {
		_, err := a.s3.Site().Serve(nil, request)
		if err == nil || errors.As(err, new(*awserr.Error)) {
			t.Errorf("%s %s: %v", request.Method, request.URL, err)
		}
	}
}

func TestObjectKeepsTheTimeOfItsPut(t *testing.T) {
	a := deployed(t, photos)
	a.send("PUT", "/ana/beach.jpg", signature, "a photo")
	a.World.Clock = a.World.Clock.Add(time.Hour)
	if r := a.send("GET", "/ana/beach.jpg", signature, ""); r.Header.Get("last-modified") != "Mon, 02 Mar 2026 09:00:00 GMT" {
		t.Errorf("headers are %v", r.Header)
	}
}

func TestEveryRuleIsSeenToHoldAndToFail(t *testing.T) {
	cover := &tracetest.Coverage{}
	a := deployedInto(t, strings.Replace(opened, "RESTRICT", "true", 1), cover)
	a.send("PUT", "/ana/beach.jpg", bearer, "x")
	a.send("PUT", "/ana/beach.jpg", signature, "x")
	a.send("GET", "/ana/beach.jpg", signature, "")
	a.send("GET", "/ana/beach.jpg", "", "")
	a.sendTo("GET", "https://other.s3.us-east-1.amazonaws.com/x", "", "")
	_, _ = a.Run("GetObject", object{"Bucket": "holiday-photos", "Key": "none"})
	b := deployedInto(t, strings.Replace(opened, "RESTRICT", "false", 1), cover)
	b.access.public["s3:GetObject arn:aws:s3:::holiday-photos/ana/beach.jpg"] = true
	b.send("PUT", "/ana/beach.jpg", "", "x")
	b.send("GET", "/ana/beach.jpg", "", "")
	for _, bad := range []string{
		strings.Replace(opened, "BlockPublicPolicy: false, RestrictPublicBuckets: RESTRICT", "BlockPublicPolicy: true", 1),
		strings.Replace(opened, `Principal: "*", `, "", 1),
		strings.Replace(photos, "holiday-photos", "Photos", 1),
	} {
		if err := newAccount(t, cover).Deploy(strings.Replace(bad, "RESTRICT", "true", 1)); err == nil {
			t.Errorf("deployed:\n%s", bad)
		}
	}
	b.send("GET", presigned("X-Amz-Expires=300"), "", "")
	b.send("GET", presigned("X-Amz-Expires=604801"), "", "")
	b.World.Clock = b.World.Clock.Add(time.Hour)
	b.send("GET", presigned("X-Amz-Expires=300"), "", "")
	cover.Require(t, s3.Rules())
}

func TestSecondPolicyOfABucketIsRefused(t *testing.T) {
	const policy = `: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Photos, PolicyDocument: {Statement: {Effect: Deny, Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::holiday-*"}}}}`
	err := newAccount(t, &tracetest.Coverage{}).Deploy(photos + "  One" + policy + "\n  Two" + policy + "\n")
	want(t, err, 409, "AlreadyExists", "The bucket policy already exists on bucket holiday-photos.")
}
