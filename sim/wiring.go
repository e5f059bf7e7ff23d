package sim

import (
	"sort"

	"claimcheck/sim/api"
	"claimcheck/sim/apigateway"
	"claimcheck/sim/apigatewayv2"
	"claimcheck/sim/appsync"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/cognitoidentity"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/dynamodb"
	"claimcheck/sim/ec2"
	"claimcheck/sim/ecs"
	"claimcheck/sim/elasticloadbalancing"
	"claimcheck/sim/host"
	"claimcheck/sim/iam"
	"claimcheck/sim/lambda"
	"claimcheck/sim/organizations"
	"claimcheck/sim/s3"
	"claimcheck/sim/sts"
	"claimcheck/sim/trace"
	"claimcheck/sim/wafv2"
)

// wire makes the services beside IAM, hands each what it may know of the others,
// and puts them behind the doors. A new service is one line in each list it
// belongs to.
func (a *Account) wire() {
	inside := doors{a}
	security := sts.New(a.world, inside, a.iam)
	a.userPools = cognitoidp.New(a.world, inside)
	identityPools := cognitoidentity.New(a.world, inside, a.iam, a.userPools)
	functions := lambda.New(a.world, inside)
	tables := dynamodb.New(a.world)
	buckets := s3.New(a.world, a.iam)
	wall := wafv2.New(a.world)
	balancers := elasticloadbalancing.New(a.world, inside, a.userPools)
	a.gateway = apigateway.New(a.world, inside, a.iam, wall)
	httpAPIs := apigatewayv2.New(a.world, inside, a.iam)
	graphQL := appsync.New(a.world, inside, a.iam)
	organization := organizations.New(a.world, a.iam, a.cloud)

	instances := ec2.New(a.world, inside, a.iam)
	tasks := ecs.New(a.world, inside)
	a.hosts = host.New(a.world, inside, instances, tasks, functions)

	a.services = map[string]api.Service{}
	for _, service := range []api.Service{
		a.iam.Service(), security.Service(), a.userPools.Service(), identityPools.Service(),
		functions.Service(), tables.Service(), buckets.Service(), a.gateway.Service(), graphQL.Service(),
		wall.Service(), balancers.Service(), organization.Service(),
	} {
		a.services[service.Prefix] = service
	}
	a.sites = []api.Site{a.userPools.Site(), a.userPools.DomainSite(), a.userPools.ImportSite(), identityPools.Site(), httpAPIs.Site(), a.gateway.Site(), graphQL.Site(), buckets.Site(), instances.Site(), tasks.Site()}
	a.sites = append(a.sites, balancers.Site())
	for _, types := range [][]cloudformation.Type{
		a.iam.Types(), a.userPools.Types(), identityPools.Types(), functions.Types(),
		tables.Types(), buckets.Types(), a.gateway.Types(), httpAPIs.Types(), graphQL.Types(), instances.Types(), tasks.Types(),
		wall.Types(), balancers.Types(), organization.Types(),
	} {
		a.types = append(a.types, types...)
	}
	a.administrator = a.iam.Administrator()
}

// Rules lists every rule of the simulation, by id.
func Rules() []trace.Rule {
	var rules []trace.Rule
	for _, list := range [][]trace.Rule{
		doorRules(), cloudformation.Rules(), iam.Rules(), sts.Rules(), cognitoidp.Rules(), cognitoidentity.Rules(),
		lambda.Rules(), dynamodb.Rules(), s3.Rules(), apigateway.Rules(), apigatewayv2.Rules(), appsync.Rules(),
		ec2.Rules(), ecs.Rules(), host.Rules(),
		wafv2.Rules(), elasticloadbalancing.Rules(), organizations.Rules(),
	} {
		rules = append(rules, list...)
	}
	sort.Slice(rules, func(i, j int) bool { return rules[i].ID < rules[j].ID })
	return rules
}
