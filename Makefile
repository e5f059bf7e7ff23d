.DEFAULT_GOAL := help
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 60s

.PHONY: help run test check bench fuzz golden

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: ## open the trainer
	go run ./cmd/claimcheck

test: ## run all tests
	go test ./...

check: ## format, vet and lint
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	$(GOLANGCI) run

bench: ## measure what the design sets bars for
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## fuzz every decoder, FUZZTIME each
	@targets=$$(grep -rHo '^func Fuzz[A-Za-z]*' --include='*_test.go' . | sed -E 's|/[^/]+:func |/ |' | sort -u); \
	  test -n "$$targets" || { echo "there is nothing to fuzz"; exit 1; }; \
	  echo "$$targets" | while read -r dir name; do \
	    echo "$$dir $$name"; go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$$dir" || exit 1; done

golden: ## write the golden files anew; look at the difference before you commit it
	UPDATE_GOLDEN=1 go test ./cmd/... ./sim/... ./ui/...
