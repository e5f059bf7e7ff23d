package main

import (
	"claimcheck/quiz/proof"
	"claimcheck/sim/trace"
)

// report is the JSON form of proofs.
type report struct {
	Questions []questionReport `json:"questions"`
	Summary   summary          `json:"summary"`
}

type questionReport struct {
	ID           string              `json:"id"`
	Bank         string              `json:"bank"`
	File         string              `json:"file"`
	Unproven     string              `json:"unproven"`
	Options      []optionReport      `json:"options"`
	Observations []requirementReport `json:"observations,omitempty"`
}

type optionReport struct {
	ID           string              `json:"id"`
	Correct      bool                `json:"correct"`
	Holds        bool                `json:"holds"`
	Agrees       bool                `json:"agrees"`
	Requirements []requirementReport `json:"requirements"`
}

// requirementReport is one run; the rules are "" where nothing failed.
type requirementReport struct {
	ID         string       `json:"id"`
	Holds      bool         `json:"holds"`
	ExpectedBy trace.RuleID `json:"expectedBy"`
	DecidedBy  trace.RuleID `json:"decidedBy"`
}

type summary struct {
	Questions int `json:"questions"`
	Options   int `json:"options"`
	Agree     int `json:"agree"`
	Disagree  int `json:"disagree"`
	Unproven  int `json:"unproven"`
}

func reportOf(proofs []proof.Proof) report {
	r := report{Questions: []questionReport{}}
	for _, p := range proofs {
		r.Questions = append(r.Questions, questionReportOf(p))
		r.Summary.Questions++
		if p.Question.Unproven != "" {
			r.Summary.Unproven++
		}
		for _, o := range p.Options {
			r.Summary.Options++
			if o.Agrees {
				r.Summary.Agree++
			} else {
				r.Summary.Disagree++
			}
		}
	}
	return r
}

func questionReportOf(p proof.Proof) questionReport {
	q := questionReport{
		ID: p.Question.ID, Bank: p.Question.Bank, File: p.Question.File, Unproven: p.Question.Unproven,
		Options: []optionReport{}, Observations: cellReports(p.Observations),
	}
	for _, o := range p.Options {
		q.Options = append(q.Options, optionReport{
			ID: o.ID, Correct: o.Correct, Holds: o.Holds, Agrees: o.Agrees, Requirements: cellReports(o.Cells),
		})
	}
	return q
}

func cellReports(cells []proof.Cell) []requirementReport {
	reports := []requirementReport{}
	for _, c := range cells {
		reports = append(reports, requirementReport{ID: c.Requirement, Holds: c.Holds, ExpectedBy: c.ExpectedBy, DecidedBy: c.DecidedBy})
	}
	return reports
}
