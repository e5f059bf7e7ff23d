// Writes vectors.json: what npm's ts-fsrs, an implementation of FSRS-6 that is
// independent of ours, makes of 200 histories.
//
//     npm i ts-fsrs@5.4.2 && node vectors.mjs > vectors.json
//
// Its defaults are used (retention 0.9, no fuzz, learning steps 1m and 10m,
// relearning step 10m). The reviews come on their due time, early or late.
import {createEmptyCard, fsrs} from 'ts-fsrs'

const scheduler = fsrs()
let seed = 20261121
const below = n => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor(seed / 2 ** 32 * n)
}
const minute = 60_000, day = 24 * 60 * minute
const phases = ['new', 'learning', 'review', 'relearning']

const delay = due => [
  () => due,
  () => due + below(600) * minute,
  () => due + below(40) * day,
  () => due - below(5 * 24 * 60) * minute,
][below(4)]()

const histories = []
for (let h = 0; h < 200; h++) {
  let now = Date.UTC(2026, 10, 21, below(24), below(60))
  let card = createEmptyCard(new Date(now))
  const reviews = []
  for (let n = 0; n < 3 + below(10); n++) {
    const before = now
    now = n === 0 ? now : Math.max(before + minute, delay(card.due.getTime()))
    const rating = [1, 2, 3, 3, 3, 4][below(6)]
    card = scheduler.next(card, new Date(now), rating).card
    reviews.push({
      at: new Date(now).toISOString(), rating, phase: phases[card.state], step: card.learning_steps,
      stability: card.stability, difficulty: card.difficulty, due: card.due.toISOString(), lapses: card.lapses,
    })
  }
  histories.push(reviews)
}
console.log(JSON.stringify(histories).replaceAll('],[', '],\n[').replaceAll('},{', '},\n {'))
