package review

import (
	"math"
	"time"
)

// Rating is FSRS's grade of a recall.
type Rating int

// The grades of FSRS.
const (
	Again Rating = 1
	Hard  Rating = 2
	Good  Rating = 3
	Easy  Rating = 4
)

// memory is FSRS-6's model of how well something is remembered
// (https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm).
// Stability is the number of days in which the chance of recall falls to 90 %,
// difficulty is 1 to 10.
type memory struct{ stability, difficulty float64 }

// The bounds of the model.
const (
	shortestStability, longestStability = 0.001, 36500
	easiest, hardest                    = 1, 10
)

// weights are FSRS-6's default parameters.
func weights() [21]float64 {
	return [...]float64{
		0.212, 1.2931, 2.3065, 8.2956, // 0-3: first stability by rating
		6.4133, 0.8334, 3.0194, 0.001, // 4-7: difficulty
		1.8722, 0.1666, 0.796, // 8-10: stability after a recall
		1.4835, 0.0614, 0.2629, 1.6483, // 11-14: after a lapse
		0.6014, 1.8729, // 15, 16: hard and easy recalls
		0.5425, 0.0912, 0.0658, // 17-19: reviews of the same day
		0.1542, // 20: decay of the forgetting curve
	}
}

// first is the memory after the first review.
func first(r Rating) memory {
	return memory{stability: weights()[r-1], difficulty: clamp(firstDifficulty(r), easiest, hardest)}
}

func firstDifficulty(r Rating) float64 {
	w := weights()
	return w[4] - math.Exp(w[5]*float64(r-1)) + 1
}

// after is the memory after another review, days later.
func (m memory) after(r Rating, days int) memory {
	next := memory{difficulty: m.nextDifficulty(r)}
	switch {
	case days == 0:
		next.stability = m.sameDay(r)
	case r == Again:
		next.stability = m.lapsed(days)
	default:
		next.stability = m.recalled(r, days)
	}
	next.stability = clamp(next.stability, shortestStability, longestStability)
	return next
}

// nextDifficulty moves by the rating, less the nearer it is to the hardest, and
// reverts a little to the first difficulty of an easy item.
func (m memory) nextDifficulty(r Rating) float64 {
	w := weights()
	moved := m.difficulty - w[6]*float64(r-3)*(hardest-m.difficulty)/9
	return clamp(w[7]*firstDifficulty(Easy)+(1-w[7])*moved, easiest, hardest)
}

func (m memory) sameDay(r Rating) float64 {
	w := weights()
	growth := math.Exp(w[17]*(float64(r-3)+w[18])) * math.Pow(m.stability, -w[19])
	if r != Again {
		growth = max(growth, 1)
	}
	return m.stability * growth
}

func (m memory) lapsed(days int) float64 {
	w := weights()
	left := w[11] * math.Pow(m.difficulty, -w[12]) * (math.Pow(m.stability+1, w[13]) - 1) *
		math.Exp(w[14]*(1-m.retrievability(float64(days))))
	return min(left, m.stability/math.Exp(w[17]*w[18]))
}

func (m memory) recalled(r Rating, days int) float64 {
	w := weights()
	growth := math.Exp(w[8]) * (11 - m.difficulty) * math.Pow(m.stability, -w[9]) *
		(math.Exp(w[10]*(1-m.retrievability(float64(days)))) - 1)
	switch r {
	case Hard:
		growth *= w[15]
	case Easy:
		growth *= w[16]
	}
	return m.stability * (1 + growth)
}

// retrievability is the chance of recall after some days: 1 at once, 0.9 after
// the stability.
func (m memory) retrievability(days float64) float64 {
	decay := -weights()[20]
	factor := math.Pow(0.9, 1/decay) - 1
	return math.Pow(1+factor*days/m.stability, decay)
}

// interval is the days until the chance of recall is down to 90 %.
func (m memory) interval() int {
	return int(clamp(math.Round(m.stability), 1, longestStability))
}

func clamp(x, low, high float64) float64 { return min(max(x, low), high) }

// day is FSRS's: intervals are whole numbers of it, whatever the clocks do in
// spring and autumn.
const day = 24 * time.Hour

// daysBetween counts the midnights (UTC) between two moments, as FSRS counts
// days; 0 when the second is not the later.
func daysBetween(from, to time.Time) int {
	return max(0, int(to.UTC().Truncate(day).Sub(from.UTC().Truncate(day))/day))
}
