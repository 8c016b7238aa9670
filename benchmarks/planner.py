"""How often does the planner do what was meant? Its plans beside labels, with all arguments."""

import argparse
import json
import math
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.planner.catalogue import query_of
from agent.planner.plan import ConversationState, Plan, Uploaded
from agent.planner.planner import plan
from store.cities import city_named
from store.identifiers import Malformed, normalise
from store.places import centroid_of, haversine_km
from store.population.catalogue import Catalogue, cluster_hash
from store.workspace import House, Workspace
from tools.audience.expression import canonical, map_terms, parse, to_text

NEAR_KM = 15.0
_MILE = 1.609344
_NAMED = re.compile(r"[a-z][a-z0-9_]*=(?:(?! (?:AND|OR|NOT) |\)*$|\)).)+")
_EXPRESSIONS = ("expression", "among")
_SAID = ("identifier_type", "strategy")  # said, they count, though the default is the same
_ARGUMENTS = dict[str, Any]


@dataclass
class Outcome:
    """One label, and what was planned for it."""

    label: dict[str, Any]
    plan: Plan
    intent: bool
    arguments: bool
    differences: list[str] = field(default_factory=list)


@dataclass
class Score:
    """Shares of labels whose tools, and whose tools with all arguments, are right."""

    outcomes: list[Outcome]

    @property
    def intents(self) -> float:
        return sum(one.intent for one in self.outcomes) / max(1, len(self.outcomes))

    @property
    def arguments(self) -> float:
        return sum(one.arguments for one in self.outcomes) / max(1, len(self.outcomes))

    def confusion(self) -> str:
        """A table in Markdown: a row for each tool meant, with what was planned for it."""
        counts = Counter((_kind(one.label), _planned_kind(one.plan)) for one in self.outcomes)
        rows = sorted({meant for meant, _ in counts})
        lines = ["| meant | labels | right | else planned |", "| --- | ---: | ---: | --- |"]
        for meant in rows:
            others = {planned: n for (m, planned), n in counts.items() if m == meant and planned != meant}
            told = ", ".join(f"{planned} {n}" for planned, n in sorted(others.items(), key=lambda o: -o[1]))
            total = sum(n for (m, _), n in counts.items() if m == meant)
            lines.append(f"| {meant} | {total} | {counts[meant, meant]} | {told or '–'} |")
        return "\n".join(lines)


def labels_in(path: Path) -> list[dict[str, Any]]:
    """The labels of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def scored(labels: list[dict[str, Any]], workspace: Workspace) -> Score:
    """What the planner makes of each label's text, compared with the label."""
    return Score([_outcome(label, workspace) for label in labels])


def _outcome(label: dict[str, Any], workspace: Workspace) -> Outcome:
    catalogue = workspace.population.catalogue
    state = ConversationState.model_validate(_hashed_state(label.get("state") or {}))
    file = Uploaded.model_validate(label["file"]) if label.get("file") else None
    made = plan(label["text"], state, file, workspace)
    meant, planned = [step["tool"] for step in label["steps"]], [step.tool for step in made.steps]
    intent = meant == planned and bool(label.get("decline")) == bool(made.decline)
    intent = intent and (bool(meant) or bool(label.get("ask")) == bool(made.ask))
    differences = (
        list(_differences(label, made, catalogue))
        if intent
        else [f"tools {planned}, decline {bool(made.decline)}"]
    )
    if intent and bool(label.get("ask")) != bool(made.ask):
        differences.append(f"asked: {made.ask}")
    return Outcome(label, made, intent, intent and not differences, differences)


def _differences(label: dict[str, Any], made: Plan, catalogue: Catalogue) -> Iterator[str]:
    for at, (meant, planned) in enumerate(zip(label["steps"], made.steps, strict=True)):
        wanted = _normal(meant["tool"], meant["arguments"], catalogue)
        found = _normal(planned.tool, planned.arguments, catalogue)
        for name in sorted(wanted.keys() | found.keys()):
            if not _alike(name, wanted.get(name), found.get(name)):
                yield f"step {at} {name}: meant {wanted.get(name)!r}, planned {found.get(name)!r}"


def _normal(tool: str, arguments: _ARGUMENTS, catalogue: Catalogue) -> _ARGUMENTS:
    """The arguments in one form, without those that only repeat a default."""
    fields = query_of(tool).model_fields
    normal = {}
    for name, value in arguments.items():
        known = fields.get(name)
        is_default = known is not None and known.get_default(call_default_factory=True) == value
        if value is None or (is_default and name not in _SAID):
            continue
        normal[name] = _normal_value(name, value, catalogue)
    return normal


def _normal_value(name: str, value: Any, catalogue: Catalogue) -> Any:
    if name in _EXPRESSIONS:
        return _named_text(value, catalogue)
    if name == "exclude":
        return sorted(_named_text(each, catalogue) if each != "customers" else each for each in value)
    if name == "location":
        return _located(value)
    if name == "multi_identifiers":
        return sorted((g["id_type"], g.get("hash_type", "plaintext"), _normal_values(g)) for g in value)
    if name == "compare":
        return list(value)
    if isinstance(value, list):
        return sorted((_plain(each) if isinstance(each, str) else each for each in value), key=str)
    return _plain(value) if isinstance(value, str) else value


def _normal_values(group: dict[str, Any]) -> tuple[str, ...]:
    if group.get("hash_type", "plaintext") != "plaintext":
        return tuple(sorted(value.lower() for value in group["values"]))
    found = []
    for value in group["values"]:
        try:
            found.append(normalise(group["id_type"], value))
        except Malformed:
            found.append(value.lower())
    return tuple(sorted(found))


def _plain(text: str) -> str:
    return re.sub(
        r"^(?:the|a|an) ", "", " ".join(re.sub(r"[\"'?!.]+$|^[\"']+", "", text.strip()).lower().split())
    )


def _named_text(text: str, catalogue: Catalogue) -> str:
    """An expression over `name=value`, whatever it is written over, in canonical form."""

    def named(key: str) -> str:
        cluster = catalogue.find(key)
        return f"<{cluster.name}={cluster.value}>" if cluster else key

    try:
        return to_text(map_terms(canonical(parse(hashed(text))), named))
    except Exception:  # noqa: BLE001  # a label or plan that does not parse is compared as it stands
        return text


def hashed(text: str) -> str:
    """An expression over cluster hashes, from one over `name=value`."""
    return _NAMED.sub(lambda match: cluster_hash(*match[0].strip().partition("=")[::2]), text)


def _hashed_state(state: dict[str, Any]) -> dict[str, Any]:
    """The state with its expressions over hashes, as a conversation keeps them."""
    kept = json.loads(json.dumps(state))
    steps = [step["arguments"] for step in (kept.get("asked") or {}).get("steps", [])]
    for arguments in [kept.get("audience") or {}, *steps]:
        for name in _EXPRESSIONS:
            if arguments.get(name):
                arguments[name] = hashed(arguments[name])
        if "exclude" in arguments:
            arguments["exclude"] = [hashed(each) if "=" in each else each for each in arguments["exclude"]]
    return kept


def _located(value: _ARGUMENTS) -> _ARGUMENTS:
    place = dict(value)
    if "place" in place:
        at = _point(str(place.pop("place")))
        place["latitude"], place["longitude"] = at if at else (math.nan, math.nan)
    radius = place.get("radius", 25) * (1.0 if place.get("unit", "miles") == "km" else _MILE)
    return {"latitude": place["latitude"], "longitude": place["longitude"], "km": round(radius, 1)}


def _point(place: str) -> tuple[float, float] | None:
    if place.isdigit():
        return centroid_of(place)
    name, _, state = place.partition(",")
    city = city_named(name.strip(), state.strip() or None)
    return (city.latitude, city.longitude) if city else None


def _alike(name: str, wanted: Any, found: Any) -> bool:
    if name == "location" and wanted and found:
        apart = float(
            haversine_km(wanted["latitude"], wanted["longitude"], found["latitude"], found["longitude"])
        )
        return apart <= NEAR_KM and abs(wanted["km"] - found["km"]) <= 0.02 * wanted["km"]
    return wanted == found


def _kind(label: dict[str, Any]) -> str:
    if label.get("decline"):
        return "decline"
    return " → ".join(step["tool"] for step in label["steps"]) or "ask"


def _planned_kind(made: Plan) -> str:
    if made.decline:
        return "decline"
    return " → ".join(step.tool for step in made.steps) or "ask"


def main() -> None:
    """Score the planner on label files over a warehouse, and print what it gets wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--home", type=Path, default=Path(".fieldmark"))
    parser.add_argument("--warehouse", default="us")
    parser.add_argument("--errors", action="store_true")
    given = parser.parse_args()
    house = House(given.home, base_url="", now=lambda: datetime.now(UTC), new_id=lambda: str(uuid.uuid4()))
    for path in given.labels:
        score = scored(labels_in(path), house.workspace(given.warehouse))
        shares = f"intents {score.intents:.3f}, arguments {score.arguments:.3f}"
        print(f"{path.name}: {len(score.outcomes)} labels, {shares}\n")
        print(score.confusion())
        for one in score.outcomes if given.errors else []:
            if not one.arguments:
                print(f"\n{one.label['id']} {one.label['text']}\n    " + "\n    ".join(one.differences))
    house.close()


if __name__ == "__main__":
    main()
