package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
	"claimcheck/ui/screen"
	"claimcheck/ui/theme"
	"claimcheck/ui/uitest"
)

// learner is a trainer with questions of which 65 make an exam, a clock and a
// keeper.
func learner(k Keeper, clock *uitest.Clock, questions []quiz.Question) *root {
	d := deps(theme.Look{})
	d.Questions, d.Keeper, d.Now, d.Blueprint = questions, k, clock.Now, exam.Full(1)
	return sized(startWith(d), 80, 24)
}

// seconds lets an exam's clock tick after time has passed.
func seconds(r *root, clock *uitest.Clock, d time.Duration) {
	clock.Move(d)
	send(r, beat{})
}

func TestFullExamIsTakenFromTheFormToTheDebrief(t *testing.T) {
	k, clock := &uitest.Keeper{}, uitest.NewClock()
	r := learner(k, clock, uitest.Library(70))
	press(r, "e")
	requireSeen(t, r, "Start: 65 questions in 130 minutes, 15 of them not scored")
	press(r, "enter")
	requireSeen(t, r, "Question 1 of 65", "2:10:00 left")
	for item := range 65 {
		clock.Move(time.Minute)
		answerRightly(r, k, item)
		view := strings.ToLower(ansi.Strip(r.View()))
		for _, word := range []string{"right", "wrong", "✓", "✗"} {
			if strings.Contains(view, word) {
				t.Fatalf("question %d: %q is on the screen before the end:\n%s", item+1, word, view)
			}
		}
		press(r, "right")
	}
	requireSeen(t, r, "Every question is answered and none is flagged", "65 of 65 answered")
	press(r, "e")
	requireSeen(t, r, "End the exam now?", "Every question is answered.")
	press(r, "y")
	requireSeen(t, r, "Estimated score 1000: a pass", "50 of 50 that count, 15 of 15 that do not", "By task statement")
	if got := len(k.Kept.Attempts); got != 65 {
		t.Errorf("%d attempts are kept, want 65", got)
	}
	press(r, "tab", "enter")
	requireSeen(t, r, "✓ Right:", "Because of what the authorizer checks.")
}

// answerRightly chooses the key of an item by its letters.
func answerRightly(r *root, k *uitest.Keeper, item int) {
	asked := k.Kept.Exams[len(k.Kept.Exams)-1].Paper.Items[item]
	for _, id := range asked.Key {
		press(r, strings.ToLower(asked.Letter(id)))
	}
}

func TestBankThatIsTooSmallOffersWhatThereIs(t *testing.T) {
	r := learner(&uitest.Keeper{}, uitest.NewClock(), uitest.Library(4))
	press(r, "e")
	requireSeen(t, r, "65 asked for, and the banks have 4", "Start: 4 questions in 8 minutes")
	press(r, "enter")
	requireSeen(t, r, "Question 1 of 4", "8:00 left")
}

func TestFormFollowsTheNumberOfQuestions(t *testing.T) {
	r := learner(&uitest.Keeper{}, uitest.NewClock(), uitest.Library(70))
	press(r, "e", "down", "2", "0")
	requireSeen(t, r, "Start: 20 questions in 40 minutes", "◂ 20 ▸")
	press(r, "right", "down", "down", "enter")
	requireSeen(t, r, "Start: 25 questions in 62 minutes", "[x]")
	press(r, "down", "enter", "down", "enter")
	requireSeen(t, r, "Topics         HTTP authorizer", "[x] HTTP authorizer", "the banks have")
	press(r, "f")
	requireSeen(t, r, "Start: 65 questions in 130 minutes")
}

func TestExamGoesOnAfterARestartWithTheTimeReallyLeft(t *testing.T) {
	k, clock := &uitest.Keeper{}, uitest.NewClock()
	r := learner(k, clock, uitest.Library(70))
	press(r, "e", "enter", "b", "m", "down", "x", "right", "a")
	clock.Move(40 * time.Minute)
	r = learner(k, clock, uitest.Library(70))
	requireSeen(t, r, "under way: ", "of 65 answered, 1:30:00 left", "▸ e Exam")
	press(r, "enter")
	requireSeen(t, r, "Question 2 of 65", "1:30:00 left")
	press(r, "left")
	requireSeen(t, r, "[x] B", "--- C", "flagged")
}

func TestExamWhoseTimeRanOutWhileAwayIsOver(t *testing.T) {
	k, clock := &uitest.Keeper{}, uitest.NewClock()
	press(learner(k, clock, uitest.Library(4)), "e", "enter", "b")
	clock.Move(time.Hour)
	r := learner(k, clock, uitest.Library(4))
	requireUnseen(t, r, "under way")
	if len(k.Kept.Attempts) != 1 {
		t.Errorf("%d attempts are kept of an exam with one answer", len(k.Kept.Attempts))
	}
	press(r, "e", "down", "down", "down", "down", "down", "down", "enter")
	requireSeen(t, r, "Estimated score", "8:00 of 8:00: the time ran out")
}

func TestClockEndsTheExam(t *testing.T) {
	k, clock := &uitest.Keeper{}, uitest.NewClock()
	r := learner(k, clock, uitest.Library(2))
	press(r, "e", "enter", "b")
	seconds(r, clock, 4*time.Minute)
	requireSeen(t, r, "Estimated score", "The time is up: 1 of 2 questions are answered.")
	press(r, "a")
	if got := len(k.Kept.Exams[0].Events); got != 3 {
		t.Errorf("%d events are kept, want 3: started, shown, chosen", got)
	}
}

func TestHiddenClockComesBackForTheLastFiveMinutes(t *testing.T) {
	clock := uitest.NewClock()
	r := learner(&uitest.Keeper{}, clock, uitest.Library(70))
	press(r, "e", "enter", "t", "T")
	requireUnseen(t, r, "left", "Question 1 of 65", "0 of 65")
	seconds(r, clock, 100*time.Minute)
	requireSeen(t, r, "! 30 minutes left.")
	requireUnseen(t, r, "30:00")
	press(r, "down")
	requireUnseen(t, r, "30 minutes left.")
	seconds(r, clock, 25*time.Minute)
	requireSeen(t, r, "5:00 left", "Question 1 of 65", "5 minutes left: clock and counter stay in sight.")
	press(r, "t")
	requireSeen(t, r, "5:00 left", "t: in the last 5 minutes")
}

func TestAnswerCountsOnlyOnceItIsKept(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Library(2))
	press(r, "e", "enter")
	_, keep := r.Update(keyNamed("b"))
	requireSeen(t, r, "(·) B", "keeping your answer")
	run(r, keep)
	requireSeen(t, r, "(*) B")
	k.Err = errors.New("the disk is full")
	press(r, "c")
	requireSeen(t, r, "(*) B", "Not kept, so it does not count: the disk is full")
	requireUnseen(t, r, "(*) C", "(·) C")
}

func TestExamThatCannotBeKeptDoesNotBegin(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Library(4))
	k.Err = errors.New("the disk is full")
	press(r, "e", "enter")
	requireSeen(t, r, "cannot be kept: the disk is full", "Start: 4 questions")
}

func TestReviewListHasWhatIsFlaggedOrOpen(t *testing.T) {
	r := learner(&uitest.Keeper{}, uitest.NewClock(), uitest.Library(4))
	press(r, "e", "enter", "m", "right", "right", "right", "right")
	requireSeen(t, r, "Flagged or not answered: 4", "flagged open")
	press(r, "e")
	requireSeen(t, r, "4 questions not answered, which counts as wrong: 1 to 4", "1 question flagged: 1")
	press(r, "n", "g", "left", "enter")
	requireSeen(t, r, "Question 3 of 4")
	press(r, "r", "enter")
	requireSeen(t, r, "Question 1 of 4", "flagged")
}

func TestMultipleResponseSaysHowManyAndTakesNoMore(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Library(3))
	press(r, "e", "enter")
	for item, asked := range k.Kept.Exams[0].Paper.Items {
		if asked.Choose() == 2 {
			press(r, "g")
			for range item {
				press(r, "right")
			}
			press(r, "enter")
		}
	}
	requireSeen(t, r, "Choose 2", "choose 2, 0 so far: all of them count, or none")
	press(r, "a", "b", "c")
	requireSeen(t, r, "[x] A", "[x] B", "[ ] C", "2 are chosen already")
	press(r, "a", "c")
	requireSeen(t, r, "[ ] A", "[x] C", "answered")
}

func TestQDoesNotEndTheProgramInAnExam(t *testing.T) {
	r := learner(&uitest.Keeper{}, uitest.NewClock(), uitest.Library(4))
	press(r, "e", "enter")
	if _, cmd := r.Update(keyNamed("q")); quits(cmd) {
		t.Error("q ends the program in the middle of an exam")
	}
	requireSeen(t, r, "Ctrl-C leaves, and its clock runs on")
}

func TestPastExamIsListedAndOpenedAgain(t *testing.T) {
	clock := uitest.NewClock()
	questions := uitest.Library(70)
	r := learner(&uitest.Keeper{Kept: uitest.SixWeeks(questions, clock.Now())}, clock, questions)
	press(r, "e")
	requireSeen(t, r, "14 Nov 2026 09:1", "20 questions")
	for range 6 {
		press(r, "down")
	}
	press(r, "enter", "tab", "w")
	requireSeen(t, r, "What was wrong", "✗")
	press(r, "enter")
	requireSeen(t, r, "Wrong: you chose", "in the exam)", "Why was it wrong?")
}

func TestDebriefOpensTheProofOfTheAnswer(t *testing.T) {
	k, clock := &uitest.Keeper{}, uitest.NewClock()
	r := learner(k, clock, uitest.Questions()[:1])
	press(r, "e", "enter")
	item := k.Kept.Exams[0].Paper.Items[0]
	press(r, strings.ToLower(item.Letter("A")), "right", "e", "y", "tab", "enter")
	requireSeen(t, r, fmt.Sprintf("Wrong: you chose A (lettered %s in the exam), right is C.", item.Letter("A")), "A fails: A registered user reaches the API")
	press(r, "k", "enter")
	requireSeen(t, r, "A: A registered user reaches the API")
	if got := k.Kept.Attempts[0].Miss; got != quiz.Knowledge {
		t.Errorf("the miss is classified as %q, want knowledge", got)
	}
}

func TestUnansweredQuestionIsExplainedInTheDebrief(t *testing.T) {
	k := &uitest.Keeper{}
	r := learner(k, uitest.NewClock(), uitest.Questions()[:1])
	press(r, "e", "enter", "r", "e", "y", "tab", "enter")
	requireSeen(t, r, "Wrong: you chose nothing, right is C.")
	requireUnseen(t, r, "Why was it wrong?")
}

func TestResultThatIsNotThereIsTold(t *testing.T) {
	r := learner(&uitest.Keeper{}, uitest.NewClock(), uitest.Library(4))
	for _, to := range []screen.Route{{Name: screen.Result, Exam: "nope"}, {Name: screen.Debrief, Exam: "nope"}} {
		run(r, r.open(to))
		requireSeen(t, r, `there is no exam "nope"`)
	}
}

func TestBlueprintOfTheCommandFillsTheForm(t *testing.T) {
	d := deps(theme.Look{})
	d.Questions, d.Start, d.Blueprint = uitest.Library(70), screen.Route{Name: screen.Exam}, exam.Short(10, 7)
	r := New(d).(*root)
	sized(r, 80, 24)
	opened := r.Init()
	requireSeen(t, r, "Reading your progress")
	run(r, opened)
	requireSeen(t, r, "Start: 10 questions in 20 minutes", "7      the same number")
}
