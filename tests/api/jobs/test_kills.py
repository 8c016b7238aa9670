"""Workers that are killed with no warning leave jobs that end the same, and nothing twice."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SECONDS = 300  # for four runs of two jobs on a slow machine


def test_a_killed_worker_changes_no_result_and_doubles_nothing(consumers: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.kills", "--trials", "2", "--population", str(consumers)]
    tried = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert tried.returncode == 0, tried.stderr[-2000:]
    report = json.loads(tried.stdout)
    assert (report["trials"], report["killed"], report["ended"], report["same_result"]) == (2, 2, 2, 2)
    assert set(report["doubled"].values()) == {0}
    assert report["missing"] == {}
