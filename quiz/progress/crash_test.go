package progress_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"claimcheck/quiz/progress"
)

// writerFile is the environment variable that makes the test binary a program
// that answers without end; writerName distinguishes several of them.
const (
	writerFile = "PROGRESS_TEST_FILE"
	writerName = "PROGRESS_TEST_NAME"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(writerFile); path != "" {
		answerWithoutEnd(path, os.Getenv(writerName))
	}
	os.Exit(m.Run())
}

// answerWithoutEnd prints the id of each answer, and of each exam with the number
// of its events, once that is confirmed.
func answerWithoutEnd(path, name string) {
	store, err := progress.Open(path, monday(0))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if err := store.BeginExam(session(name, started(0))); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for n := 1; ; n++ {
		id := fmt.Sprintf("%s-%d", name, n)
		if err := store.SaveAttempts(attempt(id, n)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(id)
		if err := store.SaveEvents(name, chosen(n, 0, "A")); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("event of", name)
	}
}

// TestNoConfirmedAnswerIsLostWhenProgramsAreKilled kills programs that write to
// one file, two at a time and 100 in all, after a number of answers that differs.
func TestNoConfirmedAnswerIsLostWhenProgramsAreKilled(t *testing.T) {
	path := inFolder(t)
	random := rand.New(rand.NewPCG(1, 2))
	confirmed := map[string]int{}
	for round := range 50 {
		var both sync.WaitGroup
		var lock sync.Mutex
		for side := range 2 {
			name, stop := fmt.Sprintf("%d-%d", round, side), random.IntN(12)
			both.Go(func() {
				for _, line := range killed(t, path, name, stop) {
					lock.Lock()
					confirmed[line]++
					lock.Unlock()
				}
			})
		}
		both.Wait()
	}
	store := open(t, path)
	r := records(t, store)
	there := map[string]int{}
	for _, a := range r.Attempts {
		there[a.ID]++
	}
	for _, s := range r.Exams {
		there["event of "+s.ID] = len(s.Events) - 1
	}
	for line, times := range confirmed {
		if there[line] < times {
			t.Errorf("%s was confirmed %d times and is there %d times", line, times, there[line])
		}
	}
	if damage := store.Damage(); damage != nil {
		t.Errorf("the file is damaged: %v", damage)
	}
}

// killed starts a program, kills it after this many confirmations, and returns
// all that it made until then.
func killed(t *testing.T, path, name string, stop int) []string {
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), writerFile+"="+path, writerName+"="+name)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := program.Start(); err != nil {
		t.Error(err)
		return nil
	}
	var lines []string
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		if lines = append(lines, scanner.Text()); len(lines) > stop {
			program.Process.Kill()
		}
	}
	if len(lines) <= stop {
		t.Errorf("%s ended by itself: %v", name, lines)
	}
	program.Wait()
	return lines
}

// TestAfterAPowerCutAPrefixIsThere cuts the log where the disk may have stopped
// writing it: everything before is there and nothing is damaged.
func TestAfterAPowerCutAPrefixIsThere(t *testing.T) {
	path := inFolder(t)
	store := open(t, path)
	const answers = 40
	for n := range answers {
		must(t, store.SaveAttempts(attempt(fmt.Sprint(n), n)))
	}
	file, err := os.ReadFile(path)
	must(t, err)
	log, err := os.ReadFile(path + "-wal")
	must(t, err)
	random := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		cut := random.IntN(len(log))
		copied := filepath.Join(t.TempDir(), "progress.db")
		must(t, os.WriteFile(copied, file, 0o600))
		must(t, os.WriteFile(copied+"-wal", log[:cut], 0o600))
		after := open(t, copied)
		if damage := after.Damage(); damage != nil {
			t.Fatalf("cut at %d of %d: %v", cut, len(log), damage)
		}
		for n, a := range records(t, after).Attempts {
			if a.ID != fmt.Sprint(n) {
				t.Fatalf("cut at %d of %d: answer %d is %s", cut, len(log), n, a.ID)
			}
		}
	}
}
