"""rescore_accounts and call_first: tiers before and now, who goes where, and whom to call."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.accounts.numbering import account_number
from store.features import FeatureTable, category
from store.locks import Lock
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.records import Feedback
from store.records.learned import LearnedModel, keep_model
from store.workspace import Workspace
from tests.tools.standing.conftest import Crowd, reasons
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.learned import save_fit
from tools.scoring.population_features import population_features
from tools.standing.call_first import call_first
from tools.standing.findings import RescoredAccounts
from tools.standing.keep_audience import keep_audience
from tools.standing.queries import KeepAudience, RefreshStanding, RescoreAccounts
from tools.standing.refresh import refresh_standing
from tools.standing.rescore import rescore_accounts
from tools.standing.tiers.kept import kept_tiers, tiers_key
from tools.standing.tiers.routing import flows, routing
from tools.standing.tiers.scored import LETTERS, Tiers

# 40 of each kind; ids 1..160 in this order.
KINDS = ("Pro L", "Pro S", "Free L", "Free S")


def fit_for(plan: str) -> FitProfile:
    """Of 300 won and 300 lost: nine in ten of the won have this plan, one in ten of the lost."""

    def table(share: float) -> FeatureTable:
        others = "Free" if plan == "Pro" else "Pro"
        plans = [plan if at < 300 * share else others for at in range(300)]
        return FeatureTable(300, (category("plan", plans), category("size", ["L", "S"] * 150)))

    query = FitQuery(seed=1, ideal_word="won deals", others_word="lost deals")
    return learn_fit(table(0.9), table(0.1), query)


@pytest.fixture(scope="session")
def fits() -> dict[str, FitProfile]:
    return {plan: fit_for(plan) for plan in ("Pro", "Free")}


@pytest.fixture
def publish(crowd: Crowd, fits: dict[str, FitProfile]) -> Callable[[str], str]:
    """Puts the fit that looks for a plan in use; its id."""
    made: list[str] = []

    def put_in_use(plan: str) -> str:
        model_id = f"fit_{len(made)}"
        save_fit(crowd.workspace, model_id, fits[plan])
        record = LearnedModel(
            model_id=model_id,
            run_id="run",
            warehouse="crowd",
            kind="fit",
            status="published",
            data_hash=str(len(made)),
            created_at=crowd.workspace.now() + timedelta(seconds=len(made)),
        )
        keep_model(crowd.workspace.database, record)
        made.append(model_id)
        return model_id

    return put_in_use


def everybody(crowd: Crowd) -> Workspace:
    return crowd.are({number: KINDS[(number - 1) // 40] for number in range(1, 161)})


def rescored(workspace: Workspace, mode: str = "yes") -> RescoredAccounts:
    return rescore_accounts(workspace, RescoreAccounts.model_validate({"mode": mode}))


def test_tiers_are_those_of_the_fit_and_move_with_the_model(
    crowd: Crowd, publish: Callable[[str], str], fits: dict[str, FitProfile]
) -> None:
    """80 are Pro and 80 Free: by the first fit the one half is above the other, by the second below it."""
    workspace = everybody(crowd)
    first = publish("Pro")
    done = rescored(workspace).rescored
    assert done is not None
    ids = np.arange(1, 161)
    expected = fit_scores(fits["Pro"], population_features(workspace.population, ids)).tier
    assert [done.tiers[letter] for letter in LETTERS] == np.bincount(expected, minlength=4).tolist()
    assert (done.because, done.scored, done.moved, done.tiers_before) == ("first", 160, 0, None)
    kept = kept_tiers(workspace)
    assert kept is not None
    assert (kept.model_id, kept.tiers.ids.tolist()) == (first, ids.tolist())
    assert kept.tiers.tier.tolist() == expected.tolist()

    second = publish("Free")
    moved = rescored(workspace).rescored
    assert moved is not None
    assert (moved.model_before, moved.model_id, moved.because) == (first, second, "model")
    high, low = LETTERS[expected[0]], LETTERS[expected[-1]]
    assert high != low
    assert moved.flows == {f"{high}>{low}": 80, f"{low}>{high}": 80}
    assert (moved.moved, moved.tiers_before) == (160, done.tiers)


def test_nothing_is_scored_again_while_the_fit_and_the_people_are_the_same(
    crowd: Crowd, publish: Callable[[str], str]
) -> None:
    workspace = everybody(crowd)
    assert "No profile was learned" in rescored(workspace).note
    publish("Pro")
    rescored(workspace)
    again = rescored(workspace)
    assert (again.rescored, "those of the last scoring" in again.note) == (None, True)
    erase_person(workspace, AboutPerson(person_id=7))
    after = rescored(workspace).rescored
    assert after is not None
    # Who was erased is gone from what is kept at once, so nobody is counted as gone since.
    assert (after.because, after.scored, after.gone, after.moved) == ("population", 159, 0, 0)
    kept = kept_tiers(workspace)
    assert kept is not None
    assert 7 not in kept.tiers.ids


def test_a_dry_run_tells_the_same_and_keeps_nothing(crowd: Crowd, publish: Callable[[str], str]) -> None:
    workspace = everybody(crowd)
    publish("Pro")
    dry, done = rescored(workspace, "dry_run").rescored, rescored(workspace).rescored
    assert dry is not None
    assert done is not None
    assert dry.is_dry_run
    assert dry.model_dump(exclude={"is_dry_run"}) == done.model_dump(exclude={"is_dry_run"})
    publish("Free")
    rescored(workspace, "dry_run")
    kept = kept_tiers(workspace)
    assert kept is not None
    assert kept.model_id == "fit_0"


def test_scoring_that_somebody_else_is_at_is_left_to_them(
    crowd: Crowd, publish: Callable[[str], str]
) -> None:
    workspace = everybody(crowd)
    publish("Pro")
    lock = Lock(workspace.home / "locks" / f"tiers_{tiers_key('crowd')}.lock")
    assert lock.taken()
    assert "by somebody else" in rescored(workspace).note
    lock.let_go()
    assert rescored(workspace).rescored is not None


def test_a_fit_that_reads_nothing_of_the_population_scores_nobody(
    crowd: Crowd, publish: Callable[[str], str], load: Callable[..., Workspace]
) -> None:
    publish_other = {"id": {"kind": "person_id"}, "color": {"kind": "category", "domain": "interest"}}
    crowd.workspace = load("id,color\n1,red\n2,blue\n", publish_other, warehouse="crowd")
    publish("Pro")
    assert "none of the columns" in rescored(crowd.workspace).note


def test_a_ranked_audience_follows_the_model(crowd: Crowd, publish: Callable[[str], str]) -> None:
    """The best 10 by the fit: all Pro by the first, all Free by the second; the reason is the model."""
    workspace = everybody(crowd)
    publish("Pro")
    keep_audience(workspace, KeepAudience(name="top", ranked_by="outcomes", target_size=10))
    refresh_standing(workspace, RefreshStanding(mode="yes"))
    publish("Free")
    found = refresh_standing(workspace, RefreshStanding(mode="yes"))
    (done,) = found.audiences
    assert (reasons(done.entered), reasons(done.left)) == ({"model": 10}, {"model": 10})
    assert found.rescored is not None
    assert found.rescored.moved == 160


def hand(ids: list[int], letters: str) -> Tiers:
    places = np.array([LETTERS.index(letter) for letter in letters], dtype=np.int8)
    return Tiers(np.array(ids, dtype=np.int64), places, np.zeros(len(ids), dtype=np.uint16))


def test_routing_counts_by_hand() -> None:
    """1 A open, 2 A won, 3 A free, 4 D open that was B, 5 D; before 1 was B and 3 was A."""
    now, before = hand([1, 2, 3, 4, 5], "AAADD"), hand([1, 2, 3, 4], "BAAB")
    assert routing(now, before, np.array([1, 4]), np.array([2]), "account") == [
        "Give to the named owners first: 1 account in tier A has no open deal and is no customer.",
        "Move to the front: 1 account with an open deal is newly in tier A.",
        "Look at these deals again: 1 account with an open deal fell from A or B to C or D.",
        "Let self-serve take: 1 account in tier D has an open deal.",
    ]
    assert flows(now, before) == {"B>A": 1, "B>D": 1}
    assert routing(hand([], ""), None, np.array([1]), np.array([]), "person") == []


@given(
    st.dictionaries(st.integers(0, 40), st.sampled_from("ABCD")),
    st.dictionaries(st.integers(0, 40), st.sampled_from("ABCD")),
)
def test_flows_are_a_count_of_whoever_is_in_both(before: dict[int, str], now: dict[int, str]) -> None:
    def tiers(given_: dict[int, str]) -> Tiers:
        ids = sorted(given_)
        return hand(ids, "".join(given_[each] for each in ids))

    expected: dict[str, int] = {}
    for each in before.keys() & now.keys():
        if before[each] != now[each]:
            name = f"{before[each]}>{now[each]}"
            expected[name] = expected.get(name, 0) + 1
    assert flows(tiers(now), tiers(before)) == expected


def deal(workspace: Workspace, person: int, outcome: str, **attributes: Any) -> None:
    given_ = {
        "record_id": f"{outcome}-{person}-{len(attributes)}",
        "unit_id": str(person),
        "outcome": outcome,
        "opened_at": "2026-01-10",
        "attributes": attributes,
        **({} if outcome == "open" else {"decided_at": "2026-02-20"}),
    }
    ledger_of(workspace.warehouse).record([OutcomeRecord.model_validate(given_)], "person", workspace.now())


def test_open_deals_are_called_first_by_fit_each_once(crowd: Crowd, publish: Callable[[str], str]) -> None:
    """Open: 150 (Free), 3 and 2 (Pro). Pro first, equal scores by id; each with its reason and its doubt."""
    workspace = everybody(crowd)
    publish("Pro")
    for person in (150, 3, 2):
        deal(workspace, person, "open")
    deal(workspace, 1, "won")
    calls = call_first(workspace)
    assert [call.unit_id for call in calls] == ["2", "3", "150"]
    assert calls[0].reasons[0].startswith("Plan: Pro")
    assert calls[2].reasons == []
    assert calls[2].doubt is not None
    assert calls[2].doubt.startswith("Plan: Free")
    assert [call.unit_id for call in call_first(workspace, limit=1)] == ["2"]
    done = rescored(workspace).rescored
    assert done is not None
    assert any("Let self-serve take: 1 person in tier D has" in words for words in done.routing) == (
        calls[2].tier == "D"
    )


def test_the_records_own_attributes_count_before_those_of_the_population(
    crowd: Crowd, publish: Callable[[str], str]
) -> None:
    """150 is Free in the population and Pro in its record of the deal."""
    workspace = everybody(crowd)
    publish("Pro")
    deal(workspace, 150, "open", plan="Pro", size="L")
    deal(workspace, 2, "open", plan="Free", size="L")
    assert [call.unit_id for call in call_first(workspace)] == ["150", "2"]


def test_without_open_deals_the_best_who_are_not_won_are_called(
    crowd: Crowd, publish: Callable[[str], str]
) -> None:
    workspace = everybody(crowd)
    assert call_first(workspace) == []
    publish("Pro")
    deal(workspace, 1, "won")
    found = [call.unit_id for call in call_first(workspace, limit=3)]
    assert found == ["2", "3", "4"]
    rescored(workspace)  # kept tiers give the same as scoring them now
    assert [call.unit_id for call in call_first(workspace, limit=3)] == found


def test_whom_accepted_feedback_leaves_out_is_not_called(crowd: Crowd, publish: Callable[[str], str]) -> None:
    workspace = everybody(crowd)
    publish("Pro")
    said = Feedback(
        feedback_id="feedback_1",
        warehouse="crowd",
        kind="other",
        message="Not a fit",
        status="accepted",
        effect={"kind": "row_left_out", "unit_id": "2"},
        created_at=workspace.now(),
        decided_at=workspace.now(),
    )
    workspace.database.add(said)
    assert [call.unit_id for call in call_first(workspace, limit=3)] == ["1", "3", "4"]
    for person in (2, 3):
        deal(workspace, person, "open")
    assert [call.unit_id for call in call_first(workspace)] == ["3"]


def test_accounts_are_called_by_their_own_ids_and_their_deals_are_theirs(
    crowd: Crowd, publish: Callable[[str], str], load: Callable[..., Workspace]
) -> None:
    """Three accounts; the won one is left out. A person's deal says nothing of them."""
    columns = {
        "person_id": {"kind": "person_id", "domain": "id"},
        "account_id": {"kind": "identifier", "identifier": "id", "domain": "id"},
        "plan": {"kind": "category", "domain": "purchase"},
    }
    ids = ["A-1", "A-2", "A-3"]
    rows = [f"{account_number(each)},{each},Pro" for each in ids]
    rows += [f"{number},F-{number},Free" for number in range(1, 30)]
    crowd.workspace = workspace = load(
        "person_id,account_id,plan\n" + "\n".join(rows), columns, warehouse="crowd"
    )
    publish("Pro")
    deal(workspace, account_number("A-1"), "won")  # of a person
    assert {call.unit_id for call in call_first(workspace, limit=3)} == set(ids)
    won = OutcomeRecord(outcome="won", unit_id="A-2", decided_at=date(2026, 2, 20), record_id="d1")
    ledger_of(workspace.warehouse).record([won], "account", workspace.now())
    assert {call.unit_id for call in call_first(workspace, limit=2)} == {"A-1", "A-3"}
    done = rescored(workspace).rescored
    assert done is not None
    assert done.unit == "account"
    assert "2 accounts in tier" in done.routing[0]
