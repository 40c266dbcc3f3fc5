# Every target works on a fresh machine with the .NET SDK; nothing here needs a cloud account.
.DEFAULT_GOAL := help
CONFIG ?= Release
AUDITOR := artifacts/auditor
DOTNET_FLAGS := -c $(CONFIG) -v q --nologo
# AUDITOR_FAIL_SKIPS=1 turns a skipped test into a failure; by default skips are printed with their reason.
SKIPS := $(if $(filter 1,$(AUDITOR_FAIL_SKIPS)),--fail-skips on,)

.PHONY: help run run-emulated test soak build check docs bench official clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

run: build ## Play the demonstration on a simulated Google Cloud; findings stay in .auditor/auditor.db
	@$(AUDITOR) run

run-emulated: build ## The same over the path of production: through the Pub/Sub emulator into the Firestore emulator
	@$(AUDITOR) run --emulated

build: ## Build everything; leaves the command at artifacts/auditor
	@dotnet build Auditor.sln $(DOTNET_FLAGS)
	@dotnet publish src/Auditor.Cli $(DOTNET_FLAGS) --no-build -o artifacts/cli
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/cli/auditor" "$$@"\n' > $(AUDITOR) && chmod +x $(AUDITOR)

test: ## Run all tests
	dotnet test --solution Auditor.sln -c $(CONFIG) -- $(SKIPS)

soak: ## All tests, ten times as long where chance, kills and storms are concerned (AUDITOR_SOAK=N for more)
	AUDITOR_SOAK=$${AUDITOR_SOAK:-10} dotnet test --solution Auditor.sln -c $(CONFIG)

check: build ## Format, analyzers, stale generated pages
	dotnet format Auditor.sln --verify-no-changes --no-restore -v q
	$(AUDITOR) docs --check

docs: build ## Write the generated pages
	$(AUDITOR) docs

bench: ## Measure, with the machine's limits beside each number (ARGS="--large --json FILE")
	@dotnet run -c Release --project tests/Auditor.Benchmarks -- $(ARGS)

official: ## Build and test with Google's own packages; says so when the registry lacks them
	@CONFIG=$(CONFIG) ./.ci/official

clean: ## Remove what was built
	rm -rf artifacts src/*/bin src/*/obj tests/*/bin tests/*/obj
