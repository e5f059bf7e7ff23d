package apigateway

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// claimTexts writes claims as a REST API passes them on, every value as text:
// exp and iat as Java prints a date, lists joined by commas, nested values as
// JSON. The format is not documented; it is the one of captured events:
// https://github.com/amazon-archives/amazon-cognito-identity-js/issues/92
func claimTexts(claims map[string]any) map[string]string {
	texts := make(map[string]string, len(claims))
	for name, value := range claims {
		seconds, isNumber := value.(float64)
		if isNumber && (name == "exp" || name == "iat") {
			texts[name] = time.Unix(int64(seconds), 0).UTC().Format("Mon Jan 02 15:04:05 UTC 2006")
			continue
		}
		texts[name] = claimText(value)
	}
	return texts
}

func claimText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = claimText(item)
		}
		return strings.Join(items, ",")
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}
