"""What is told is told once, to those who listen, in the transaction of what it tells of; and of nobody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from store.errors import Conflict, NotFound
from store.records.outbox import OutboxDelivery, OutboxMessage, check_data, fits, tell, tell_one
from store.records.webhooks import (
    MOST_ENDPOINTS,
    WebhookEndpoint,
    add_endpoint,
    change_endpoint,
    endpoint_named,
    endpoints_of,
    rotate_secret,
    sealed_secrets,
)
from store.workspace import House, Workspace
from tests.conftest import Clock


def listener(house: House, number: int, *events: str, **more: Any) -> WebhookEndpoint:
    endpoint = WebhookEndpoint(
        endpoint_id=f"hook_{number}",
        url="https://example.com/",
        events=list(events),
        secret="sealed",
        created_at=house.now(),
        **more,
    )
    add_endpoint(house.database, endpoint)
    return endpoint


def kept(house: House, column: Any) -> list[Any]:
    with house.everywhere.session() as session:
        return sorted(session.exec(select(column)))


def test_a_message_is_queued_for_whoever_listens_now(house: House):
    listener(house, 1)
    listener(house, 2, "export.ready")
    listener(house, 3, "job.done", "job.failed")
    listener(house, 4, enabled=False)
    tell(house, "k", "job.done", {"run_id": "run_1"})
    listener(house, 5)  # later
    assert kept(house, OutboxDelivery.endpoint_id) == ["hook_1", "hook_3"]
    assert kept(house, OutboxDelivery.status) == ["pending", "pending"]


def test_what_is_told_is_gone_with_the_transaction_that_it_tells_of(house: House):
    listener(house, 1)

    def tell_and_fail() -> None:
        with house.database.session() as session:
            tell(house, "k", "job.done", {"run_id": "run_1"}, session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_and_fail()
    assert kept(house, OutboxMessage.key) == kept(house, OutboxDelivery.status) == []
    with house.database.session() as session:
        tell(house, "k", "job.done", {"run_id": "run_1"}, session)
        tell(house, "k", "job.done", {"run_id": "run_1"}, session)
    tell(house, "k", "job.done", {"run_id": "run_1"})
    assert kept(house, OutboxMessage.key) == ["k"]
    assert len(kept(house, OutboxDelivery.status)) == 1


def test_a_workspace_tells_as_its_house_does(house: House, load: Callable[..., Workspace]):
    workspace = load("id,age\n1,30\n", columns={"id": {"kind": "person_id"}, "age": {"kind": "number"}})
    tell(workspace, "k", "export.ready", {"export_id": "export_1", "warehouse": "small"})
    assert kept(house, OutboxMessage.event) == ["export.ready"]


def test_a_key_is_one_organisations_own(house: House):
    one, two = house.of("org_1"), house.of("org_2")
    listener(one, 1)
    listener(two, 2)
    for each in (one, two, one):
        tell(each, "k", "job.done", {"run_id": "run_1"})
    assert kept(house, OutboxMessage.organisation_id) == ["org_1", "org_2"]
    assert kept(house, OutboxDelivery.organisation_id) == ["org_1", "org_2"]


def test_one_endpoint_may_be_told_alone_whatever_it_wants(house: House):
    listener(house, 1)
    only = listener(house, 2, "export.ready")
    first, second = (tell_one(house, only, "webhook.test", {"webhook_id": "hook_2"}) for _ in range(2))
    assert first != second
    assert kept(house, OutboxDelivery.endpoint_id) == ["hook_2", "hook_2"]


@pytest.mark.parametrize(
    "data",
    [
        {"run_id": "run_1", "export_id": "a.b:c-d", "warehouse": "us", "tool": "find_persons", "rows": 3},
        {
            "counts": {"people": 3, "rate": 0.5},
            "links": {"job": "/v1/jobs/run_1"},
            "total": None,
            "is_new": True,
        },
        {},
    ],
)
def test_ids_names_figures_and_links_may_be_said(data: dict[str, Any]):
    check_data(data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("person_id", "17"),
        ("person_id", 17),
        ("email", "someone"),
        ("message", "done"),
        ("run_id", "someone@example.com"),
        ("run_id", "+1 555 0100"),
        ("run_id", ""),
        ("run_id", "a" * 201),
        ("run_id", ["run_1"]),
        ("warehouse", "a b"),
        ("counts", {"people": "3"}),
        ("counts", {"some one": 3}),
        ("counts", {f"c{number}": 1 for number in range(41)}),
        ("counts", {"rate": float("nan")}),
        ("rate", float("inf")),
        ("links", {"job": "https://example.com/"}),
        ("links", {"job": "/v1/jobs/run_1?email=x"}),
        ("links", {"job": 3}),
        ("people", {"1": 1}),
        ("people", [1, 2]),
    ],
)
def test_anything_else_is_a_bug_of_the_caller(house: House, name: str, value: Any):
    with pytest.raises(ValueError, match="ids, names, figures and links only") as error:
        tell(house, "k", "job.done", {"run_id": "run_1", name: value})
    assert str(value) not in str(error.value) or value == ""
    assert kept(house, OutboxMessage.key) == []


def test_an_unknown_type_of_event_is_a_bug_of_the_caller(house: House):
    with pytest.raises(ValueError, match="type of event"):
        tell(house, "k", "job.undone", {})  # type: ignore[arg-type]


@given(st.text(), st.text() | st.integers() | st.lists(st.text()))
def test_no_text_with_an_at_sign_or_a_space_may_be_said(name: str, value: Any):
    if fits(name, value):
        assert not any(sign in f"{name}{value}" for sign in "@ \n+")


def test_an_organisation_has_so_many_endpoints_and_the_next_has_its_own(house: House):
    one = house.of("org_1")
    for number in range(MOST_ENDPOINTS):
        listener(one, number)
    with pytest.raises(Conflict):
        listener(one, 999)
    listener(house.of("org_2"), 1000)
    assert len(endpoints_of(one.database)) == MOST_ENDPOINTS
    with pytest.raises(NotFound):
        endpoint_named(one.database, "hook_1000")
    with pytest.raises(NotFound):
        change_endpoint(one.database, "hook_1000", description="ours")
    assert endpoint_named(house.of("org_2").database, "hook_1000").description == ""


@pytest.mark.parametrize("odd", ["", "\x00", "hook_1\x00", "\ud800", "hook 1", "é" * 90, "x" * 10_000])
def test_an_id_that_none_can_be_is_not_found(house: House, odd: str):
    with pytest.raises(NotFound):
        endpoint_named(house.database, odd)


def test_the_secret_before_holds_for_a_day_and_of_two_rotations_the_later_one_counts(
    house: House, clock: Clock
):
    listener(house, 1)
    assert sealed_secrets(endpoint_named(house.database, "hook_1"), clock()) == ["sealed"]
    rotated = rotate_secret(house.database, "hook_1", "second", clock())
    assert sealed_secrets(rotated, clock()) == ["second", "sealed"]
    assert sealed_secrets(rotated, clock() + timedelta(hours=24)) == ["second"]
    assert sealed_secrets(rotate_secret(house.database, "hook_1", "third", clock()), clock()) == [
        "third",
        "second",
    ]
