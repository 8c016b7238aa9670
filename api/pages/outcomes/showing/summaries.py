"""What do the records of a warehouse say in short? They are read once for each version of them."""

from collections import OrderedDict
from threading import Lock

from store.outcomes.ledger import ledger_of
from store.outcomes.outcome_table import UnitKind
from store.workspace import Workspace
from tools.outcomes.record_summary import OutcomeSummary, summarise

KEPT = 64  # summaries; each is some 10 kB

_known: OrderedDict[tuple[str, ...], OutcomeSummary] = OrderedDict()
_lock = Lock()


def summary_of(workspace: Workspace, unit: UnitKind) -> OutcomeSummary:
    """The summary of what is recorded of accounts or of persons. Raises NotFound where nothing is."""
    key = _version(workspace, unit)
    with _lock:
        found = _known.get(key)
    if found is None:
        found = summarise(ledger_of(workspace.warehouse).read(workspace.now(), unit=unit))
    with _lock:
        _known[key] = found
        _known.move_to_end(key)
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found.model_copy()


def _version(workspace: Workspace, unit: UnitKind) -> tuple[str, ...]:
    """All that a summary depends on: the records, the day until which they are read, and who was erased."""
    warehouse = workspace.warehouse
    snapshot = warehouse.current_id if warehouse.exists else ""
    erased = len(warehouse.erasures.ids(snapshot)) if unit == "person" else 0  # it only grows
    day = workspace.now().date().isoformat()
    records = ledger_of(warehouse).manifest.data_hash
    return str(warehouse.folder), records, unit, day, snapshot, str(erased)
