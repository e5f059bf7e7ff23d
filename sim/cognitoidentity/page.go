package cognitoidentity

import (
	"fmt"
	"strconv"
	"strings"

	"claimcheck/sim/trace"
)

// maximumPage is the most that a list operation returns at once:
// https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentityPools.html
const maximumPage = 60

// tokenPrefix stands before the position in a NextToken of the simulation; AWS's
// are opaque.
const tokenPrefix = "page-"

// pageOf cuts one page out of a list; next is "" on the last page. The wording
// about a wrong token is not known to be AWS's.
func pageOf[T any](span *trace.Span, list []T, limit int, token string) (shown []T, next string, err error) {
	if !span.Decide(RulePage, limit >= 1 && limit <= maximumPage, fmt.Sprintf("maxResults from 1 to %d", maximumPage), strconv.Itoa(limit)) {
		constraint := "greater than or equal to 1"
		if limit > maximumPage {
			constraint = fmt.Sprintf("less than or equal to %d", maximumPage)
		}
		return nil, "", invalid("1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value %s", limit, constraint)
	}
	start := 0
	if token != "" {
		position, isOurs := strings.CutPrefix(token, tokenPrefix)
		start, err = strconv.Atoi(position)
		if good := isOurs && err == nil && start > 0 && start < len(list); !span.Decide(RulePage, good, "the NextToken of the page before", abbreviate(token)) {
			return nil, "", invalid("Invalid pagination token.")
		}
	}
	end := min(start+limit, len(list))
	if end < len(list) {
		next = tokenPrefix + strconv.Itoa(end)
	}
	return list[start:end], next, nil
}
