"""Outcome records, sent and summed up."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access.visit import Reader, Runner
from store.outcomes.ledger import LoadReport, ledger_of
from store.outcomes.outcome_table import UnitKind
from store.outcomes.records_sent import MOST_RECORDS, OutcomeRecord
from tools.outcomes.persons_by_email import email_resolver
from tools.outcomes.record_summary import OutcomeSummary, summarise


class OutcomesSent(BaseModel):
    """Records of one kind of unit: all of them are recorded, or none."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitKind = Field(default="account", description="Whose outcomes these are.")
    records: list[OutcomeRecord] = Field(min_length=1, max_length=MOST_RECORDS)


def outcome_routes() -> APIRouter:
    """What came of a warehouse's deals."""
    router = APIRouter(prefix="/v1/warehouses", tags=["outcomes"])

    @router.post("/{warehouse}/outcomes")
    def record_outcomes(visit: Runner, warehouse: str, sent: OutcomesSent) -> LoadReport:
        """Record outcomes; a record whose id is known takes the place of the one before."""
        workspace = visit.workspace(warehouse)
        ledger = ledger_of(workspace.warehouse)
        report = ledger.record(sent.records, sent.unit, visit.house.now(), resolve=email_resolver(workspace))
        visit.note("outcomes.recorded", warehouse, records=len(sent.records), unit=sent.unit)
        return report

    @router.get("/{warehouse}/outcomes")
    def outcome_summary(
        visit: Reader,
        warehouse: str,
        last_days: Annotated[
            int | None, Query(ge=1, le=36_500, description="Only decisions of so many days.")
        ] = None,
        unit: Annotated[
            UnitKind | None, Query(description="Accounts or persons, where there are both.")
        ] = None,
    ) -> OutcomeSummary:
        """Outcomes by quarter, win rates, amounts, cycles, reasons, columns, and what leaks."""
        ledger = ledger_of(visit.workspace(warehouse).warehouse)
        found = summarise(ledger.read(visit.house.now(), last_days, unit))
        found.data_hash, found.warnings = ledger.manifest.data_hash, ledger.warnings()
        return found

    return router
