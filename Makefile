# make run    install, and run everything on http://localhost:8000 until Ctrl-C
# make test   install, lint, type checks, every test, every branch of what guards "exactly once"
# make lint   lint and type checks alone
# make chaos  a long random run of faults and kills; CHAOS_REQUESTS=5000, CHAOS_SEEDS="1 2" choose
# make fuzz   the API against its own document, as every role, with many more examples; FUZZ_EXAMPLES=200 chooses
# make bench  a million backups, and how fast everything is beside a floor; docs/benchmarks.md
# make screenshots  pictures of every page, light and dark, wide and narrow, into docs/screenshots
# make lighthouse   what Lighthouse says of the main pages; needs Node.js 18 or newer
# make mutants   how many changed copies of the program the tests tell from it; hours, goes on where it was

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV = .venv/bin/python
COMPILE = ../.venv/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes \
	--no-annotate --custom-compile-command "make requirements"

# Only these are watched branch by branch, which takes half as long again: they run every branch of what guards
# "exactly once" by themselves.
WATCHED = tests/backups tests/cloud

.PHONY: run test lint chaos fuzz bench screenshots lighthouse mutants requirements install-run install-test

run: install-run
	@$(VENV) -m deploy.run

test: lint
	@$(VENV) -m pytest -n 3 --dist worksteal -m "not alone" --cov --cov-report=term $(WATCHED)
	@$(VENV) -m pytest -n 3 --dist worksteal -m "not alone" tests $(addprefix --ignore=,$(WATCHED))
	@$(VENV) -m pytest -m alone

lint: install-test
	@$(VENV) -m deploy.lint

chaos: install-test
	@CHAOS_REQUESTS=$${CHAOS_REQUESTS:-5000} $(VENV) -m pytest -q --timeout 0 tests/faults/test_chaos.py -k fresh

fuzz: install-test
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-200} $(VENV) -m pytest -q -n 2 --timeout 0 tests/api/test_document.py

bench: install-run
	@$(VENV) -m benchmarks $(SUITES)

screenshots: install-test
	@$(VENV) -m tests.browser.screenshots docs/screenshots

lighthouse: install-test
	@npm ci --silent --prefix tests/lighthouse
	@$(VENV) -m tests.lighthouse.measure

mutants: install-test
	@nice -n 15 $(VENV) -m tests.mutation

install-run:
	@$(PYTHON) deploy/install.py run

install-test:
	@$(PYTHON) deploy/install.py test

# Anew from the .in files: the newest releases they allow, with the hash of every file of each release.
requirements: install-test
	@cd requirements && $(COMPILE) --upgrade run.in --output-file run.txt
	@cd requirements && $(COMPILE) --upgrade test.in --output-file test.txt
