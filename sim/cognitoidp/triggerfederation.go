package cognitoidp

// inbound asks the inbound federation trigger which of the provider's claims
// count. What it leaves out is dropped; an empty answer keeps all:
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
func (s *UserPools) inbound(v *visit, under *departure, who arrival) (arrival, error) {
	claims := texts(who.claims)
	attributes := map[string]any{"userInfo": claims}
	if under.to.kind == "SAML" {
		attributes = map[string]any{"samlResponse": claims}
	}
	var answer struct {
		UserAttributesToMap map[string]string `aws:"name=userAttributesToMap"`
	}
	_, err := s.consult(occasion{
		span: v.span, pool: v.pool, client: under.ask.client, username: v.pool.federatedName(under.to, who.subject),
		trigger: inboundFederation, source: "InboundFederation_ExternalProvider",
		request:  map[string]any{"providerName": under.to.name, "providerType": under.to.kind, "attributes": attributes},
		response: map[string]any{"userAttributesToMap": map[string]any{}},
	}, &answer)
	if err != nil {
		return arrival{}, under.refuseUser(err)
	}
	if len(answer.UserAttributesToMap) > 0 {
		who.claims = answer.UserAttributesToMap
	}
	return who, nil
}

// afterArrival asks the triggers of a user who came from a provider: post
// confirmation at the first sign-in; at later ones pre and post authentication:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func (s *UserPools) afterArrival(v *visit, under *departure, u *user, isNew bool) error {
	if isNew {
		return under.refuseUser(s.afterConfirmation(confirmation{
			span: v.span, pool: v.pool, client: under.ask.client, user: u, source: "ConfirmSignUp",
		}))
	}
	about := func(t trigger, request map[string]any) occasion {
		request["userAttributes"] = u.eventAttributes()
		return occasion{
			span: v.span, pool: v.pool, client: under.ask.client, username: u.username,
			trigger: t, source: string(t) + "_Authentication", request: request, response: map[string]any{},
		}
	}
	if _, err := s.consult(about(preAuthentication, map[string]any{"validationData": map[string]any{}}), &struct{}{}); err != nil {
		return under.refuseUser(err)
	}
	_, err := s.consult(about(postAuthentication, map[string]any{"newDeviceUsed": false, "clientMetadata": map[string]any{}}), &struct{}{})
	return under.refuseUser(err)
}
