"""How are events written as the export nests them? Lists of records, with the export's own names."""

import numpy as np
import pyarrow as pa

from store.synthetic.events.day import KINDS, PURCHASE, Events
from store.synthetic.events.plan import (
    BROWSERS,
    CATEGORIES,
    CHANNELS,
    DEVICES,
    PLACES,
    PLANS,
    PRODUCTS,
    SYSTEMS,
    USER_TYPES,
    Users,
)

DAY_SECONDS = 86_400
PARAMS = ("ga_session_id", "page_location", "engagement_time_msec")
PROPERTIES = ("user_type", "plan_level")
IDENTIFIED = 5  # one user in so many has signed in
SHARED = 20  # one user in so many is the second device of the one before
MOST_ITEMS = 3


def order_items(orders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many items each of these orders has, and the products of all, one order after another.

    They follow from the order's number, so that a purchase that is sent again is the same.
    """
    counts = orders % MOST_ITEMS + 1
    order = np.repeat(orders, counts)
    nth = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    return counts, (order * 7919 + (order >> 32) * 131 + nth * 211) % PRODUCTS


def prices(products: np.ndarray, factors: np.ndarray, catalogue: np.ndarray) -> np.ndarray:
    """What these products cost a user of this factor, USD to the cent."""
    return np.round(catalogue[products] * factors, 2)


def order_revenue(events: Events, users: Users, catalogue: np.ndarray) -> np.ndarray:
    """The revenue of each event that is a purchase, in their order, USD."""
    bought = events.take(events.kind == PURCHASE)
    counts, products = order_items(bought.order)
    if not len(products):
        return np.empty(0)
    paid = prices(products, np.repeat(users.price_factor[bought.user], counts), catalogue)
    return np.round(np.add.reduceat(paid, np.cumsum(counts) - counts), 2)


def nested(events: Events, users: Users, day: str, first_second: int, catalogue: np.ndarray) -> pa.Table:
    """The events of a day as a table of the export. first_second: of the export's first day."""
    user, rows = events.user, len(events)
    names = list(CHANNELS.values())
    channel, place = users.channel[user], users.place[user]
    web = pa.StructArray.from_arrays([_coded(users.browser[user], BROWSERS)], ["browser"])
    return pa.table(
        {
            "event_date": _coded(np.zeros(rows, np.int32), [day]),
            "event_timestamp": pa.array(events.at),
            "event_name": _coded(events.kind, KINDS),
            "event_params": _params(events),
            "user_id": _user_ids(user),
            "user_pseudo_id": _user_keys(user, users, first_second),
            "user_properties": _properties(user, users),
            "user_first_touch_timestamp": pa.array(_touch(user, users, first_second) * 1_000_000),
            "device": _record(
                category=_coded(events.device, DEVICES),
                operating_system=_coded(events.device, SYSTEMS),
                browser=pa.nulls(rows, pa.string()),  # of apps only; a site tells it in web_info
                web_info=web,
            ),
            "geo": _record(
                country=_coded(place, [each[0] for each in PLACES]),
                region=_coded(place, [each[1] for each in PLACES]),
                city=_coded(place, [each[2] for each in PLACES]),
            ),
            "traffic_source": _record(
                name=_coded(np.full(rows, -1, np.int32), ["(not set)"]),
                medium=_coded(channel, [each[1] for each in names]),
                source=_coded(channel, [each[0] for each in names]),
            ),
            "ecommerce": _ecommerce(events, users, catalogue),
            "items": _items(events, users, catalogue),
        }
    )


def user_key(user: int, users: Users, first_second: int) -> str:
    """The user_pseudo_id of a user, of the shape that GA4 gives."""
    return f"{1_000_000_000 + user}.{int(_touch(np.array([user]), users, first_second)[0])}"


def _touch(user: np.ndarray, users: Users, first_second: int) -> np.ndarray:
    return first_second + users.first_day[user].astype(np.int64) * DAY_SECONDS


def _user_keys(user: np.ndarray, users: Users, first_second: int) -> pa.Array:
    # Each user's text is made once; most come several times a day.
    distinct, places = np.unique(user, return_inverse=True)
    numbers = distinct + 1_000_000_000
    texts = np.char.add(
        np.char.add(numbers.astype(str), "."), _touch(distinct, users, first_second).astype(str)
    )
    return _coded(places.astype(np.int32), texts.tolist())


def _user_ids(user: np.ndarray) -> pa.Array:
    distinct, places = np.unique(user, return_inverse=True)
    owner = np.where(distinct % SHARED == 0, np.maximum(distinct - 1, 0), distinct)
    known = (distinct % IDENTIFIED == 1) | (distinct % SHARED == 0)
    texts = np.char.add("member-", owner.astype(str)).tolist()
    codes = np.where(known, np.arange(len(distinct)), -1)
    return _coded(codes[places].astype(np.int32), texts)


def _params(events: Events) -> pa.Array:
    engaged = events.engagement_ms >= 0
    offsets = np.concatenate(([0], np.cumsum(2 + engaged))).astype(np.int32)
    total, first = int(offsets[-1]), offsets[:-1]
    key, page = np.zeros(total, np.int32), np.full(total, -1, np.int32)
    whole, is_whole = np.zeros(total, np.int64), np.zeros(total, bool)
    whole[first], is_whole[first] = events.session_id, True
    key[first + 1] = 1
    page[first + 1] = events.product + 1
    third = first[engaged] + 2
    key[third], whole[third], is_whole[third] = 2, events.engagement_ms[engaged], True
    pages = ["https://shop.example/", *(f"https://shop.example/p/{n}" for n in range(PRODUCTS))]
    return _keyed(offsets, _coded(key, PARAMS), _coded(page, pages), pa.array(whole, mask=~is_whole))


def _properties(user: np.ndarray, users: Users) -> pa.Array:
    plan = users.plan[user]
    offsets = np.concatenate(([0], np.cumsum(1 + (plan >= 0)))).astype(np.int32)
    total, first = int(offsets[-1]), offsets[:-1]
    key, value = np.zeros(total, np.int32), np.zeros(total, np.int32)
    value[first] = users.user_type[user]
    second = first[plan >= 0] + 1
    key[second], value[second] = 1, plan[plan >= 0] + len(USER_TYPES)
    texts = _coded(value, [*USER_TYPES, *PLANS])
    return _keyed(offsets, _coded(key, PROPERTIES), texts, pa.nulls(total, pa.int64()))


def _keyed(offsets: np.ndarray, keys: pa.Array, texts: pa.Array, wholes: pa.Array) -> pa.Array:
    fractions = pa.nulls(len(keys), pa.float64())
    value = _record(string_value=texts, int_value=wholes, float_value=fractions, double_value=fractions)
    return pa.ListArray.from_arrays(pa.array(offsets), _record(key=keys, value=value))


def _ecommerce(events: Events, users: Users, catalogue: np.ndarray) -> pa.Array:
    bought = events.kind == PURCHASE
    revenue = np.zeros(len(events))
    revenue[bought] = order_revenue(events, users, catalogue)
    codes = np.full(len(events), -1, np.int32)
    distinct, places = np.unique(events.order[bought], return_inverse=True)
    codes[bought] = places
    money = pa.array(revenue, mask=~bought)
    orders = _coded(codes, [f"T{number}" for number in distinct.tolist()] or ["T"])
    return _record(purchase_revenue_in_usd=money, purchase_revenue=money, transaction_id=orders)


def _items(events: Events, users: Users, catalogue: np.ndarray) -> pa.Array:
    bought = events.kind == PURCHASE
    counts, products = order_items(events.order[bought])
    sizes = (events.product >= 0).astype(np.int64)
    sizes[bought] = counts
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    product = np.zeros(int(offsets[-1]), np.int64)
    of_event = np.repeat(np.arange(len(events)), sizes)
    product[bought[of_event]] = products
    product[~bought[of_event]] = events.product[events.product >= 0]
    price = pa.array(prices(product, users.price_factor[events.user[of_event]], catalogue))
    item = _record(
        item_id=_coded(product.astype(np.int32), [f"SKU{n:04d}" for n in range(PRODUCTS)]),
        item_name=_coded(product.astype(np.int32), [f"Product {n}" for n in range(PRODUCTS)]),
        item_category=_coded((product % len(CATEGORIES)).astype(np.int32), CATEGORIES),
        price_in_usd=price,
        price=price,
        quantity=pa.array(np.ones(len(product), np.int64)),
    )
    return pa.ListArray.from_arrays(pa.array(offsets), item)


def _record(**columns: pa.Array) -> pa.StructArray:
    return pa.StructArray.from_arrays(list(columns.values()), list(columns))


def _coded(codes: np.ndarray, texts: list[str] | tuple[str, ...]) -> pa.Array:
    """Texts by their codes, null where the code is negative."""
    held = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(held, pa.array(list(texts))).dictionary_decode()
