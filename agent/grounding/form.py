"""Is the text a text: whole sentences in the reader's script, and nothing but sentences?"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from agent.grounding import lexicon
from agent.grounding.problem import Problem, problem
from agent.grounding.reading import Sentence

MOST_CHARACTERS = {"name": 60}
LONGEST_FIELD = 900
MOST_SENTENCES = {"description": 3, "action": 2, "expected_impact": 1, "explanation": 3}
NAME_WORDS = 6
END = re.compile(r"[.!?][\"”’')\]]*\Z")
CONVERSATION = "|".join(
    (
        r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:previous|prior|above|instructions?|rules?|prompts?)\b",
        r"\b(?:system|assistant|user|developer)\s{0,3}:|\bsystem prompt\b|\blanguage model\b",
        r"\bas an? (?:ai|assistant)\b|\bi(?:'m| am| can| cannot|'ll| will| have|'ve)\b|\bi can't\b",
        r"\bmy (?:instructions|prompt)\b|\bhere is the\b|\byou are (?:a|an|now)\b|\bsure[,!]",
    )
)
LINK = r"https?:|www\.|\b[a-z0-9-]{2,40}\.(?:com|org|net|io|co|de|uk|eu|info|biz)\b"
PHONE = r"(?<!\d)\+?(?:\d[ .()-]{0,2}){10,15}(?!\d)|\b555-\d{4}\b"
FORMATTING = r"\*\*|__|```|~~|`|^\s{0,3}(?:#{1,6} |[-*+] |\d{1,2}[.)] |>)|\]\("
UNWANTED = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), what)
    for pattern, what in (
        (LINK, "a link"),
        (r"@\w", "an address or a handle"),
        (PHONE, "a phone number"),
        (r"<[/!a-z][^<>]{0,200}>|&(?:[a-z]{2,8}|#\d{1,6});", "markup"),
        (FORMATTING, "a formatting mark"),
        (r"[{}\\|\[\]=]|\"\s{0,3}:|^\s{0,3}\"|\bjson\b|\bnull\b", "a remainder of a format"),
        (r"\$[a-z_]|%[sd]\b|\b(?:lorem|ipsum|placeholder|todo|tbd|xxx)\b", "a placeholder"),
        (CONVERSATION, "words of a conversation"),
    )
)
PAIRS = {"(": ")", "“": "”"}
ENGLISH = 0.22
FEWEST_WORDS = 6
REPEATS = 3


def form_problems(field: str, text: str, sentences: Sequence[Sentence], given: str) -> Iterator[Problem]:
    """What is wrong with the form of a field; given: every text of the facts."""
    for pattern, what in UNWANTED:
        if found := pattern.search(text):
            yield problem(field, "form", found.group(), f"It holds {what}: write plain sentences only.")
    yield from _script(field, text, given)
    yield from _whole(field, text, sentences)
    yield from _repeats(field, sentences)
    yield from _language(field, sentences, given)
    yield from _persons(field, sentences, given)


def is_too_long(field: str, text: str) -> bool:
    """More than a reader of this field would take; nothing else is asked of such a text."""
    return len(text) > MOST_CHARACTERS.get(field, LONGEST_FIELD)


def _script(field: str, text: str, given: str) -> Iterator[Problem]:
    for letter in text:
        foreign = letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")
        unseen = unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs", "So") and letter not in "\n"
        if (foreign or unseen) and letter not in given:
            yield problem(
                field, "form", letter, "It holds letters or signs of another script: write English."
            )
            return


def _whole(field: str, text: str, sentences: Sequence[Sentence]) -> Iterator[Problem]:
    if field == "name":
        yield from _name(text, sentences)
    elif not END.search(text):
        yield problem(field, "form", text[-40:], "The last sentence has no end.")
    if len(sentences) > MOST_SENTENCES.get(field, 3):
        yield problem(field, "form", text, f"At most {MOST_SENTENCES.get(field, 3)} sentences.")
    for sentence in sentences:
        words = [token.lower for token in sentence.tokens if token.kind != "mark"]
        if not words or words[-1] in lexicon.listed("dangling") or (field != "name" and len(words) < 2):
            yield problem(field, "form", sentence.text[-40:], "A sentence is cut off.")
    unpaired = any(text.count(opening) != text.count(closing) for opening, closing in PAIRS.items())
    if unpaired or text.count('"') % 2:
        yield problem(field, "form", text[-40:], "A bracket or quotation mark is not closed.")


def _name(text: str, sentences: Sequence[Sentence]) -> Iterator[Problem]:
    words = [token for sentence in sentences for token in sentence.tokens if token.kind != "mark"]
    if not 1 <= len(words) <= NAME_WORDS + 1 or END.search(text) or len(text.split()) > NAME_WORDS:
        yield problem("name", "form", text, f"A name has 1 to {NAME_WORDS} words and no full stop.")


def _repeats(field: str, sentences: Sequence[Sentence]) -> Iterator[Problem]:
    told = Counter(" ".join(sentence.words) for sentence in sentences)
    words = [word for sentence in sentences for word in sentence.words if word.isalpha()]
    runs = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    doubled = [a for a, b in itertools.pairwise(words) if a == b and a not in ("that", "had")]
    content = Counter(word for word in words if word not in lexicon.grammar())
    twice_in_name = field == "name" and any(count > 1 for count in content.values())
    looped = any(count >= REPEATS for count in runs.values()) or any(count > 1 for count in told.values())
    if doubled or twice_in_name or looped:
        words_shown = sentences[0].text
        yield problem(field, "form", words_shown, "It repeats itself.")


def _language(field: str, sentences: Sequence[Sentence], given: str) -> Iterator[Problem]:
    own = set(given.lower().split()) - lexicon.grammar()
    words = [t for s in sentences for t in s.tokens if t.kind == "word" and t.lower not in own]
    known = [token for token in words if token.lower in lexicon.grammar()]
    if field != "name" and len(words) >= FEWEST_WORDS and len(known) < ENGLISH * len(words):
        yield problem(field, "language", sentences[0].text, "It is not plain English.")


def _persons(field: str, sentences: Sequence[Sentence], given: str) -> Iterator[Problem]:
    """A capital inside a sentence is a name, unless the facts have it."""
    if field == "name":
        return
    allowed = given.casefold()
    for sentence in sentences:
        for before, token in itertools.pairwise(sentence.tokens):
            proper = token.kind == "word" and token.text[0].isupper() and not token.text.isupper()
            states = any(key.startswith("state ") for key in token.keys)
            if proper and not states and before.text not in ':"“(' and token.lower not in allowed:
                yield problem(
                    field, "form", token.text, f"`{token.text}` looks like a name: the facts have none."
                )
