package trace

// RuleID names a rule: the service prefix, the thing looked at and the aspect,
// for example "apigateway.cognito.token-use".
type RuleID string

// Confidence says how well a rule is known.
type Confidence string

// The levels of confidence, strongest first.
const (
	Documented Confidence = "documented" // stated in AWS documentation
	Observed   Confidence = "observed"   // reported from the real service
	Inferred   Confidence = "inferred"   // deduced from documented rules
)

// Rule is one documented check of the simulated AWS.
type Rule struct {
	ID RuleID `json:"id"`
	// Statement is one sentence a learner can keep.
	Statement string `json:"statement"`
	// Source is the URL of the page that says so.
	Source     string     `json:"source"`
	Confidence Confidence `json:"confidence"`
}
