"""Who visits the generated property, and what is planted in what they do?"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from pydantic import BaseModel, Field

EVENTS_PER_USER = 40
PRODUCTS = 600
DEVICES = ("mobile", "desktop", "tablet")
SYSTEMS = ("Android", "Windows", "iOS")  # of each device
BROWSERS = ("Chrome", "Safari", "Firefox")
CHANNELS = {
    "organic": ("google", "organic"),
    "paid": ("google", "cpc"),
    "social": ("instagram", "social"),
    "referral": ("partner.example", "referral"),
    "email": ("newsletter", "email"),
    "direct": ("(direct)", "(none)"),
}
PLACES = (
    ("United States", "California", "Los Angeles"),
    ("Germany", "Bavaria", "Munich"),
    ("United Kingdom", "England", "London"),
    ("France", "Ile-de-France", "Paris"),
    ("Canada", "Ontario", "Toronto"),
    ("India", "Karnataka", "Bengaluru"),
    ("Brazil", "Sao Paulo", "Sao Paulo"),
    ("Spain", "Catalonia", "Barcelona"),
    ("Italy", "Lombardy", "Milan"),
    ("Netherlands", "North Holland", "Amsterdam"),
    ("Japan", "Tokyo", ""),
    ("Poland", "Masovia", "Warsaw"),
)
PLANS = ("free", "pro")
USER_TYPES = ("guest", "member")
CATEGORIES = ("Apparel", "Bags", "Drinkware", "Electronics", "Games", "Home", "Office", "Outdoor", "Toys")


class PlantedSegment(BaseModel):
    """A kind of user; weights need not add up."""

    name: str
    share: float = Field(description="Of all users, 0..1.")
    visiting: float = Field(description="How often one visits, against the others.")
    stays_days: float = Field(description="Mean of the days from the first visit to the last.")
    more_events: float = Field(description="Mean events of a session beyond the first four.")
    buys_logit: float = Field(description="Log-odds that a session ends in a purchase, without drivers.")
    price_log: float = Field(description="Log of what prices are multiplied by.")
    devices: tuple[float, float, float] = Field(description="Weights of DEVICES.")
    channels: tuple[float, ...] = Field(description="Weights of CHANNELS.")
    pro: float = Field(description="Share on the plan `pro`, 0..1.")
    categories: tuple[int, int, int] = Field(description="Which of CATEGORIES they look at most.")


SEGMENTS = (
    PlantedSegment(name="loyal desk buyers", share=0.10, visiting=5.0, stays_days=150, more_events=9,
                   buys_logit=-1.9, price_log=0.5, devices=(0.10, 0.85, 0.05),
                   channels=(0.3, 0.05, 0.05, 0.1, 0.3, 0.2), pro=0.6, categories=(3, 6, 5)),
    PlantedSegment(name="mobile browsers", share=0.35, visiting=2.0, stays_days=60, more_events=6,
                   buys_logit=-4.6, price_log=-0.2, devices=(0.90, 0.05, 0.05),
                   channels=(0.3, 0.1, 0.45, 0.05, 0.0, 0.1), pro=0.05, categories=(0, 1, 4)),
    PlantedSegment(name="bargain readers", share=0.15, visiting=2.5, stays_days=120, more_events=5,
                   buys_logit=-2.6, price_log=-0.7, devices=(0.55, 0.35, 0.10),
                   channels=(0.1, 0.05, 0.05, 0.05, 0.7, 0.05), pro=0.15, categories=(2, 5, 8)),
    PlantedSegment(name="paid first timers", share=0.25, visiting=0.8, stays_days=7, more_events=3,
                   buys_logit=-4.0, price_log=0.0, devices=(0.70, 0.25, 0.05),
                   channels=(0.05, 0.85, 0.05, 0.05, 0.0, 0.0), pro=0.02, categories=(0, 2, 7)),
    PlantedSegment(name="researchers", share=0.15, visiting=1.5, stays_days=45, more_events=14,
                   buys_logit=-3.4, price_log=0.8, devices=(0.20, 0.70, 0.10),
                   channels=(0.55, 0.05, 0.0, 0.3, 0.0, 0.1), pro=0.2, categories=(3, 7, 6)),
)  # fmt: skip


class Drivers(BaseModel):
    """What raises a user's value in any segment: added to the log-odds of buying, and to log prices."""

    buys_pro: float = 0.8
    buys_email: float = 0.5
    buys_desktop: float = 0.4
    buys_paid: float = -0.5
    buys_spread: float = Field(default=0.5, description="Standard deviation of a user's own inclination.")
    price_pro: float = 0.3


DRIVERS = Drivers()


class EventsTruth(BaseModel):
    """What was planted. Users are numbered from 0; `user_segments` are places in `segments`."""

    events: int
    seed: int
    first_day: date
    last_day: date
    users: int = Field(description="Users drawn; some never come in these days.")
    segments: list[PlantedSegment]
    drivers: Drivers
    user_segments: list[int]
    buys_rates: list[float] = Field(description="Of each user: how likely a session ends in a purchase.")
    price_factors: list[float] = Field(description="Of each user: what prices are multiplied by.")
    orders: int = Field(default=0, description="Orders made.")
    resent_orders: int = Field(default=0, description="Orders whose purchase was sent twice.")
    revenue: float = Field(default=0.0, description="Of the orders, each counted once, USD.")


@dataclass(frozen=True)
class Users:
    """Everybody who may visit; arrays as long as there are users."""

    segment: np.ndarray
    visiting: np.ndarray
    first_day: np.ndarray  # days from the first day of the export; negative before it
    last_day: np.ndarray
    device: np.ndarray
    browser: np.ndarray
    channel: np.ndarray
    place: np.ndarray
    plan: np.ndarray  # -1: none told
    user_type: np.ndarray
    buys_rate: np.ndarray
    price_factor: np.ndarray

    def __len__(self) -> int:
        return len(self.segment)

    @cached_property
    def more_events(self) -> np.ndarray:
        return np.array([each.more_events for each in SEGMENTS])[self.segment]


def draw_users(users: int, days: int, seed: int) -> Users:
    """The users of a seed. Those who came before the export's first day are among them."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    segment = rng.choice(len(SEGMENTS), users, p=[each.share for each in SEGMENTS])
    device = _drawn(rng, segment, [each.devices for each in SEGMENTS])
    channel = _drawn(rng, segment, [each.channels for each in SEGMENTS])
    is_pro = rng.random(users) < np.array([each.pro for each in SEGMENTS])[segment]
    stays = rng.exponential(np.array([each.stays_days for each in SEGMENTS])[segment])
    # Old users who left before the first day are not drawn, so everybody may visit.
    first_day = np.floor(rng.random(users) * (days + np.minimum(stays, 200)) - np.minimum(stays, 200))
    names = tuple(CHANNELS)
    logit = (
        np.array([each.buys_logit for each in SEGMENTS])[segment]
        + DRIVERS.buys_pro * is_pro
        + DRIVERS.buys_email * (channel == names.index("email"))
        + DRIVERS.buys_paid * (channel == names.index("paid"))
        + DRIVERS.buys_desktop * (device == DEVICES.index("desktop"))
        + DRIVERS.buys_spread * rng.standard_normal(users)
    )
    price = np.array([each.price_log for each in SEGMENTS])[segment] + DRIVERS.price_pro * is_pro
    place = np.minimum(rng.geometric(0.25, users) - 1, len(PLACES) - 1)
    return Users(
        segment=segment.astype(np.int32),
        visiting=np.array([each.visiting for each in SEGMENTS])[segment] * rng.gamma(2.0, 0.5, users),
        first_day=first_day.astype(np.int32),
        last_day=np.floor(first_day + stays).astype(np.int32),
        device=device,
        browser=rng.choice(3, users, p=[0.6, 0.3, 0.1]).astype(np.int32),
        channel=channel,
        place=place.astype(np.int32),
        plan=np.where(rng.random(users) < 0.3, -1, is_pro).astype(np.int32),
        user_type=(rng.random(users) < 0.4).astype(np.int32),
        buys_rate=1 / (1 + np.exp(-logit)),
        price_factor=np.exp(price),
    )


def catalogue_prices(seed: int) -> np.ndarray:
    """The list price of each product, USD."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    return np.round(np.exp(rng.normal(3.0, 0.6, PRODUCTS)), 2)


def _drawn(rng: np.random.Generator, segment: np.ndarray, weights: list[tuple[float, ...]]) -> np.ndarray:
    table = np.cumsum(np.array(weights), axis=1)
    table /= table[:, -1:]
    return (rng.random(len(segment))[:, None] > table[segment]).sum(axis=1).astype(np.int32)
