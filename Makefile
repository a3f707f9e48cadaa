# まっさらな機械でも、Python と make だけで動きます。  make demo / make test
PYTHON ?= python3
VENV ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.installed

.PHONY: demo test test-dask lint check bench notebooks clean

demo: $(STAMP)  ## 見本の調査で、全部の出力を作る
	$(BIN)/textlens demo --out demo_result
	@echo "結果は demo_result フォルダにあります（結果_担当内.xlsx、報告_担当内.html）。"

test: $(STAMP) lint  ## 全部の試験
	$(BIN)/python -m pytest -n 2

test-dask: $(STAMP)  ## 複数の機械で動かす部分の試験（Dask と PyArrow の入った別の環境で）
	$(PYTHON) -m venv $(VENV)-dask
	$(VENV)-dask/$(notdir $(BIN))/python -m pip install --quiet -c constraints.txt -e ".[dask,parquet]" pytest
	$(VENV)-dask/$(notdir $(BIN))/python -m pytest tests/test_distributed.py

lint: $(STAMP)
	$(BIN)/ruff check textlens tests benchmarks
	$(BIN)/mypy

bench: $(STAMP)  ## 速さと記憶量を測る
	$(BIN)/python -m benchmarks.speed

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[dev]"
	$(BIN)/python -c "open('$(STAMP)', 'w').close()"

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('$(VENV)', '$(VENV)-dask', 'demo_result', '.pytest_cache', '.mypy_cache', '.ruff_cache')]"
