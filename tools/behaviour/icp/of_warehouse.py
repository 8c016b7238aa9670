"""Who is the ideal customer of this warehouse? Answered from its users, kept by the hash of what was read."""

import hashlib
from collections import OrderedDict
from threading import Lock

import orjson

from store.errors import NotFound
from store.events import Behaviour
from store.workspace import Workspace
from tools.behaviour.icp.analysis import icp_analysis
from tools.behaviour.icp.answers import IcpAnalysis, IcpFeatures, IcpScore
from tools.behaviour.icp.learning import IcpModel, IcpQuery, learn_icp, load_icp
from tools.behaviour.icp.scoring import icp_score
from tools.behaviour.segmentation.queries import SegmentationQuery

VERSION = "1"  # of the answers: another one makes them anew
KEPT_OPEN = 8  # models held in memory


class WarehouseIcp:
    """Analyses and scores of warehouses. What was made once is read again; a model is held open once used."""

    def __init__(self) -> None:
        self._models: OrderedDict[tuple[str, float], IcpModel] = OrderedDict()
        self._lock = Lock()

    def analysis(self, workspace: Workspace, query: SegmentationQuery | None = None) -> IcpAnalysis:
        """The segments of the users who bought, and what to do about each.

        The same users asked the same give the answer that is kept. Raises NotFound without events, and
        TooFewCustomers under 50 users.
        """
        query = query or SegmentationQuery()
        behaviour = _behaviour(workspace)
        key = _key(behaviour, "analysis", query.model_dump())
        try:
            return IcpAnalysis.model_validate(workspace.artifacts.document("icp_analysis", key))
        except NotFound:
            users = behaviour.users()
            found = icp_analysis(
                users.features,
                warehouse_id=workspace.warehouse.name,
                created_at=workspace.now(),
                query=query,
                currency=users.currency,
            )
            workspace.artifacts.save_document("icp_analysis", key, found.model_dump(mode="json"))
            return found

    def score(self, workspace: Workspace, features: IcpFeatures) -> IcpScore:
        """How near a lead is to the ideal customer, by a model of the users before and after the cut-off.

        Raises NotFound without events, BadInput where they were loaded without a cut-off.
        """
        return icp_score(self.model(workspace), features)

    def model(self, workspace: Workspace) -> IcpModel:
        """The model of the users in use: held open, else read, else learned and kept."""
        behaviour = _behaviour(workspace)
        file = behaviour.users_file
        at = str(file), file.stat().st_mtime
        with self._lock:  # learning takes seconds: who asks meanwhile waits, and learns nothing twice
            if at not in self._models:
                self._models[at] = _learned(workspace, behaviour)
            self._models.move_to_end(at)
            while len(self._models) > KEPT_OPEN:
                self._models.popitem(last=False)
            return self._models[at]


def _learned(workspace: Workspace, behaviour: Behaviour) -> IcpModel:
    query = IcpQuery()
    key = _key(behaviour, "model", query.model_dump())
    try:
        return load_icp(workspace.artifacts.content("icp_model", key))
    except NotFound:
        users = behaviour.users()
        targets = users.targets.find("target_revenue")
        model = learn_icp(users.features, None if targets is None else targets.values, query)
        workspace.artifacts.save_bytes("icp_model", key, model.dump())
        return model


def _behaviour(workspace: Workspace) -> Behaviour:
    behaviour = Behaviour(workspace.warehouse.folder)
    if not behaviour.exists:
        raise NotFound(
            f"No events were loaded into `{workspace.warehouse.name}`",
            where="warehouse",
            instead="Load some: `fieldmark behaviour load FILES --warehouse NAME --cut-off DAY`.",
        )
    return behaviour


def _key(behaviour: Behaviour, what: str, asked: dict[str, object]) -> str:
    """The hash of the users and of what is asked of them."""
    with behaviour.users_file.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(orjson.dumps([VERSION, what, asked], option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()[:32]
