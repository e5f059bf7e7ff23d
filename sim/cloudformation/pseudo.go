package cloudformation

import (
	"claimcheck/sim/api"
	"claimcheck/sim/arn"
)

// The pseudo parameters that are simulated.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
const (
	pseudoAccountID = "AWS::AccountId"
	pseudoNoValue   = "AWS::NoValue"
	pseudoPartition = "AWS::Partition"
	pseudoRegion    = "AWS::Region"
	pseudoStackID   = "AWS::StackId"
	pseudoStackName = "AWS::StackName"
	pseudoURLSuffix = "AWS::URLSuffix"
)

func pseudoParameters() []string {
	return []string{
		pseudoAccountID, pseudoNoValue, pseudoPartition, pseudoRegion, pseudoStackID, pseudoStackName, pseudoURLSuffix,
	}
}

func pseudoValues(w api.World, stackID string) map[string]any {
	return map[string]any{
		pseudoAccountID: w.Account(),
		pseudoNoValue:   absent{},
		pseudoPartition: "aws",
		pseudoRegion:    w.Region(),
		pseudoStackID:   stackID,
		pseudoStackName: StackName,
		pseudoURLSuffix: "amazonaws.com",
	}
}

func newStackID(w api.World) string {
	return arn.New("cloudformation", w.Region(), w.Account(), "stack/"+StackName+"/"+w.UUID())
}
