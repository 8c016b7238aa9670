"""A call runs beside others, tells its steps, and ends when its caller goes."""

import asyncio
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from mcp import Client

from agent.state import Cancelled, Progress
from api.mcp.calling import Calls
from store.errors import Busy, NotFound
from store.records import Analysis
from store.records.newest import newest
from store.workspace import House, Workspace

LONG = 30.0  # seconds after which a test has failed


async def silent(step: str) -> None:
    """Hear nothing."""


@pytest.fixture
def few() -> Iterator[Calls]:
    calls = Calls(at_once=1, waiting=1)
    yield calls
    calls.close()


def test_the_steps_of_a_call_are_heard_in_order_before_its_answer(calls: Calls) -> None:
    heard: list[str] = []

    async def tell(step: str) -> None:
        heard.append(step)

    def work(progress: Progress, is_cancelled: Callable[[], bool]) -> int:
        for done in range(100):
            progress("step", done, 100)
        return 7

    assert asyncio.run(calls.run(work, tell)) == 7
    assert heard == [f"step {done}/100" for done in range(100)]


def test_what_a_call_raises_is_raised(calls: Calls) -> None:
    def work(progress: Progress, is_cancelled: Callable[[], bool]) -> None:
        raise NotFound("There is no such thing")

    with pytest.raises(NotFound):
        asyncio.run(calls.run(work, silent))


def stepping(began: Event, ended: Event) -> Callable[..., None]:
    """Work of many steps that ends at the step at which it is cancelled."""

    def work(progress: Progress, is_cancelled: Callable[[], bool]) -> None:
        began.set()
        waits = Event()
        for _ in range(int(LONG * 100)):
            if is_cancelled():
                ended.set()
                raise Cancelled
            waits.wait(0.01)

    return work


def test_a_caller_who_goes_ends_the_call_at_its_next_step(calls: Calls) -> None:
    began, ended = Event(), Event()

    async def go() -> None:
        asking = asyncio.create_task(calls.run(stepping(began, ended), silent))
        await asyncio.to_thread(began.wait, LONG)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(go())
    assert ended.wait(LONG)


def test_more_calls_than_may_wait_are_refused(few: Calls) -> None:
    began, ended = Event(), Event()

    async def go() -> None:
        work = stepping(began, ended)
        asking = [asyncio.create_task(few.run(work, silent)) for _ in range(2)]
        await asyncio.to_thread(began.wait, LONG)
        with pytest.raises(Busy):
            await few.run(work, silent)
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    asyncio.run(go())
    assert ended.wait(LONG)


def test_closing_ends_what_runs(calls: Calls) -> None:
    began, ended = Event(), Event()

    async def go() -> None:
        asking = asyncio.create_task(calls.run(stepping(began, ended), silent))
        await asyncio.to_thread(began.wait, LONG)
        await asyncio.to_thread(calls.close)
        with pytest.raises(Cancelled):
            await asking

    asyncio.run(go())
    assert ended.is_set()


def golfers_of(us: Workspace, golf_hash: str, most: int = 150) -> list[int]:
    (shard,) = us.population.shards
    code = us.population.catalogue.valued("interested_golf", "Yes").code  # type: ignore[union-attr]
    return [int(shard.person_ids[number]) for number in list(shard.bitmaps[code])[:most]]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_workflow_tells_its_steps_to_who_asks_for_them(
    connect: Callable[..., Client], us: Workspace, golf_hash: str, mode: str
) -> None:
    heard: list[tuple[float, str | None]] = []

    async def told(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    async def ask() -> Any:
        async with connect(mode=mode) as client:
            people = golfers_of(us, golf_hash)
            return await client.call_tool("analyze_customers", {"person_ids": people}, progress_callback=told)

    result = asyncio.run(ask())
    assert result.structured_content["analysis_id"].startswith("icp_")
    counted = [progress for progress, _ in heard]
    assert counted == sorted(set(counted))
    assert len(heard) > 4
    assert all(message and "/" in message for _, message in heard)


def test_a_cancelled_request_cancels_its_run(
    connect: Callable[..., Client], us: Workspace, us_house: House, golf_hash: str
) -> None:
    async def ask() -> None:
        began = asyncio.Event()

        async def told(progress: float, total: float | None, message: str | None) -> None:
            began.set()

        async with connect(mode="legacy") as client:
            people = golfers_of(us, golf_hash)
            asking = asyncio.create_task(
                client.call_tool("analyze_customers", {"person_ids": people}, progress_callback=told)
            )
            await asyncio.wait_for(began.wait(), LONG)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            again = await client.call_tool("help", {})  # the connection lives on
            assert not again.is_error

    asyncio.run(ask())
    kept = newest(us_house.database, Analysis, Analysis.created_at, Analysis.analysis_id, 5)
    assert kept == []
