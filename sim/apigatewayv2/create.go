package apigatewayv2

import (
	"fmt"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

func badRequest(format string, args ...any) error {
	return awserr.New("BadRequestException", format, args...)
}

func notSimulated(format string, args ...any) error {
	return fmt.Errorf("AWS has %s, the simulation does not", fmt.Sprintf(format, args...))
}

func (g *Gateway) find(id string) (*httpAPI, error) {
	if a, ok := g.apis[id]; ok {
		return a, nil
	}
	return nil, awserr.WithStatus(404, "NotFoundException", "Invalid API identifier specified %s:%s", g.world.Account(), id)
}

func (g *Gateway) createAPI(_ cloudformation.Resource, p apiProperties) (cloudformation.Created, error) {
	if p.Name == "" || p.ProtocolType == "" {
		return cloudformation.Created{}, badRequest("Name and ProtocolType are required")
	}
	if p.ProtocolType != "HTTP" {
		return cloudformation.Created{}, notSimulated("ProtocolType %s", p.ProtocolType)
	}
	cors, err := newCORS(p.CorsConfiguration)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a := &httpAPI{
		id: g.newID(), name: p.Name, cors: cors,
		draft: newDefinition(), deployments: map[string]definition{}, stages: map[string]*stage{},
	}
	a.draft.closed = p.DisableExecuteApiEndpoint
	g.apis[a.id] = a
	endpoint := "https://" + a.id + g.domain()
	return cloudformation.Created{
		Ref: a.id, Attributes: map[string]string{"ApiId": a.id, "ApiEndpoint": endpoint}, Extra: map[string]string{"Url": endpoint},
	}, nil
}

func (g *Gateway) newID() string { return g.world.Token(10, api.LowerAlphanumeric) }

func (g *Gateway) createRoute(_ cloudformation.Resource, p routeProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	r := route{key: p.RouteKey, authorization: p.AuthorizationType, authorizer: p.AuthorizerId, scopes: p.AuthorizationScopes}
	if r.authorization == "" {
		r.authorization = "NONE"
	}
	if err := a.draft.checkRoute(r); err != nil {
		return cloudformation.Created{}, err
	}
	integration, ok := strings.CutPrefix(p.Target, "integrations/")
	if _, exists := a.draft.integrations[integration]; !ok || !exists {
		return cloudformation.Created{}, badRequest("Target %q: want integrations/ID of an integration of this API", p.Target)
	}
	r.integration = integration
	a.draft.routes[r.key] = r
	id := g.newID()
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"RouteId": id}}, nil
}

// checkRoute says what is wrong with a route's key and authorization.
func (d definition) checkRoute(r route) error {
	method, path, ok := strings.Cut(r.key, " ")
	if r.key != "$default" && (!ok || !strings.HasPrefix(path, "/") || method != strings.ToUpper(method)) {
		return badRequest("The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"")
	}
	if _, taken := d.routes[r.key]; taken {
		return awserr.WithStatus(409, "ConflictException", "Route with key %s already exists for this API", r.key)
	}
	// https://github.com/aws/aws-cdk/pull/27576
	if len(r.scopes) > 0 && r.authorization != "JWT" {
		return badRequest("Scopes are only applicable for authorization types COGNITO_USER_POOLS and JWT")
	}
	if len(r.scopes) > mostScopes {
		return badRequest("A route can have at most %d authorization scopes, this one has %d", mostScopes, len(r.scopes))
	}
	wanted, ok := map[string]string{"JWT": "JWT", "CUSTOM": "REQUEST"}[r.authorization]
	if a, exists := d.authorizers[r.authorizer]; ok && (!exists || a.kind != wanted) {
		return badRequest("Invalid authorizer ID specified. Setting the authorization type to %s requires a valid authorizer.", r.authorization)
	}
	return nil
}

func (g *Gateway) createDeployment(_ cloudformation.Resource, p deploymentProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	id := g.newID()
	a.deployments[id] = a.draft.clone()
	if p.StageName != "" {
		s, ok := a.stages[p.StageName]
		if !ok {
			return cloudformation.Created{}, awserr.WithStatus(404, "NotFoundException", "Invalid stage identifier specified")
		}
		s.deployment = id
	}
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"DeploymentId": id}}, nil
}

func (g *Gateway) createStage(_ cloudformation.Resource, p stageProperties) (cloudformation.Created, error) {
	a, err := g.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	a.stages[p.StageName] = &stage{
		name: p.StageName, autoDeploy: p.AutoDeploy, deployment: p.DeploymentId, variables: p.StageVariables,
		limits: newLimits(p), buckets: map[string]bucket{},
	}
	url := "https://" + a.id + g.domain()
	if p.StageName != defaultStage {
		url += "/" + p.StageName
	}
	return cloudformation.Created{Ref: p.StageName, Extra: map[string]string{"Url": url}}, nil
}
