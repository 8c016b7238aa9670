"""Every word that a reader sees comes from `texts/`, and every text there is asked for."""

import re

import pytest

from tests.api.pages.proof.template_words import (
    PAGES,
    asked_by_template,
    blanks_of,
    modules,
    named_in_code,
    prose_in_code,
    prose_of,
    templates,
    texts,
    words_of_the_house,
)

LINES = 150


def test_prose_is_seen_where_it_stands():
    """Text nodes, told attributes and literals filled in are prose; names, holes and signs are none."""
    assert prose_of("<p>Hello {{ name }}</p>") == ["Hello q7"]
    assert prose_of('<button aria-label="Close">✕</button>') == ["aria-label=Close"]
    assert prose_of("<p>{{ 'Yes, please' if a else t('a.b') }}</p>") == ["q7Yes, pleaseq7"]
    assert prose_of('<li{% if a %} class="on"{% endif %} title="{{ t("a.b") }}">{{ x }} · 1</li>') == []
    assert prose_of("{# a note #}<b>Fieldmark</b>") == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(PAGES)))
def test_no_template_says_anything_itself(path):
    assert prose_of(path.read_text()) == []


def test_no_module_of_the_pages_says_anything_itself():
    assert [said for path in modules() for said in prose_in_code(path)] == []


def test_every_text_that_is_asked_for_is_there_with_its_blanks():
    known, wrong = texts(), []
    for path in templates():
        for asked in asked_by_template(path):
            if asked.name.startswith("."):
                wrong += [] if asked.among(known) else [f"{asked.where}: no screen has {asked.name}"]
            elif not asked.is_whole:
                found = any(name.startswith(asked.name) for name in known)
                wrong += [] if found or asked.name.count(".") == 0 else [f"{asked.where}: no {asked.name}…"]
            elif asked.name not in known:
                wrong.append(f"{asked.where}: no {asked.name}")
            elif asked.blanks is not None and (missing := blanks_of(known[asked.name]) - asked.blanks):
                wrong.append(f"{asked.where}: {asked.name} lacks {sorted(missing)}")
    assert wrong == []


def test_every_text_is_asked_for():
    asked = [each for path in templates() for each in asked_by_template(path)]
    asked += [each for path in modules() for each in named_in_code(path)]
    by_screen = {f"{screen}.title" for screen in re.findall(r'screen="(\w+)"', _code())}
    known = texts()
    used = {name for each in set(asked) for name in each.among(known)} | by_screen
    # Where all but the screen is filled in, the name is at least a word of the code.
    whole_screens = tuple({each.name for each in asked if re.fullmatch(r"[a-z_]+\.", each.name)})
    words = words_of_the_house()
    joined = {n for n in known if n.startswith(whole_screens) and n.partition(".")[2] in words}
    unused = sorted(set(known) - used - joined)
    assert not unused, unused


def _code() -> str:
    return "\n".join(path.read_text() for path in modules())


def test_the_script_stays_small_and_alone():
    assert len((PAGES / "static" / "live.js").read_text().splitlines()) < LINES
    scripts = [path for ending in ("*.js", "*.mjs", "*.ts") for path in PAGES.rglob(ending)]
    assert [path.name for path in scripts] == ["live.js"]


def test_no_template_brings_a_script_a_style_or_an_event_handler():
    """The policy forbids them; where it did not, this would."""
    wrong = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+\s*=|\sstyle\s*=|javascript:|https?://", re.IGNORECASE
    )
    found = [f"{p.name}: {m[0]}" for p in templates() for m in wrong.finditer(_markup_of(p.read_text()))]
    assert found == []


def _markup_of(source: str) -> str:
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
