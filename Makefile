# foedus: `make` alone tells what there is.
#
# Each command makes its own .venv when there is none, and brings it up to date when
# pyproject.toml or constraints.txt has changed. Another Python, from an empty .venv:
# make clean, then make PYTHON=python3.12 demo

PYTHON ?= python3
JOBS ?= auto

VENV := .venv
RUN := $(VENV)/bin/python
# Each process is dealt tests that stand together, and so works out but once what they share.
PYTEST = $(RUN) -m pytest -q -n $(JOBS) --maxprocesses 8 --dist worksteal
READY := $(VENV)/.ready
CASE := cases/belarus-2024.yaml
REPORT := out/belarus-2024.html

# How many random cases the comparisons try, and from which seed (tests/strategies.py).
FOEDUS_RANDOM_CASES ?= $(if $(filter test-long,$(MAKECMDGOALS)),2000,25)
FOEDUS_RANDOM_SEED ?= 1
export FOEDUS_RANDOM_CASES FOEDUS_RANDOM_SEED

.DEFAULT_GOAL := help
.PHONY: help demo workbench test test-long lint bench bench-compare bench-record clean

help:
	@echo "make demo    the flagship question, end to end: ends with the path of the report"
	@echo "make workbench  the cases in the browser, to argue with and to edit; Ctrl-C ends it"
	@echo "make test    all tests; FOEDUS_RANDOM_CASES and FOEDUS_RANDOM_SEED choose the random ones"
	@echo "make test-long  the same with far more cases, and a search at random; takes far longer"
	@echo "make lint    style and types"
	@echo "make bench   measure speed, one table; LONG=1 also what takes long, PAGE=1 writes docs/speed.md"
	@echo "make bench-compare A=COMMIT B=COMMIT  which of the two is faster; fails where B is slower"
	@echo "make bench-record  how often the methods were right; needs FOEDUS_REFERENCE=DIR"
	@echo "make clean   remove what these made, .venv too"
	@echo
	@echo "Needs Python 3.11 or later with venv and pip. Another Python: make PYTHON=python3.12 demo"

demo: $(READY)
	@mkdir -p $(dir $(REPORT))
	@$(VENV)/bin/foedus report $(CASE) -o $(REPORT)
	@echo "$(CURDIR)/$(REPORT)"

workbench: $(READY)
	@$(VENV)/bin/foedus serve $(dir $(CASE))

test: $(READY)
	@echo "Random comparisons: $(FOEDUS_RANDOM_CASES) cases, seeds from $(FOEDUS_RANDOM_SEED)" \
	  "(FOEDUS_RANDOM_CASES, FOEDUS_RANDOM_SEED)"
	@$(PYTEST)

test-long: $(READY)
	@FOEDUS_LONG=1 $(PYTEST)

lint: $(READY)
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@$(RUN) -m mypy

bench: $(READY)
	@$(RUN) benchmarks/all.py $(if $(LONG),--long) $(if $(PAGE),--page)

bench-compare: $(READY)
	@test -n "$(A)" -a -n "$(B)" || { \
	  echo "Which commits? make bench-compare A=main~1 B=main" >&2; exit 2; }
	@$(RUN) benchmarks/all.py --compare "$(A)" "$(B)" $(if $(LONG),--long)

bench-record: $(READY)
	@$(RUN) benchmarks/record.py

clean:
	rm -rf $(VENV) out build dist src/foedus.egg-info
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(READY): constraints.txt pyproject.toml
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "foedus needs Python 3.11 or later, and there is no '$(PYTHON)' here." >&2; \
	  echo "Install it, or name one you have: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "foedus needs Python 3.11 or later; '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1)." >&2; \
	  echo "Name a later one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without venv and pip, which foedus needs for its own .venv." >&2; \
	  echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@"$(RUN)" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Making $(VENV)"; "$(PYTHON)" -m venv --clear $(VENV); } || { \
	  echo "No $(VENV) could be made: see above." >&2; exit 1; }
	@echo "Installing foedus and what it needs into $(VENV) (a minute or two)"
	@$(RUN) -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[report,brief,workbench,fast,tables,cluster,test]' || { \
	  echo "The packages could not be installed: see above. Is there a network?" >&2; exit 1; }
	@$(RUN) -m compileall -q src
	@touch $@
