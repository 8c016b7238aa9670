"""Three weeks of one house, to be read; and what a weekly run costs.

    python -m benchmarks.closed_loop [--save FOLDER] [--measure] [--accounts 100000 --deals 5000]

Accounts and deals are generated, mails go to an SMTP server and posts to an HTTP server of this process.
"""

import argparse
import os
import tempfile
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from agent.history.comparing.compare import compare_runs
from agent.history.replaying.replay import replay
from benchmarks.closed_loop.house import FIRST_MONDAY, Loop
from benchmarks.closed_loop.measuring import weekly_runs
from benchmarks.closed_loop.receiving import receiver
from benchmarks.closed_loop.story import Story
from benchmarks.simulated_year.mailbox import mailbox
from store.records.recipients import recipient_named
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson


def main() -> None:
    """Tell the story, or measure."""
    given = _arguments()
    with (
        tempfile.TemporaryDirectory(prefix="fieldmark-loop-") as folder,
        mailbox() as mails,
        receiver() as at,
    ):
        loop = Loop(Path(folder) / "home", mails, at)
        if given.measure:
            print(f"{given.accounts:,} accounts, {given.deals:,} deals")
            for cost in weekly_runs(loop, Path(folder), given.accounts, given.deals):
                print(f"{cost.what:26} {cost.seconds:7.1f} s  {cost.cpu_seconds:7.1f} s of CPU", flush=True)
        else:
            _tell(loop, Story(loop, Path(folder) / "generated"), given.save)
        loop.close()


def _tell(loop: Loop, story: Story, save: Path | None) -> None:
    story.begin()
    for week in (1, 2, 3):
        story.week(week)
        briefing = loop.briefings()[-1]
        _say(f"Week {week}", briefing.markdown)
        if save:
            save.mkdir(parents=True, exist_ok=True)
            (save / f"week_{week}.json").write_text(briefing.model_dump_json(indent=1))
        print(*(f"  {path.name}" for path in sorted(loop.out.iterdir())), sep="\n")
    _say("Deliveries", _log(loop))
    _say("Made again", "\n".join(_replayed(loop)))
    two, three = loop.briefings()[-2:]
    compared = compare_runs(loop.workspace, two.briefing_id, three.briefing_id)
    differing = [f"{each.what}: {each.before} → {each.after}" for each in compared.figures if not each.same]
    _say("Weeks 2 and 3", "\n".join([*compared.inputs, *differing]))
    loop.at(FIRST_MONDAY + timedelta(weeks=2, days=2))
    first = three.call_first[0].unit_id
    said = loop.tool(
        "submit_feedback", workflow_id=three.workflow_id, kind="bad_score", message=".", lead=first
    )
    loop.tool("decide_feedback", feedback_id=said.feedback_id, decision="accept")
    erased = story.accounts.of("Software")[3]
    erase_person(loop.workspace, AboutPerson(person_id=story.number_of(erased)))
    loop.monday(4)
    loop.work()
    _say(
        "Week 4: an account sales knows better is not called, and one was erased",
        loop.briefings()[-1].markdown,
    )


def _log(loop: Loop) -> str:
    rows = []
    for each in loop.deliveries():
        who = recipient_named(loop.house.database, each.recipient_id)
        when = f"{each.created_at:%Y-%m-%d %H:%M}"
        rows.append(f"{when}  {who.channel:8} {who.shown:24} {each.status:13} tried {each.attempts}")
    return "\n".join(rows)


def _replayed(loop: Loop) -> list[str]:
    found = (replay(loop.workspace, each.briefing_id) for each in loop.briefings())
    words = {True: "same", False: "NOT THE SAME"}
    return [
        f"{each.run_id}  {words[each.same]}  {each.hash_before[:16]} {each.hash_now[:16]}" for each in found
    ]


def _say(title: str, text: str) -> None:
    print(f"\n=== {title}\n\n{text}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--measure", action="store_true", help="what a weekly run costs, and no story")
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--deals", type=int, default=5_000)
    parser.add_argument("--save", type=Path, help="write the JSON of each briefing into this folder")
    return parser.parse_args()


if __name__ == "__main__":
    main()
