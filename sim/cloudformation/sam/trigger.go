package sam

import "claimcheck/sim/source"

// cognitoEvent makes a function a trigger of a user pool of the template: the
// pool's LambdaConfig names it, and a permission lets the pool invoke it.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-cognito.html
func (e *expander) cognitoEvent(ev event) []source.Entry {
	e.known(ev, "Cognito", "UserPool Trigger", "")
	m := maker{ev.at}
	pool := referred(ev.properties["UserPool"])
	kinds := itemsOf(ev.properties["Trigger"])
	if pool == "" || len(kinds) == 0 {
		e.refuseEvent(ev, ev.at, "Event is missing a value for UserPool or Trigger.")
		return nil
	}
	var triggers []source.Entry
	for _, n := range kinds {
		triggers = append(triggers, source.Entry{Key: textOf(n), KeyAt: n.At(), Value: e.arn(m, ev.function)})
	}
	e.triggers = append(e.triggers, trigger{event: ev, pool: pool, config: triggers})
	id := ev.function + "CognitoPermission"
	if e.permitted[id] {
		return nil
	}
	e.permitted[id] = true
	return []source.Entry{e.permissionFor(m, id, ev.function, "cognito-idp.amazonaws.com", m.getAtt(pool, "Arn"))}
}

// trigger is a function that a user pool is to call.
type trigger struct {
	event
	pool string
	// config are the entries of LambdaConfig.
	config []source.Entry
}

// attach writes the triggers into the user pools that a template has.
func (e *expander) attach(made map[string][]source.Entry) {
	for _, t := range e.triggers {
		pools := made[t.pool]
		if len(pools) != 1 || textOf(fieldsOf(pools[0].Value)["Type"]) != "AWS::Cognito::UserPool" {
			e.refuseEvent(t.event, t.at, "UserPool must be a reference to a user pool in the same template.")
			continue
		}
		config := fieldsOf(fieldsOf(fieldsOf(pools[0].Value)["Properties"])["LambdaConfig"])
		for _, entry := range t.config {
			if _, taken := config[entry.Key]; taken {
				e.refuseEvent(t.event, entry.KeyAt, "Cognito trigger \"%s\" defined multiple times.", entry.Key)
			}
		}
		m := maker{t.at}
		change := m.object(m.entry("Properties", m.object(m.entry("LambdaConfig", m.object(t.config...)))))
		made[t.pool] = []source.Entry{{Key: pools[0].Key, KeyAt: pools[0].KeyAt, Value: merge(pools[0].Value, change)}}
	}
}
