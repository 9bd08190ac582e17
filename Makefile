# Two commands are enough: `make run` and `make test`. `make help` lists the others.
# A machine needs make and Python 3.11 or newer, nothing else; uv is used where it is there.
#
# PYTHON=...   the Python to set up with, where the newest fitting one is not wanted
# ARGS=...     what pytest gets beside its usual arguments: make test ARGS="tests/market -k tolerance"

VENV := .venv
BIN := $(VENV)/bin
READY_TO_RUN := $(VENV)/.ready/run
READY_TO_TEST := $(VENV)/.ready/test
NETWORK := examples/network
OUT := out

.DEFAULT_GOAL := help
.PHONY: run test setup check style types layers docs bench chromium clean help

run: $(READY_TO_RUN) ## quote the badge at four quantities, plan some orders, check the plan; pages in out/
	@mkdir -p $(OUT)
	$(BIN)/manyworks network check $(NETWORK)
	$(BIN)/manyworks quote examples/badge --network $(NETWORK) --quantity 5,50,500,10000 \
	    --to "Cardiff, GB" --html $(OUT)/quote.html --json $(OUT)/quote.json
	$(BIN)/manyworks plan examples/orders.toml --network $(NETWORK) --out $(OUT)/plan
	$(BIN)/manyworks check $(OUT)/plan
	@echo
	@echo "Open in a browser:"
	@echo "  $(OUT)/quote.html       who makes the badge, at which price, by when, and why"
	@echo "  $(OUT)/plan/index.html  the orders on everybody's machines"

test: ## run all tests; sets up what they need
	@$(MAKE) --no-print-directory -j2 $(READY_TO_TEST) chromium
	$(BIN)/pytest -n auto --maxprocesses 8 --dist loadgroup $(ARGS)

setup: $(READY_TO_TEST) ## everything that work on manyworks needs, in .venv

check: style types layers docs ## style, types, layers, documentation

style: $(READY_TO_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_TO_TEST)
	$(BIN)/mypy

layers: $(READY_TO_TEST)
	$(BIN)/lint-imports

docs: $(READY_TO_TEST) ## build the documentation into docs/_build
	$(BIN)/sphinx-build -W -q -b html docs docs/_build

bench: $(READY_TO_TEST) ## measure speed and memory; prints a table for docs/benchmarks.md
	$(BIN)/python benchmarks

clean: ## remove what was made, the environment too
	rm -rf .venv out docs/_build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- set-up ------------------------------------------------------------------------------------

# The pinned versions were tested on 3.11, so that comes first; then the newer ones, then whatever
# python3 is. A name may exist and still not work (shims of version managers), so each is tried.
PYTHONS := $(or $(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python)
FITS := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

$(BIN)/python:
	@for one in $(PYTHONS); do \
	    if "$$one" -c '$(FITS)' >/dev/null 2>&1; then found="$$one"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "error: no Python 3.11 or newer with its venv module here (tried: $(PYTHONS))." >&2; \
	    echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or say where it is: make PYTHON=..." >&2; \
	    exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv --clear $(VENV)

# Installs what $(1) names. Without --no-compile pip would compile thousands of files nobody imports.
define install
	@echo "Installing $(1) in the versions of constraints.txt"
	@mkdir -p $(dir $@)
	@if uv --version >/dev/null 2>&1 && \
	    uv pip install --quiet --python $(BIN)/python --constraints constraints.txt --editable '$(1)'; \
	then :; else \
	    $(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile \
	        --constraint constraints.txt --editable '$(1)'; \
	fi
	@touch $@
endef

$(READY_TO_RUN): pyproject.toml constraints.txt | $(BIN)/python
	$(call install,.)

$(READY_TO_TEST): pyproject.toml constraints.txt | $(BIN)/python
	$(call install,.[dev$(,)docs$(,)solids$(,)optimal])
	@touch $(READY_TO_RUN)

# A comma in an argument of `call` would end it.
, := ,

BROWSERS := chromium chromium-browser google-chrome google-chrome-stable

chromium: ## what the page tests open pages in; installed where it is missing and may be
	@for one in $(CHROMIUM) $(BROWSERS); do \
	    if command -v "$$one" >/dev/null 2>&1; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "Installing Chromium for the page tests"; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    if { apt-get install -y -qq --no-install-recommends chromium || \
	        { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }; } \
	        >/dev/null 2>&1; then exit 0; fi; \
	fi; \
	echo "note: no Chromium here and none could be installed, so pages cannot be tested in a browser." >&2; \
	echo "Install it (Debian: apt-get install chromium) or say where it is: CHROMIUM=/path/to/it make test" >&2
