"""What did each user do up to a day, and what did they spend after it? One row a user, buyer or not.

Reads the relations `visits`, `orders` and `products` of partials.py. Plain SQL that sqlglot transpiles.
"""
# ruff: noqa: S608  # put together from names of this module and from dates

from datetime import date

from store.events.sql.partials import ATTRIBUTES, MICROS
from store.events.window import Windows

FIRST_KNOWN = ("first_source", "first_medium")
# Added to a time or a count, it makes every one a number of 18 digits: then texts sort as numbers do.
DIGITS = 10**17
SKIPPED = 19  # where what follows those digits begins
DAY_MICROS = 86_400_000_000


def users_sql(windows: Windows, *, by_person: bool = False) -> str:
    """The query of all columns of a user, in the order of USER_COLUMNS."""
    return f"""WITH {_shared(windows, by_person=by_person)},
behaved AS (
{_behaved(by_person=by_person)}
),
spent AS (
{_spent(windows)}
),
handled AS (
  SELECT user_key, product, MAX(CASE WHEN deed = 'viewed' THEN 1 ELSE 0 END) AS viewed,
    MAX(CASE WHEN deed = 'added' THEN 1 ELSE 0 END) AS added,
    MAX(CASE WHEN deed = 'bought' THEN 1 ELSE 0 END) AS bought
  FROM touched GROUP BY user_key, product
),
ranges AS (
  SELECT user_key, SUM(viewed) AS products_viewed, SUM(added) AS products_added,
    SUM(bought) AS products_purchased
  FROM handled GROUP BY user_key
),
priced AS (
  SELECT user_key, SUM(price_micros) AS price_micros, COUNT(price_micros) AS lines
  FROM touched WHERE deed = 'bought' GROUP BY user_key
),
kinds AS (
  SELECT user_key, COUNT(*) AS categories_seen,
    SUBSTR(MAX(CAST({DIGITS} + times AS VARCHAR) || category), {SKIPPED}) AS top_category
  FROM (
{_per_category()}
  ) AS per_category GROUP BY user_key
)
{_select(windows)}"""


def categories_sql(windows: Windows, *, by_person: bool = False) -> str:
    """The query of each user's product categories: user_key, category, times."""
    return f"WITH {_shared(windows, by_person=by_person)}\n{_per_category()}"


def _per_category() -> str:
    return """  SELECT user_key, category, SUM(times) AS times
  FROM touched WHERE category IS NOT NULL GROUP BY user_key, category"""


def _shared(windows: Windows, *, by_person: bool) -> str:
    """Who is who, and what of the partials lies within the windows."""
    touched = _named("products", "deed", "product", "category", "order_id", "price_micros")
    return f"""known AS (
{_known_by(windows) if by_person else _devices(windows)}
),
seen AS (
  SELECT known.user_key AS user_key, visits.*
  FROM visits JOIN known ON known.device = visits.device_id
  WHERE visits.event_day BETWEEN {_day(windows.first_day)} AND {_day(windows.cut_off)}
),
bought AS (
  SELECT known.user_key AS user_key, orders.order_id AS order_id, MIN(orders.event_day) AS event_day,
    MAX(orders.revenue_micros) AS revenue_micros
  FROM orders JOIN known ON known.device = orders.device_id
  WHERE orders.event_day BETWEEN {_day(windows.first_day)} AND {_day(windows.last_day)}
  GROUP BY known.user_key, orders.order_id
),
touched AS (
  SELECT known.user_key AS user_key, {touched},
    CASE WHEN products.deed = 'bought' THEN 1 ELSE SUM(products.times) END AS times
  FROM products JOIN known ON known.device = products.device_id
  WHERE products.event_day BETWEEN {_day(windows.first_day)} AND {_day(windows.cut_off)}
  GROUP BY known.user_key, products.deed, products.product, products.category, products.order_id,
    products.price_micros
)"""


def _devices(windows: Windows) -> str:
    return f"""  SELECT device_id AS device, device_id AS user_key
  FROM visits WHERE event_day BETWEEN {_day(windows.first_day)} AND {_day(windows.cut_off)}
  GROUP BY device_id"""


def _known_by(windows: Windows) -> str:
    """Devices and the user id each was last known by at the cut-off, or after it if it first came then.

    A device that came before is not named by what it signed in as later: that would tell of the target.
    """
    by_then = f"event_day <= {_day(windows.cut_off)}"
    return f"""  SELECT device_id AS device,
    COALESCE(
      {_last("user_id", by_then)},
      CASE WHEN MIN(event_day) > {_day(windows.cut_off)} THEN {_last("user_id")} END,
      device_id
    ) AS user_key
  FROM visits WHERE event_day BETWEEN {_day(windows.first_day)} AND {_day(windows.last_day)}
  GROUP BY device_id"""


def _behaved(*, by_person: bool) -> str:
    # Session ids are seconds: two devices of a person may have the same.
    session = "device_id || '/' || CAST(session_id AS VARCHAR)" if by_person else "session_id"
    attributes = ",\n    ".join(
        f"{_first(name) if name in FIRST_KNOWN else _last(name)} AS {name}" for name in ATTRIBUTES
    )
    return f"""  SELECT user_key, COUNT(DISTINCT event_day) AS days_active,
    COUNT(DISTINCT {session}) AS sessions,
    SUM(events) AS events, SUM(page_views) AS page_views, SUM(engagement_ms) AS engagement_ms,
    MIN(first_at) AS first_activity_at, MAX(last_at) AS last_activity_at,
    MIN(first_touch_at) AS first_touch_at, MIN(event_day) AS first_day, MAX(event_day) AS last_day,
    {attributes}
  FROM seen GROUP BY user_key"""


def _spent(windows: Windows) -> str:
    before = f"event_day <= {_day(windows.cut_off)}"
    after = f"event_day > {_day(windows.cut_off)}"
    return f"""  SELECT user_key, SUM(CASE WHEN {before} THEN 1 ELSE 0 END) AS purchases,
    SUM(CASE WHEN {before} THEN revenue_micros END) AS revenue_micros,
    COUNT(CASE WHEN {before} THEN revenue_micros END) AS priced_purchases,
    MIN(CASE WHEN {before} THEN event_day END) AS first_purchase_day,
    MAX(CASE WHEN {before} THEN event_day END) AS last_purchase_day,
    SUM(CASE WHEN {after} THEN 1 ELSE 0 END) AS target_purchases,
    SUM(CASE WHEN {after} THEN revenue_micros END) AS target_micros
  FROM bought GROUP BY user_key"""


def _select(windows: Windows) -> str:
    plain = _named("behaved", "user_key", "days_active", "sessions")
    times = _named("behaved", "first_activity_at", "last_activity_at")
    days, attributes = _named("behaved", "first_day", "last_day"), _named("behaved", *ATTRIBUTES)
    bought, kind = _named("spent", "first_purchase_day", "last_purchase_day"), _named("kinds", "top_category")
    money = f"CASE WHEN COALESCE(spent.purchases, 0) = 0 THEN 0 ELSE {_money('spent.revenue_micros')} END"
    return f"""SELECT {plain},
  {_count("behaved.events")} AS events,
  {_count("behaved.page_views")} AS page_views,
  {_ratio("behaved.page_views", "behaved.sessions")} AS pages_per_session,
  {_ratio("behaved.engagement_ms", "1000")} AS engagement_seconds,
  {_ratio("behaved.engagement_ms", "1000 * behaved.sessions")} AS mean_engagement_seconds,
  {times},
  CASE WHEN behaved.first_touch_at < behaved.first_activity_at THEN behaved.first_touch_at
    ELSE behaved.first_activity_at END AS first_seen_at,
  {days},
  CAST(FLOOR({_ratio("behaved.last_activity_at - behaved.first_activity_at", str(DAY_MICROS))}) AS BIGINT)
    AS age_days,
  {_count("spent.purchases")} AS purchases, {money} AS revenue,
  {_ratio("spent.revenue_micros", f"{MICROS} * spent.priced_purchases")} AS order_value,
  {bought},
  {attributes},
  {_count("kinds.categories_seen")} AS categories_seen, {kind},
  {_count("ranges.products_viewed")} AS products_viewed,
  {_count("ranges.products_added")} AS products_added,
  {_count("ranges.products_purchased")} AS products_purchased,
  {_ratio("priced.price_micros", f"{MICROS} * priced.lines")} AS mean_price,
  {_target(windows)}
FROM behaved
LEFT JOIN spent ON spent.user_key = behaved.user_key
LEFT JOIN ranges ON ranges.user_key = behaved.user_key
LEFT JOIN priced ON priced.user_key = behaved.user_key
LEFT JOIN kinds ON kinds.user_key = behaved.user_key"""


def _target(windows: Windows) -> str:
    if windows.target_last_day is None:
        return """CAST(NULL AS BIGINT) AS target_purchases, CAST(NULL AS DOUBLE) AS target_revenue,
  CAST(NULL AS BIGINT) AS target_purchased"""
    bought = _count("spent.target_purchases")
    return f"""{bought} AS target_purchases,
  CASE WHEN {bought} = 0 THEN 0 ELSE {_money("spent.target_micros")} END AS target_revenue,
  CASE WHEN {bought} > 0 THEN 1 ELSE 0 END AS target_purchased"""


def _last(name: str, among: str = "") -> str:
    """The value that was known last, the greater one of two at the same time."""
    which = f"{name} IS NOT NULL" + (f" AND {among}" if among else "")
    text = f"CASE WHEN {which} THEN CAST({DIGITS} + last_at AS VARCHAR) || {name} END"
    return f"SUBSTR(MAX({text}), {SKIPPED})"


def _first(name: str) -> str:
    text = f"CASE WHEN {name} IS NOT NULL THEN CAST({DIGITS} + first_at AS VARCHAR) || {name} END"
    return f"SUBSTR(MIN({text}), {SKIPPED})"


def _ratio(part: str, whole: str) -> str:
    # Unknown where there is nothing to divide by. Both are cast: engines differ in dividing whole numbers.
    return f"CAST({part} AS DOUBLE) / NULLIF(CAST({whole} AS DOUBLE), 0)"


def _named(relation: str, *names: str) -> str:
    # After several joins ClickHouse calls a column `behaved.device`, unless it is named.
    return ", ".join(f"{relation}.{name} AS {name}" for name in names)


def _count(name: str) -> str:
    # DuckDB adds up whole numbers to such as Parquet cannot hold.
    return f"CAST(COALESCE({name}, 0) AS BIGINT)"


def _money(micros: str) -> str:
    return f"CAST({micros} AS DOUBLE) / {MICROS}"


def _day(day: date) -> str:
    return f"CAST('{day.isoformat()}' AS DATE)"
