# make run    set up, then run every scenario against the embedded fakes
# make test   set up, then the whole test suite
# make live   set up, then what needs a real LiveKit server: docker/README.md says how to have one
# make conformance   make live and make call, and write what came of them into docs/conformance.md
# make chromium   set up, then what needs a real Chromium, which it installs where it may (Debian, root)
# make call   set up, then what needs LiveKit, Chromium and livekit-client from npm: a call in a page, and the SFU kit
# make typescript   set up, then the TypeScript core, with packages from npm and a real Chromium: its types, and that it does what the Python core does; and examples/
# make parity   set up, then every scenario on both cores with PARITY_SEEDS=20 seeds: no digest differs
# make lint   style, types and import contracts
# make docs   set up, then the documentation as a site, in build/docs; a link that leads nowhere fails it
# make bench  runs per second beside other simulators and of JavaScript windows, milliseconds a run of the catalogue, and cold start
# make policies   what each policy costs and how it fails, into docs/policies.md (some minutes)
# make ablation   what each safeguard is worth, over 10,000 seeds, into docs/ablation.md (an hour); SEEDS=100 for a look
# make clean  remove what set-up and tools have made; found failures (.oneroom) and reports stay
#
# Needs make and Python >= 3.11. PYTHON=... chooses another interpreter, TESTS="tests/core -k lease" a part of the suite.

PYTHON = $(shell sh .ci/find_python 3.11)
PEER_PYTHON = $(shell sh .ci/find_python 3.12)
BIN = .venv/bin
TESTS ?=
WORKERS ?= 2
SEEDS ?= 10000

# A live case mostly waits (a ghost lives for 21 s), so many wait side by side; each worker has a server of its own.
LIVE_WORKERS ?= 6
LIVE_TESTS ?= tests/live tests/conformance tests/pytest_plugin

CHROMIUM_WORKERS ?= 2
CHROMIUM_TESTS ?= tests/browser tests/conformance

NPM_TESTS ?= tests/typescript tests/javascript/test_node.py tests/javascript/test_livekit_types.py tests/cli/test_app.py tests/examples tests/browser
PARITY_SEEDS ?= 20

CALL_WORKERS ?= 6
CALL_TESTS ?= tests/conformance/sfu

.PHONY: run test live chromium typescript parity conformance conformance-count FORCE lint docs bench policies ablation peers clean setup call conformance-windows conformance-windows-count
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/oneroom run scenarios

test: setup
	@echo "make test: $(if $(TESTS),only $(TESTS),all of tests/ but what needs a real LiveKit server (make live), Chromium (make chromium), both (make call) or npm (make typescript))"
	@$(BIN)/python -m pytest -q -n $(WORKERS) $(TESTS)

# What fails beside others runs alone, at most twice: noise must not stop anybody, nor be hidden.
live: setup .venv/.live-made-from
	@$(BIN)/python -m tests.real_things "live and not chromium" $(LIVE_WORKERS) reports/live.xml $(LIVE_TESTS)

chromium: setup
	@sh .ci/install_chromium
	@$(BIN)/python -m tests.real_things "chromium and not live" $(CHROMIUM_WORKERS) reports/chromium.xml $(CHROMIUM_TESTS)

# docs/conformance-windows.md, from a run on both arms.
conformance-windows: chromium reports/windows-fake.xml
	@$(BIN)/python -m tests.conformance.windows.table reports/windows-fake.xml reports/chromium.xml

# After `make chromium`: what it says of the cases of the kit, in one line.
conformance-windows-count: setup reports/windows-fake.xml
	@$(BIN)/python -m tests.conformance.windows.table --count reports/windows-fake.xml reports/chromium.xml

reports/windows-fake.xml: FORCE
	@$(BIN)/python -m pytest -q --junitxml=$@ tests/conformance/windows >/dev/null || { \
	    echo "the fakes fail cases of the kit: pytest tests/conformance/windows"; exit 1; \
	}

# What neither of the two above can do alone, with both of their things and npm: a real call in a real page, whose packets are
# counted, and oneroom-core in one, so one after the other; the SFU kit with livekit-client; and the exports of livekit-client
# against the fake's.
call: setup .venv/.live-made-from typescript/oneroom-core/node_modules/.made-from
	@sh .ci/install_chromium
	@sh .ci/install_npm
	@npm ci --silent --prefix tests/conformance/windows
	@$(BIN)/python -m tests.real_things "chromium and live" 1 reports/call.xml tests/conformance/windows tests/javascript tests/typescript
	@$(BIN)/python -m tests.real_things "chromium and live" $(CALL_WORKERS) reports/live-js.xml $(CALL_TESTS)

typescript: setup typescript/oneroom-core/node_modules/.made-from examples/node_modules/.made-from tests/browser/node_modules/.made-from
	@sh .ci/install_chromium
	@npm run --silent --prefix typescript/oneroom-core check
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m npm $(NPM_TESTS)

parity: setup typescript/oneroom-core/node_modules/.made-from
	@$(BIN)/python -m tests.typescript.parity --seeds $(PARITY_SEEDS) -j $(WORKERS)

%/node_modules/.made-from: %/package-lock.json
	@sh .ci/install_npm
	@npm ci --silent --prefix $*
	@touch $@

# docs/conformance.md, from a run on every arm.
conformance: live call reports/conformance-fake.xml
	@$(BIN)/python -m tests.conformance.table reports/conformance-fake.xml reports/live.xml reports/live-js.xml

# After `make live` and `make call`: what they say of the cases of the kit, in one line; fails if one is missing, or
# docs/conformance.md is old.
conformance-count: setup reports/conformance-fake.xml
	@$(BIN)/python -m tests.conformance.table --count reports/conformance-fake.xml reports/live.xml reports/live-js.xml

reports/conformance-fake.xml: FORCE
	@$(BIN)/python -m pytest -q -m "not live and not chromium" --junitxml=$@ tests/conformance/sfu >/dev/null || { \
	    echo "the fake fails cases of the kit: pytest tests/conformance/sfu"; exit 1; \
	}
FORCE:

.venv/.live-made-from: .venv/.made-from requirements/live.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --requirement requirements/live.txt
	@touch $@

lint: setup
	@echo "ruff check";  $(BIN)/ruff check --quiet --output-format concise .
	@echo "ruff format"; $(BIN)/ruff format --quiet --check . || { echo "not formatted: run $(BIN)/ruff format"; exit 1; }
	@echo "mypy";        $(BIN)/mypy
	@echo "imports";     $(BIN)/lint-imports --no-logo

docs: setup .venv/.docs-made-from
	@$(BIN)/sphinx-build -b html -c docs/site --fail-on-warning --keep-going -q . build/docs
	@echo "build/docs/docs/index.html"

.venv/.docs-made-from: .venv/.made-from requirements/docs.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --requirement requirements/docs.txt
	@touch $@

bench: setup peers
	@$(BIN)/python -m benchmarks.election.compare
	@$(BIN)/python -m benchmarks.catalogue
	@$(BIN)/python -m benchmarks.javascript
	@$(BIN)/python -m benchmarks.cold_start

policies: setup
	@$(BIN)/python -m benchmarks.policies

ablation: setup
	@$(BIN)/python -m tests.ablation.table --seeds $(SEEDS) -j $(WORKERS)

setup: .venv/.made-from

# The stamp is written last, and only by a set-up that went through. Compiled here, the first command is as quick as the
# next, also where Python is told to write no bytecode (PYTHONDONTWRITEBYTECODE, as in many containers).
.venv/.made-from: pyproject.toml requirements/dev.txt .ci/make_venv.py
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	    echo "no Python >= 3.11 with venv and ensurepip found (Debian: apt-get install python3-venv); or PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	fi; \
	"$$python" .ci/make_venv.py .venv requirements/dev.txt --project . && \
	$(BIN)/python -m compileall -q harness fakes

# simloom, simloop and seedloop need Python >= 3.12. Without it, or without a network, the bench does without them.
peers:
	@python="$(PEER_PYTHON)"; \
	if [ -z "$$python" ]; then \
	    echo "bench: no Python >= 3.12 found, so simloom, simloop and seedloop are left out"; \
	else \
	    "$$python" .ci/make_venv.py benchmarks/.venv-peers requirements/peers.txt \
	        || echo "bench: peers could not be installed, so simloom, simloop and seedloop are left out"; \
	fi

clean:
	rm -rf .venv .venv.lock benchmarks/.venv-peers benchmarks/.venv-peers.lock
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find harness fakes tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
