"""Records the cassettes again from a real model: `make cassettes`.

FIELDMARK_LLM_BASE_URL and FIELDMARK_LLM_MODEL say which; FIELDMARK_LLM_API_KEY where it wants a key.
usage: python cassettes/record.py [--model-file MODEL.gguf] [--server "what serves it"] [--only TESTS]
"""

import argparse
import datetime
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

from faults import faulty_way

from agent.narrator import MOST_TOKENS, SEED, TEMPERATURE

FOLDER = Path(__file__).parent
MANIFEST = FOLDER / "MANIFEST.json"


def main() -> int:
    """Record, and write down what was recorded from what. The exit code of the tests."""
    arguments = _arguments()
    upstream, model = _model()
    with faulty_way(upstream) as faults:
        environment = os.environ | {"RECORD_FAULTS": faults}
        command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:randomly", "-m", "vcr"]
        if arguments.only:
            command += ["-k", arguments.only]
        else:  # rewritten as a whole: a test that is gone leaves no cassette behind
            for old in FOLDER.glob("*/*.yaml"):
                old.unlink()
        ended = subprocess.run([*command, "--record-mode=rewrite", "tests"], env=environment, check=False)
    _write_manifest(model, arguments)
    return ended.returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Record the cassettes from a real model.")
    parser.add_argument("--model-file", type=Path, help="its weights, whose sha256 the manifest keeps")
    parser.add_argument("--only", help="record the tests again whose names match, as pytest's -k")
    parser.add_argument("--server", default="not said", help="what serves it, in words")
    return parser.parse_args()


def _model() -> tuple[str, str]:
    try:
        return os.environ["FIELDMARK_LLM_BASE_URL"], os.environ["FIELDMARK_LLM_MODEL"]
    except KeyError as missing:
        raise SystemExit(
            f"{missing.args[0]} is not set. Recording needs an OpenAI-compatible server: its URL in "
            "FIELDMARK_LLM_BASE_URL and the model in FIELDMARK_LLM_MODEL."
        ) from None


def _write_manifest(model: str, arguments: argparse.Namespace) -> None:
    weights = arguments.model_file
    manifest = {
        "model": model,
        "model_file": weights.name if weights else "",
        "model_sha256": _sha256(weights) if weights else "",
        "server": arguments.server,
        "recorded_on": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "temperature": TEMPERATURE,
        "seed": SEED,
        "most_tokens": MOST_TOKENS,
        "openai": importlib.metadata.version("openai"),
        "vcrpy": importlib.metadata.version("vcrpy"),
        "cassettes": {
            str(path.relative_to(FOLDER)): _sha256(path) for path in sorted(FOLDER.glob("*/*.yaml"))
        },
    }
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
