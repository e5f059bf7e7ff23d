//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/creack/pty"
)

// queries are what a program may send to ask the terminal something and then
// wait for the answer: colours (OSC 10, 11, 4), attributes (DA), the cursor's
// place and other reports (DSR), modes (DECRQM).
func queries() *regexp.Regexp {
	return regexp.MustCompile("\x1b\\](?:1[01]|4;\\d+);\\?|\x1b\\[[>=?]?0?c|\x1b\\[\\??[56]n|\x1b\\[\\??\\d+\\$p")
}

// TestTheFirstFrameWaitsForNoAnswer starts the trainer on a terminal that never
// answers. A program that asked and waited would have sent a query before its
// first frame.
func TestTheFirstFrameWaitsForNoAnswer(t *testing.T) {
	terminal, program := start(t, build(t, "."))
	defer stop(terminal, program)
	var seen []byte
	buffer := make([]byte, 4096)
	for !bytes.Contains(seen, []byte("all keys")) {
		n, err := terminal.Read(buffer)
		seen = append(seen, buffer[:n]...)
		if err != nil {
			t.Fatalf("the trainer ended before its first frame: %v\n%q", err, seen)
		}
	}
	if query := queries().Find(seen); query != nil {
		t.Errorf("the trainer asked the terminal %q before its first frame", query)
	}
}

// TestCommandsThatDrawNothingAskTheTerminalNothing runs them on a terminal that
// never answers.
func TestCommandsThatDrawNothingAskTheTerminalNothing(t *testing.T) {
	binary := build(t, ".")
	for _, args := range [][]string{{"--help"}, {"prove"}, {"support"}, {"trace", "email-and-groups", "B", "email"}} {
		terminal, program := start(t, binary, args...)
		var seen bytes.Buffer
		_, _ = seen.ReadFrom(terminal) // ends with an error when the program closes the terminal
		if err := program.Wait(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, seen.String())
		}
		if bytes.ContainsRune(seen.Bytes(), '\x1b') {
			t.Errorf("%v sent an escape sequence", args)
		}
		terminal.Close()
	}
}

// build makes a program of a package.
func build(t testing.TB, packagePath string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", binary, packagePath).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

func start(t testing.TB, binary string, args ...string) (*os.File, *exec.Cmd) {
	t.Helper()
	program := exec.Command(binary, args...)
	program.Env = append(os.Environ(), "TERM=xterm-256color", "XDG_DATA_HOME="+t.TempDir())
	terminal, err := pty.StartWithSize(program, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	return terminal, program
}

func stop(terminal *os.File, program *exec.Cmd) {
	_ = program.Process.Kill()
	_ = program.Wait()
	terminal.Close()
}
