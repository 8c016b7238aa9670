"""Commands that score: leads against a profile, and customers by what they will spend."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from agent.narration.wording import number
from api.cli.here import keep_copy
from api.cli.reaching import reached
from api.cli.showing.scores import show_forecast, show_scores
from api.cli.terminal import JsonOption, WarehouseOption, opened_house, print_json, refusals, stderr
from store.errors import BadInput
from store.transactions import Role, Transactions, read_transactions
from tools.scoring.value.model import Values

ENDINGS = {".csv": "csv", ".jsonl": "jsonl"}
FORECAST = ["customer", "value", "low", "high", "chance_alive"]
BATCH = 10_000  # rows written at a time
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(score)
    app.command()(value)


def score(
    file: Annotated[Path, typer.Argument(help="The leads: CSV, Parquet or JSON Lines.")],
    warehouse: WarehouseOption = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(help="`outcomes`, or the id of a profile or analysis; up to 3, the first one sorts."),
    ] = None,
    analysis: Annotated[str | None, typer.Option(help="Score against this analysis instead.")] = None,
    min_score: Annotated[
        int | None, typer.Option(min=0, max=100, help="Only leads with this score or more.")
    ] = None,
    tier: Annotated[str | None, typer.Option(help="Only this tier and better: A, B, C or D.")] = None,
    top: Annotated[int | None, typer.Option(min=1, help="Only so many, the best first.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write all of them here: .csv or .jsonl.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Score a list of leads from 0 to 100, each with its reasons and its chances."""
    with refusals(as_json), reached(warehouse) as house:
        given = {
            "icp_profiles": profile or [],
            "analysis_id": analysis,
            "min_score": min_score,
            "tier": tier.upper() if tier else None,
            "top": top,
            "format": _form(out, tuple(ENDINGS)) if out else "none",
        }
        found = house.score(file, given, out)
    if as_json:
        print_json(found)
    else:
        show_scores(found)
        stderr.print(f"All rows: {out}" if out else "`--out scored.csv` writes all rows.", highlight=False)


def value(
    file: Annotated[Path, typer.Argument(help="Purchases: a customer, a date and an amount in each row.")],
    horizon_days: Annotated[
        int, typer.Option(min=1, max=3650, help="Days ahead whose spend is foretold.")
    ] = 365,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day that counts; the newest when left out."),
    ] = None,
    customer: Annotated[str | None, typer.Option(help="The column of the customer.")] = None,
    date: Annotated[str | None, typer.Option(help="The column of the date.")] = None,
    amount: Annotated[str | None, typer.Option(help="The column of the amount.")] = None,
    date_format: Annotated[str, typer.Option(help="As in strptime, for dates read in two ways.")] = "",
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same forecast.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the forecast of each customer: .csv.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Foretell what each customer spends, by the model that foretold the past best."""
    from tools.scoring.value.learn import learn_value  # scikit-learn takes a second to import
    from tools.scoring.value.queries import ValueQuery

    with refusals(as_json), opened_house() as (settings, house):
        if out:
            _form(out, (".csv",))
        named: dict[Role, str | None] = {"customer": customer, "date": date, "amount": amount}
        purchases = read_transactions(
            [file],
            columns={role: name for role, name in named.items() if name},
            date_format=date_format,
            memory_limit=settings.memory,
        )
        day = (as_of.replace(tzinfo=UTC) - EPOCH).days if as_of else None
        with stderr.status(f"Learning from {number(purchases.rows)} purchases"):
            model = learn_value(purchases, ValueQuery(horizon_days=horizon_days, seed=seed), as_of=day)
        rows = _forecast(purchases, model.predict(purchases, as_of=day))
        if out:
            link = house.exports.write(
                f"value_{house.new_id()}",
                "csv",
                FORECAST,
                (rows[at : at + BATCH] for at in range(0, len(rows), BATCH)),
                warehouse="",
                workflow_id="",
                now=house.now(),
            )
            keep_copy(house.exports, link, out)
    if as_json:
        told = {"customers": len(rows), "total": sum(row["value"] for row in rows), "best": rows[:10]}
        print_json({**told, "notes": list(purchases.notes), "report": model.report.model_dump(mode="json")})
        return
    show_forecast(model.report, purchases.notes, rows)
    written = f"{number(len(rows))} customers: {out}" if out else "`--out forecast.csv` writes each customer."
    stderr.print(written, highlight=False)


def _forecast(purchases: Transactions, values: Values) -> list[dict[str, Any]]:
    """A row for each customer, the most valuable first."""
    order = np.argsort(-values.value, kind="stable").tolist()
    ids, alive = purchases.ids[values.customers].tolist(), values.alive
    return [
        {
            "customer": ids[at],
            "value": round(float(values.value[at]), 2),
            "low": round(float(values.low[at]), 2),
            "high": round(float(values.high[at]), 2),
            "chance_alive": None if alive is None else round(float(alive[at]), 4),
        }
        for at in order
    ]


def _form(out: Path, endings: tuple[str, ...]) -> str:
    """The form of a file to write. Raises BadInput for another ending, before the work."""
    if out.suffix not in endings:
        raise BadInput(
            f"It is written as {' or '.join(endings)}",
            where="--out",
            instead=f"For example --out scored{endings[0]}.",
        )
    return ENDINGS[out.suffix]
