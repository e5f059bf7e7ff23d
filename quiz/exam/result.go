package exam

import (
	"math"
	"slices"
	"strings"
	"time"
)

// The scale of the real exam.
const (
	LowestScore  = 100
	HighestScore = 1000
	PassScore    = 720
)

// Result is how an exam that is over went.
//
// AWS does not publish how it makes a scaled score from right answers, so Score
// is an estimate: the share of right answers among the questions that count, on a
// straight line from 100 (none) to 1000 (all). On this line 720 needs 68.9 %.
// Low and High are the 95 % confidence interval of that share (Wilson's, from the
// binomial standard error) on the same line: with 50 questions about 110 points
// to either side, with 10 questions about 220.
type Result struct {
	Score, Low, High int
	// Right of Scored questions that count; an unanswered one is wrong.
	Right, Scored int
	// UnscoredRight of Unscored questions that do not count.
	UnscoredRight, Unscored int
	// ByTask and ByTopic break down all questions, scored or not, sorted by name.
	ByTask, ByTopic []Part
	// Items are the questions in the paper's order.
	Items []Outcome
	// Took is from start to end.
	Took    time.Duration
	Changes Changes
}

// Passed says whether the estimate reaches the pass mark.
func (r Result) Passed() bool { return r.Score >= PassScore }

// Clear says whether the whole band lies on one side of the pass mark.
func (r Result) Clear() bool { return r.Low >= PassScore || r.High < PassScore }

// Part is the result in one task statement or topic.
type Part struct {
	Name         string
	Right, Asked int
	// Spent is the time on all its questions.
	Spent time.Duration
}

// Outcome is the result of one item.
type Outcome struct {
	Item
	Chosen  []string
	Right   bool
	Flagged bool
	Spent   time.Duration
	// Changed is "" when the first complete answer was also the last.
	Changed Change
}

// Change is how a change of mind went: from the first complete answer to the
// last.
type Change string

// The ways a change of mind goes.
const (
	WrongToRight Change = "wrong to right"
	RightToWrong Change = "right to wrong"
	WrongToWrong Change = "wrong to wrong"
	// ThereAndBack ends with the answer it began with.
	ThereAndBack Change = "there and back"
)

// Changes counts the items whose answer was changed.
type Changes struct {
	WrongToRight, RightToWrong, WrongToWrong, ThereAndBack int
}

// Score marks an exam: all or nothing for each item. Before the end it marks what
// is there.
func Score(s State) Result {
	r := Result{Took: s.Now.Sub(s.Started)}
	tasks, topics := map[string]Part{}, map[string]Part{}
	for n, p := range s.Items {
		o := outcome(s.Paper.Items[n], p)
		r.Items = append(r.Items, o)
		r.count(o)
		add(tasks, o.Task, o)
		for _, topic := range o.Topics {
			add(topics, topic, o)
		}
	}
	r.ByTask, r.ByTopic = sorted(tasks), sorted(topics)
	r.Score, r.Low, r.High = estimate(r.Right, r.Scored)
	return r
}

func outcome(i Item, p Progress) Outcome {
	o := Outcome{Item: i, Chosen: p.Chosen, Right: i.right(p.Chosen), Flagged: p.Flagged, Spent: p.Spent}
	if len(p.Answers) < 2 {
		return o
	}
	first, last := p.Answers[0], p.Answers[len(p.Answers)-1]
	switch {
	case slices.Equal(first, last):
		o.Changed = ThereAndBack
	case i.right(first):
		o.Changed = RightToWrong
	case i.right(last):
		o.Changed = WrongToRight
	default:
		o.Changed = WrongToWrong
	}
	return o
}

// right says whether the options chosen are exactly the key.
func (i Item) right(chosen []string) bool {
	if len(chosen) != len(i.Key) {
		return false
	}
	return !slices.ContainsFunc(i.Key, func(id string) bool { return !slices.Contains(chosen, id) })
}

func (r *Result) count(o Outcome) {
	right := 0
	if o.Right {
		right = 1
	}
	if o.Unscored {
		r.Unscored++
		r.UnscoredRight += right
	} else {
		r.Scored++
		r.Right += right
	}
	switch o.Changed {
	case WrongToRight:
		r.Changes.WrongToRight++
	case RightToWrong:
		r.Changes.RightToWrong++
	case WrongToWrong:
		r.Changes.WrongToWrong++
	case ThereAndBack:
		r.Changes.ThereAndBack++
	}
}

func add(parts map[string]Part, name string, o Outcome) {
	p := parts[name]
	p.Name = name
	p.Asked++
	p.Spent += o.Spent
	if o.Right {
		p.Right++
	}
	parts[name] = p
}

func sorted(parts map[string]Part) []Part {
	var list []Part
	for _, p := range parts {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Part) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// estimate puts right of scored answers on the scale, with its band.
func estimate(right, scored int) (score, low, high int) {
	if scored == 0 {
		return LowestScore, LowestScore, HighestScore
	}
	const z = 1.959964 // 95 % of a normal distribution lie within z standard deviations
	n := float64(scored)
	p := float64(right) / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return scaled(p), scaled(middle - half), scaled(middle + half)
}

func scaled(share float64) int {
	share = min(max(share, 0), 1)
	return LowestScore + int(math.Round(share*(HighestScore-LowestScore)))
}
