package api_test

import (
	"testing"

	"claimcheck/sim/api"
)

func TestJSONProtocolNamesTheOperationInItsTarget(t *testing.T) {
	header := api.JSONProtocol{Version: "1.0", Target: "DynamoDB_20120810"}.Header("GetItem")
	if got := header.Get("x-amz-target"); got != "DynamoDB_20120810.GetItem" {
		t.Errorf("x-amz-target is %q", got)
	}
	if got := header.Get("content-type"); got != "application/x-amz-json-1.0" {
		t.Errorf("content-type is %q", got)
	}
}

func TestOtherProtocolsHaveNoTarget(t *testing.T) {
	if header := (api.JSONProtocol{}).Header("AssumeRole"); header.Get("x-amz-target") != "" {
		t.Errorf("header is %v", header)
	}
}
