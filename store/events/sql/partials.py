"""What is kept of a day's events, so that no count over many days has to be guessed?

Over two flat relations that each engine makes in its own way, `flat_events` and `flat_items`. Only plain
SQL from here on: sqlglot is silently wrong on lists, hashes, samples and unsigned integers.
"""
# ruff: noqa: S608  # put together from the names and constants of this module

ATTRIBUTES = (
    "device",
    "operating_system",
    "browser",
    "country",
    "region",
    "city",
    "first_source",
    "first_medium",
    "user_type",
    "plan",
)
FLAT_EVENTS = (
    "device_id",
    "user_id",
    "event_day",
    "event_at",
    "event_name",
    "session_id",
    "engagement_ms",
    "first_touch_at",
    *ATTRIBUTES,
    "order_id",
    "revenue",
)
FLAT_ITEMS = (
    "device_id",
    "event_day",
    "event_at",
    "event_name",
    "order_id",
    "item_id",
    "item_name",
    "category",
    "price",
)
PARTIALS = ("visits", "orders", "products")
# Money adds up in whole millionths: a sum of floats depends on the order of rows, so on the engine's threads.
MICROS = 1_000_000


def visits_sql() -> str:
    """A row for each device, day, session and state of the attributes; its counts add.

    Attributes seldom change within a session, so this is little more than a row a session, and still tells
    which value was the last, how many sessions there were over midnight, and how many days.
    """
    kept = ", ".join(f"{_known(name)} AS {name}" for name in ATTRIBUTES)
    keys = ", ".join(("device_id", "user_id", "event_day", "session_id", *ATTRIBUTES))
    return f"""SELECT {keys}, COUNT(*) AS events,
  SUM(CASE WHEN event_name IN ('page_view', 'screen_view') THEN 1 ELSE 0 END) AS page_views,
  SUM(CASE WHEN engagement_ms > 0 THEN engagement_ms ELSE 0 END) AS engagement_ms,
  MIN(event_at) AS first_at, MAX(event_at) AS last_at, MIN(first_touch_at) AS first_touch_at
FROM (
  SELECT device_id, {_known("user_id")} AS user_id, event_day, session_id, {kept},
    event_name, event_at, engagement_ms, first_touch_at
  FROM flat_events WHERE device_id IS NOT NULL
) AS cleaned
GROUP BY {keys}"""


def orders_sql() -> str:
    """A row for each order of a device and day, however often it was sent; the revenue is the largest sent.

    A purchase without a transaction id is an order of its own time: the same event sent again is the same.
    """
    return f"""SELECT device_id, order_id, event_day, MIN(event_at) AS event_at,
  MAX(CAST(ROUND(revenue * {MICROS}) AS BIGINT)) AS revenue_micros
FROM (
  SELECT device_id, {_order_id()} AS order_id, event_day, event_at, revenue
  FROM flat_events WHERE device_id IS NOT NULL AND event_name = 'purchase'
) AS purchases
GROUP BY device_id, order_id, event_day"""


def products_sql() -> str:
    """A row for each product that a device viewed, added or bought on a day, a bought one for each order."""
    keys = "device_id, event_day, deed, product, category, order_id, price_micros"
    return f"""SELECT {keys}, COUNT(*) AS times
FROM (
  SELECT device_id, event_day,
    CASE event_name WHEN 'view_item' THEN 'viewed' WHEN 'add_to_cart' THEN 'added' ELSE 'bought' END AS deed,
    COALESCE({_known("item_id")}, {_known("item_name")}) AS product, {_known("category")} AS category,
    CASE WHEN event_name = 'purchase' THEN {_order_id()} END AS order_id,
    CASE WHEN event_name = 'purchase' THEN CAST(ROUND(price * {MICROS}) AS BIGINT) END AS price_micros
  FROM flat_items
  WHERE device_id IS NOT NULL AND event_name IN ('view_item', 'add_to_cart', 'purchase')
) AS handled
WHERE product IS NOT NULL
GROUP BY {keys}"""


def partial_sql(name: str) -> str:
    """The SQL of one of PARTIALS."""
    return {"visits": visits_sql, "orders": orders_sql, "products": products_sql}[name]()


def _known(name: str) -> str:
    # GA4 writes "(not set)" and blanks where it does not know; "(direct)" and "(none)" are known.
    return f"CASE WHEN {name} IN ('', '(not set)') THEN NULL ELSE {name} END"


def _order_id() -> str:
    return f"COALESCE({_known('order_id')}, 'at ' || CAST(event_at AS VARCHAR))"
