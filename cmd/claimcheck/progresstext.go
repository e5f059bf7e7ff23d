package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"claimcheck/quiz"
	"claimcheck/quiz/exam"
)

func printProgressText(w io.Writer, r progressReport) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%s, %d right; %d of %s seen, %s\n",
		counted(r.Answers, "answer"), r.Right, r.Seen, counted(r.Questions, "question"), dueText(r))
	if r.ExamDate != "" {
		fmt.Fprintf(table, "The exam is on %s\n", r.ExamDate)
	}
	fmt.Fprintf(table, "Kept in %s\n", r.File)
	printMastery(table, "TOPIC", r.Topics)
	printMastery(table, "TASK", r.Tasks)
	printCalibration(table, r.Calibration)
	printMisses(table, r)
	printExams(table, r.Exams)
	return table.Flush()
}

func dueText(r progressReport) string {
	switch {
	case r.Due == 0:
		return "nothing due"
	case r.SureAndWrong > 0:
		return fmt.Sprintf("%d due, %d of them sure and wrong", r.Due, r.SureAndWrong)
	}
	return fmt.Sprintf("%d due", r.Due)
}

func printMastery(w io.Writer, head string, parts []masteryReport) {
	fmt.Fprintf(w, "\n%s\tQUESTIONS\tSEEN\tRIGHT\tMASTERY\n", head)
	for _, m := range parts {
		const hundred = 100
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.0f %%\n", m.Name, m.Questions, m.Seen, m.Right, m.Share*hundred)
	}
}

func printCalibration(w io.Writer, rows []calibrationReport) {
	fmt.Fprintf(w, "\nCERTAINTY\tANSWERS\tRIGHT\tSHARE\n")
	for _, c := range rows {
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\n", certaintyName(c.Certainty), c.Answers, c.Right, percent(c.Right, c.Answers))
	}
}

func certaintyName(c quiz.Certainty) string {
	switch c {
	case quiz.Guessing:
		return "guessing"
	case quiz.Leaning:
		return "leaning"
	}
	return "sure"
}

func printMisses(w io.Writer, r progressReport) {
	missed := slices.DeleteFunc(slices.Clone(r.Misses), func(m missReport) bool { return m.Times == 0 })
	if len(missed) > 0 {
		fmt.Fprintf(w, "\nMISS\tTIMES\n")
	}
	for _, m := range missed {
		fmt.Fprintf(w, "%s\t%d\n", cmp.Or(string(m.Miss), "not classified"), m.Times)
	}
	if len(r.Misconceptions) > 0 {
		fmt.Fprintf(w, "\nMISCONCEPTION\tTIMES\tLAST\n")
	}
	for _, m := range r.Misconceptions {
		fmt.Fprintf(w, "%s\t%d\t%s\n", m.Name, m.Times, m.Last.Local().Format(time.DateOnly))
	}
}

func printExams(w io.Writer, exams []examReport) {
	if len(exams) > 0 {
		fmt.Fprintf(w, "\nEXAM\tQUESTIONS\tANSWERED\tRESULT\n")
	}
	for _, e := range exams {
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\n", e.Began.Local().Format("2006-01-02 15:04"), e.Questions, e.Answered, examText(e))
	}
}

// examText is the estimate with its band, or how much time is left.
func examText(e examReport) string {
	if e.Result == nil {
		return fmt.Sprintf("under way, %s left", (time.Duration(e.SecondsLeft) * time.Second).String())
	}
	verdict := "not passed"
	if e.Result.Passed {
		verdict = "passed"
	}
	return fmt.Sprintf("about %d (%d to %d), %s; %d is the pass mark", e.Result.Score, e.Result.Low, e.Result.High, verdict, exam.PassScore)
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	const hundred = 100
	return fmt.Sprintf("%.0f %%", hundred*float64(part)/float64(whole))
}
