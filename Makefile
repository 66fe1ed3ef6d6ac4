# make run     the demonstration city on this machine, at 127.0.0.1:8000
# make test    everything: style, layers, migrations, tests with a browser
# make check   the same without the browser and the slow tests
# make bench   measure (make bench ARGS="--help")
# make lock    lock the packages that pyproject.toml names
# make clean   remove what was installed and cached; never var/, which holds data
#
# Only make and Python 3.11+ are needed; PYTHON=… names another one.

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header

# Some machines forbid Python to keep what it compiled: each process would begin half as fast.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check lint browser bench lock clean ready

run: ready
	@exec $(BIN)/shanzhi run

test:
	@$(MAKE) --no-print-directory -j2 lint browser
	@echo "Testing"
	@$(PYTEST)

check: lint
	@sh operate/packages.sh
	@echo "Testing without a browser"
	@$(PYTEST) -m "not browser and not slow"

lint: ready
	@echo "Checking style, layers and migrations"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || \
		{ echo "Not formatted: run $(BIN)/ruff format" >&2; exit 1; }
	@$(BIN)/lint-imports --no-logo >.venv/layers.log 2>&1 || { cat .venv/layers.log; exit 1; }
	@$(BIN)/python -W ignore manage.py makemigrations --check --dry-run >.venv/migrations.log 2>&1 \
		|| { cat .venv/migrations.log; exit 1; }

browser: ready
	@sh operate/packages.sh browser

bench: ready
	@$(BIN)/shanzhi bench $(ARGS)

lock: ready
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --group dev -o requirements-dev.lock

clean:
	@rm -rf .venv node_modules .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

ready:
	@PYTHON="$(PYTHON)" sh operate/bootstrap.sh
