"""A house with accounts, deals, an audience that stands, and everybody who is told of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agent import CATALOGUE
from agent.briefing_result import Briefing
from api.jobs.worker import Worker
from api.sending.recipients import NewRecipient, add_recipient
from api.settings import Settings
from api.webhooks.endpoints import NewWebhook, add_webhook, reach_of
from benchmarks.closed_loop.receiving import Receiver
from benchmarks.closed_loop.weeks import Accounts, Deals
from benchmarks.simulated_year.mailbox import Mailbox
from benchmarks.simulated_year.worker import opened, set_clock
from store.accounts.preparing import prepared_accounts
from store.destinations import Destination, Destinations, Keys
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.records.kept_results import KeptResult
from store.records.newest import newest
from store.records.recipients import BriefingDelivery, recipients_for, set_status
from store.records.schedules import Schedule, schedules_of
from store.records.webhooks import change_endpoint, endpoints_of
from store.workspace import House, Workspace
from tools.calls import call, tool_named

WAREHOUSE = "accounts"
FIRST_MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
BEFORE_WEEKS = 26
SALES, MARKETING, GONE = "sales@example.com", "marketing@example.com", "gone@example.com"
EVENTS, CHANNEL = "/events", "/channel"
ALERT_HOURS = 72
BRIEFING, ALERT = "Monday", "Watch"
AUDIENCE = "Software to call"


class Loop:
    """The house and its clock, which stands until it is moved."""

    def __init__(self, home: Path, mailbox: Mailbox, receiver: Receiver) -> None:
        self.home, self.mailbox, self.receiver = home, mailbox, receiver
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "clock").exists():
            self.at(FIRST_MONDAY - timedelta(days=3))
        self.house: House = opened(home)
        self.out = home.parent / "delivered"
        self.out.mkdir(exist_ok=True)

    @property
    def workspace(self) -> Workspace:
        return self.house.workspace(WAREHOUSE)

    @property
    def settings(self) -> Settings:
        return Settings(
            home=self.home,
            mail_server=self.mailbox.url,
            mail_from="Fieldmark <briefings@example.com>",
            webhooks_private=True,
            webhooks_ports=f"443,{self.receiver.url.rpartition(':')[2]}",
            jobs_concurrency=1,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The same settings, for a process of its own."""
        told = self.settings.model_dump(include={"home", "mail_server", "mail_from", "webhooks_ports"})
        plain = {f"FIELDMARK_{name.upper()}": str(value) for name, value in told.items()}
        return plain | {"FIELDMARK_WEBHOOKS_PRIVATE": "true", "FIELDMARK_JOBS_CONCURRENCY": "1"}

    def at(self, now: datetime) -> datetime:
        """It is this time from now on."""
        set_clock(self.home, now)
        return now

    def monday(self, week: int) -> datetime:
        """Half a minute after the briefing of a week is due."""
        return self.at(FIRST_MONDAY + timedelta(weeks=week - 1, seconds=30))

    def load(self, accounts: Accounts) -> None:
        """Load the accounts in the place of those there were, as `fieldmark accounts load` does."""
        file = accounts.write(self.home.parent / "accounts.csv")
        day = self.house.now().date()
        with prepared_accounts([file], day, self.home) as prepared:
            self.workspace.warehouse.load(
                [prepared.path], prepared.mapping, self.house.now(), progress=lambda *_: None, processes=1
            )

    def record(self, deals: list[OutcomeRecord]) -> None:
        """Record deals of accounts."""
        ledger_of(self.workspace.warehouse).record(deals, "account", self.house.now())

    def begin(self, accounts: Accounts, deals: Deals) -> None:
        """Load what is known before the first Monday, and set up everything that follows from it."""
        today = self.house.now().date()
        self.load(accounts)
        self.record(deals.before(BEFORE_WEEKS, today))
        self.record(deals.still_open(20, today))
        self.sets_up()

    def sets_up(self) -> None:
        """An audience that stands, and who is told of what."""
        self._stands()
        self._told()

    def lead_here(self) -> None:
        """Of a house that was copied: its files and webhooks go where this one's do."""
        Destinations(self.workspace.home).remove("ads")
        self._delivers()
        for each in endpoints_of(self.house.database):
            change_endpoint(self.house.database, each.endpoint_id, url=self.receiver.url + EVENTS)

    def _delivers(self) -> None:
        made = Destination(name="ads", url=f"file://{self.out}", created_at=self.house.now())
        Destinations(self.workspace.home).add(made, Keys(), [self.out.parent])

    def _stands(self) -> None:
        self._delivers()
        software = self.workspace.population.catalogue.valued("industry", "Software")
        assert software is not None  # the generator has some
        asked = {"expression": software.cluster_hash, "platform": "plain", "destination": "ads"}
        self.tool("keep_audience", name=AUDIENCE, leave_out_won=False, **asked)

    def _told(self) -> None:
        reach = reach_of(self.settings)
        hook = NewWebhook(url=self.receiver.url + EVENTS, events=["audience.synced"])
        self.secret = add_webhook(self.house, reach, hook, "local").secret
        said = [SALES, MARKETING, GONE, self.receiver.url + CHANNEL]
        ids = [add_recipient(self.house, reach, NewRecipient(address=each), "local") for each in said]
        recipients = [each.recipient_id for each in ids]
        self.tool("schedule_briefing", name=BRIEFING, recipients=recipients, sync=True)
        set_status(self.house.database, self.recipient(GONE), "unsubscribed", self.house.now())

    def watch(self) -> None:
        """Have alerts sent to sales, looked at every hour from now on."""
        given = {"kind": "alert", "cooldown_hours": ALERT_HOURS, "recipients": [SALES]}
        self.tool("schedule_briefing", name=ALERT, **given)

    def recipient(self, address: str) -> str:
        """The id of a recipient."""
        return recipients_for(self.workspace, [address])[0]

    def schedule(self, name: str) -> Schedule:
        """The schedule of this name."""
        return next(each for each in schedules_of(self.house.database, WAREHOUSE) if each.name == name)

    def tool(self, tool: str, /, **given: Any) -> Any:
        """What a tool of the catalogue answers, as at every door."""
        return call(tool_named(CATALOGUE, tool), self.workspace, given)

    def work(self) -> None:
        """Let a worker of this process do what is due and queued, and send what is to be sent."""
        Worker(self.house, self.settings, poll_seconds=0.02).run(until_idle=True)

    def briefings(self, purpose: str | None = None) -> list[Briefing]:
        """Those that were kept, oldest first."""
        at, key = KeptResult.created_at, KeptResult.result_id
        rows = newest(self.house.database, KeptResult, at, key, 500, kind="briefing")
        kept = (self.workspace.artifacts.document("briefing", row.result_id) for row in reversed(rows))
        found = [Briefing.model_validate(each) for each in kept]
        return [each for each in found if purpose in (None, each.purpose)]

    def deliveries(self) -> list[BriefingDelivery]:
        """The log of what was sent, oldest first."""
        at, key = BriefingDelivery.created_at, BriefingDelivery.delivery_id
        return list(reversed(newest(self.house.database, BriefingDelivery, at, key, 500)))

    def close(self) -> None:
        """Close the house."""
        self.house.close()
