# The commands that people and CI run. They need Python 3.11 or newer and a package registry, and create an environment.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
FUZZ_SECONDS ?= 3600
MUTANTS ?= 200
SBOM ?= dist
QUICK := tests/cases tests/rules tests/unit tests/scenarios/test_settings.py
SEED ?= 1
COMPILED := $(CURDIR)/build/compiled
BOTH_FORMS := tests/cases tests/rules tests/property tests/oracle tests/compiled tests/unit/test_*.py tests/unit/compare tests/unit/compiler \
  tests/unit/engine tests/unit/formats tests/unit/ruleset
WORKERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1))) # some tests wait for what they started
READY := $(VENV)/ready

.PHONY: help demo test test-quick test-compiled types slow nox fuzz mutation oracle lint format coverage bench bench-quick schema catalogue names docs sbom release clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "premigrate needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	HATCH_BUILD_NO_HOOKS=true $(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable . --group dev
	touch $(READY)

demo: $(READY)  ## check a good and a bad account of each market with the real command
	@for payload in examples/*/good.json examples/*/bad.json; do \
	  echo "\$$ premigrate check --as-of 2026-01-31 $$payload"; \
	  $(BIN)/premigrate check --as-of 2026-01-31 $$payload; code=$$?; \
	  echo "(exit code $$code)"; echo; \
	  case "$$payload $$code" in */good.json\ 0|*/bad.json\ 1) ;; *) exit 1;; esac; \
	done

# Tests start many processes, which start faster if Python may write compiled modules.
test test-quick test-compiled oracle coverage: export PYTHONDONTWRITEBYTECODE :=

test: $(READY)  ## run every test
	@echo "Running every test; this takes about five minutes on two free cores."
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-quick: $(READY)  ## run the tests of rules, cases and units, and of some commands, in less than a minute
	@echo "Running the quick tests; this takes less than a minute on two free cores."
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(QUICK)

$(COMPILED): $(READY) $(shell find src rules hatch_build.py -type f -not -path '*/__pycache__/*' 2>/dev/null)
	rm -rf $(COMPILED)
	$(BIN)/python -m hatchling build -t wheel -d $(COMPILED)
	$(BIN)/python -m zipfile -e $(COMPILED)/premigrate-*.whl $(COMPILED)/package

test-compiled: $(COMPILED)  ## compile the engine as a wheel does, and run the tests of rules and engine on it; needs a C compiler
	PREMIGRATE_COMPILED=$(COMPILED)/package PYTHONPATH=$(COMPILED)/package \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(BOTH_FORMS)

# openapi-typescript needs typescript 5.
GENERATORS := build/npm/node_modules/.bin/openapi-typescript

$(GENERATORS):
	-if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --prefix build/npm openapi-typescript@7.13.0 typescript@5.9.3; fi

types: $(READY) $(GENERATORS)  ## generate clients from the schemas and check their types; those in TypeScript need npm
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group generators
	$(BIN)/python -m pytest -m slow tests/scenarios/test_generated_clients.py

slow: $(READY) $(GENERATORS)  ## run the tests that take minutes; Spark needs Java
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group spark --group types --group generators
	$(BIN)/python -m pytest -m slow

nox: $(READY)  ## run the tests on every installed Python, with the pinned, the lowest and the newest libraries (an hour)
	PYENV_VERSION="$$(pyenv versions --bare 2>/dev/null | paste -sd: -)" $(BIN)/nox

fuzz: $(READY)  ## run every reader and the engine on random inputs for an hour, or FUZZ_SECONDS; needs Python 3.11 to 3.13
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group fuzz
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

mutation: $(READY)  ## make MUTANTS small changes in the code, one at a time, and show those that no test detects
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group mutation
	nice $(BIN)/python -m tests.sample_mutants $(MUTANTS) $(SEED)

oracle: $(READY)  ## compare two hundred thousand predictions with the responses of Django REST Framework
	ORACLE_PAYLOADS=200000 $(BIN)/python -m pytest -n auto tests/oracle

lint: $(READY)  ## run the static checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## format the code, and apply the fixes of the linter
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(READY)  ## run every test, and list the lines that no test runs
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --show-missing --skip-covered

schema: $(READY)  ## regenerate the JSON Schemas of the rule language and of premigrate.toml
	$(BIN)/premigrate rules --schema > rules/rules.schema.json
	$(BIN)/premigrate config schema > docs/premigrate.schema.json

catalogue: $(READY)  ## regenerate the pages of the validations and fields of all markets
	$(BIN)/premigrate rules --format markdown > rules/CATALOGUE.md
	for file in rules/*/market.toml; do folder=$$(dirname $$file); \
	  $(BIN)/premigrate rules --market $$(basename $$folder) --format markdown > $$folder/CATALOGUE.md || exit 1; \
	  $(BIN)/premigrate schema --market $$(basename $$folder) --format markdown > $$folder/FIELDS.md || exit 1; done

docs: $(READY)  ## build the documentation site into build/site, and check its links
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	$(BIN)/python -m docs.site.check_links build/site

sbom: $(READY)  ## list the components of an installation with all extras except Spark, as CycloneDX, in dist
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group sbom
	rm -rf build/sbom
	$(BIN)/python -m venv --without-pip build/sbom
	HATCH_BUILD_NO_HOOKS=true $(BIN)/python -m pip --python build/sbom/bin/python install --quiet --constraint constraints.txt '.[arrow,serve,zstd]'
	mkdir -p $(SBOM)
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file $(SBOM)/premigrate.cdx.json build/sbom

names: $(READY)  ## add new public names to tests/stability/public_surface.txt
	$(BIN)/python -m tests.stability

release: $(READY)  ## build and verify the files of the release that the tag of the current commit names, in dist (15 minutes)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group release
	PATH="$(CURDIR)/$(BIN):$$PATH" PYENV_VERSION="$$(pyenv versions --bare 2>/dev/null | paste -sd: -)" $(BIN)/python -m release

bench: $(READY)  ## measure everything, compare it with other libraries, and write benchmarks/RESULTS.md (an hour)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group spark
	$(BIN)/python -m benchmarks --write
	$(MAKE) $(COMPILED)
	PYTHONPATH=$(COMPILED)/package $(BIN)/python -m benchmarks startup one_file engine errors bulk parquet memory --write

bench-quick: $(READY)  ## run the benchmarks in some minutes, with a small file and few rounds; writes nothing
	$(BIN)/python -m benchmarks --effort quick

clean:  ## remove the environment, and the files that tools created
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .fuzz .nox mutants .coverage*
