package main

import (
	"maps"
	"slices"
	"sync"

	"claimcheck/cmd/claimcheck/server"
	"claimcheck/quiz/bank"
	"claimcheck/sim/scenario"
	"claimcheck/ui/screens/serving"
)

// serveHere serves questions of a library from the trainer.
func serveHere(items func() ([]bank.Item, error)) func(question, option string) (serving.Served, error) {
	return func(question, option string) (serving.Served, error) {
		item, err := itemOf(items, question)
		if err != nil {
			return serving.Served{}, err
		}
		program, err := optionProgram(item, option)
		if err != nil {
			return serving.Served{}, err
		}
		return serveProgram(program)
	}
}

// serveProgram deploys a program and serves it until Close.
func serveProgram(program scenario.Program) (serving.Served, error) {
	news := newNews()
	d, s, err := deployAndServe(program, usualPorts(), news.arrived)
	if err != nil {
		return serving.Served{}, err
	}
	report := served(d, s)
	return serving.Served{
		Addresses: addresses(report), Commands: report.clientLines(), News: news.signal,
		Requests: func(since int) []serving.Request { return requests(s.Exchanges(since)) },
		Close: func() error {
			defer news.end()
			return s.Close()
		},
	}, nil
}

// addresses are the endpoint and what has an address of its own, each once: an
// API and its stage share theirs.
func addresses(r servedReport) []serving.Address {
	list := []serving.Address{{Name: "AWS", URL: r.Endpoint}}
	for _, group := range []map[string]string{r.APIs, r.Domains, r.Providers} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			if !slices.ContainsFunc(list, func(a serving.Address) bool { return a.URL == group[name] }) {
				list = append(list, serving.Address{Name: name, URL: group[name]})
			}
		}
	}
	return list
}

func requests(exchanges []server.Exchange) []serving.Request {
	list := make([]serving.Request, len(exchanges))
	for i, e := range exchanges {
		list[i] = serving.Request{ID: e.ID, At: e.At, Title: e.Title, Status: e.Status, Trace: e.Trace}
	}
	return list
}

// news tells that something has arrived, once for several arrivals, without
// making the server wait.
type news struct {
	mu     sync.Mutex
	signal chan struct{}
	ended  bool
}

func newNews() *news { return &news{signal: make(chan struct{}, 1)} }

func (n *news) arrived(server.Exchange) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ended {
		return
	}
	select {
	case n.signal <- struct{}{}:
	default: // the one before has not been taken yet
	}
}

func (n *news) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.ended {
		n.ended = true
		close(n.signal)
	}
}
