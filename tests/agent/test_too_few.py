"""Too few customers are refused at a step of their own, and forgotten."""

import pytest

from agent.analyze_customers import start_analysis
from agent.requests import AnalyzeQuery
from store.errors import TooFewCustomers
from store.workspace import Workspace


def test_a_refused_run_tells_its_step_and_keeps_nobody(us: Workspace) -> None:
    (shard,) = us.population.shards
    people = [int(person) for person in shard.person_ids[:30]]
    told: list[tuple[str, int, int]] = []
    with pytest.raises(TooFewCustomers, match="30 customers were matched; 50 is the fewest"):
        start_analysis(us, AnalyzeQuery(person_ids=people), lambda *event: told.append(event))
    assert told == [("resolve", 0, 1), ("resolve", 1, 1), ("refuse_too_few", 0, 1)]
    for kind in ("request", "customers", "match", "counts", "analysis"):
        assert not list(us.home.glob(f"artifacts/{kind}/*"))
