# Two commands for a newcomer: `make demo` and `make test`. Both set up what they need; both need Python 3.11+ and make only.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What pip does for any package but an editable one; where PYTHONDONTWRITEBYTECODE is set, each start would do it anew.
COMPILED := $(PYTHON) -m compileall -q src

.PHONY: demo test docs check bench clean

demo: $(READY)
	@$(BIN)/trialweave explain seeds/ct-0525.txt --replay fixtures
	@mkdir -p out
	@$(BIN)/trialweave enrich seeds/ct-0525.txt --replay fixtures -o out/ct-0525.jsonl --summary out/ct-0525.summary.json
	@echo "The gallery: each situation once (record - study, record - concept, study - concept)."
	@$(BIN)/trialweave explain fixtures/gallery.jsonl --replay fixtures --brief || test $$? -eq 5
	@$(BIN)/trialweave enrich fixtures/gallery.jsonl --replay fixtures -o out/gallery.jsonl --summary out/gallery.summary.json \
	  || test $$? -eq 5  # the gallery holds one link that nobody can answer
	@echo "Written: out/ct-0525.jsonl, out/gallery.jsonl and their summaries."

test: $(READY)
	$(BIN)/python .ci/check.py

bench: .venv-bench/.ready
	@.venv-bench/bin/python -m benchmarks.bench $(if $(FULL),--full)

.venv-bench/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[bench]"
	@$(COMPILED)
	@touch $@

docs: $(READY)
	$(BIN)/python -m trialweave.reference docs

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("trialweave needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[parquet,excel,dask,dev]"
	@$(COMPILED)
	@touch $@

clean:
	rm -rf $(VENV) .venv-bench out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
