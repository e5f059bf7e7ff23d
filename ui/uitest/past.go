package uitest

import (
	"fmt"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/quiz/progress"
)

// SixWeeks is what a learner keeps who has answered a few of these questions a day
// for six weeks up to now, rightly more and more often, and took an exam of at
// most 20 questions each week.
func SixWeeks(questions []quiz.Question, now time.Time) progress.Records {
	const days, exams = 42, 6
	var kept progress.Records
	for day := range days {
		if day%7 == 6 {
			continue // a day off
		}
		at := now.AddDate(0, 0, day-days)
		for n := range 3 + day%4 {
			i := (day*5 + n) % len(questions)
			kept.Attempts = append(kept.Attempts, attempt(questions[i], at.Add(time.Duration(n)*time.Minute), day, n))
		}
	}
	for week := range exams {
		if s, ok := takenExam(questions, now.AddDate(0, 0, 7*(week-exams)), week); ok {
			kept.Exams = append(kept.Exams, s)
		}
	}
	kept.ExamDate = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC).AddDate(0, 0, 12)
	return kept
}

// attempt is right more often the later it is.
func attempt(q quiz.Question, at time.Time, day, n int) quiz.Attempt {
	a := quiz.Attempt{
		ID: fmt.Sprintf("%s@%d", q.ID, at.UnixNano()), QuestionID: q.ID, At: at, Took: 40 * time.Second,
		Certainty: quiz.Certainty(1 + (day+n)%3), Source: quiz.FromStudy, Chosen: q.Key(), Right: true,
	}
	if (day*7+n*5)%(4+day/3) < 2 {
		wrong := wrongOption(q)
		a.Chosen, a.Right = []string{wrong.ID}, false
		if wrong.Misconception != "" {
			a.Misconceptions = []string{wrong.Misconception}
		}
		a.Miss = append(quiz.Misses(), "")[(day+n)%5]
	}
	return a
}

func wrongOption(q quiz.Question) quiz.Option {
	for _, o := range q.Options {
		if !o.Correct {
			return o
		}
	}
	return quiz.Option{}
}

// takenExam is an exam of which every (week+2)th question was missed, with a
// flag and a change of mind here and there.
func takenExam(questions []quiz.Question, at time.Time, week int) (exam.Session, bool) {
	const asked = 20
	paper, err := exam.Build(exam.Short(min(asked, len(questions)), uint64(week)), questions)
	if err != nil {
		return exam.Session{}, false
	}
	s := exam.Session{ID: fmt.Sprintf("exam-%d", week+1), Paper: paper, Events: []exam.Event{{At: at, Kind: exam.Started}}}
	happens := func(kind exam.Kind, item int, options ...string) {
		at = at.Add(25 * time.Second)
		s.Events = append(s.Events, exam.Event{At: at, Kind: kind, Item: item, Options: options})
	}
	for i, item := range paper.Items {
		happens(exam.Shown, i)
		if i%9 == 4 {
			happens(exam.Flagged, i)
		}
		if missed := i%(week+2) == 1; missed || i%7 == 3 {
			happens(exam.Chosen, i, item.Options[:item.Choose()]...)
			if missed {
				continue
			}
		}
		happens(exam.Chosen, i, item.Key...)
	}
	happens(exam.Ended, 0)
	return s, true
}
