"""The model of the cassettes: the one that is recorded from, or the one that they were recorded from."""

import json
import os
from pathlib import Path

from store.model_access import ModelAccess

CASSETTES = Path(__file__).parents[3] / "cassettes"
NOWHERE = "http://127.0.0.1:9"  # in replay nothing listens there, and nothing is asked
PATIENCE = 900.0  # seconds for one answer, while recording from a slow machine


def recorded_model(fault: str = "", **more: float) -> ModelAccess:
    """The way to the model; with a fault, the way on which that goes wrong."""
    model = os.environ.get("FIELDMARK_LLM_MODEL") or manifest().get("model", "none")
    url = os.environ.get("FIELDMARK_LLM_BASE_URL", f"{NOWHERE}/v1")
    if fault:
        url = f"{os.environ.get('RECORD_FAULTS', f'{NOWHERE}/faults')}/{fault}/v1"
    bounds = {"timeout_seconds": PATIENCE, "run_seconds": 20 * PATIENCE, "concurrency": 1} | more
    return ModelAccess(base_url=url, model=model, **bounds)  # type: ignore[arg-type]  # bounds are numbers


def manifest() -> dict:
    """What the cassettes were recorded from; empty before the first recording."""
    path = CASSETTES / "MANIFEST.json"
    return json.loads(path.read_text()) if path.exists() else {}
