package appsync

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"

	"claimcheck/sim/api"
)

// table sends a request of resolver code to a DynamoDB data source: GetItem,
// PutItem, UpdateItem, DeleteItem, Query and Scan. What it returns is plain JSON,
// as ctx.result has it.
// https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html
func (e *execution) table(d *dataSource, request map[string]any) (any, error) {
	operation, _ := request["operation"].(string)
	input, err := tableInput(operation, request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name(), err)
	}
	input["TableName"] = d.table
	output, err := e.callAs(d, api.Call{From: Actor, Service: "dynamodb", Operation: operation, Input: input}, "DynamoDB")
	if err != nil {
		return nil, err
	}
	return tableResult(operation, request, output)
}

// tableInput is the input of the DynamoDB operation that a request asks for.
func tableInput(operation string, request map[string]any) (map[string]any, error) {
	input := map[string]any{}
	key := typed(request["key"])
	switch operation {
	case "GetItem":
		input["Key"] = key
		put(input, "ConsistentRead", request["consistentRead"])
		return input, expressions(input, request, map[string]string{"projection": "ProjectionExpression"})
	case "PutItem":
		item, _ := typed(request["attributeValues"]).(map[string]any)
		all := maps.Clone(orEmpty(item))
		if members, ok := key.(map[string]any); ok {
			maps.Copy(all, members)
		}
		input["Item"] = all
		return input, expressions(input, request, map[string]string{"condition": "ConditionExpression"})
	case "UpdateItem":
		input["Key"], input["ReturnValues"] = key, "ALL_NEW"
		return input, expressions(input, request, map[string]string{"update": "UpdateExpression", "condition": "ConditionExpression"})
	case "DeleteItem":
		input["Key"], input["ReturnValues"] = key, "ALL_OLD"
		return input, expressions(input, request, map[string]string{"condition": "ConditionExpression"})
	case "Query", "Scan":
		return pageInput(input, request)
	}
	return nil, notSimulated("the operation %q of a DynamoDB data source", operation)
}

func pageInput(input, request map[string]any) (map[string]any, error) {
	put(input, "IndexName", request["index"])
	put(input, "Limit", request["limit"])
	put(input, "ScanIndexForward", request["scanIndexForward"])
	put(input, "ConsistentRead", request["consistentRead"])
	put(input, "Select", request["select"])
	if token, _ := request["nextToken"].(string); token != "" {
		start, err := readToken(token)
		if err != nil {
			return nil, err
		}
		input["ExclusiveStartKey"] = start
	}
	return input, expressions(input, request, map[string]string{
		"query": "KeyConditionExpression", "filter": "FilterExpression", "projection": "ProjectionExpression",
	})
}

func put(input map[string]any, name string, value any) {
	if value != nil {
		input[name] = value
	}
}

// expressions moves the expressions of a request into the input; their names and
// values are the operation's together.
func expressions(input, request map[string]any, members map[string]string) error {
	expressionNames, values := map[string]any{}, map[string]any{}
	for member, name := range members {
		if request[member] == nil {
			continue
		}
		given, ok := request[member].(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no object with an expression", member)
		}
		put(input, name, given["expression"])
		if more, ok := given["expressionNames"].(map[string]any); ok {
			maps.Copy(expressionNames, more)
		}
		if more, ok := typed(given["expressionValues"]).(map[string]any); ok {
			maps.Copy(values, more)
		}
	}
	if len(expressionNames) > 0 {
		input["ExpressionAttributeNames"] = expressionNames
	}
	if len(values) > 0 {
		input["ExpressionAttributeValues"] = values
	}
	return nil
}

// typed writes typed attribute values as DynamoDB takes them: numbers as text,
// NULL as true.
func typed(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			number, isNumber := member.(float64)
			list, isList := member.([]any)
			switch {
			case name == "N" && isNumber:
				out[name] = strconv.FormatFloat(number, 'f', -1, 64)
			case name == "NS" && isList:
				out[name] = numberTexts(list)
			case name == "NULL" && member == nil:
				out[name] = true
			default:
				out[name] = typed(member)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = typed(item)
		}
		return out
	}
	return value
}

func numberTexts(items []any) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = item
		if number, ok := item.(float64); ok {
			out[i] = strconv.FormatFloat(number, 'f', -1, 64)
		}
	}
	return out
}

// tableResult is ctx.result: the item, or items with nextToken and scannedCount.
func tableResult(operation string, request, output map[string]any) (any, error) {
	switch operation {
	case "GetItem":
		return plainItem(output["Item"]), nil
	case "PutItem":
		item, _ := typed(request["attributeValues"]).(map[string]any)
		all := maps.Clone(orEmpty(item))
		if key, ok := typed(request["key"]).(map[string]any); ok {
			maps.Copy(all, key)
		}
		return plainItem(all), nil
	case "UpdateItem", "DeleteItem":
		return plainItem(output["Attributes"]), nil
	}
	listed, _ := output["Items"].([]any)
	items := make([]any, len(listed))
	for i, item := range listed {
		items[i] = plainItem(item)
	}
	result := map[string]any{"items": items, "nextToken": nil, "scannedCount": output["ScannedCount"]}
	if last := output["LastEvaluatedKey"]; last != nil {
		token, err := json.Marshal(last)
		if err != nil {
			return nil, err
		}
		result["nextToken"] = base64.StdEncoding.EncodeToString(token)
	}
	return result, nil
}

func readToken(token string) (map[string]any, error) {
	var start map[string]any
	text, err := base64.StdEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(text, &start) != nil {
		return nil, fmt.Errorf("%q is no nextToken of this table", abbreviate(token))
	}
	return start, nil
}

// plainItem is an item without the types of its attributes, nil for none.
func plainItem(item any) any {
	attributes, ok := item.(map[string]any)
	if !ok || attributes == nil {
		return nil
	}
	out := map[string]any{}
	for name, value := range attributes {
		out[name] = plain(value)
	}
	return out
}

// plain is an attribute value without its type.
func plain(value any) any {
	members, _ := value.(map[string]any)
	for kind, v := range members {
		switch kind {
		case "N":
			number, err := strconv.ParseFloat(textOf(v), 64)
			if err == nil {
				return number
			}
		case "NULL":
			return nil
		case "M":
			return plainItem(v)
		case "L":
			return plainList(v)
		case "NS":
			list, _ := v.([]any)
			return plainList(wrapped(list))
		}
		return v
	}
	return nil
}

func plainList(value any) []any {
	items, _ := value.([]any)
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = plain(item)
	}
	return out
}

func wrapped(numbers []any) []any {
	out := make([]any, len(numbers))
	for i, n := range numbers {
		out[i] = map[string]any{"N": n}
	}
	return out
}
