package ui

import (
	"errors"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

func TestAnswerIsKeptWithItsCertaintyAndTime(t *testing.T) {
	k, clock := &uitest.Keeper{}, uitest.NewClock()
	r := learner(k, clock, uitest.Questions())
	press(r, "s", "enter")
	clock.Move(40 * time.Second)
	press(r, "a", "3")
	want := []quiz.Attempt{{
		ID: "cloudtasker-token-access@1795251640000000000", QuestionID: "cloudtasker-token-access", At: clock.Now(), Took: 40 * time.Second,
		Chosen: []string{"A"}, Certainty: quiz.Sure, Misconceptions: []string{"identity-pool-authenticates"}, Source: quiz.FromStudy,
	}}
	if diff := cmp.Diff(want, k.Kept.Attempts); diff != "" {
		t.Error(diff)
	}
}

func TestMissIsClassifiedWithOneKey(t *testing.T) {
	for key, want := range map[string]quiz.Miss{"k": quiz.Knowledge, "m": quiz.Misread, "r": quiz.Reasoning, "s": quiz.Slip} {
		k := &uitest.Keeper{}
		r := learner(k, uitest.NewClock(), uitest.Questions())
		press(r, "s", "enter", "a", "3")
		requireSeen(t, r, "Why was it wrong?", "k did not know", "m misread", "r wrong conclusion", "s slip")
		press(r, key)
		requireUnseen(t, r, "Why was it wrong?")
		requireSeen(t, r, "Wrong because ")
		if got := k.Kept.Attempts[0].Miss; got != want {
			t.Errorf("%s classifies as %q, want %q", key, got, want)
		}
	}
}

func TestRightAnswerIsNotClassified(t *testing.T) {
	r := learner(&uitest.Keeper{}, uitest.NewClock(), uitest.Questions())
	press(r, "s", "enter", "c", "3")
	requireUnseen(t, r, "Why was it wrong?")
}

func TestAnswerShowsInTheCountOnceItIsKept(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Questions())
	press(r, "s", "enter", "c")
	_, keep := r.Update(keyNamed("3"))
	requireSeen(t, r, "✓ Right: C.")
	requireUnseen(t, r, "1 of 1 right")
	run(r, keep)
	requireSeen(t, r, "1 of 1 right")
}

func TestAnswerThatIsNotKeptIsTold(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Questions())
	k.Err = errors.New("the disk is full")
	press(r, "s", "enter", "c", "3")
	requireSeen(t, r, "✓ Right: C.", "This answer is not kept: the disk is full")
	requireUnseen(t, r, "1 of 1 right")
}

func TestProgressThatCannotBeReadIsTold(t *testing.T) {
	r := learner(&uitest.Keeper{Err: errors.New("the file is locked")}, uitest.NewClock(), uitest.Questions())
	requireSeen(t, r, "the file is locked", "What to do now")
}

func TestTrainerWithoutAKeeperSaysThatNothingIsKept(t *testing.T) {
	d := deps(theme.Look{})
	d.Unkept, d.Questions = "the folder cannot be written", uitest.Library(2)
	r := sized(startWith(d), 80, 24)
	requireSeen(t, r, "! Nothing is kept: the folder cannot be written")
	press(r, "e", "enter", "a")
	requireSeen(t, r, "Question 1 of 2", "1 of 2 answered")
}

func TestQuittingWaitsUntilEverythingIsKept(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Questions())
	press(r, "s", "enter", "c")
	_, keep := r.Update(keyNamed("3"))
	if _, cmd := r.Update(keyNamed("q")); quits(cmd) {
		t.Fatal("the trainer leaves before the answer is kept")
	}
	requireSeen(t, r, "Keeping what you did")
	if _, cmd := r.Update(savedBy(keep)); !quits(cmd) {
		t.Error("the trainer does not leave once the answer is kept")
	}
	if len(k.Kept.Attempts) != 1 {
		t.Error("the answer is not kept")
	}
}

func TestHomeTellsWhatPressesMost(t *testing.T) {
	clock := uitest.NewClock()
	questions := uitest.Library(70)
	r := learner(&uitest.Keeper{Kept: uitest.SixWeeks(questions, clock.Now())}, clock, questions)
	requireSeen(t, r, "▸ r Review", "of them sure and wrong", "the last one about", "weakest: ", "Topics, the weakest first", "12 days to the exam")
}

func TestReviewGoesFromOneDueQuestionToTheNext(t *testing.T) {
	k, clock := &uitest.Keeper{}, uitest.NewClock()
	r := learner(k, clock, uitest.Questions()[:2])
	press(r, "s", "enter", "a", "3", "k", "n", "a", "c", "1", "m")
	clock.Move(48 * time.Hour)
	press(r, "esc", "esc", "r")
	requireSeen(t, r, "To ask now: 2 questions", "! Tokens that expire and renew themselves", "sure and wrong")
	press(r, "enter", "c", "2", "n")
	requireSeen(t, r, "A mobile app stores photos")
	press(r, "a", "b", "3")
	requireSeen(t, r, "✓ Right: A and B.")
	if got := k.Kept.Attempts[3].Source; got != quiz.FromReview {
		t.Errorf("the answer is kept as given in %q, want review", got)
	}
	press(r, "n")
	requireSeen(t, r, "n: nothing more is due")
	press(r, "esc")
	requireSeen(t, r, "Nothing is due", "The next one comes in")
}

func TestExamDayIsSetAndTakenBack(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Questions())
	press(r, "r", "d", "right", "down", "enter")
	requireSeen(t, r, "The schedule aims at your exam on Sunday 13 December 2026.")
	if want := time.Date(2026, 12, 13, 0, 0, 0, 0, time.UTC); !k.Kept.ExamDate.Equal(want) {
		t.Errorf("%s is kept, want %s", k.Kept.ExamDate, want)
	}
	press(r, "d", "x")
	requireSeen(t, r, "No exam day is set")
	if !k.Kept.ExamDate.IsZero() {
		t.Errorf("%s is kept, want no day", k.Kept.ExamDate)
	}
	press(r, "d", "up", "up", "up", "enter")
	requireSeen(t, r, "The schedule aims at your exam on Saturday 21 November 2026.")
}

func TestProgressShowsNumbersBesideEachPlot(t *testing.T) {
	clock := uitest.NewClock()
	questions := uitest.Library(70)
	r := learner(&uitest.Keeper{Kept: uitest.SixWeeks(questions, clock.Now())}, clock, questions)
	press(r, "p")
	requireSeen(t, r, "By topic", "Identity pools", " % ", " seen", "Task 2.1")
	press(r, "tab")
	requireSeen(t, r, "Sure", " of 5", "Why answers were wrong", "Reasoning", "own token store", "×, last")
	press(r, "3")
	requireSeen(t, r, "Answers, the last", "Reviews due, the next", "answers, ")
	press(r, "4")
	requireSeen(t, r, "pass 720", "14 Nov 2026", "20 questions")
}

func TestEmptyProgressSaysWhatIsMissing(t *testing.T) {
	r := learner(&uitest.Keeper{}, uitest.NewClock(), uitest.Questions())
	press(r, "p")
	requireSeen(t, r, "none of ")
	press(r, "2")
	requireSeen(t, r, "no answer")
	press(r, "4")
	requireSeen(t, r, "No exam has been taken yet.")
}

// savedBy is the news that a command has kept something.
func savedBy(cmd tea.Cmd) tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case saved:
		return msg
	case tea.BatchMsg:
		for _, c := range msg {
			if found := savedBy(c); found != nil {
				return found
			}
		}
	}
	return nil
}
