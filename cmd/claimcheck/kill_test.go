//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

// kept is what claimcheck progress export prints.
type kept struct {
	Attempts []quiz.Attempt `json:"attempts"`
	Exams    []exam.Session `json:"exams"`
}

func export(t *testing.T, binary, data string) kept {
	t.Helper()
	out, err := exec.Command(binary, "progress", "export", "--data", data).Output()
	if err != nil {
		t.Fatalf("claimcheck progress export: %v", err)
	}
	var k kept
	if err := json.Unmarshal(out, &k); err != nil {
		t.Fatal(err)
	}
	return k
}

// trainer is the program on a terminal.
type trainer struct {
	t        *testing.T
	terminal *os.File
	program  *exec.Cmd
	// drawn is all it sent. A piece of it may end within a sequence or a letter,
	// so it is taken apart from the start each time.
	drawn []byte
	// seen is how much of it, as text, has been looked for.
	seen int
}

func openTrainer(t *testing.T, binary string, args ...string) *trainer {
	t.Helper()
	terminal, program := start(t, binary, args...)
	return &trainer{t: t, terminal: terminal, program: program}
}

func (p *trainer) press(keys string) {
	if _, err := p.terminal.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// see waits until the pattern is drawn and returns its groups. What was drawn
// until there has been read.
func (p *trainer) see(pattern string) []string {
	p.t.Helper()
	expression := regexp.MustCompile(pattern)
	buffer := make([]byte, 1<<16)
	for {
		text := ansi.Strip(string(p.drawn))
		unseen := text[min(p.seen, len(text)):]
		if at := expression.FindStringIndex(unseen); at != nil {
			p.seen += at[1]
			return expression.FindStringSubmatch(unseen)
		}
		n, err := p.terminal.Read(buffer)
		if err != nil {
			p.t.Fatalf("the trainer ended, it never showed %s: %v\n%s", pattern, err, unseen)
		}
		p.drawn = append(p.drawn, buffer[:n]...)
	}
}

func (p *trainer) kill() { stop(p.terminal, p.program) }

// TestAKilledTrainerHasLostNoConfirmedAnswer kills the program 100 times, in
// exams and reviews, at moments that differ: after an answer was confirmed on
// the screen, or with a key pressed that nobody saw the effect of.
func TestAKilledTrainerHasLostNoConfirmedAnswer(t *testing.T) {
	binary := build(t, ".")
	t.Run("in exams", func(t *testing.T) {
		t.Parallel()
		killExams(t, binary, rand.New(rand.NewPCG(1, 1)), 50)
	})
	t.Run("in reviews", func(t *testing.T) {
		t.Parallel()
		killReviews(t, binary, rand.New(rand.NewPCG(2, 2)), 50)
	})
}

// sitting is an exam as the test knows it from the screen.
type sitting struct {
	data string
	// confirmed holds how many letters, from a on, were shown as the answer.
	confirmed map[int]int
	over      bool
}

func killExams(t *testing.T, binary string, random *rand.Rand, times int) {
	var s sitting
	for n := range times {
		if n == 0 || s.over {
			s = sitting{data: filepath.Join(t.TempDir(), "progress.db"), confirmed: map[int]int{}}
		}
		s.live(t, binary, random)
		s.check(t, export(t, binary, s.data))
	}
}

// live begins the exam or goes on with it, answers some questions and kills the
// program.
func (s *sitting) live(t *testing.T, binary string, random *rand.Rand) {
	p := openTrainer(t, binary, "exam", "--data", s.data, "--questions", "5", "--minutes", "600", "--seed", strconv.Itoa(1+random.IntN(1000)))
	defer p.kill()
	seen := p.see(`Start: |Question (\d) of (\d)`)
	if seen[1] == "" {
		p.press("\r")
		seen = p.see(`Question (\d) of (\d)`)
	}
	item, last := atoi(t, seen[1]), atoi(t, seen[2])
	for range 1 + random.IntN(3) {
		s.confirmed[item-1] = p.answer()
		if s.over = item == last; s.over {
			return
		}
		item++
		p.press("n")
		p.see("Question " + strconv.Itoa(item) + " of")
	}
	p.press([]string{"", "a", "b", "m", "n", "an", "ana", "ab"}[random.IntN(8)])
}

// answer gives the answer a, or as many letters as are wanted, and waits until
// it is shown as given.
func (p *trainer) answer() (letters int) {
	for {
		seen := p.see(` (choose one|choose (\d), (\d) so far|answered)[^\d\n]* {2}\d+ of \d+ answered`)
		switch {
		case seen[1] == "answered":
			return letters
		case seen[3] != "":
			letters = atoi(p.t, seen[3])
		}
		p.press(string(rune('a' + letters)))
		letters++
	}
}

// check compares what was kept with what was on the screen. An answer that was
// there already when the program was opened again is not known.
func (s *sitting) check(t *testing.T, k kept) {
	t.Helper()
	if len(k.Exams) != 1 {
		t.Fatalf("%d exams are kept, want 1", len(k.Exams))
	}
	state := k.Exams[0].State(time.Now())
	for item, letters := range s.confirmed {
		if letters == 0 {
			continue
		}
		if diff := cmp.Diff(state.Paper.Items[item].Options[:letters], state.Items[item].Chosen); diff != "" {
			t.Fatalf("question %d (-on the screen +kept):\n%s", item+1, diff)
		}
	}
	if state.Refused > 0 {
		t.Errorf("%d events that are kept do not fit", state.Refused)
	}
}

func killReviews(t *testing.T, binary string, random *rand.Rand, times int) {
	var data string
	there := 0
	for n := range times {
		if n%2 == 0 {
			data, there = filepath.Join(t.TempDir(), "progress.db"), 0
		}
		confirmed, pressed := recall(t, binary, data, random)
		attempts := export(t, binary, data).Attempts
		if most := there + confirmed + pressed; len(attempts) < there+confirmed || len(attempts) > most {
			t.Fatalf("%d answers are kept, want %d to %d", len(attempts), there+confirmed, most)
		}
		for _, a := range attempts {
			if a.Source != quiz.FromReview || a.Certainty != quiz.Leaning || len(a.Chosen) == 0 {
				t.Fatalf("kept is %+v, want an answer of a review with certainty 2", a)
			}
		}
		there = len(attempts)
	}
}

// recall answers at most one question, which the screen confirms by counting it,
// and another of which it is not known how far it gets.
func recall(t *testing.T, binary, data string, random *rand.Rand) (confirmed, pressed int) {
	p := openTrainer(t, binary, "review", "--data", data)
	defer p.kill()
	p.see("To ask now")
	p.press("\r")
	p.see("Choose (?:one|\\d)")
	const answer = "ab2" // both where two are wanted, b where one is
	if random.IntN(3) > 0 {
		p.press(answer)
		p.see(`\d of 1 right`)
		confirmed = 1
		p.press("kn")
		p.see("Choose (?:one|\\d)")
	}
	if random.IntN(2) > 0 {
		p.press(answer + []string{"", "k", "kn"}[random.IntN(3)])
		pressed = 1
	}
	return confirmed, pressed
}

func atoi(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTwoTrainersKeepInOneFile answers in an exam and in a review at once.
func TestTwoTrainersKeepInOneFile(t *testing.T) {
	binary, data := build(t, "."), filepath.Join(t.TempDir(), "progress.db")
	one := openTrainer(t, binary, "exam", "--data", data, "--questions", "3", "--seed", "1")
	defer one.kill()
	other := openTrainer(t, binary, "review", "--data", data)
	defer other.kill()
	one.see("Start: ")
	other.see("To ask now")
	one.press("\r")
	other.press("\r")
	one.see("Question 1 of 3")
	other.see("Choose (?:one|\\d)")
	for n := range 2 {
		one.answer()
		other.press("ab2")
		other.see(`\d of ` + strconv.Itoa(n+1) + " right")
		one.press("n")
		other.press("n")
		one.see("Question " + strconv.Itoa(n+2) + " of 3")
		other.see("Choose (?:one|\\d)")
	}
	k := export(t, binary, data)
	if len(k.Exams) != 1 || len(k.Attempts) != 2 {
		t.Fatalf("%d exams and %d answers are kept, want 1 and 2", len(k.Exams), len(k.Attempts))
	}
	if answered := k.Exams[0].State(time.Now()).Tally().Answered; answered != 2 {
		t.Errorf("%d answers of the exam are kept, want 2", answered)
	}
}

func TestTheTrainerOpensWhereNothingCanBeKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := openTrainer(t, build(t, "."), "--data", filepath.Join(file, "progress.db"))
	defer p.kill()
	p.see("Nothing is kept: ")
}

func TestTheTrainerTellsOfADamagedFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "progress.db")
	if err := os.WriteFile(file, bytes.Repeat([]byte("no database at all\n"), 500), 0o600); err != nil {
		t.Fatal(err)
	}
	p := openTrainer(t, build(t, "."), "--data", file)
	defer p.kill()
	p.see("the progress file was damaged and is now ")
}
