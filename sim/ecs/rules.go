package ecs

import "claimcheck/sim/trace"

// The rules of this package.
const (
	RuleTaskRole    trace.RuleID = "ecs.task-role"
	RuleTrust       trace.RuleID = "ecs.task-role.trust"
	RuleCredentials trace.RuleID = "ecs.credentials-path"
)

// Rules lists the rules of this package.
func Rules() []trace.Rule {
	const roles = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"
	return []trace.Rule{
		{ID: RuleTaskRole, Statement: "The code in a task's containers gets the task role; the task execution role is the ECS agent's, for images, logs and secrets.", Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html", Confidence: trace.Documented},
		{ID: RuleTrust, Statement: "ECS assumes a task role by the role's trust policy, which has to name ecs-tasks.amazonaws.com.", Source: roles, Confidence: trace.Documented},
		{ID: RuleCredentials, Statement: "The agent hands out a task's credentials at the path that it puts into AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, and at no other.", Source: roles, Confidence: trace.Documented},
	}
}
