package exam

import (
	"slices"
	"time"
)

// Refusal is why an event cannot happen.
type Refusal string

// Error is the reason, as a sentence without its full stop.
func (r Refusal) Error() string { return string(r) }

// The refusals.
const (
	NotStarted     Refusal = "the exam has not started"
	AlreadyStarted Refusal = "the exam has started already"
	AlreadyOver    Refusal = "the exam is over"
	NoQuestions    Refusal = "the paper has no questions"
	NoSuchItem     Refusal = "the paper has no such question"
	NoSuchOption   Refusal = "the question has no such option"
	TooManyOptions Refusal = "the question asks for fewer options"
	RepeatedOption Refusal = "an option is named twice"
	NeedsOneOption Refusal = "the event is about one option"
	UnknownKind    Refusal = "there is no such kind of event"
)

// Apply is the state after an event. It refuses, with a Refusal and without any
// change, what cannot happen:
//
//  1. anything before the start, and a second start,
//  2. anything at or after the end,
//  3. an item or option that the paper does not have, and more options than the
//     item asks for.
//
// An event from before the latest one (a clock was set back) counts as
// simultaneous with it: answers are never lost, and no time is won.
func (s State) Apply(e Event) (State, error) {
	next := s
	next.Items = slices.Clone(s.Items)
	if err := next.apply(e); err != nil {
		return s, err
	}
	return next, nil
}

// apply changes a state whose items are nobody else's; an event that is refused
// changes nothing.
func (s *State) apply(e Event) error {
	if e.Kind == Started {
		return s.start(e.At)
	}
	if s.Started.IsZero() {
		return NotStarted
	}
	at := s.At(e.At)
	if at.Over() {
		return AlreadyOver
	}
	shown, since := s.Item, s.LastEvent
	if err := s.record(e, at.Now); err != nil {
		return err
	}
	if e.Kind != Reopened {
		s.Items[shown].Spent += at.Now.Sub(since)
	}
	s.LastEvent, s.Now = at.Now, at.Now
	return nil
}

func (s *State) start(at time.Time) error {
	switch {
	case s.Over():
		return AlreadyOver
	case s.Running():
		return AlreadyStarted
	case len(s.Items) == 0 || s.Paper.Blueprint.Length() <= 0:
		return NoQuestions
	}
	s.Started, s.LastEvent, s.Now = at, at, at
	s.Items[0].Seen = true
	return nil
}

func (s *State) record(e Event, now time.Time) error {
	switch e.Kind {
	case Reopened:
	case ClockHidden, ClockShown:
		s.ClockHidden = e.Kind == ClockHidden
	case CounterHidden, CounterShown:
		s.CounterHidden = e.Kind == CounterHidden
	case Ended:
		s.Ended = now
	case Shown, Chosen, StruckOut, Restored, Flagged, Unflagged:
		return s.recordItem(e, now)
	default:
		return UnknownKind
	}
	return nil
}

func (s *State) recordItem(e Event, now time.Time) error {
	if !s.has(e.Item) {
		return NoSuchItem
	}
	item, p := s.Paper.Items[e.Item], &s.Items[e.Item]
	switch e.Kind {
	case Shown:
		s.Item, p.Seen = e.Item, true
	case Flagged, Unflagged:
		p.Flagged = e.Kind == Flagged
	case Chosen:
		return p.choose(item, e.Options, now)
	case StruckOut, Restored:
		return p.strike(item, e)
	}
	return nil
}

// choose replaces the answer.
func (p *Progress) choose(item Item, options []string, at time.Time) error {
	chosen, err := item.inOrder(options)
	if err != nil {
		return err
	}
	if len(chosen) > item.Choose() {
		return TooManyOptions
	}
	if slices.Equal(chosen, p.Chosen) {
		return nil
	}
	p.Chosen, p.AnsweredAt = chosen, at
	complete := len(chosen) == item.Choose()
	if complete && (len(p.Answers) == 0 || !slices.Equal(p.Answers[len(p.Answers)-1], chosen)) {
		p.Answers = append(slices.Clip(p.Answers), chosen)
	}
	return nil
}

// strike crosses an option out or takes that back.
func (p *Progress) strike(item Item, e Event) error {
	if len(e.Options) != 1 {
		return NeedsOneOption
	}
	if _, err := item.inOrder(e.Options); err != nil {
		return err
	}
	struck := slices.DeleteFunc(slices.Clone(p.StruckOut), func(id string) bool { return id == e.Options[0] })
	if e.Kind == StruckOut {
		struck = append(struck, e.Options[0])
	}
	ordered, err := item.inOrder(struck)
	if err != nil {
		return err
	}
	p.StruckOut = ordered
	return nil
}

// inOrder returns options as they are shown, nil for none. It refuses those that
// the item does not have, and repetitions.
func (i Item) inOrder(options []string) ([]string, error) {
	var ordered []string
	for _, id := range i.Options {
		if slices.Contains(options, id) {
			ordered = append(ordered, id)
		}
	}
	for n, id := range options {
		switch {
		case !slices.Contains(i.Options, id):
			return nil, NoSuchOption
		case slices.Contains(options[:n], id):
			return nil, RepeatedOption
		}
	}
	return ordered, nil
}
