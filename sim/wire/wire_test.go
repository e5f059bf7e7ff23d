package wire_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/wire"
)

type tag struct{ Key, Value string }

type assumeInput struct {
	RoleArn         string `aws:"required"`
	DurationSeconds *int
	Tags            []tag
}

type assumeOutput struct {
	Arn        string
	Expiration api.Timestamp
	Tags       []tag
	Document   any `json:",omitempty"`
}

type getInput struct {
	Bucket string `aws:"required"`
	Key    string `aws:"required"`
}

type getOutput struct {
	Body         string            `http:"payload"`
	Length       int               `http:"header=Content-Length"`
	LastModified api.Timestamp     `http:"header=Last-Modified"`
	Metadata     map[string]string `http:"headers=x-amz-meta-"`
}

type listInput struct {
	Bucket string `aws:"required"`
	Max    *int   `http:"query=max-keys"`
}

type content struct {
	Key          string
	LastModified api.Timestamp
}

type listOutput struct {
	Name        string
	Contents    []content
	IsTruncated bool

	_ struct{} `root:"ListBucketResult"`
}

type invokeInput struct {
	FunctionName string `aws:"required"`
	Type         string `http:"header=X-Amz-Invocation-Type"`
	Payload      string `http:"payload"`
}

type invokeOutput struct {
	StatusCode int    `http:"status"`
	Payload    string `http:"payload"`
}

func operation[In, Out any](name string) api.Operation {
	return api.Operate(name, api.Unsigned, func(api.Context, In) (Out, error) { return *new(Out), nil })
}

func tokens() api.Service {
	return api.Service{
		Prefix: "sts", Host: "sts.us-east-1.amazonaws.com",
		Protocol:   api.QueryProtocol("2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
		Operations: []api.Operation{operation[assumeInput, assumeOutput]("AssumeRole"), operation[assumeInput, struct{}]("Forget")},
	}
}

func tables() api.Service {
	return api.Service{
		Prefix: "dynamodb", Host: "dynamodb.us-east-1.amazonaws.com", Protocol: api.Protocol{Encoding: api.JSON, Version: "1.0", Target: "DynamoDB_20120810", Checksum: "x-amz-crc32"},
		Operations: []api.Operation{operation[struct{ TableName string }, struct{}]("GetItem")},
	}
}

func buckets() api.Service {
	return api.Service{
		Prefix: "s3", Host: "s3.us-east-1.amazonaws.com",
		Protocol: api.Protocol{Encoding: api.RESTXML, Namespace: "http://s3.amazonaws.com/doc/2006-03-01/", HostMember: "Bucket"},
		Operations: []api.Operation{
			api.Routed("GET /{Bucket}/{Key+}", operation[getInput, getOutput]("GetObject")),
			api.Routed("GET /{Bucket}?list-type=2", operation[listInput, listOutput]("ListObjectsV2")),
		},
	}
}

func functions() api.Service {
	return api.Service{
		Prefix: "lambda", Host: "lambda.us-east-1.amazonaws.com", Protocol: api.Protocol{Encoding: api.RESTJSON},
		Operations: []api.Operation{
			api.Routed("POST /2015-03-31/functions/{FunctionName}/invocations", operation[invokeInput, invokeOutput]("Invoke")),
		},
	}
}

func TestRequestHasTheFormOfItsProtocol(t *testing.T) {
	for name, row := range map[string]struct {
		source  string
		service api.Service
		call    wire.Call
		want    api.HTTPRequest
	}{
		"JSON names the operation in a header": {
			"https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html", tables(),
			wire.Call{Operation: "GetItem", Input: map[string]any{"TableName": "notes"}},
			api.HTTPRequest{
				Method: "POST", URL: "https://dynamodb.us-east-1.amazonaws.com/", Body: `{"TableName":"notes"}`,
				Header: api.Header{"content-type": {"application/x-amz-json-1.0"}, "x-amz-target": {"DynamoDB_20120810.GetItem"}},
			},
		},
		"Query writes a form": {
			"https://smithy.io/2.0/aws/protocols/aws-query-protocol.html", tokens(),
			wire.Call{Operation: "AssumeRole", Input: map[string]any{
				"RoleArn": "arn:aws:iam::123456789012:role/r", "DurationSeconds": 900.0,
				"Tags": []any{map[string]any{"Key": "a b", "Value": "1"}},
			}},
			api.HTTPRequest{
				Method: "POST", URL: "https://sts.us-east-1.amazonaws.com/",
				Header: api.Header{"content-type": {"application/x-www-form-urlencoded"}},
				Body: "Action=AssumeRole&Version=2011-06-15&DurationSeconds=900&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr" +
					"&Tags.member.1.Key=a+b&Tags.member.1.Value=1",
			},
		},
		"a bucket stands before the host": {
			"https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html", buckets(),
			wire.Call{Operation: "GetObject", Input: map[string]any{"Bucket": "photos", "Key": "us-east-1:7/my photo.jpg"}},
			api.HTTPRequest{Method: "GET", URL: "https://photos.s3.us-east-1.amazonaws.com/us-east-1%3A7/my%20photo.jpg", Header: api.Header{}},
		},
		"a bucket with a dot stands in the path": {
			"https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html", buckets(),
			wire.Call{Operation: "ListObjectsV2", Input: map[string]any{"Bucket": "my.photos", "Max": 5.0}},
			api.HTTPRequest{Method: "GET", URL: "https://s3.us-east-1.amazonaws.com/my.photos?list-type=2&max-keys=5", Header: api.Header{}},
		},
		"REST-JSON has a place for each member": {
			"https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html", functions(),
			wire.Call{Operation: "Invoke", Input: map[string]any{"FunctionName": "notes", "Type": "Event", "Payload": `{"a":1}`}},
			api.HTTPRequest{
				Method: "POST", URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/notes/invocations",
				Header: api.Header{"x-amz-invocation-type": {"Event"}}, Body: `{"a":1}`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.Request(row.service, row.call)
			if diff := cmp.Diff(row.want, got); diff != "" || err != nil {
				t.Errorf("%s: error %v, request (-want +got):\n%s", row.source, err, diff)
			}
		})
	}
}

func TestResponseHasTheFormOfItsProtocol(t *testing.T) {
	at := float64(1772442000)
	for name, row := range map[string]struct {
		source    string
		service   api.Service
		operation string
		output    map[string]any
		want      api.HTTPResponse
	}{
		"JSON": {
			"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html", tables(), "GetItem", map[string]any{"Item": "x"},
			api.HTTPResponse{
				Status: 200, Body: `{"Item":"x"}`,
				Header: api.Header{"content-type": {"application/x-amz-json-1.0"}, "x-amzn-requestid": {"7"}, "x-amz-crc32": {"895351084"}},
			},
		},
		"Query": {
			"https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html", tokens(), "AssumeRole",
			map[string]any{
				"Arn": "a<b", "Expiration": at, "Tags": []any{map[string]any{"Key": "k", "Value": "\x00"}}, "Document": map[string]any{"Version": "2012-10-17"},
			},
			api.HTTPResponse{
				Status: 200, Header: api.Header{"content-type": {"text/xml"}, "x-amzn-requestid": {"7"}},
				Body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <Arn>a&lt;b</Arn>
    <Expiration>2026-03-02T09:00:00Z</Expiration>
    <Tags>
      <member>
        <Key>k</Key>
        <Value>` + "\uFFFD" + `</Value>
      </member>
    </Tags>
    <Document>%7B%22Version%22%3A%222012-10-17%22%7D</Document>
  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>7</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>`,
			},
		},
		"Query without output": {
			"https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html", tokens(), "Forget", map[string]any{},
			api.HTTPResponse{
				Status: 200, Header: api.Header{"content-type": {"text/xml"}, "x-amzn-requestid": {"7"}},
				Body: `<ForgetResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <ResponseMetadata>
    <RequestId>7</RequestId>
  </ResponseMetadata>
</ForgetResponse>`,
			},
		},
		"an object": {
			"https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html", buckets(), "GetObject",
			map[string]any{"Body": "a photo", "Length": 7.0, "LastModified": at, "Metadata": map[string]any{"by": "ana"}},
			api.HTTPResponse{Status: 200, Body: "a photo", Header: api.Header{
				"content-length": {"7"}, "last-modified": {"Mon, 02 Mar 2026 09:00:00 GMT"}, "x-amz-meta-by": {"ana"}, "x-amz-request-id": {"7"},
			}},
		},
		"REST-XML": {
			"https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html", buckets(), "ListObjectsV2",
			map[string]any{"Name": "photos", "IsTruncated": false, "Contents": []any{
				map[string]any{"Key": "a", "LastModified": at}, map[string]any{"Key": "b", "LastModified": at},
			}},
			api.HTTPResponse{
				Status: 200, Header: api.Header{"content-type": {"application/xml"}, "x-amz-request-id": {"7"}},
				Body: `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>photos</Name>
  <Contents>
    <Key>a</Key>
    <LastModified>2026-03-02T09:00:00.000Z</LastModified>
  </Contents>
  <Contents>
    <Key>b</Key>
    <LastModified>2026-03-02T09:00:00.000Z</LastModified>
  </Contents>
  <IsTruncated>false</IsTruncated>
</ListBucketResult>`,
			},
		},
		"REST-JSON": {
			"https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html", functions(), "Invoke",
			map[string]any{"StatusCode": 202.0, "Payload": "{}"},
			api.HTTPResponse{Status: 202, Body: "{}", Header: api.Header{"x-amzn-requestid": {"7"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.Response(row.service, row.operation, row.output, "7")
			if diff := cmp.Diff(row.want, got); diff != "" || err != nil {
				t.Errorf("%s: error %v, response (-want +got):\n%s", row.source, err, diff)
			}
		})
	}
}

func TestFailureHasTheFormOfItsProtocol(t *testing.T) {
	for name, row := range map[string]struct {
		source  string
		service api.Service
		want    api.HTTPResponse
	}{
		"JSON": {
			"https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization", tables(),
			api.HTTPResponse{
				Status: 403, Body: `{"__type":"AccessDenied","message":"\"no\" \u0026 never"}`,
				Header: api.Header{"content-type": {"application/x-amz-json-1.0"}, "x-amzn-requestid": {"7"}, "x-amz-crc32": {"514767995"}},
			},
		},
		"Query": {
			"https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization", tokens(),
			api.HTTPResponse{
				Status: 403, Header: api.Header{"content-type": {"text/xml"}, "x-amzn-requestid": {"7"}},
				Body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>AccessDenied</Code>
    <Message>"no" &amp; never</Message>
  </Error>
  <RequestId>7</RequestId>
</ErrorResponse>`,
			},
		},
		"REST-XML": {
			"https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses", buckets(),
			api.HTTPResponse{
				Status: 403, Header: api.Header{"content-type": {"application/xml"}, "x-amz-request-id": {"7"}},
				Body: `<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>AccessDenied</Code>
  <Message>"no" &amp; never</Message>
  <RequestId>7</RequestId>
</Error>`,
			},
		},
		"REST-JSON": {
			"https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization", functions(),
			api.HTTPResponse{
				Status: 403, Body: `{"Message":"\"no\" \u0026 never","Type":"User"}`,
				Header: api.Header{"content-type": {"application/json"}, "x-amzn-requestid": {"7"}, "x-amzn-errortype": {"AccessDenied"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			refusal := awserr.WithStatus(403, "AccessDenied", `"no" & never`)
			if diff := cmp.Diff(row.want, wire.Failure(row.service, refusal, "7")); diff != "" {
				t.Errorf("%s: response (-want +got):\n%s", row.source, diff)
			}
		})
	}
}

func TestRequestsThatNameNoOperationAreRefused(t *testing.T) {
	const page = "https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"
	for name, row := range map[string]struct {
		source  string
		service api.Service
		request api.HTTPRequest
		code    string
	}{
		"another target":      {"https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html", tables(), api.HTTPRequest{Method: "POST", URL: "https://h/", Header: api.Header{"x-amz-target": {"Other.GetItem"}}}, "UnknownOperationException"},
		"no target":           {"https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html", tables(), api.HTTPRequest{Method: "POST", URL: "https://h/"}, "UnknownOperationException"},
		"half a JSON object":  {"https://github.com/amazon-archives/aws-sdk-unity/issues/54", tables(), api.HTTPRequest{Method: "POST", URL: "https://h/", Header: api.Header{"x-amz-target": {"DynamoDB_20120810.GetItem"}}, Body: `{"TableName"`}, "SerializationException"},
		"a JSON list":         {"https://github.com/amazon-archives/aws-sdk-unity/issues/54", tables(), api.HTTPRequest{Method: "POST", URL: "https://h/", Header: api.Header{"x-amz-target": {"DynamoDB_20120810.GetItem"}}, Body: `null`}, "SerializationException"},
		"no action":           {page, tokens(), api.HTTPRequest{Method: "POST", URL: "https://h/", Body: "Version=2011-06-15"}, "MissingAction"},
		"no version":          {page, tokens(), api.HTTPRequest{Method: "POST", URL: "https://h/", Body: "Action=AssumeRole"}, "InvalidAction"},
		"no form":             {page, tokens(), api.HTTPRequest{Method: "POST", URL: "https://h/", Body: "Action=%zz"}, "MalformedQueryString"},
		"a query without one": {page, tokens(), api.HTTPRequest{Method: "GET", URL: "https://h/"}, "MissingAction"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wire.Parse(row.service, row.request)
			var refusal *awserr.Error
			if !errors.As(err, &refusal) || refusal.Code != row.code || refusal.Status != 400 {
				t.Errorf("%s: %v", row.source, err)
			}
		})
	}
}

func TestPathsThatNoOperationHasAreNoRefusal(t *testing.T) {
	for name, request := range map[string]api.HTTPRequest{
		"another method": {Method: "PATCH", URL: "https://s3.us-east-1.amazonaws.com/photos/a"},
		"no bucket":      {Method: "GET", URL: "https://s3.us-east-1.amazonaws.com/"},
		"no list type":   {Method: "GET", URL: "https://s3.us-east-1.amazonaws.com/photos"},
	} {
		_, err := wire.Parse(buckets(), request)
		if err == nil || errors.As(err, new(*awserr.Error)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABucketIsReadFromHostAndPath(t *testing.T) {
	want := wire.Call{Operation: "GetObject", Input: map[string]any{"Bucket": "photos", "Key": "ana/a b"}}
	for _, url := range []string{"https://photos.s3.us-east-1.amazonaws.com/ana/a%20b?x-id=GetObject", "https://s3.us-east-1.amazonaws.com/photos/ana/a%20b"} {
		got, err := wire.Parse(buckets(), api.HTTPRequest{Method: "GET", URL: url})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: error %v, call (-want +got):\n%s", url, err, diff)
		}
	}
}

// A list's numbers order its items, and cost no memory for those that are left out.
func TestQueryListsAreOrderedByNumber(t *testing.T) {
	body := "Action=AssumeRole&Version=2011-06-15&Tags.member.999999999.Key=last&Tags.member.2.Key=first&Tags.member.x.Key=never&Unknown.A=1&DurationSeconds=soon"
	got, err := wire.Parse(tokens(), api.HTTPRequest{Method: "POST", URL: "https://h/", Body: body})
	want := map[string]any{
		"Tags": []any{map[string]any{"Key": "first"}, map[string]any{"Key": "last"}}, "Unknown": "", "DurationSeconds": "soon",
	}
	if diff := cmp.Diff(want, got.Input); diff != "" || err != nil {
		t.Errorf("error %v, input (-want +got):\n%s", err, diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("POST", "https://h/", "DynamoDB_20120810.GetItem", `{"TableName":"notes"}`)
	f.Add("POST", "https://h/?Action=a", "", "Action=AssumeRole&Version=2011-06-15&Tags.member.1.Key=a&Tags.member.2=")
	f.Add("GET", "https://s3.us-east-1.amazonaws.com/photos/a%2Fb?list-type=2&max-keys=5", "", "")
	f.Add("POST", "https://h/2015-03-31/functions/a%zz/invocations", "", "{}")
	f.Fuzz(func(t *testing.T, method, url, target, body string) {
		request := api.HTTPRequest{Method: method, URL: url, Header: api.Header{"x-amz-target": {target}}, Body: body}
		for _, service := range []api.Service{tables(), tokens(), buckets(), functions()} {
			call, err := wire.Parse(service, request)
			if err != nil {
				continue
			}
			if _, err := wire.Request(service, call); err != nil {
				t.Errorf("%v was read, and cannot be written: %v", call, err)
			}
		}
	})
}
