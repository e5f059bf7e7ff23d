package cognitoidp

import (
	"cmp"
	"strconv"
	"strings"

	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// maximumPage is the most that a list operation returns at once:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
const maximumPage = 60

// tokenPrefix stands before the position in a NextToken of the simulation; AWS's
// are opaque.
const tokenPrefix = "page-"

// pageOf cuts one page out of a list. A limit of 0 is none given, which means
// the most; next is "" on the last page. The wording about a wrong token is not
// known to be AWS's.
func pageOf[T any](span *trace.Span, list []T, limit int64, token string) (shown []T, next string, err error) {
	if err := checkRange(span, "maxResults", limit, 1, maximumPage); err != nil {
		return nil, "", err
	}
	start := 0
	limit = cmp.Or(limit, maximumPage)
	if token != "" {
		position, isOurs := strings.CutPrefix(token, tokenPrefix)
		start, err = strconv.Atoi(position)
		good := isOurs && err == nil && start > 0 && start < len(list)
		if !span.Decide(RulePage, good, "the NextToken of the page before", tokenOrNot(good)) {
			return nil, "", awserr.New("InvalidParameterException", "Invalid pagination token.")
		}
	}
	end := min(start+int(limit), len(list))
	if end < len(list) {
		next = tokenPrefix + strconv.Itoa(end)
	}
	return list[start:end], next, nil
}

func tokenOrNot(good bool) string {
	if good {
		return "it is"
	}
	return "another text"
}
