"""People within 50 km, alone and with ten traits, against haversine in DuckDB."""

from collections.abc import Iterator

from benchmarks.expression import boolean_expression, random_flags
from benchmarks.measuring import Row, side_by_side
from benchmarks.populations import Progress, duckdb_table, loaded
from tools.audience.selection import Location, Selection, size

DALLAS = Location(latitude=32.7767, longitude=-96.797, radius=50, unit="km")
DISTANCE = (
    "12742.0176 * asin(sqrt(pow(sin(radians(latitude - 32.7767) / 2), 2) + cos(radians(32.7767)) * "
    "cos(radians(latitude)) * pow(sin(radians(longitude + 96.797) / 2), 2)))"
)
BOX = "latitude BETWEEN 32.32 AND 33.23 AND longitude BETWEEN -97.34 AND -96.26"


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """The peer looks into a box first, as its users write it."""
    workspace, peer = loaded(people, progress), duckdb_table(people, progress)
    population = workspace.population
    ten, sql = boolean_expression(random_flags(population, 10))
    alone = f"SELECT count(*) FROM people WHERE {BOX} AND {DISTANCE} <= 50"
    both = f"{sql} AND {BOX} AND {DISTANCE} <= 50"
    for work, selection, query in (
        ("a radius of 50 km", Selection(location=DALLAS), alone),
        ("a radius of 50 km and 10 terms", Selection(ten, DALLAS), both),
    ):
        found, peers = size(population, selection), peer.execute(query).fetchone()
        if peers is None or abs(found - peers[0]) > 1 + found // 1000:
            raise RuntimeError(f"ours counts {found}, the peer {peers}")
        yield side_by_side(
            work,
            f"{people:,} people",
            lambda s=selection: size(population, s),
            "DuckDB, box and haversine",
            lambda q=query: peer.execute(q).fetchone(),
            runs=15,
            note=f"{found:,} people found",
        )
    peer.close()
