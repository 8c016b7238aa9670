"""Who many identifiers are, as a job; their profiles are posted to a webhook in batches.

    FIELDMARK_API_KEY=sk_live_… python identity_enrichment.py emails.txt http://127.0.0.1:9000/people \\
        --server URL --warehouse us

emails.txt holds one e-mail address a line. The same file under the same --key is one job.
"""

import argparse
import csv
import os
import tempfile
from itertools import islice
from pathlib import Path

import httpx2

from api.client import Fieldmark

BATCH = 1_000  # persons in one request for profiles


def main() -> None:
    """Submit, follow, download, enrich, post."""
    asked = _asked()
    emails = [line.strip() for line in asked.emails.read_text().splitlines() if line.strip()]
    with Fieldmark(asked.server, os.environ.get("FIELDMARK_API_KEY", ""), warehouse=asked.warehouse) as fm:
        arguments = {"id_type": "email", "identifiers": emails, "format": "csv"}
        job = fm.jobs.submit("resolve_identities", arguments, key=asked.key)
        print(f"job {job.job_id}, workflow {job.workflow_id}")
        for state in fm.jobs.follow(job.job_id):
            print(f"  {state.get('status')} {state.get('step')} {state.get('done')}/{state.get('of')}")
        people = fm.jobs.result(job.job_id)
        print(f"{people.stats.resolved:,} persons of {people.stats.requested:,} addresses")

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "people.csv"
            fm.download(people.export, file)
            posted = _posted(fm, file, asked.webhook, job.workflow_id)
        print(f"{posted:,} profiles posted")


def _posted(fm: Fieldmark, file: Path, webhook: str, workflow_id: str) -> int:
    """Profiles that the webhook took, a batch at a time; each batch has a key of its own."""
    posted = 0
    with file.open(encoding="utf-8", newline="") as lines, httpx2.Client(timeout=60) as client:
        ids = (row["person_id"] for row in csv.DictReader(lines))
        while batch := list(islice(ids, BATCH)):
            found = fm.get_person(person_ids=batch, workflow_id=workflow_id)
            headers = {"Idempotency-Key": f"{workflow_id}-{posted}"}
            client.post(webhook, json={"profiles": found.profiles}, headers=headers).raise_for_status()
            posted += len(found.profiles)
    return posted


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("emails", type=Path)
    parser.add_argument("webhook")
    parser.add_argument("--server", default="http://127.0.0.1:8321")
    parser.add_argument("--warehouse")
    parser.add_argument("--key", help="The same request under the same key is one job.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
