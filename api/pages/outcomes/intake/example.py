"""Generated deals to try the screen with, in a warehouse of their own."""

from pathlib import Path
from tempfile import TemporaryDirectory

from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import LoadReport, ledger_of
from store.synthetic.deals.generate import CUSTOMERS, HISTORY, HUBSPOT, generate_deals
from store.workspace import Workspace

EXAMPLE = "example-deals"
ACCOUNTS, DEALS, SEED = 1_000, 3_000, 5


def record_example(workspace: Workspace) -> LoadReport:
    """What was recorded: 3,000 generated deals of 1,000 numbered accounts, and who left or bought more.

    The same day gives the same records; done again it changes nothing.
    """
    now, ledger = workspace.now(), ledger_of(workspace.warehouse)
    with TemporaryDirectory(prefix="fieldmark-example-") as folder:
        out = Path(folder) / "deals"
        generate_deals(ACCOUNTS, DEALS, SEED, out, now)
        history = out / HISTORY
        ledger.load(out / HUBSPOT, IntakeQuery(shape="hubspot"), now, history=history)
        return ledger.load(out / CUSTOMERS, IntakeQuery(shape="plain"), now, history=history)
