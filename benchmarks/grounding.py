"""How often grounding refuses planted errors and good words: `python -m benchmarks.grounding`."""

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from agent.grounding import Problem, Vocabulary, problems
from agent.narration.facts import Facts

FOLDER = Path(__file__).parents[1] / "tests" / "agent" / "grounding"


@dataclass(frozen=True)
class Judged:
    """A narrative, and what grounding says of it."""

    id: str
    kind: str
    split: str
    told: dict[str, str]
    found: list[Problem]
    seconds: float

    @property
    def is_right(self) -> bool:
        """Are good words let through, and planted errors refused?"""
        return bool(self.found) == (self.kind != "good")


def judged(folder: Path = FOLDER) -> Iterator[Judged]:
    """Every narrative of the evaluation set."""
    families = json.loads((folder / "families.json").read_text(encoding="utf-8"))
    facts = {name: TypeAdapter(Facts).validate_python(family["facts"]) for name, family in families.items()}
    vocabulary = _vocabulary(families)
    for line in (folder / "narratives.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        began = time.perf_counter()
        found = problems(case["told"], facts[case["family"]], vocabulary)
        taken = time.perf_counter() - began
        split = families[case["family"]]["split"]
        yield Judged(case["id"], case["kind"], split, case["told"], found, taken)


def _vocabulary(families: Mapping[str, Any]) -> Vocabulary:
    every = [family["facts"] for family in families.values()]
    traits = [trait for facts in every for trait in facts.get("traits", ())]
    phrases = [phrase for facts in every for phrase in facts.get("phrases", ())]
    return Vocabulary.of(
        [*phrases, *(trait["phrase"] for trait in traits)],
        [trait["label"] for trait in traits],
        [trait["value"] for trait in traits if trait["value"] not in ("Yes", "No")],
        segments=[name for facts in every for name in facts.get("taken", ())],
    )


def table(cases: list[Judged]) -> Table:
    """Recall of each kind of error, and precision of refusing, a split a column."""
    splits = sorted({case.split for case in cases})
    shown = Table("kind", *splits, box=None)
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        by_kind[case.kind].append(case)
    for kind, members in sorted(by_kind.items()):
        shown.add_row(
            f"{kind}, right", *(_rate([c for c in members if c.split == split]) for split in splits)
        )
    refused = [case for case in cases if case.found]
    right = (_rate([c for c in refused if c.split == split]) for split in splits)
    shown.add_row("precision of refusing", *right)
    return shown


def _rate(cases: list[Judged]) -> str:
    right = sum(case.is_right for case in cases)
    return f"{right}/{len(cases)} {right / len(cases):.0%}" if cases else "–"


def main() -> None:
    """Print the table, and what a text takes."""
    next(judged())  # the word lists are read once
    cases = list(judged())
    console = Console()
    console.print(table(cases))
    taken = [case.seconds * 1000 for case in cases]
    console.print(f"median {statistics.median(taken):.2f} ms, longest {max(taken):.1f} ms")
    for case in cases:
        if not case.is_right:
            console.print(case.id, case.told, [(each.rule, each.words) for each in case.found])


if __name__ == "__main__":
    main()
