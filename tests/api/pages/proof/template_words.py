"""What do the templates and the code of the pages say themselves, and which texts do they ask for?"""

import ast
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

PAGES = Path(__file__).parents[4] / "api" / "pages"
HOLE = "q7"  # stands for what a template fills in; no two letters of it stand together
TOLD = (
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "title",
    "placeholder",
    "alt",
    "label",
    "summary",
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Fieldmark", "EUR"}  # of the house, and of a currency: the same in every language
CODE = ("code", "pre", "kbd")  # commands and names of settings, which no language changes
KEY = re.compile(r"([a-z_]+)\.([a-z0-9_]+)")


class Asked(NamedTuple):
    """A text that is asked for: its whole name, or how its name begins where the rest is filled in."""

    name: str
    is_whole: bool
    blanks: frozenset[str] | None  # None where they cannot be told
    where: str

    def among(self, known: Mapping[str, str]) -> list[str]:
        """Those of the known names that this asks for, or may ask for; `screen.` alone asks for none."""
        if not self.name or self.name.endswith("."):
            return []
        if self.is_whole and not self.name.startswith("."):
            return [self.name] if self.name in known else []
        shorter = (lambda name: "." + name.partition(".")[2]) if self.name.startswith(".") else str
        if self.is_whole:
            return [name for name in known if shorter(name) == self.name]
        return [name for name in known if shorter(name).startswith(self.name)]


def templates() -> list[Path]:
    return sorted(PAGES.rglob("*.j2"))


def modules() -> list[Path]:
    return sorted(PAGES.rglob("*.py"))


def texts() -> dict[str, str]:
    """Every text by its whole name."""
    found = {}
    for path in sorted((PAGES / "texts").glob("*.toml")):
        found |= {f"{path.stem}.{key}": text for key, text in tomllib.loads(path.read_text()).items()}
    return found


def blanks_of(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


class _Prose(HTMLParser):
    """Collects what a reader would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_code += tag in CODE
        self.found += [f"{name}={value}" for name, value in attrs if name in TOLD and _is_prose(value or "")]

    def handle_endtag(self, tag: str) -> None:
        self._in_code -= tag in CODE

    def handle_data(self, data: str) -> None:
        if not self._in_code and _is_prose(data):
            self.found.append(data.strip())


def _is_prose(words: str) -> bool:
    return any(word not in NAMES for word in LETTERS.findall(words.replace(HOLE, " ")))


def prose_of(source: str) -> list[str]:
    """Literal words in the text nodes and told attributes of a template."""
    parser = _Prose()
    parser.feed("".join(_flat(Environment().parse(source))))
    parser.close()
    return parser.found


def _flat(node: nodes.Node) -> Iterator[str]:
    """The template as one document: each branch is taken, and what is filled in is a hole or a literal."""
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            yield part.data if isinstance(part, nodes.TemplateData) else HOLE.join(["", *_literals(part), ""])
    elif isinstance(node, nodes.Expr) or (isinstance(node, nodes.Block) and node.name == "width"):
        return  # the width of a page is the name of a class
    else:
        for child in node.iter_child_nodes():
            yield from _flat(child)


def _literals(part: nodes.Node) -> Iterator[str]:
    if isinstance(part, nodes.Const) and isinstance(part.value, str):
        yield part.value
    elif isinstance(part, nodes.CondExpr):
        yield from _literals(part.expr1)
        yield from _literals(part.expr2) if part.expr2 else ()
    elif isinstance(part, nodes.Concat):
        for each in part.nodes:
            yield from _literals(each)
    elif isinstance(part, nodes.Or | nodes.And | nodes.Add):
        yield from _literals(part.left)
        yield from _literals(part.right)


def asked_by_template(path: Path) -> Iterator[Asked]:
    """The texts that a template asks for by `t(…)`."""
    for call in Environment().parse(path.read_text()).find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "t"):
            continue
        blanks = None if call.dyn_kwargs else frozenset(each.key for each in call.kwargs)
        for name, is_whole in _names(call.args[0]):
            yield Asked(name, is_whole, blanks, f"{path.name}:{call.lineno}")


def _names(argument: nodes.Node) -> Iterator[tuple[str, bool]]:
    if isinstance(argument, nodes.Const):
        yield argument.value, True
    elif isinstance(argument, nodes.CondExpr):
        yield from _names(argument.expr1)
        yield from _names(argument.expr2) if argument.expr2 else ()
    elif isinstance(argument, nodes.Concat):
        first, second = argument.nodes[:2]
        if isinstance(first, nodes.Const):
            yield first.value, False
        elif isinstance(second, nodes.Const):  # of a screen that is filled in: `.job_done`
            yield second.value, len(argument.nodes) == 2
    elif isinstance(argument, nodes.Mod | nodes.Add) and isinstance(argument.left, nodes.Const):
        yield argument.left.value.split("%")[0], False


def named_in_code(path: Path) -> Iterator[Asked]:
    """What reads like the name of a text in a module: a whole string, or the beginning of a filled-in one."""
    tree = ast.parse(path.read_text())
    for screen in _screens_read(tree):
        for name, is_whole in _literals_of(tree):
            yield Asked(f"{screen}.{name}", is_whole, None, path.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            yield Asked(node.value, True, None, f"{path.name}:{node.lineno}")
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            begin = str(node.values[0].value)
            if re.match(r"[a-z_]+\.", begin):
                yield Asked(begin, False, None, f"{path.name}:{node.lineno}")


def _screens_read(tree: ast.AST) -> set[str]:
    """The screens whose texts a module takes as a whole, by `texts("screen")`, to look into them itself."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    read = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "texts"]
    return {call.args[0].value for call in read if isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]  # the names of texts are strings


def _literals_of(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value, not node.value.endswith("_")


def words_of_the_house() -> set[str]:
    """Every word that its code and its templates hold: what a name may be joined from."""
    root = PAGES.parents[1]
    sources = [path for part in ("api", "agent", "tools", "store") for path in (root / part).rglob("*.py")]
    return {word for path in [*sources, *templates()] for word in re.findall(r"\w+", path.read_text())}


def prose_in_code(path: Path) -> list[str]:
    """Sentences in a module that no error, declaration or docstring holds: those belong into a text."""
    tree = ast.parse(path.read_text())
    quiet = {id(each) for node in ast.walk(tree) if _is_quiet(node) for each in ast.walk(node)}
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet
    ]
    return [f"{path.name}:{node.lineno} {node.value}" for node in found if _is_sentence(str(node.value))]


def _is_quiet(node: ast.AST) -> bool:
    """What may hold sentences: docstrings, what is raised, what declares a parameter, what goes to a log."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Raise | ast.JoinedStr):
        return isinstance(node, ast.Raise)
    called = node.func if isinstance(node, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    errors = ("BadInput", "BadFile", "NotFound", "NotAllowed", "TooMany", "Busy", "Refused", "ToolRefused")
    return name in (
        "Field",
        "Query",
        "Form",
        "Path",
        "compile",
        "warning",
        "error",
        "info",
        "exception",
        "dumps",
        *errors,
    )


def _is_sentence(words: str) -> bool:
    plain = " " in words and not re.search(r"[<>{}=;/_|\\*^]", words)
    return plain and len(re.findall(r"\b[A-Za-z]{2,}\b", words)) >= 3 and words[:1].isupper()
