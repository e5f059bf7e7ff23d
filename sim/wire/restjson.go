package wire

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// bodyMembers are those that a REST-JSON request carries in its body: the ones
// with no other place.
// Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
func bodyMembers(s api.Service, operation api.Operation) []member {
	if s.Protocol.Encoding != api.RESTJSON {
		return nil
	}
	inPath := labels(operation.Route)
	return slices.DeleteFunc(members(operation.Input), func(m member) bool {
		return m.place != "" || slices.Contains(inPath, m.name)
	})
}

func writeBody(s api.Service, operation api.Operation, input map[string]any, r *api.HTTPRequest) error {
	list := bodyMembers(s, operation)
	if len(list) == 0 {
		return nil
	}
	body, err := json.Marshal(keep(input, list))
	if err != nil {
		return fmt.Errorf("the input cannot be written as JSON: %w", err)
	}
	r.Body = string(body)
	r.Header.Set(contentType, jsonType(s))
	return nil
}

// readBody adds the members in a body to the input.
func readBody(s api.Service, operation api.Operation, r api.HTTPRequest, input map[string]any) error {
	if len(bodyMembers(s, operation)) == 0 || r.Body == "" {
		return nil
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		return awserr.New("SerializationException", "")
	}
	maps.Copy(input, body)
	return nil
}
