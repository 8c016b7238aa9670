"""What happens on one day? Sessions are drawn, and each is laid out as the events that GA4 sends."""

from dataclasses import dataclass, fields, replace

import numpy as np

from store.synthetic.events.plan import PRODUCTS, SEGMENTS, Users

KINDS = (
    "session_start",
    "page_view",
    "scroll",
    "user_engagement",
    "view_item",
    "add_to_cart",
    "begin_checkout",
    "purchase",
)
PAGE_VIEW, VIEW_ITEM, ADD, CHECKOUT, PURCHASE = (
    KINDS.index(kind) for kind in ("page_view", "view_item", "add_to_cart", "begin_checkout", "purchase")
)
WANDERING = np.array([0, 0.40, 0.15, 0.20, 0.20, 0.05, 0, 0])  # what happens after the first page
DAY_MICROS = 86_400_000_000
MEAN_GAP_SECONDS = 25
RESENT = 0.03
OTHER_DEVICE = 0.08
_DAYS = 2  # of a spawn key: after the users and the catalogue


@dataclass(frozen=True)
class Events:
    """Events side by side; arrays as long as there are events."""

    user: np.ndarray
    at: np.ndarray  # microseconds
    session_id: np.ndarray
    kind: np.ndarray  # places in KINDS
    device: np.ndarray
    engagement_ms: np.ndarray  # -1: not told
    order: np.ndarray  # number of the order, -1 of other events
    product: np.ndarray  # of a view or an addition, -1 of other events

    def __len__(self) -> int:
        return len(self.user)

    def take(self, rows: np.ndarray) -> "Events":
        """These events, given by number or as a mask."""
        return Events(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def followed_by(self, other: "Events") -> "Events":
        """These events, then the others."""
        names = [each.name for each in fields(self)]
        return Events(**{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names})


def draw_day(users: Users, day: int, starts_at: int, wanted: int, seed: int) -> Events:
    """So many events of the sessions that begin on a day, oldest first; those past midnight among them.

    day: from the first day of the export. starts_at: its first microsecond.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_DAYS, day)))
    weights = np.cumsum(users.visiting * ((users.first_day <= day) & (users.last_day >= day)))
    if weights[-1] <= 0:  # of very few users all may have left
        weights = np.cumsum(users.visiting)
    drawn = wanted // 4 + 1  # the shortest session has four events
    who = np.searchsorted(weights, rng.random(drawn) * weights[-1], side="right")
    lengths = 4 + rng.poisson(users.more_events[who])
    needed = int(np.searchsorted(np.cumsum(lengths), wanted)) + 1
    who, lengths = who[:needed], lengths[:needed]
    lengths[-1] -= lengths.sum() - wanted  # the last session is cut off, so that the sum is what was asked
    return _laid_out(rng, users, who, lengths, day, starts_at)


def _laid_out(
    rng: np.random.Generator, users: Users, who: np.ndarray, lengths: np.ndarray, day: int, starts_at: int
) -> Events:
    sessions = len(who)
    begin = starts_at + (rng.beta(3.0, 2.0, sessions) * DAY_MICROS).astype(np.int64)
    device = np.where(rng.random(sessions) < OTHER_DEVICE, rng.integers(0, 3, sessions), users.device[who])
    buys = (rng.random(sessions) < users.buys_rate[who]) & (lengths >= 4)
    # The last event of a re-sent purchase is the same purchase once more.
    resent = buys & (lengths >= 6) & (rng.random(sessions) < RESENT)
    of = np.repeat(np.arange(sessions), lengths)
    starts = np.cumsum(lengths) - lengths
    step = np.arange(len(of)) - starts[of]
    kind = rng.choice(len(KINDS), len(of), p=WANDERING)
    kind[step == 0], kind[step == 1] = 0, PAGE_VIEW
    to_end = lengths[of] - 1 - step - resent[of]
    kind[buys[of] & (to_end <= 0)] = PURCHASE
    kind[buys[of] & (to_end == 1) & (step > 1)] = ADD
    # Session and page begin at once, as in GA4; a purchase sent again keeps its own time.
    gap = np.where(step < 2, 0, 1 + rng.exponential(MEAN_GAP_SECONDS * 1e6, len(of)).astype(np.int64))
    after = np.cumsum(gap)
    at = begin[of] + after - after[starts][of]
    engaged = (step > 1) & (kind != PURCHASE)
    order = np.where(kind == PURCHASE, (day << 32) + of, -1)
    events = Events(
        user=who[of].astype(np.int64),
        at=at,
        session_id=begin[of] // 1_000_000,
        kind=kind.astype(np.int32),
        device=device[of].astype(np.int32),
        engagement_ms=np.where(engaged, np.minimum(gap // 1000, 60_000), -1),
        order=order,
        product=_products(rng, users, who[of], kind),
    )
    return events.take(np.argsort(at, kind="stable"))


def split_at(events: Events, end: int) -> tuple[Events, Events]:
    """The events before this microsecond, and those from it on."""
    return events.take(events.at < end), events.take(events.at >= end)


def ended_by(events: Events, end: int) -> Events:
    """The events, none of them later than the microsecond before the end."""
    return replace(events, at=np.minimum(events.at, end - 1))


def _products(rng: np.random.Generator, users: Users, who: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """The product that each view or addition is of: two of three in the categories of the user's segment."""
    liked = np.array([each.categories for each in SEGMENTS])[users.segment[who], rng.integers(0, 3, len(who))]
    anything = rng.integers(0, PRODUCTS, len(who))
    of_liked = anything // 9 * 9 + liked
    product = np.where(rng.random(len(who)) < 2 / 3, np.minimum(of_liked, PRODUCTS - 1), anything)
    return np.where((kind == VIEW_ITEM) | (kind == ADD), product, -1)
