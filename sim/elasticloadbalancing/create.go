package elasticloadbalancing

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// The property structs follow the pages AWS::ElasticLoadBalancingV2::* of
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ElasticLoadBalancingV2.html

type balancerProperties struct {
	Name string
	Type string   `aws:"enum=application|gateway|network"`
	_    struct{} `noeffect:"EnableCapacityReservationProvisionStabilize EnablePrefixForIpv6SourceNat EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic IpAddressType Ipv4IpamPoolId LoadBalancerAttributes MinimumLoadBalancerCapacity Scheme SecurityGroups SubnetMappings Subnets Tags"`
}

type targetGroupProperties struct {
	Name       string
	TargetType string `aws:"enum=alb|instance|ip|lambda"`
	Targets    []struct {
		Id string   `aws:"required"`
		_  struct{} `noeffect:"AvailabilityZone Port QuicServerId"`
	}
	_ struct{} `noeffect:"HealthCheckEnabled HealthCheckIntervalSeconds HealthCheckPath HealthCheckPort HealthCheckProtocol HealthCheckTimeoutSeconds HealthyThresholdCount IpAddressType Matcher Port Protocol ProtocolVersion Tags TargetControlPort TargetGroupAttributes UnhealthyThresholdCount VpcId"`
}

type listenerProperties struct {
	LoadBalancerArn string             `aws:"required"`
	DefaultActions  []actionProperties `aws:"required"`
	Protocol        string             `aws:"enum=HTTP|HTTPS"`
	Port            int
	Certificates    []struct{ CertificateArn string }
	_               struct{} `noeffect:"AlpnPolicy ListenerAttributes SslPolicy" unsimulated:"MutualAuthentication"`
}

type ruleProperties struct {
	ListenerArn string             `aws:"required"`
	Actions     []actionProperties `aws:"required"`
	Priority    int                `aws:"required"`
	Conditions  []struct {
		Field             string
		Values            []string
		PathPatternConfig *struct {
			Values []string
			_      struct{} `unsimulated:"RegexValues"`
		}
		_ struct{} `unsimulated:"HostHeaderConfig HttpHeaderConfig HttpRequestMethodConfig QueryStringConfig RegexValues SourceIpConfig"`
	} `aws:"required"`
	_ struct{} `unsimulated:"Transforms"`
}

type actionProperties struct {
	Type                      string `aws:"required,enum=authenticate-cognito|authenticate-oidc|fixed-response|forward|jwt-validation|redirect"`
	Order                     int
	TargetGroupArn            string
	AuthenticateCognitoConfig *cognitoConfig
	AuthenticateOidcConfig    *oidcConfig
	FixedResponseConfig       *struct {
		StatusCode  string `aws:"required"`
		ContentType string
		MessageBody string
	}
	ForwardConfig *struct {
		TargetGroups []struct {
			TargetGroupArn string
			_              struct{} `noeffect:"Weight"`
		}
		_ struct{} `unsimulated:"TargetGroupStickinessConfig"`
	}
	_ struct{} `unsimulated:"JwtValidationConfig RedirectConfig"`
}

type cognitoConfig struct {
	UserPoolArn              string `aws:"required"`
	UserPoolClientId         string `aws:"required"`
	UserPoolDomain           string `aws:"required"`
	OnUnauthenticatedRequest string `aws:"enum=allow|authenticate|deny"`
	Scope                    string
	SessionCookieName        string
	SessionTimeout           int
	_                        struct{} `unsimulated:"AuthenticationRequestExtraParams"`
}

type oidcConfig struct {
	Issuer                   string `aws:"required"`
	AuthorizationEndpoint    string `aws:"required"`
	TokenEndpoint            string `aws:"required"`
	UserInfoEndpoint         string `aws:"required"`
	ClientId                 string `aws:"required"`
	ClientSecret             string
	OnUnauthenticatedRequest string `aws:"enum=allow|authenticate|deny"`
	Scope                    string
	SessionCookieName        string
	SessionTimeout           int
	_                        struct{} `unsimulated:"AuthenticationRequestExtraParams UseExistingClientSecret"`
}

func invalidAction(format string, args ...any) *awserr.Error {
	return awserr.New("InvalidLoadBalancerAction", format, args...)
}

func notFound(kind, what string) *awserr.Error {
	return awserr.New(kind+"NotFound", "One or more of '%s' not found", what)
}

func notSimulated(format string, args ...any) error {
	return fmt.Errorf("AWS has it, the simulation does not: "+format, args...)
}

func (l *LoadBalancers) newARN(resource string) string {
	return arn.New("elasticloadbalancing", l.world.Region(), l.world.Account(), resource)
}

func (l *LoadBalancers) createBalancer(r cloudformation.Resource, p balancerProperties) (cloudformation.Created, error) {
	if p.Type != "" && p.Type != "application" {
		return cloudformation.Created{}, notSimulated("a load balancer of type %s", p.Type)
	}
	name := cmp.Or(p.Name, r.LogicalID+"-"+l.world.Token(8, api.LowerAlphanumeric))
	full := "app/" + name + "/" + l.world.Token(16, "0123456789abcdef")
	b := &balancer{
		arn: l.newARN("loadbalancer/" + full), listeners: map[string]*listener{},
		host: strings.ToLower(name) + "-" + l.world.Token(10, api.Digits) + l.domain(),
	}
	l.balancers[b.host] = b
	return cloudformation.Created{Ref: b.arn, Attributes: map[string]string{
		"DNSName": b.host, "LoadBalancerArn": b.arn, "LoadBalancerFullName": full, "LoadBalancerName": name,
	}}, nil
}

func (l *LoadBalancers) createTargetGroup(r cloudformation.Resource, p targetGroupProperties) (cloudformation.Created, error) {
	if p.TargetType != "lambda" || len(p.Targets) != 1 {
		return cloudformation.Created{}, notSimulated("a target group other than one Lambda function")
	}
	name := cmp.Or(p.Name, r.LogicalID+"-"+l.world.Token(8, api.LowerAlphanumeric))
	full := "targetgroup/" + name + "/" + l.world.Token(16, "0123456789abcdef")
	g := &targetGroup{arn: l.newARN(full), function: p.Targets[0].Id}
	l.groups[g.arn] = g
	return cloudformation.Created{Ref: g.arn, Attributes: map[string]string{
		"TargetGroupArn": g.arn, "TargetGroupFullName": full, "TargetGroupName": name,
	}}, nil
}

func (l *LoadBalancers) createListener(_ cloudformation.Resource, p listenerProperties) (cloudformation.Created, error) {
	var b *balancer
	for _, each := range l.balancers {
		if each.arn == p.LoadBalancerArn {
			b = each
		}
	}
	if b == nil {
		return cloudformation.Created{}, notFound("LoadBalancer", p.LoadBalancerArn)
	}
	made := &listener{
		arn:    strings.Replace(b.arn, ":loadbalancer/", ":listener/", 1) + "/" + l.world.Token(16, "0123456789abcdef"),
		secure: p.Protocol == "HTTPS", balancer: b,
	}
	if made.secure && len(p.Certificates) == 0 {
		return cloudformation.Created{}, awserr.New("CertificateNotFound", "A certificate must be specified for HTTPS listeners")
	}
	standard, err := l.newRule(made, p.DefaultActions)
	if err != nil {
		return cloudformation.Created{}, err
	}
	made.rules = []*rule{standard}
	b.listeners[map[bool]string{true: "https", false: "http"}[made.secure]] = made
	l.listeners[made.arn] = made
	return cloudformation.Created{Ref: made.arn, Attributes: map[string]string{"ListenerArn": made.arn}}, nil
}

func (l *LoadBalancers) createRule(_ cloudformation.Resource, p ruleProperties) (cloudformation.Created, error) {
	of, ok := l.listeners[p.ListenerArn]
	if !ok {
		return cloudformation.Created{}, notFound("Listener", p.ListenerArn)
	}
	made, err := l.newRule(of, p.Actions)
	if err != nil {
		return cloudformation.Created{}, err
	}
	made.priority = p.Priority
	for _, c := range p.Conditions {
		if c.Field != "path-pattern" {
			return cloudformation.Created{}, notSimulated("a condition on %s", c.Field)
		}
		made.paths = append(made.paths, c.Values...)
		if c.PathPatternConfig != nil {
			made.paths = append(made.paths, c.PathPatternConfig.Values...)
		}
	}
	if slices.ContainsFunc(of.rules, func(r *rule) bool { return r.priority == p.Priority }) {
		return cloudformation.Created{}, awserr.New("PriorityInUse", "Priority '%d' is currently in use", p.Priority)
	}
	standard := of.rules[len(of.rules)-1]
	of.rules = append(of.rules[:len(of.rules)-1], made)
	slices.SortFunc(of.rules, func(a, b *rule) int { return cmp.Compare(a.priority, b.priority) })
	of.rules = append(of.rules, standard)
	id := strings.Replace(of.arn, ":listener/", ":listener-rule/", 1) + "/" + l.world.Token(16, "0123456789abcdef")
	return cloudformation.Created{Ref: id, Attributes: map[string]string{"RuleArn": id}}, nil
}

// newRule reads the actions of a rule: at most one that signs users in, and one
// that ends it.
func (l *LoadBalancers) newRule(of *listener, actions []actionProperties) (*rule, error) {
	made := &rule{}
	slices.SortStableFunc(actions, func(a, b actionProperties) int { return cmp.Compare(a.Order, b.Order) })
	for _, a := range actions {
		var err error
		switch a.Type {
		case "authenticate-cognito", "authenticate-oidc":
			if !of.secure {
				return nil, invalidAction("Actions of type '%s' are supported only on HTTPS listeners", a.Type)
			}
			made.signIn, err = l.newSignIn(a)
		case "forward", "fixed-response":
			made.final, err = l.newFinal(a)
		default:
			return nil, notSimulated("an action of type %s", a.Type)
		}
		if err != nil {
			return nil, err
		}
	}
	if made.final == (final{}) {
		return nil, invalidAction("A rule must end with an action of type 'forward', 'redirect', or 'fixed-response'")
	}
	return made, nil
}

func (l *LoadBalancers) newFinal(a actionProperties) (final, error) {
	if a.FixedResponseConfig != nil {
		status, err := strconv.Atoi(a.FixedResponseConfig.StatusCode)
		if err != nil {
			return final{}, invalidAction("'%s' must be an HTTP status code", a.FixedResponseConfig.StatusCode)
		}
		kind := cmp.Or(a.FixedResponseConfig.ContentType, "text/plain")
		return final{fixed: &api.HTTPResponse{Status: status, Header: api.Header{"content-type": {kind}}, Body: a.FixedResponseConfig.MessageBody}}, nil
	}
	target := a.TargetGroupArn
	if a.ForwardConfig != nil && len(a.ForwardConfig.TargetGroups) == 1 {
		target = a.ForwardConfig.TargetGroups[0].TargetGroupArn
	}
	group, ok := l.groups[target]
	if !ok {
		return final{}, notFound("TargetGroup", target)
	}
	return final{group: group}, nil
}

func (l *LoadBalancers) newSignIn(a actionProperties) (*signIn, error) {
	s := &signIn{logins: map[string]login{}, sessions: map[string]session{}}
	var seconds int
	switch {
	case a.AuthenticateCognitoConfig != nil:
		p := a.AuthenticateCognitoConfig
		if err := l.useUserPool(s, p); err != nil {
			return nil, err
		}
		s.scope, s.cookie, s.unauthenticated, seconds = p.Scope, p.SessionCookieName, p.OnUnauthenticatedRequest, p.SessionTimeout
	case a.AuthenticateOidcConfig != nil:
		p := a.AuthenticateOidcConfig
		s.issuer, s.authorize, s.token, s.userInfo = p.Issuer, p.AuthorizationEndpoint, p.TokenEndpoint, p.UserInfoEndpoint
		s.client, s.secret = p.ClientId, p.ClientSecret
		s.scope, s.cookie, s.unauthenticated, seconds = p.Scope, p.SessionCookieName, p.OnUnauthenticatedRequest, p.SessionTimeout
	default:
		return nil, invalidAction("A configuration is required for actions of type '%s'", a.Type)
	}
	s.scope, s.cookie = cmp.Or(s.scope, "openid"), cmp.Or(s.cookie, "AWSELBAuthSessionCookie")
	s.unauthenticated = cmp.Or(s.unauthenticated, "authenticate")
	s.lasts = cmp.Or(time.Duration(seconds)*time.Second, defaultSession)
	return s, nil
}

// useUserPool fills in the endpoints of a user pool's domain. The app client
// needs a secret.
func (l *LoadBalancers) useUserPool(s *signIn, p *cognitoConfig) error {
	pool, err := arn.Parse(p.UserPoolArn)
	id := strings.TrimPrefix(pool.Resource, "userpool/")
	if err != nil || pool.Service != "cognito-idp" {
		return invalidAction("The user pool ARN '%s' is not valid", p.UserPoolArn)
	}
	secret, found := l.pools.ClientSecret(id, p.UserPoolClientId)
	if !found {
		return invalidAction("The user pool client '%s' was not found in the user pool '%s'", p.UserPoolClientId, id)
	}
	if secret == "" {
		return invalidAction("The user pool client must have a client secret")
	}
	host := p.UserPoolDomain
	if !strings.Contains(host, ".") {
		host += ".auth." + l.world.Region() + ".amazoncognito.com"
	}
	s.issuer = "https://cognito-idp." + pool.Region + ".amazonaws.com/" + id
	s.authorize, s.token, s.userInfo = "https://"+host+"/oauth2/authorize", "https://"+host+"/oauth2/token", "https://"+host+"/oauth2/userInfo"
	s.client, s.secret = p.UserPoolClientId, secret
	return nil
}
