package cloudformation

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation/sam"
	"claimcheck/sim/shape"
	"claimcheck/sim/source"
	"claimcheck/sim/trace"
)

// The actors of a deployment.
const (
	actorAuthor         trace.Actor = "Author"
	actorCloudFormation trace.Actor = "CloudFormation"
)

// Deploy creates the resources of a template. It looks, in this order, at:
//
//  0. whether the SAM transform, if the template asks for it, takes the template;
//  1. whether AWS has every resource type;
//  2. whether every resource fits its type's schema: 2.1 no property that the
//     type does not have, 2.2 every required one, 2.3 values of the right type,
//     2.4 values that are legal;
//  3. each resource in turn, after those it refers to: 3.1 its schema again, now
//     that the values of other resources are known, 3.2 whether its service
//     creates it.
//
// CloudFormation answers CreateStack at once and reports a failure later, as
// the stack's status; here the failure is the answer, and nothing is rolled
// back.
//
// The error is an *awserr.Error, perhaps wrapped, when AWS refuses, and
// source.Problems when the simulation cannot run the template as it is written.
func Deploy(span *trace.Span, w api.World, t Template, types []Type) (Stack, error) {
	id := newStackID(w)
	s, err := t.survey(pseudoValues(w, id), types)
	if err != nil && len(t.faults) == 0 {
		return Stack{}, err
	}
	exchange := span.Open(actorAuthor, actorCloudFormation, "cloudformation:CreateStack", trace.Message{Body: t.listing()})
	d := deployment{span: exchange, survey: s, stack: newStack(t, id)}
	if err := t.transform(exchange); err != nil { // 0
		d.close(err)
		return Stack{}, err
	}
	if err := d.run(); err != nil {
		d.close(err)
		return Stack{}, err
	}
	exchange.Close(trace.Message{Status: 200, Body: d.stack.listing(s.drafts)})
	return d.stack, nil
}

// transform is phase 0. CloudFormation reports a template that the transform
// refuses before there are any resources.
func (t Template) transform(span *trace.Span) error {
	if !t.transformed {
		return nil
	}
	if len(t.faults) == 0 {
		span.Decide(RuleTransform, true, "a template that SAM takes", "expanded to "+strconv.Itoa(len(t.resources))+" resources")
		return nil
	}
	texts := make([]string, len(t.faults))
	for i, f := range t.faults {
		span.Decide(RuleTransform, false, "a template that SAM takes", short(f.String(), 100))
		texts[i] = f.String()
	}
	return awserr.New("ValidationError", "Transform %s failed with: Invalid Serverless Application Specification document. Number of errors found: %d. %s",
		sam.Transform, len(texts), strings.Join(texts, " "))
}

// listing is one line a resource: logical id and type.
func (t Template) listing() string {
	lines := make([]string, len(t.resources))
	for i, r := range t.resources {
		lines[i] = r.id + ": " + r.typeName
	}
	return strings.Join(lines, "\n")
}

type deployment struct {
	span   *trace.Span
	survey survey
	stack  Stack
}

func (d *deployment) run() error {
	if err := d.checkTypes(); err != nil { // 1
		return err
	}
	if err := d.checkProperties(); err != nil { // 2
		return err
	}
	for _, r := range d.survey.drafts { // 3
		created, err := d.create(r)
		if err != nil {
			return err
		}
		d.survey.scope.resources[r.id] = instance{kind: r.kind, created: &created}
		d.stack.created[r.id] = created
	}
	d.span.Decide(RuleResourceCreated, true, "every resource is created", d.count())
	return nil
}

func (d *deployment) count() string {
	if n := len(d.survey.drafts); n != 1 {
		return fmt.Sprintf("%d resources", n)
	}
	return "1 resource"
}

// close ends the exchange with a refusal. An error of the template has no
// answer: AWS never sees it.
func (d *deployment) close(err error) {
	var refusal *awserr.Error
	if errors.As(err, &refusal) {
		d.span.Close(trace.Message{Status: refusal.Status, Error: refusal.Code, Body: err.Error()})
	}
}

// checkTypes is phase 1.
func (d *deployment) checkTypes() error {
	strangers := d.survey.strangers
	if len(strangers) == 0 {
		d.span.Decide(RuleNoSuchType, true, "resource types that AWS has", d.count()+", every type known")
		return nil
	}
	for _, name := range strangers {
		d.span.Decide(RuleNoSuchType, false, "a resource type that AWS has", name)
	}
	return awserr.New("ValidationError", "Template format error: Unrecognized resource types: [%s]", strings.Join(strangers, ", "))
}

// checkProperties is phase 2: one check a rule when every resource follows it,
// and one for every fault otherwise. Each fault refuses the stack by itself.
func (d *deployment) checkProperties() error {
	for _, phase := range []struct {
		kind   shape.Kind
		wanted string
	}{
		{shape.NoSuchMember, "properties that the types have"},       // 2.1
		{shape.Missing, "every property that the types require"},     // 2.2
		{shape.WrongType, "values of the properties' types"},         // 2.3
		{shape.NotAllowed, "values that the properties' types list"}, // 2.4
	} {
		if !d.recordFaults(d.survey.drafts, phase.kind) {
			d.span.Decide(ruleOf(phase.kind), true, phase.wanted, d.count()+", all of them")
		}
	}
	return refuse(d.survey.drafts)
}

// recordFaults records the faults of one kind and reports whether there are any.
func (d *deployment) recordFaults(drafts []draft, kind shape.Kind) bool {
	found := false
	for _, r := range drafts {
		for _, f := range r.faults {
			if f.Kind == kind {
				d.recordFault(r, f)
				found = true
			}
		}
	}
	return found
}

func (d *deployment) recordFault(r draft, f shape.Fault) {
	wanted, found := r.wantedAndFound(f)
	d.span.Decide(ruleOf(f.Kind), false, wanted, found)
}

// refuse is CloudFormation's answer to resources that do not fit their schemas,
// nil when all do.
func refuse(drafts []draft) error {
	var lines []string
	for _, r := range drafts {
		if len(r.faults) == 0 {
			continue
		}
		lines = append(lines, fmt.Sprintf("Properties validation failed for resource %s with message:", r.id))
		for _, f := range r.faults {
			lines = append(lines, r.schemaMessage(f))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return awserr.New("ValidationError", "%s", strings.Join(lines, "\n"))
}

// create is phase 3 for one resource.
func (d *deployment) create(r draft) (Created, error) {
	var problems source.Problems
	values := resolver{scope: d.survey.scope, problems: &problems}
	r.tree = values.properties(r.resource)
	if err := problems.Err(); err != nil {
		return Created{}, err
	}
	properties, faults := r.kind.decode(r.tree)
	if r.faults = faults; len(faults) > 0 { // 3.1
		for _, f := range faults {
			d.recordFault(r, f)
		}
		return Created{}, refuse([]draft{r})
	}
	created, err := r.kind.create(Resource{Span: d.span, LogicalID: r.id, Stack: d.stack.Name}, properties)
	if err != nil { // 3.2
		return Created{}, d.notCreated(r, err)
	}
	return created, nil
}

// notCreated is what becomes of a resource that its service does not create.
func (d *deployment) notCreated(r draft, err error) error {
	var refusal *awserr.Error
	if !errors.As(err, &refusal) {
		var problems source.Problems
		problems.Collect(r.at, fmt.Errorf("%s cannot be created: %w", r.id, err))
		return problems.Err()
	}
	record := d.span.Decide
	if d.span.Decided() {
		record = d.span.Note
	}
	record(RuleResourceCreated, false, r.id+" is created", short(refusal.Error(), 100))
	return fmt.Errorf("%s: Resource handler returned message: %w", r.id, err)
}
