"""What does this house score by, and where is it kept?"""

from dataclasses import dataclass

from store.errors import NotFound
from store.records.learned import KINDS, LearnedModel, published_model
from store.workspace import Workspace
from tools.profiles.content.document import ProfileDocument
from tools.scoring.conversion.model import ConversionModel
from tools.scoring.fit.profile import FitProfile
from tools.scoring.value.model import ValueModel
from tools.scoring.value.model import load as load_value

FIT, PROBABILITY, VALUE = "fit", "probability", "value"  # kinds of artifacts


@dataclass(frozen=True)
class ScoredProfile:
    """The revision of an ideal customer profile that leads are scored against."""

    document: ProfileDocument
    revision: int
    learned: FitProfile | None


@dataclass(frozen=True)
class Scorer:
    """A fit profile, and the models beside it: fit, chances and value are told apart, never mixed."""

    model_id: str
    fit: FitProfile
    conversion: ConversionModel | None = None
    value: ValueModel | None = None
    churn: ConversionModel | None = None
    expansion: ConversionModel | None = None
    profile: ScoredProfile | None = None  # what is written by hand goes before; the fit is what it learned

    @property
    def told(self) -> str:
        """What it is called: the name of a profile, else its id."""
        return self.profile.document.name if self.profile else self.model_id


def save_fit(workspace: Workspace, model_id: str, fit: FitProfile) -> None:
    """Keep a fit profile."""
    workspace.artifacts.save_document(FIT, model_id, fit.model_dump(mode="json"))


def saved_fit(workspace: Workspace, model_id: str) -> FitProfile:
    """The fit profile kept under this id. Raises NotFound."""
    return FitProfile.model_validate(workspace.artifacts.document(FIT, model_id))


def save_probability(workspace: Workspace, model_id: str, model: ConversionModel) -> None:
    """Keep a model of chances."""
    workspace.artifacts.save_bytes(PROBABILITY, model_id, model.dump())


def saved_probability(workspace: Workspace, model_id: str) -> ConversionModel | None:
    """The model of chances kept under this id, or None where none was learned."""
    try:
        return ConversionModel.load(workspace.artifacts.content(PROBABILITY, model_id))
    except NotFound:
        return None


def save_value(workspace: Workspace, model_id: str, model: ValueModel) -> None:
    """Keep a model of amounts."""
    workspace.artifacts.save_bytes(VALUE, model_id, model.dump())


def _saved_value(workspace: Workspace, model_id: str) -> ValueModel | None:
    try:
        return load_value(workspace.artifacts.content(VALUE, model_id))
    except NotFound:
        return None


def published_scorer(workspace: Workspace) -> Scorer:
    """What the warehouse scores by: the published models of each kind. Raises NotFound without any."""
    found = {kind: published_model(workspace.database, workspace.warehouse.name, kind) for kind in KINDS}
    fit = found["fit"]
    if fit is None:
        raise NotFound(
            f"No profile was learned from outcomes in `{workspace.warehouse.name}`",
            where="icp_profiles",
            instead="Name an analysis, or learn: `fieldmark outcomes load`, then `fieldmark outcomes learn`.",
        )
    return Scorer(
        fit.model_id,
        saved_fit(workspace, fit.model_id),
        _of(workspace, found["conversion"]),
        _saved_value(workspace, fit.model_id),
        _of(workspace, found["churn"]),
        _of(workspace, found["expansion"]),
    )


def _of(workspace: Workspace, record: LearnedModel | None) -> ConversionModel | None:
    """The model of this record; None where it is but the base rate, which tells nobody from anybody."""
    model = saved_probability(workspace, record.model_id) if record else None
    return model if model and model.report.is_model else None
