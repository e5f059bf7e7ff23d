package wire

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// jsonRequest writes AWS JSON, and plain JSON for services without a protocol.
// Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
func jsonRequest(s api.Service, c Call) (api.HTTPRequest, error) {
	input := c.Input
	if input == nil {
		input = map[string]any{}
	}
	body, err := json.Marshal(input)
	if err != nil {
		return api.HTTPRequest{}, fmt.Errorf("the input cannot be written as JSON: %w", err)
	}
	header := api.Header{contentType: {jsonType(s)}}
	if s.Protocol.Target != "" {
		header.Set(targetHeader, s.Protocol.Target+"."+c.Operation)
	}
	return api.HTTPRequest{Method: "POST", URL: "https://" + s.Host + "/", Header: header, Body: string(body)}, nil
}

func jsonType(s api.Service) string {
	if s.Protocol.Encoding == api.JSON {
		return "application/x-amz-json-" + s.Protocol.Version
	}
	return "application/json"
}

// parseJSON reads AWS JSON. A target that is not the service's names no
// operation of it.
// Source: https://github.com/amazon-archives/aws-sdk-unity/issues/54 (observed: a
// body that is no JSON is a SerializationException without a message)
func parseJSON(s api.Service, r api.HTTPRequest) (Call, error) {
	operation, ours := strings.CutPrefix(r.Header.Get(targetHeader), s.Protocol.Target+".")
	if !ours || r.Method != "POST" {
		return Call{}, UnknownOperation(s, r.Header.Get(targetHeader))
	}
	input := map[string]any{}
	if r.Body == "" {
		return Call{operation, input}, nil
	}
	if err := json.Unmarshal([]byte(r.Body), &input); err != nil || input == nil {
		return Call{}, awserr.New("SerializationException", "")
	}
	return Call{operation, input}, nil
}

func jsonResponse(s api.Service, output map[string]any, requestID string) (api.HTTPResponse, error) {
	body, err := json.Marshal(output)
	if err != nil {
		return api.HTTPResponse{}, fmt.Errorf("the output cannot be written as JSON: %w", err)
	}
	header := api.Header{contentType: {jsonType(s)}, requestIDHeader: {requestID}}
	return checked(s, api.HTTPResponse{Status: 200, Header: header, Body: string(body)}), nil
}

// checked adds the checksum that the service sends, which SDKs verify.
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
func checked(s api.Service, r api.HTTPResponse) api.HTTPResponse {
	if s.Protocol.Checksum != "" {
		r.Header.Set(s.Protocol.Checksum, strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(r.Body))), 10))
	}
	return r
}

// jsonFailure names the error in the body, as AWS JSON does, and in a header, as
// REST-JSON does.
// Sources: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html,
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (Type and Message)
func jsonFailure(s api.Service, refusal *awserr.Error, requestID string) api.HTTPResponse {
	body := map[string]string{"__type": refusal.Code, "message": refusal.Message}
	header := api.Header{contentType: {jsonType(s)}, requestIDHeader: {requestID}}
	if s.Protocol.Encoding == api.RESTJSON {
		body = map[string]string{"Type": "User", "Message": refusal.Message}
		header.Set("x-amzn-errortype", refusal.Code)
	}
	// A map of texts always marshals.
	text, _ := json.Marshal(body)
	return checked(s, api.HTTPResponse{Status: refusal.Status, Header: header, Body: string(text)})
}
