"""The command that shows the main job on real data."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from agent.analyze_customers import analyze_customers, start_analysis
from agent.backtest import Backtest, backtest
from agent.generate_audience import generate_audience, start_audience
from agent.narration.wording import number, percent, ratio
from agent.requests import OutcomeSet
from api.cli.customers.analysis import show_analysis
from api.cli.loading import built
from api.cli.terminal import opened_house, progress_bar, refusals, stdout
from api.demo.progress import BANK, note_wanted
from api.report import write_report
from store.examples import write_bank_contacts
from store.population.mapping import read_mapping
from store.warehouse import warehouse_names
from store.workspace import Workspace
from tools.calls import checked, traced
from tools.declaration import tool

OUTCOME = OutcomeSet(attribute="subscribed", value="Yes")


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(demo)


def demo(out: Annotated[Path, typer.Option(help="Where the reports are written.")] = Path("demo")) -> None:
    """Find the ideal customers of a real bank, and check the audience on calls it has not seen."""
    stdout.print(
        "[bold]31,647 people a Portuguese bank called in 2008 and 2009[/] (Moro, Cortez, Rita; CC BY 4.0).\n"
        "Who subscribed makes the profile; every third call is kept aside to see whether it holds.\n"
    )
    with refusals(), opened_house() as (settings, house), progress_bar() as progress:
        workspace = house.workspace(BANK)
        if set(warehouse_names(house.home)) <= {BANK}:
            note_wanted(house.home)  # nothing of their own yet: `fieldmark serve` shows more
        contacts, mapping = write_bank_contacts(out)
        built(workspace, settings, [contacts], read_mapping(mapping), progress)
        learning, checking = (_cluster(workspace, "used_for", value) for value in ("learning", "checking"))
        query = checked(tool(analyze_customers), {"outcome": OUTCOME.model_dump(), "among": learning})
        analysis = traced(
            "analyze_customers", workspace, query, lambda: start_analysis(workspace, query, progress)
        )
        audience_query = checked(
            tool(generate_audience),
            {
                "analysis_id": analysis.analysis_id,
                "strategy": "hybrid",
                "among": checking,
                "workflow_id": analysis.workflow_id,
            },
        )
        audience = traced(
            "generate_audience", workspace, audience_query, lambda: start_audience(workspace, audience_query)
        )
        held = backtest(workspace, analysis, OUTCOME, checking)
    for ending in ("html", "md", "json"):
        write_report(analysis, out / f"report.{ending}", held)
    show_analysis(analysis)
    _show(held)
    stdout.print(
        f"\nAudience for the next calls: [bold]{number(audience.total)} people[/] who {audience.in_words}.",
        highlight=False,
    )
    stdout.print(
        f"\n[bold]The report: {out / 'report.html'}[/] (beside it report.md and report.json)\n\n"
        "Next, see it in the browser, with more examples:\n"
        "  .venv/bin/fieldmark serve                                   # then open http://127.0.0.1:8321/\n"
        "Or ask about it here:\n"
        "  .venv/bin/fieldmark chat --warehouse bank\n"
        "Then, with your own customers:\n"
        "  .venv/bin/fieldmark load PEOPLE.csv --warehouse mine        # whom they are compared with\n"
        "  .venv/bin/fieldmark analyze CUSTOMERS.csv --warehouse mine --report profile.html\n"
        "  .venv/bin/fieldmark audience --warehouse mine --strategy hybrid --format csv\n"
        "And with deals that were won and lost (these are generated):\n"
        "  .venv/bin/fieldmark accounts synth --accounts 2000 --deals 6000 --out deals\n"
        "  .venv/bin/fieldmark outcomes load deals/deals_hubspot.csv --warehouse crm "
        "--history deals/accounts_history.parquet --unit account\n"
        "  .venv/bin/fieldmark outcomes learn --warehouse crm --report outcomes.html\n"
        "  .venv/bin/fieldmark score deals/accounts.csv --warehouse crm --out scored.csv",
        highlight=False,
        soft_wrap=True,
    )


def _cluster(workspace: Workspace, name: str, value: str) -> str:
    cluster = workspace.population.catalogue.valued(name, value)
    assert cluster is not None  # the demo's own column
    return cluster.cluster_hash


def _show(held: Backtest) -> None:
    stdout.print("\n[bold]Did it hold?[/]", *held.sentences, highlight=False)
    table = Table("audience", "people", "became customers", "rate", "times everybody's", "promised", box=None)
    for row in held.rows:
        table.add_row(
            row.name,
            number(row.people),
            number(row.customers),
            percent(row.rate.value),
            ratio(row.lift),
            ratio(row.promised) if row.promised else "",
        )
    stdout.print(table)
