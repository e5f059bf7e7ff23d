package wafv2

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

// The property structs follow the pages AWS::WAFv2::* of
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_WAFv2.html

type ipSetProperties struct {
	Addresses        []string `aws:"required"`
	IPAddressVersion string   `aws:"required,enum=IPV4|IPV6"`
	Name             string
	Scope            string   `aws:"required,enum=CLOUDFRONT|REGIONAL"`
	_                struct{} `noeffect:"Description Tags"`
}

type webACLProperties struct {
	Name                 string
	Scope                string           `aws:"required,enum=CLOUDFRONT|REGIONAL"`
	DefaultAction        actionProperties `aws:"required"`
	VisibilityConfig     visibility       `aws:"required"`
	Rules                []ruleProperties
	CustomResponseBodies map[string]responseBody
	_                    struct{} `noeffect:"Description Tags" unsimulated:"ApplicationConfig AssociationConfig CaptchaConfig ChallengeConfig DataProtectionConfig OnSourceDDoSProtectionConfig TokenDomains"`
}

type actionProperties struct {
	Allow *struct {
		_ struct{} `unsimulated:"CustomRequestHandling"`
	}
	Block *struct {
		CustomResponse *customResponse
	}
	Count *struct {
		_ struct{} `unsimulated:"CustomRequestHandling"`
	}
	_ struct{} `unsimulated:"Captcha Challenge"`
}

type customResponse struct {
	ResponseCode          int `aws:"required"`
	CustomResponseBodyKey string
	ResponseHeaders       []struct {
		Name  string `aws:"required"`
		Value string `aws:"required"`
	}
}

type responseBody struct {
	Content     string `aws:"required"`
	ContentType string `aws:"required,enum=TEXT_PLAIN|TEXT_HTML|APPLICATION_JSON"`
}

type visibility struct {
	_ struct{} `noeffect:"CloudWatchMetricsEnabled MetricName SampledRequestsEnabled"`
}

type ruleProperties struct {
	Name             string              `aws:"required"`
	Priority         *int                `aws:"required"`
	Statement        statementProperties `aws:"required"`
	VisibilityConfig visibility          `aws:"required"`
	Action           *actionProperties
	_                struct{} `noeffect:"RuleLabels" unsimulated:"CaptchaConfig ChallengeConfig OverrideAction"`
}

type statementProperties struct {
	IPSetReferenceStatement *struct {
		Arn string   `aws:"required"`
		_   struct{} `unsimulated:"IPSetForwardedIPConfig"`
	}
	RateBasedStatement *struct {
		Limit               int    `aws:"required"`
		AggregateKeyType    string `aws:"required,enum=CONSTANT|CUSTOM_KEYS|FORWARDED_IP|IP"`
		EvaluationWindowSec int
		_                   struct{} `unsimulated:"CustomKeys ForwardedIPConfig ScopeDownStatement"`
	}
	ByteMatchStatement *struct {
		SearchString         string `aws:"required"`
		PositionalConstraint string `aws:"required,enum=CONTAINS|CONTAINS_WORD|ENDS_WITH|EXACTLY|STARTS_WITH"`
		FieldToMatch         field  `aws:"required"`
		TextTransformations  []struct {
			Priority *int   `aws:"required"`
			Type     string `aws:"required"`
		} `aws:"required"`
		_ struct{} `unsimulated:"SearchStringBase64"`
	}
	_ struct{} `unsimulated:"AndStatement AsnMatchStatement GeoMatchStatement LabelMatchStatement ManagedRuleGroupStatement NotStatement OrStatement RegexMatchStatement RegexPatternSetReferenceStatement RuleGroupReferenceStatement SizeConstraintStatement SqliMatchStatement XssMatchStatement"`
}

type field struct {
	Method       *empty
	QueryString  *empty
	SingleHeader *struct {
		Name string `aws:"required"`
	}
	UriPath *empty
	Body    *struct {
		_ struct{} `noeffect:"OversizeHandling"`
	}
	_ struct{} `unsimulated:"AllQueryArguments Cookies HeaderOrder Headers JA3Fingerprint JA4Fingerprint JsonBody SingleQueryArgument UriFragment"`
}

type empty struct{}

type associationProperties struct {
	ResourceArn string `aws:"required"`
	WebACLArn   string `aws:"required"`
}

func invalid(format string, args ...any) *awserr.Error {
	return awserr.New("WAFInvalidParameterException", "Error reason: "+format, args...)
}

func nonexistent() *awserr.Error {
	return awserr.New("WAFNonexistentItemException", "AWS WAF couldn’t perform the operation because your resource doesn’t exist.")
}

func notSimulated(format string, args ...any) error {
	return fmt.Errorf("AWS has it, the simulation does not: "+format, args...)
}

// newARN makes the name, unless there is one, the id and the ARN of a resource.
func (f *Firewall) newARN(r cloudformation.Resource, kind, given string) (name, id, address string) {
	name, id = given, f.world.UUID()
	if name == "" {
		name = r.LogicalID + "-" + f.world.Token(12, api.Alphanumeric)
	}
	return name, id, arn.New("wafv2", f.world.Region(), f.world.Account(), "regional/"+kind+"/"+name+"/"+id)
}

func (f *Firewall) createIPSet(r cloudformation.Resource, p ipSetProperties) (cloudformation.Created, error) {
	if p.Scope != "REGIONAL" {
		return cloudformation.Created{}, notSimulated("the scope %s", p.Scope)
	}
	var set ipSet
	for _, text := range p.Addresses {
		prefix, err := netip.ParsePrefix(text)
		if err != nil || prefix.Addr().Is4() != (p.IPAddressVersion == "IPV4") {
			return cloudformation.Created{}, invalid("The parameter contains formatting that is not valid., field: IP_ADDRESS, parameter: %s", text)
		}
		set = append(set, prefix.Masked())
	}
	name, id, address := f.newARN(r, "ipset", p.Name)
	f.sets[address] = set
	return cloudformation.Created{Ref: name + "|" + id + "|" + p.Scope, Attributes: map[string]string{"Arn": address, "Id": id}}, nil
}

func (f *Firewall) createWebACL(r cloudformation.Resource, p webACLProperties) (cloudformation.Created, error) {
	if p.Scope != "REGIONAL" {
		return cloudformation.Created{}, notSimulated("the scope %s", p.Scope)
	}
	standard, err := newAction(p.DefaultAction, p.CustomResponseBodies)
	if err != nil {
		return cloudformation.Created{}, err
	}
	if standard.kind == count {
		return cloudformation.Created{}, invalid("A default action must be Allow or Block., field: DEFAULT_ACTION")
	}
	acl := &webACL{standard: standard}
	for _, each := range p.Rules {
		made, err := f.newRule(each, p.CustomResponseBodies)
		if err != nil {
			return cloudformation.Created{}, err
		}
		if slices.ContainsFunc(acl.rules, func(other *rule) bool { return other.priority == made.priority }) {
			return cloudformation.Created{}, invalid("You have used none or multiple values for a field that requires exactly one value., field: RULE, parameter: Priority %d", made.priority)
		}
		acl.rules = append(acl.rules, made)
	}
	slices.SortFunc(acl.rules, func(a, b *rule) int { return cmp.Compare(a.priority, b.priority) })
	name, id, address := f.newARN(r, "webacl", p.Name)
	acl.name = name
	f.acls[address] = acl
	return cloudformation.Created{Ref: name + "|" + id + "|" + p.Scope, Attributes: map[string]string{
		"Arn": address, "Id": id, "Capacity": fmt.Sprint(len(acl.rules)), "LabelNamespace": "awswaf:" + f.world.Account() + ":webacl:" + name + ":",
	}}, nil
}

// newAction takes exactly one of Allow, Block and Count.
func newAction(p actionProperties, bodies map[string]responseBody) (action, error) {
	var named []action
	if p.Allow != nil {
		named = append(named, action{kind: allow})
	}
	if p.Count != nil {
		named = append(named, action{kind: count})
	}
	if p.Block != nil {
		response, err := newResponse(p.Block.CustomResponse, bodies)
		if err != nil {
			return action{}, err
		}
		named = append(named, action{kind: block, response: response})
	}
	if len(named) != 1 {
		return action{}, invalid("You have used none or multiple values for a field that requires exactly one value., field: ACTION")
	}
	return named[0], nil
}

// newResponse makes the response of a Block with one of its own.
// https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html
func newResponse(p *customResponse, bodies map[string]responseBody) (*api.HTTPResponse, error) {
	if p == nil {
		return nil, nil
	}
	if p.ResponseCode < 200 || p.ResponseCode > 599 {
		return nil, invalid("The response code must be between 200 and 599., field: CUSTOM_RESPONSE, parameter: %d", p.ResponseCode)
	}
	response := &api.HTTPResponse{Status: p.ResponseCode, Header: api.Header{}}
	for _, h := range p.ResponseHeaders {
		response.Header.Set(h.Name, h.Value)
	}
	if p.CustomResponseBodyKey == "" {
		return response, nil
	}
	body, ok := bodies[p.CustomResponseBodyKey]
	if !ok {
		return nil, invalid("The body key is not defined., field: CUSTOM_RESPONSE, parameter: %s", p.CustomResponseBodyKey)
	}
	response.Body = body.Content
	response.Header.Set("content-type", map[string]string{
		"TEXT_PLAIN": "text/plain", "TEXT_HTML": "text/html", "APPLICATION_JSON": "application/json",
	}[body.ContentType])
	return response, nil
}

func (f *Firewall) newRule(p ruleProperties, bodies map[string]responseBody) (*rule, error) {
	if p.Action == nil {
		return nil, invalid("You have used none or multiple values for a field that requires exactly one value., field: RULE, parameter: %s", p.Name)
	}
	done, err := newAction(*p.Action, bodies)
	if err != nil {
		return nil, err
	}
	asked, err := f.newStatement(p.Statement)
	return &rule{name: p.Name, priority: *p.Priority, action: done, statement: asked}, err
}

// newStatement takes exactly one statement.
func (f *Firewall) newStatement(p statementProperties) (statement, error) {
	var named []statement
	if p.IPSetReferenceStatement != nil {
		set, ok := f.sets[p.IPSetReferenceStatement.Arn]
		if !ok {
			return nil, nonexistent()
		}
		named = append(named, inSet{set: set})
	}
	if r := p.RateBasedStatement; r != nil {
		if r.AggregateKeyType != "IP" {
			return nil, notSimulated("AggregateKeyType %s", r.AggregateKeyType)
		}
		window := cmp.Or(r.EvaluationWindowSec, 300)
		if r.Limit < 10 || !slices.Contains([]int{60, 120, 300, 600}, window) {
			return nil, invalid("A limit is at least 10, in a window of 60, 120, 300 or 600 seconds., field: RATE_BASED_STATEMENT")
		}
		named = append(named, &tooMany{limit: r.Limit, window: time.Duration(window) * time.Second, seen: map[string][]time.Time{}})
	}
	if p.ByteMatchStatement != nil {
		match, err := newByteMatch(p)
		if err != nil {
			return nil, err
		}
		named = append(named, match)
	}
	if len(named) != 1 {
		return nil, invalid("You have used none or multiple values for a field that requires exactly one value., field: STATEMENT")
	}
	return named[0], nil
}

func newByteMatch(p statementProperties) (statement, error) {
	b := p.ByteMatchStatement
	if b.PositionalConstraint == "CONTAINS_WORD" {
		return nil, notSimulated("PositionalConstraint CONTAINS_WORD")
	}
	s := says{search: b.SearchString, constraint: b.PositionalConstraint}
	for _, t := range b.TextTransformations {
		switch t.Type {
		case "NONE":
		case "LOWERCASE":
			s.lowercase = true
		default:
			return nil, notSimulated("the text transformation %s", t.Type)
		}
	}
	fields := map[string]bool{
		"method": b.FieldToMatch.Method != nil, "query string": b.FieldToMatch.QueryString != nil, "path": b.FieldToMatch.UriPath != nil,
		"header": b.FieldToMatch.SingleHeader != nil, "body": b.FieldToMatch.Body != nil,
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !fields[name] {
			continue
		}
		if s.field != "" {
			s.field = ""
			break
		}
		s.field = name
	}
	if s.field == "" {
		return nil, invalid("You have used none or multiple values for a field that requires exactly one value., field: FIELD_TO_MATCH")
	}
	if b.FieldToMatch.SingleHeader != nil {
		s.header = b.FieldToMatch.SingleHeader.Name
	}
	return s, nil
}

// createAssociation puts a web ACL before a stage of a REST API. What else AWS
// WAF can protect is not simulated; an HTTP API it cannot.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-webaclassociation.html
func (f *Firewall) createAssociation(_ cloudformation.Resource, p associationProperties) (cloudformation.Created, error) {
	acl, ok := f.acls[p.WebACLArn]
	if !ok {
		return cloudformation.Created{}, nonexistent()
	}
	stage, err := arn.Parse(p.ResourceArn)
	isGateway := err == nil && stage.Service == "apigateway"
	if err != nil || isGateway && !strings.HasPrefix(stage.Resource, "/restapis/") {
		return cloudformation.Created{}, invalid("The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN, parameter: %s", p.ResourceArn)
	}
	if !isGateway {
		return cloudformation.Created{}, notSimulated("a web ACL before %s", p.ResourceArn)
	}
	f.protected[p.ResourceArn] = acl
	return cloudformation.Created{Ref: p.WebACLArn + "|" + p.ResourceArn}, nil
}
