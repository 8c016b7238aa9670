"""By which channel did a user first come? GA4's default channel groups, in short.

Source: support.google.com/analytics/answer/9756891. Its nineteen groups become seven: every paid one and
display is `paid`, shopping and video without pay go by their medium, affiliates are `referral`, and audio,
SMS and push are `other`.
"""

import re
from typing import Literal, get_args

import numpy as np

from store.features import UNKNOWN, Feature

Channel = Literal["direct", "email", "organic", "other", "paid", "referral", "social"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)

PAID = re.compile(r".*cp.*|ppc|retargeting|paid.*|display|banner|expandable|interstitial")
EMAIL = re.compile(r"e[-_ ]?mail|newsletter")
SOCIAL = re.compile(r"social([-_ ](network|media))?|sm")
REFERRAL = re.compile(r"referral|app|link|affiliates?|partner")
NOTHING = {"", "(none)", "(not set)", "none"}
SOCIAL_SITES = re.compile(
    r"(.*\.)?(facebook|fb|instagram|ig|twitter|x|t|linkedin|lnkd|pinterest|tiktok|reddit|snapchat|threads|"
    r"quora|vk|weibo|whatsapp|telegram|tumblr|mastodon|bsky)(\.(com|co|in|net|org|me|ru|app|social))?"
)
SEARCH_SITES = re.compile(
    r"(.*\.)?(google|bing|yahoo|duckduckgo|baidu|yandex|ecosia|qwant|naver|startpage|brave|seznam|aol|ask)"
    r"(\.[a-z.]+)?"
)


def channel_of(source: str, medium: str) -> Channel | None:
    """The channel of a source and medium, blanks where they are not known; None where neither is.

    The first rule that fits decides: direct, paid, email, social, organic, referral.
    """
    source, medium = source.strip().lower(), medium.strip().lower()
    if not source and not medium:
        return None
    if source in {"(direct)", "direct"} and medium in NOTHING:
        return "direct"
    rules: tuple[tuple[Channel, bool], ...] = (
        ("paid", bool(PAID.fullmatch(medium))),
        ("email", bool(EMAIL.fullmatch(medium) or EMAIL.fullmatch(source))),
        ("social", bool(SOCIAL.fullmatch(medium) or SOCIAL_SITES.fullmatch(source))),
        ("organic", medium == "organic" or (medium in NOTHING and bool(SEARCH_SITES.fullmatch(source)))),
        ("referral", bool(REFERRAL.fullmatch(medium))),
    )
    fitting: list[Channel] = [channel for channel, fits in rules if fits]
    return fitting[0] if fitting else "other"


def channels(source: Feature, medium: Feature) -> Feature:
    """The column `acquisition_channel` of users by their first source and medium."""
    # Each pair that occurs is mapped once, however many users came by it.
    pairs, places = np.unique(np.stack([source.values, medium.values]), axis=1, return_inverse=True)
    told = [
        channel_of(source.levels[of] if of != UNKNOWN else "", medium.levels[by] if by != UNKNOWN else "")
        for of, by in pairs.T
    ]
    codes = np.array([UNKNOWN if each is None else CHANNELS.index(each) for each in told], dtype=np.int32)
    return Feature(
        "acquisition_channel",
        "category",
        codes[places.reshape(-1)] if len(codes) else np.empty(0, np.int32),
        CHANNELS,
        label="Acquisition channel",
        domain=source.domain,
    )
