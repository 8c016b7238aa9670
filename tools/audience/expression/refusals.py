"""What is wrong at a place where an expression does not parse, in plain words."""

import re
from difflib import get_close_matches

from store.errors import BadExpression

# Everything but blanks, parentheses, quotes and the signs that people write for AND, OR and NOT.
WORD = r"[^\s()\"'`“”‘’«»„&|!~,;+]"
WORD_END = rf"(?!{WORD})"

_WORDS = re.compile(rf"{WORD}+")
_QUOTES = "\"'`“”‘’«»„"
_SIGNS = {"&": "AND", "|": "OR", "!": "NOT", "~": "NOT", "-": "NOT"}
_OPERATORS = ("AND", "OR", "NOT")
_HASH_DIGITS, _ID_DIGITS = 32, 18
_SHOWN, _NEAR = 40, 24
_TERM_DUE = "Expected a cluster hash, a cluster id, NOT or (."
_CLUSTERS = (
    f"A term is a hash ({_HASH_DIGITS} hex digits) or an id (decimal digits), as list_clusters gives them."
)
_SIDE_BY_SIDE = ("Two terms stand side by side", "Put AND or OR between them.")


def fault_at(text: str, position: int, *, is_term_due: bool) -> BadExpression:
    """The refusal for a text that cannot be read on from this position.

    `is_term_due` says which half of the grammar stood there: a term, or what joins two of them.
    """
    is_open = _open_parenthesis(text[:position]) is not None
    first = text[position : position + 1]
    word = _WORDS.match(text, position)
    if not first:
        return _at_end(text, is_term_due=is_term_due)
    if first == ")":
        what, instead = _at_closing(text[:position], is_open=is_open)
    elif first in _QUOTES:
        what, instead = f"There is a quotation mark, {first}", "Hashes and ids are written without quotes."
    elif first == "(":
        what, instead = _SIDE_BY_SIDE
    elif word is None:
        what, instead = _at_sign(first, text[position : position + 2], is_term_due=is_term_due)
    elif is_term_due:
        what, instead = _instead_of_term(word[0])
    else:
        what, instead = _instead_of_operator(word[0], is_open=is_open)
    return _refusal(what, instead, text, position)


def _at_end(text: str, *, is_term_due: bool) -> BadExpression:
    if is_term_due:
        return _refusal(f"The expression ends after {_last_word(text)}", _TERM_DUE, text, len(text))
    unclosed = _open_parenthesis(text) or 0
    return _refusal("The parentheses do not balance: this ( is never closed", "Add its ).", text, unclosed)


def _at_closing(before: str, *, is_open: bool) -> tuple[str, str]:
    if not is_open:
        return "The parentheses do not balance: this ) closes nothing", "Add its ( or take it away."
    return f"A ) stands right after {_last_word(before)}", _TERM_DUE


def _at_sign(sign: str, two: str, *, is_term_due: bool) -> tuple[str, str]:
    if sign not in _SIGNS:
        return f"Terms cannot be joined by {sign}", "Write the word AND or OR."
    meant = "AND NOT" if _SIGNS[sign] == "NOT" and not is_term_due else _SIGNS[sign]
    return f"{two if two == sign * 2 else sign} is not understood", f"Write {meant} in letters."


def _instead_of_term(word: str) -> tuple[str, str]:
    if word.upper() in _OPERATORS:
        return f"{word.upper()} stands where a term should", _TERM_DUE
    if word[0] == "-":
        return _at_sign("-", word[:2], is_term_due=True)
    if "@" in word:
        return "An e-mail address is not a term", "resolve_identities finds people by their identifiers."
    if fault := _hash_fault(word):
        return fault, _CLUSTERS
    return _unknown(word, ("NOT",), f"{_TERM_DUE} {_CLUSTERS}")


def _instead_of_operator(word: str, *, is_open: bool) -> tuple[str, str]:
    if word.upper() == "NOT":
        return "NOT follows a term and joins nothing", "Write AND NOT, or OR NOT."
    if word.isdecimal() or _hash_fault(word) or re.fullmatch("[0-9a-fA-F]{32}", word):
        return _SIDE_BY_SIDE
    if word[0] == "-":
        return _at_sign("-", word[:2], is_term_due=False)
    return _unknown(word, ("AND", "OR"), f"Expected AND, OR or {')' if is_open else 'the end'}.")


def _unknown(word: str, operators: tuple[str, ...], expected: str) -> tuple[str, str]:
    if "@" in word:
        return "An e-mail address stands here", expected
    meant = get_close_matches(word.upper(), operators, n=1) if len(word) < 6 else []
    return f"`{_shown(word)}` is not understood", f"Did you mean {meant[0]}?" if meant else expected


def _hash_fault(word: str) -> str | None:
    """Why a word that was meant as a hash is none; None for a word that was not meant as one."""
    strange = [letter for letter in word if letter.lower() not in "0123456789abcdef"]
    if "-" in word and not set(strange) - {"-"} and len(word) - len(strange) == _HASH_DIGITS:
        return "A cluster hash is written without dashes"
    if hidden := next((letter for letter in word if not letter.isprintable()), None):
        return f"`{_shown(word)}` holds an invisible character, U+{ord(hidden):04X}"
    if not strange and (len(word) > _ID_DIGITS or (any(map(str.isdigit, word)) and not word.isdecimal())):
        return f"`{_shown(word)}` has {len(word)} hex digits, and a cluster hash has {_HASH_DIGITS}"
    if abs(len(word) - _HASH_DIGITS) <= 2 and len(strange) <= 2:
        return f"`{_shown(word)}` is no cluster hash: {_shown(strange[0])} is not a hex digit"
    return None


def _open_parenthesis(text: str) -> int | None:
    """Where the innermost parenthesis that is still open stands."""
    opened: list[int] = []
    for match in re.finditer(r"[()]", text):
        if match[0] == "(":
            opened.append(match.start())
        elif opened:
            opened.pop()
    return opened[-1] if opened else None


def _last_word(text: str) -> str:
    return "(" if text.rstrip().endswith("(") else _shown(_WORDS.findall(text)[-1].upper())


def _shown(word: str) -> str:
    cut = word if len(word) <= _SHOWN else f"{word[: _SHOWN - 1]}…"
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in cut)


def _refusal(what: str, instead: str, text: str, position: int) -> BadExpression:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    where = f"column {column}" if line == 1 else f"line {line}, column {column}"
    return BadExpression(what, where=where, instead=f"{instead}{_near(text, position)}")


def _near(text: str, position: int) -> str:
    """A few words around the place, marked; nothing where an e-mail address could be among them."""
    before, after = text[max(0, position - _NEAR) : position], text[position : position + _NEAR]
    if "@" in text[max(0, position - 4 * _NEAR) : position + 4 * _NEAR]:
        return ""
    marked = " >>> ".join(_shown(" ".join(part.split())) for part in (before, after))
    return f" Here: {marked.strip()}{'' if after.strip() else ' (the end)'}"
