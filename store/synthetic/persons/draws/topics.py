"""What do people read, look up and shop for? Lists of values, few a person, popular ones oftener (Zipf).

A person's themes follow their latent factors; within a theme the value is drawn by its popularity.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from store.synthetic.persons.draws.factors import FACTORS, LIFESTYLES
from store.synthetic.tables import content_by_theme, intent_categories

THEMES = list(LIFESTYLES)
ZIPF_EXPONENT = 0.85
THEME_PULL = 0.9
# Most of what people read or look up is of their own themes, but a part is of any.
ANY_THEME_SHARE = 0.15


@dataclass(frozen=True)
class Vocabulary:
    """Values by theme: `cumulative` runs from t to t + 1 over the values of theme t."""

    values: list[str]
    cumulative: np.ndarray


def content_vocabulary() -> Vocabulary:
    """What people read and watch."""
    by_theme = content_by_theme()
    return _vocabulary([by_theme[theme] for theme in THEMES])


def topic_vocabulary(rng: np.random.Generator) -> tuple[Vocabulary, list[str], np.ndarray]:
    """Intent topics, popular ones in an order of this draw; the categories; the category of each topic."""
    categories = intent_categories()
    names = list(categories)
    category_of = {topic: names.index(name) for name, (_, topics) in categories.items() for topic in topics}
    by_theme = [
        [topic for home, topics in categories.values() if home == theme for topic in topics]
        for theme in THEMES
    ]
    vocabulary = _vocabulary([[topics[i] for i in rng.permutation(len(topics))] for topics in by_theme])
    return vocabulary, names, np.array([category_of[topic] for topic in vocabulary.values], dtype=np.int16)


def _vocabulary(by_theme: list[list[str]]) -> Vocabulary:
    parts = []
    for theme, values in enumerate(by_theme):
        popularity = np.cumsum(1 / np.arange(1, len(values) + 1) ** ZIPF_EXPONENT)
        parts.append(theme + popularity / popularity[-1])
    return Vocabulary([value for values in by_theme for value in values], np.concatenate(parts))


def draw_pairs(
    rng: np.random.Generator, vocabulary: Vocabulary, factors: np.ndarray, mean: float, knows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and codes of what each person has, sorted and each once; about `mean` for whoever `knows`."""
    # Poisson with a mean that differs between people: some look up much, many little.
    activity = rng.gamma(2.0, mean / 2.0, len(factors)) * knows
    rows = np.repeat(np.arange(len(factors)), rng.poisson(activity))
    theme = _themes(rng, factors, rows)
    code = np.searchsorted(vocabulary.cumulative, theme + rng.random(len(rows)))
    return distinct_pairs(rows, np.minimum(code, len(vocabulary.values) - 1), len(vocabulary.values))


def distinct_pairs(rows: np.ndarray, codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """These pairs of a row and a code below `size`, sorted, each once."""
    pairs = np.sort(rows.astype(np.int64) * size + codes)
    # np.unique hashes first, which takes six times as long here.
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    return pairs // size, pairs % size


def _themes(rng: np.random.Generator, factors: np.ndarray, rows: np.ndarray) -> np.ndarray:
    first = FACTORS.index(THEMES[0])
    pull = np.exp(THEME_PULL * factors[:, first : first + len(THEMES)])
    cumulative = np.cumsum(pull, axis=1)
    cumulative /= cumulative[:, -1:]
    own = (rng.random(len(rows), dtype=np.float32)[:, None] > cumulative[rows]).sum(axis=1)
    any_theme = rng.integers(0, len(THEMES), len(rows))
    return np.where(rng.random(len(rows)) < ANY_THEME_SHARE, any_theme, np.minimum(own, len(THEMES) - 1))


def list_column(rows: np.ndarray, codes: np.ndarray, people: int, values: list[str]) -> pa.Array:
    """A list for each person; null where a person has nothing."""
    counts = np.bincount(rows, minlength=people)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    words = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16)), pa.array(values))
    return pa.ListArray.from_arrays(pa.array(offsets), words, mask=pa.array(counts == 0))
