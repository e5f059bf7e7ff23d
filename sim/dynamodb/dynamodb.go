// Package dynamodb is Amazon DynamoDB as far as authorization questions need
// it: tables with a primary key, single items, queries and scans, expressions.
// It owns attribute values, key schemas and expressions. It refuses to know
// throughput, streams, indexes and time: an item whose time to live has passed
// stays, as it may in AWS for days.
package dynamodb

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// DynamoDB holds the tables of one account. It is not safe for concurrent use.
type DynamoDB struct {
	world  api.World
	tables map[string]*table
}

// New returns a DynamoDB without tables.
func New(w api.World) *DynamoDB {
	return &DynamoDB{world: w, tables: map[string]*table{}}
}

// Service is DynamoDB behind the API door.
func (d *DynamoDB) Service() api.Service {
	return api.Service{
		Prefix: "dynamodb", Name: "DynamoDB", Host: "dynamodb." + d.world.Region() + ".amazonaws.com",
		Protocol: api.Protocol{Encoding: api.JSON, Version: "1.0", Target: "DynamoDB_20120810", Checksum: "x-amz-crc32"},
		Operations: []api.Operation{
			api.On(api.Operate("PutItem", api.Signed, d.putItem), func(in putItemInput) api.Target {
				return d.target(in.TableName, in.Item)
			}),
			api.On(api.Operate("GetItem", api.Signed, d.getItem), func(in getItemInput) api.Target {
				return d.target(in.TableName, in.Key)
			}),
			api.On(api.Operate("DeleteItem", api.Signed, d.deleteItem), func(in deleteItemInput) api.Target {
				return d.target(in.TableName, in.Key)
			}),
			api.On(api.Operate("UpdateItem", api.Signed, d.updateItem), func(in updateItemInput) api.Target {
				return d.target(in.TableName, in.Key)
			}),
			api.On(api.Operate("Query", api.Signed, d.query), d.queryTarget),
			api.On(api.Operate("Scan", api.Signed, d.scan), func(in scanInput) api.Target {
				return d.target(in.TableName, nil)
			}),
		},
		Unsimulated: unsimulatedOperations(),
		Rules:       Rules(),
		Denial:      denial,
	}
}

// Types is the resource type AWS::DynamoDB::Table.
func (d *DynamoDB) Types() []cloudformation.Type {
	return []cloudformation.Type{cloudformation.Define("AWS::DynamoDB::Table", []string{"Arn"}, d.createTable)}
}

// denial has status 400 in DynamoDB
// (https://github.com/aws-amplify/aws-sdk-android/issues/784).
func denial(message string) error { return awserr.New("AccessDeniedException", "%s", message) }

// target is the table with dynamodb:LeadingKeys, which is the partition key's
// value where the request names one. An ARN may be that of another account's
// table, which has more to say there
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
func (d *DynamoDB) target(name string, attributes map[string]any) api.Target {
	if a, err := arn.Parse(name); err == nil && a.Account != d.world.Account() {
		return api.Target{Resource: name}
	}
	target := api.Target{Resource: d.arnOf(tableName(name))}
	t, ok := d.tables[tableName(name)]
	if !ok {
		return target
	}
	target.Policy = t.policy
	if key, err := parseValue(attributes[t.hash.name]); err == nil {
		target.Keys = leadingKeys(key)
	}
	return target
}

func leadingKeys(key value) map[string][]string {
	return map[string][]string{"dynamodb:LeadingKeys": {key.text}}
}

func (d *DynamoDB) arnOf(name string) string {
	return arn.New("dynamodb", d.world.Region(), d.world.Account(), "table/"+name)
}

// tableName takes a table's name or ARN, as the operations do.
func tableName(text string) string {
	if a, err := arn.Parse(text); err == nil {
		return a.Name()
	}
	return text
}

// find is the table of a request.
func (d *DynamoDB) find(span *trace.Span, name string) (*table, error) {
	t, ok := d.tables[tableName(name)]
	if !span.Decide(RuleTableExists, ok, "a table of this account and Region", tableName(name)) {
		return nil, awserr.New("ResourceNotFoundException", "Requested resource not found")
	}
	return t, nil
}

// unsimulatedOperations are the others of the service model of 2012-08-10.
func unsimulatedOperations() []string {
	return []string{
		"BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "CancelBulkOperation", "CreateBackup", "CreateGlobalTable",
		"CreateTable", "DeleteBackup", "DeleteResourcePolicy", "DeleteTable", "DescribeBackup", "DescribeBulkOperation",
		"DescribeContinuousBackups", "DescribeContributorInsights", "DescribeEndpoints", "DescribeExport", "DescribeGlobalTable",
		"DescribeGlobalTableSettings", "DescribeImport", "DescribeKinesisStreamingDestination", "DescribeLimits", "DescribeTable",
		"DescribeTableReplicaAutoScaling", "DescribeTimeToLive", "DisableKinesisStreamingDestination",
		"EnableKinesisStreamingDestination", "ExecuteStatement", "ExecuteTransaction", "ExportTableToPointInTime",
		"GetResourcePolicy", "ImportTable", "ListBackups", "ListBulkOperations", "ListContributorInsights", "ListExports",
		"ListGlobalTables", "ListImports", "ListTables", "ListTagsOfResource", "PutResourcePolicy", "RestoreTableFromBackup",
		"RestoreTableToPointInTime", "SearchVectors", "StartBulkPutItems", "TagResource", "TransactGetItems", "TransactWriteItems",
		"UntagResource", "UpdateContinuousBackups", "UpdateContributorInsights", "UpdateGlobalTable", "UpdateGlobalTableSettings",
		"UpdateKinesisStreamingDestination", "UpdateTable", "UpdateTableReplicaAutoScaling", "UpdateTimeToLive",
	}
}
