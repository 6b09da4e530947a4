# The one front door: `make run` to use the product, `make test` to prove it. GNU make 4.3 or later.
# Paths are relative and modules are run by `python -m`, so that a clone may lie in any folder.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8501
VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --disable-pip-version-check --quiet --require-hashes
UV_VERSION := 0.13.9
SQL_FOLDERS := data/models queries
TYPED := access bench components data exports figures indicators queries

# Stamps: set-up is skipped as long as neither a lock nor this file has changed since.
RUNTIME := $(VENV)/.runtime-ready
DEVELOPMENT := $(VENV)/.development-ready
# The Python an environment was made from may have been removed or upgraded under it.
UNUSABLE := $(shell test -x $(PY) || echo unusable)

export PYTHONUTF8 := 1

.PHONY: help run setup test check format fuzz bench lock clean unusable

help: ## Show these lines
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1|/' \
		| while IFS='|' read -r target text; do printf '  make %-8s %s\n' "$$target" "$$text"; done

run: $(RUNTIME) ## Serve on http://127.0.0.1:8501 (PORT= to change), demonstration data at first
	@# A home that was filled by an older version is built again by the models of this one.
	@if test -s "$${VIGIE_HOME:-var}/builds/CURRENT"; then $(PY) cli.py build >/dev/null; \
		else $(PY) cli.py demo; fi
	@exec $(PY) serve.py --server.address 127.0.0.1 --server.port $(PORT) \
		--server.headless true --browser.gatherUsageStats false

setup: $(DEVELOPMENT) ## Create .venv with everything that checks, tests and measures

test: $(DEVELOPMENT) ## Run every test, those in a real browser included (ARGS= for pytest)
	@chromium=$$(sh tools/find_chromium.sh) && VIGIE_CHROMIUM="$$chromium" $(PY) -m pytest $(ARGS)

check: $(DEVELOPMENT) ## Format, lint, SQL, direction of imports, types
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m sqlfluff lint --processes 2 $(SQL_FOLDERS)
	$(PY) $(VENV)/bin/lint-imports
	$(PY) -m mypy $(TYPED)

format: $(DEVELOPMENT) ## Rewrite code as `make check` wants it
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	$(PY) -m sqlfluff fix --processes 2 $(SQL_FOLDERS)

fuzz: $(DEVELOPMENT) ## Try damaged and hostile extracts (FUZZ_SECONDS=60, FUZZ_SEED= to run one again)
	FUZZ_SECONDS="$(or $(FUZZ_SECONDS),60)" FUZZ_SEED="$(FUZZ_SEED)" $(PY) -m tests.ingestion.fuzz

bench: $(DEVELOPMENT) ## Measure pages, memory, queries, import and history (ARGS= for the bench)
	@chromium=$$(sh tools/find_chromium.sh) && VIGIE_CHROMIUM="$$chromium" $(PY) -m bench $(ARGS)

lock: $(DEVELOPMENT) ## Compile requirements*.in into complete locks with hashes
	$(PY) -m pip install --disable-pip-version-check --quiet uv==$(UV_VERSION)
	for name in requirements requirements-dev; do \
		$(PY) -m uv pip compile $$name.in --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --quiet --custom-compile-command 'make lock' \
			--output-file $$name.txt || exit 1; \
	done

clean: ## Remove the environment and the caches; the data in var/ stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One recipe for both sets: make would look at a stamp before the environment around it is remade.
define install
	@test -x $(PY) || { python=$$(sh tools/find_python.sh) \
		&& echo "Création de l'environnement virtuel ($$("$$python" --version))…" \
		&& "$$python" -m venv --clear $(VENV); }
	@echo "Installation des dépendances de $(1) (une à trois minutes la première fois)…"
	@$(PIP_INSTALL) -r $(1)
endef

$(RUNTIME): requirements.txt Makefile $(UNUSABLE)
	$(call install,requirements.txt)
	@touch $@

$(DEVELOPMENT): requirements-dev.txt Makefile $(UNUSABLE)
	$(call install,requirements-dev.txt)
	@touch $(RUNTIME) $@
