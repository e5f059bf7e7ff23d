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

// wanted is the page that a caller asks for.
type wanted struct {
	// member is the operation's name for the limit: maxResults or limit.
	member string
	// limit is 0 when none was given, which means the most.
	limit int64
	token string
}

// pageOf cuts one page out of a list; next is "" on the last page. The wording
// about a wrong token is not known to be AWS's.
func pageOf[T any](span *trace.Span, list []T, ask wanted) (shown []T, next string, err error) {
	if err := checkRange(span, ask.member, ask.limit, 1, maximumPage); err != nil {
		return nil, "", err
	}
	start := 0
	if ask.token != "" {
		position, isOurs := strings.CutPrefix(ask.token, tokenPrefix)
		start, err = strconv.Atoi(position)
		good := isOurs && err == nil && start > 0 && start < len(list)
		if !span.Decide(RulePage, good, "the NextToken of the page before", tokenOrNot(good)) {
			return nil, "", awserr.New("InvalidParameterException", "Invalid pagination token.")
		}
	}
	end := min(start+int(cmp.Or(ask.limit, maximumPage)), len(list))
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
