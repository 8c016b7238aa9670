"""52 weeks of briefings: is each there once, and does it tell what changed when it changed, and nothing else?

    python -m benchmarks.simulated_year --weeks 52 --out FOLDER

Two workers are processes of their own; the house's clock is a file that is moved; mails go to an SMTP
server in this process. Deals of the time before are recorded first, then each week's on Saturday; the
briefing is due on Sundays at 02:30 in Berlin, an hour that daylight saving leaves out once and repeats
once. `--quiet` plants nothing: then every change that is told is a false alarm.
"""

import argparse
import os
import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.simulated_year.deals import Planted
from benchmarks.simulated_year.telling import replays_of, table_of
from benchmarks.simulated_year.year import Year, year_plan

FIRST_SUNDAY = date(2026, 1, 4)
REPLAYED = (2, 20, 35)  # weeks whose briefing is made again when the year is over
KEPT = (1, 19, 20, 21)  # weeks whose briefing is written to `--out`


def main() -> None:
    """Run the year, and write its table."""
    given = _arguments()
    os.environ["OMP_NUM_THREADS"] = "1"  # two workers on few cores
    planted = Planted() if given.quiet else Planted(logistics_week=20, respelled_week=35)
    first = FIRST_SUNDAY
    plan = year_plan(given.weeks, first)
    with tempfile.TemporaryDirectory(prefix="fieldmark-year-") as home:
        year = Year(Path(home), plan, planted, given.seed, given.deals)
        told = year.run(lambda line: print(line, flush=True))
        again = [(one, year.replayed(one.briefings[0])) for one in told if one.week.number in REPLAYED]
    text = table_of(told, planted, first + timedelta(7 * (given.weeks - 1))) + replays_of(again)
    print(text)
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)
        name = "quiet_year.md" if given.quiet else "simulated_year.md"
        (given.out / name).write_text(text)
        for one in told:
            if one.week.number in KEPT:
                path = given.out / f"week_{one.week.number}.json"
                path.write_text(one.briefings[0].model_dump_json(indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--deals", type=int, default=120, help="decided in a week")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="plant nothing")
    parser.add_argument("--out", type=Path, help="write the table into this folder")
    return parser.parse_args()


if __name__ == "__main__":
    main()
