"""Why does one row of a scored list, or one lead that is typed in, score as it does?"""

from collections.abc import Mapping
from typing import Any

from store.scored_lists.kept import KeptList, KeptLists
from store.workspace import Workspace
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.told.reasons import FitReasons, fit_reasons, single
from tools.scoring.leads.against import columns_of, scorer_named
from tools.scoring.leads.given import leads_of_any_rows
from tools.scoring.leads.prepared import prepared


def row_reasons(lists: KeptLists, kept: KeptList, row: Mapping[str, Any], at: int) -> FitReasons:
    """The score of a row by the profile at this place, and all that it is made of.

    By the profile as it was when the list was scored. row: as `one_row` has it.
    """
    fit = FitProfile.model_validate(lists.document(kept.list_id, f"fit_{at}"))
    return single(fit, {each.name: row[each.stored] for each in kept.columns})


def lead_reasons(workspace: Workspace, name: str, values: Mapping[str, Any]) -> tuple[FitReasons, list[str]]:
    """The score of one lead by its attributes, against the profile of this name, and notes.

    Raises NotFound without such a profile, and BadInput where a number cannot be read.
    """
    scorer = scorer_named(workspace, name)
    leads = leads_of_any_rows([dict(values)], columns_of(scorer) if scorer.profile is None else None)
    ready = prepared(leads.table, [scorer])
    return fit_reasons(ready.scorers[0].fit, ready.table, 0), [*leads.notes, *ready.notes]
