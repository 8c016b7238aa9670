"""Who the best customers of a list are, and a file of people like them.

    FIELDMARK_API_KEY=sk_live_… python icp_analysis.py emails.txt --server URL --warehouse us

emails.txt holds one e-mail address a line. The file of people is written beside it.
"""

import argparse
import os
from pathlib import Path

from api.client import Fieldmark

BATCH = 1_000  # persons in one request for profiles
TRAITS = 2  # the strongest, which the people found have together


def main() -> None:
    """Resolve, enrich, analyse, look the clusters up, find."""
    asked = _asked()
    emails = [line.strip() for line in asked.emails.read_text().splitlines() if line.strip()]
    with Fieldmark(asked.server, os.environ.get("FIELDMARK_API_KEY", ""), warehouse=asked.warehouse) as fm:
        people = fm.resolve_identities(id_type="email", identifiers=emails)
        workflow, ids = people.workflow_id, [each["person_id"] for each in people.identities]
        print(f"{people.stats.resolved:,} persons of {people.stats.requested:,} addresses")

        known = 0
        for first in range(0, len(ids), BATCH):
            batch = ids[first : first + BATCH]
            known += len(fm.get_person(person_ids=batch, domains=["interest"], workflow_id=workflow).profiles)
        print(f"{known:,} profiles")

        found = fm.analyze_customers(person_ids=ids, workflow_id=workflow)
        print(found.headline)

        strongest = [each.trait for each in found.lift.top_attributes]
        names = list(dict.fromkeys(trait.name for trait in strongest))[:20]
        clusters = fm.list_clusters(cluster_names=names, limit=1_000, workflow_id=workflow).clusters
        hashes = {(each.name, each.value): each.cluster_hash for each in clusters}
        chosen = [
            hashes[trait.name, trait.value] for trait in strongest if (trait.name, trait.value) in hashes
        ]
        if not chosen:
            raise SystemExit("Nothing sets these customers apart.")

        alike = fm.find_persons(
            expression=" AND ".join(chosen[:TRAITS]),
            identifier_type="email",
            format="csv",
            workflow_id=workflow,
        )
        out = asked.emails.with_name("people_like_them.csv")
        fm.download(alike.export, out)
        print(f"{alike.total:,} people: {alike.in_words}; {alike.export.rows:,} rows in {out}")
        print(f"workflow {workflow}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("emails", type=Path)
    parser.add_argument("--server", default="http://127.0.0.1:8321")
    parser.add_argument("--warehouse")
    return parser.parse_args()


if __name__ == "__main__":
    main()
