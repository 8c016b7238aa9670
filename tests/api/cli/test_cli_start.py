"""A command starts without what it does not use."""

import subprocess
import sys

import pytest

HEAVY = (
    *("altair", "alembic", "argon2", "dbos", "faiss", "fastapi", "httpx2", "jinja2", "langgraph", "mcp"),
    *("numba", "onnxruntime", "opentelemetry", "prometheus_client", "scipy.optimize", "scipy.stats"),
    *("rich.markdown", "sklearn", "starlette", "structlog", "tokenizers", "uvicorn"),
)
BEGINS = "import sys, api.cli; print(*sys.modules)"


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that a command has loaded when it begins."""
    ran = subprocess.run([sys.executable, "-c", BEGINS], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize("module", HEAVY)
def test_a_command_does_not_wait_for_what_few_of_them_use(loaded: set[str], module: str) -> None:
    assert "api.cli" in loaded
    assert module not in loaded
