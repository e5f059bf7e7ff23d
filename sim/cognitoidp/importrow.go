package cognitoidp

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// maxRow is how many characters a row may have:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html
const maxRow = 16000

// importUsers reads the job's file:
//
//  1. its first line is the pool's header
//  2. each row makes a user, is skipped as the user exists, or fails
//
// What became of each row is in the log, in AWS's words where the guide shows
// them.
func (s *UserPools) importUsers(span *trace.Span, j *importJob) {
	defer func() { j.ended, j.file = s.world.Now(), "" }()
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(j.file, "\ufeff")))
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	right := err == nil && sameColumns(header, j.pool.csvHeader())
	if !span.Note(RuleImportHeader, right, "the header that GetCSVHeader gives", fmt.Sprintf("%d columns", len(header))) { // 1
		j.status, j.message = jobFailed, "The header in the CSV file does not match the expected headers."
		return
	}
	for { // 2
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			j.failed++
			span.Note(RuleImportRow, false, "a row that can be read", err.Error())
			break
		}
		line, _ := reader.FieldPos(0)
		s.importLine(span, j, line, header, row)
	}
	j.status, j.message = jobSucceeded, "Import Job Completed Successfully."
	if j.imported == 0 && j.skipped+j.failed > 0 {
		j.status, j.message = jobFailed, "Too many users have failed or been skipped during the import."
	}
}

// importLine makes the user of a row and counts it.
func (s *UserPools) importLine(span *trace.Span, j *importJob, line int, header, row []string) {
	fault := s.importRow(j.pool, header, row)
	found := fault
	switch fault {
	case "":
		j.imported++
		found = "The import succeeded."
	case userExists:
		j.skipped++
	default:
		j.failed++
	}
	span.Note(RuleImportRow, fault == "", "a new user with a verified address", fmt.Sprintf("line %d: %s", line, found))
}

// sameColumns reports whether two headers have the same columns in any order.
func sameColumns(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// userExists is the fault of a row that is skipped.
const userExists = "The user already exists."

// importRow makes the user of a row, and otherwise says why not. No trigger
// runs, and there is no password: the user has to reset it.
func (s *UserPools) importRow(p *pool, header, row []string) string {
	if len(row) != len(header) {
		return "The row has a number of columns that is not the header's."
	}
	if len(strings.Join(row, ",")) > maxRow {
		return "The row has more than 16,000 characters."
	}
	columns := map[string]string{}
	for i, column := range header {
		columns[column] = strings.TrimSpace(row[i])
	}
	username := columns[usernameColumn]
	mfa, attributes := columns[mfaColumn], importedAttributes(columns)
	switch {
	case !isBoolean(mfa):
		return "cognito:mfa_enabled is true or false."
	case len((&user{attributes: attributes}).verified()) == 0:
		return "The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true)."
	case p.find(username) != nil:
		return userExists
	}
	if err := p.admit(username, attributes); err != nil {
		return refusalText(err)
	}
	u := s.addUser(p, username, attributes)
	u.status = statusResetRequired
	if strings.EqualFold(mfa, "true") && attributes["phone_number"] != "" {
		u.factors.chosen = []string{smsMFA}
	}
	return ""
}

// admit makes the checks of a new user that need no trigger.
func (p *pool) admit(username string, attributes map[string]string) error {
	if err := p.nameUser(nil, username, attributes); err != nil {
		return err
	}
	if err := p.schema.checkComplete(nil, attributes); err != nil {
		return err
	}
	for _, attribute := range (&user{attributes: attributes}).verified() {
		if err := p.takeAlias(nil, nil, attribute, attributes[attribute], false); err != nil {
			return err
		}
	}
	return nil
}

// importedAttributes are the columns with a value; flags are lower-case text.
func importedAttributes(columns map[string]string) map[string]string {
	attributes := map[string]string{}
	for column, value := range columns {
		if value == "" || column == usernameColumn || column == mfaColumn {
			continue
		}
		if strings.HasSuffix(column, "_verified") {
			value = strings.ToLower(value)
		}
		attributes[column] = value
	}
	return attributes
}

func isBoolean(text string) bool {
	return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

// refusalText is the message of a refusal.
func refusalText(err error) string {
	var refusal *awserr.Error
	if errors.As(err, &refusal) {
		return refusal.Message
	}
	return err.Error()
}
