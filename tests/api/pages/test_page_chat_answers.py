"""What the chat screen answers: fragments, streams, refusals, masks; without a browser."""

import io
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from agent.conversation.conversation import Conversation
from agent.conversation.keeping import Keeping
from agent.conversation.turn import Event
from store.records.conversations import Conversation as ConversationRecord
from store.records.conversations import Turn
from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step
from tests.store.workbooks_written import OLE, write_workbook

FRAGMENT = {"Fieldmark-Fragment": "1", "Accept": "text/html"}


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> Plans:
    """The planner of this process, made by hand."""
    known = Plans()
    monkeypatch.setitem(sys.modules, "agent.planner.planner", SimpleNamespace(plan=known))  # type: ignore[arg-type]  # all that is imported of it
    known.means("help", step("help"))
    return known


@pytest.fixture
def post(served: TestClient) -> Callable[..., Any]:
    return lambda path, files=None, **form: served.post(path, data=form, files=files, headers=FRAGMENT)


def said(post: Callable[..., Any], message: str, **more: Any) -> str:
    """The id of the conversation that a first message begins."""
    answered = post("/chat", message=message, **more)
    assert answered.status_code == 200, answered.text
    return answered.headers["Fieldmark-Go"].removeprefix("/chat/")


def stream(served: TestClient, talk: str, number: int = 1, after: str = "") -> list[tuple[str, str, str]]:
    """Id, kind and HTML of each event."""
    headers = {"Last-Event-ID": after} if after else {}
    text = served.get(f"/chat/{talk}/turns/{number}/events", headers=headers).text
    found = []
    for block in text.split("\n\n"):
        lines = [line.split(": ", 1) for line in block.splitlines() if ": " in line]
        named = {key: value for key, value in lines if key in ("id", "event")}
        html = "\n".join(value for key, value in lines if key == "data")
        if "event" in named:
            found.append((named.get("id", ""), named["event"], html))
    return found


def uploaded(post: Callable[..., Any], content: bytes, name: str) -> str:
    """The fragment of a file that was chosen."""
    answered = post("/uploads", files={"file": (name, io.BytesIO(content))})
    assert answered.status_code == 200, answered.text
    return answered.text


def upload_id(html: str) -> str:
    return re.findall(r'name="upload" value="(up_[\w-]+)"', html)[0]


def test_the_first_message_leads_to_its_conversation_and_the_next_is_a_fragment(
    served: TestClient, post: Callable[..., Any], plans: Plans
) -> None:
    talk = said(post, "help")
    told = stream(served, talk)
    assert [kind for _, kind, _ in told][-1] == "done"
    assert "Know your customers" in "".join(html for _, _, html in told)
    again = post("/chat", message="help", conversation_id=talk)
    assert 'id="turn-2"' in again.text
    assert f'data-follow="/chat/{talk}/turns/2/events"' in again.text
    stream(served, talk, 2)
    page = served.get(f"/chat/{talk}").text
    assert page.count("<article") == 2
    assert "data-follow" not in page


def test_a_stream_goes_on_after_the_last_event_and_an_unknown_turn_is_over(
    served: TestClient, post: Callable[..., Any], plans: Plans, golf_hash: str
) -> None:
    plans.means("golfers", step("find_persons", "Find golfers", expression=golf_hash))
    talk = said(post, "golfers")
    told = stream(served, talk)
    assert [html for _, _, html in told if "turn-1-step-0" in html] != []
    assert stream(served, talk, after=told[1][0]) == told[2:]
    for path in ("chat_unknown", talk):
        assert [kind for _, kind, _ in stream(served, path, 99)] == ["done"]


def test_a_question_a_no_and_a_refusal_each_look_like_what_they_are(
    served: TestClient, post: Callable[..., Any], plans: Plans
) -> None:
    plans.means("audience", step("generate_audience"), ask="From which customers?")
    plans.means("poem", decline="I know customers, not poems.")
    plans.means("gone", step("get_cluster", cluster_hash="00000000000000000000000000000000"))
    for message, words, chip in (
        ("audience", "From which customers?", "Waits for your answer"),
        ("poem", "I know customers, not poems.", "Not for Fieldmark"),
        ("gone", "", "Not possible as asked"),
    ):
        talk = said(post, message)
        stream(served, talk)
        page = served.get(f"/chat/{talk}").text
        assert words in page
        assert chip in page


def test_a_file_is_shown_masked_before_anything_runs(
    served: TestClient, post: Callable[..., Any], plans: Plans, us: Workspace
) -> None:
    """2,000 rows, three odd names of columns, 40 broken e-mails."""
    rows = [
        (f"broken-at-{n}" if n < 40 else f"jane{n}@example.com", f"(512) 555-{n:04d}", f"Jane Doe{n}", n % 5)
        for n in range(2_000)
    ]
    lines = ["Kontakt (e-mail);Tel. mobil;Wer?;Orders", *(";".join(map(str, row)) for row in rows)]
    html = uploaded(post, "\n".join(lines).encode("utf-16"), "best customers (1).csv")
    assert "2,000 rows" in html
    assert "40 of 2,000 in Kontakt (e-mail)" in html
    for shown in ("Jane Doe", "jane1", "555-00", "5550", "broken-at"):
        assert shown not in html
    plans.means("analyse", step("analyze_customers", file="best_customers_1_.csv"))
    talk = said(post, "analyse", upload=upload_id(html))
    stream(served, talk)
    page = served.get(f"/chat/{talk}").text
    assert "Run it" in page
    assert us.database.traces(Keeping(us, talk).turns()[0].workflow_id) == []
    assert [path.name for path in us.home.glob("uploads/*")] == [talk]


def test_a_role_is_corrected_and_a_file_is_taken_back(post: Callable[..., Any], us: Workspace) -> None:
    html = uploaded(
        post, b"email,code\n" + b"".join(b"a%d@example.com,K%d\n" % (n, n) for n in range(9)), "a.csv"
    )
    found = upload_id(html)
    html = post("/uploads/column", upload=found, column="code", role="id").text
    assert re.search(r'<option value="id" selected>', html)
    assert post("/uploads/column", upload=found, column="code", role="nobody").status_code == 422
    post("/uploads/remove", upload=found)
    assert [*us.home.glob("uploads/*")] == []
    assert post("/uploads/column", upload=found, column="code", role="id").status_code == 404
    assert post("/chat", message="x", upload=found).status_code == 404
    assert post("/chat", message="x", upload="../../x").status_code == 404


def test_a_sheet_of_a_workbook_is_chosen(post: Callable[..., Any], tmp_path: Path) -> None:
    sheets = {"One": [["email"], ["a@example.com"]], "Two": [["phone"], ["5125550100"], ["5125550101"]]}
    html = uploaded(post, write_workbook(tmp_path / "a.xlsx", sheets).read_bytes(), "a.xlsx")
    assert "1 row<" in html
    html = post("/uploads/sheet", upload=upload_id(html), sheet="Two").text
    assert "2 rows" in html
    assert post("/uploads/sheet", upload=upload_id(html), sheet="Three").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xls", OLE, "before 2007"),
        ("a.csv", b"", "empty"),
        ("a.pdf", b"%PDF-1.7", "not read"),
        ("a.csv", b"email\nx\x00y\n", "a.csv, line 2"),
    ],
)
def test_what_cannot_be_read_is_told_and_not_kept(
    post: Callable[..., Any], us: Workspace, name: str, content: bytes, words: str
) -> None:
    answered = post("/uploads", files={"file": (name, io.BytesIO(content))})
    assert answered.status_code == 422
    assert words in answered.text
    assert str(us.home) not in answered.text
    assert [*us.home.glob("uploads/*")] == []


def test_a_plan_is_changed_by_its_form_and_run_as_it_stands_there(
    served: TestClient, post: Callable[..., Any], plans: Plans, us: Workspace, golf_hash: str
) -> None:
    place = {"latitude": 30.27, "longitude": -97.74, "radius": 40.0, "unit": "km"}
    plans.means(
        "audience", step("generate_audience", expression=golf_hash, location=place), step("list_clusters")
    )
    talk = said(post, "audience", hold="true")
    stream(served, talk)
    path = f"/chat/{talk}/plan"
    html = post(path, **{"s0.target_size": "500", "s0.radius": "60", "s0.strategy": "precision"}).text
    assert "at most 500 people" in html
    assert "within 60 km" in html
    assert post(path, **{"s0.target_size": "0"}).status_code == 422
    assert post(path, **{"s0.target_size": "many"}).status_code == 422
    html = post(path, **{"s0.radius": "70", "s1.drop": "on", "decide": "yes"}).text
    assert 'id="turn-2"' in html
    stream(served, talk, 2)
    (result,) = Keeping(us, talk).events(2)[-2].body["results"]
    assert result["tool"] == "generate_audience"
    assert post(path, decide="").status_code == 409


def test_a_turn_whose_server_died_is_shown_and_said_again(
    served: TestClient, post: Callable[..., Any], plans: Plans, us: Workspace
) -> None:
    talk = said(post, "help")
    stream(served, talk)
    keeping = Keeping(us, talk)
    for number, message in ((2, "help"), (3, "about [3 e-mails]")):
        turn = Turn(
            turn_id=keeping.turn_id(number),
            conversation_id=talk,
            number=number,
            message=message,
            status="running",
            workflow_id=us.new_id(),
            started_at=us.now(),
        )
        keeping.keep_turn(turn)
        keeping.keep_event(turn.turn_id, Event(1, "plan", {"steps": []}))
    page = served.get(f"/chat/{talk}").text
    assert page.count("The house stopped while it was working on this") == 2
    assert page.count("Try again</button>") == 1
    assert "write it once more" in page
    assert post(f"/chat/{talk}/turns/3/again").status_code == 422
    assert 'id="turn-4"' in post(f"/chat/{talk}/turns/2/again").text
    assert [kind for _, kind, _ in stream(served, talk, 4)][-1] == "done"


def test_a_long_conversation_shows_its_last_turns_and_the_earlier_ones_when_asked(
    served: TestClient, post: Callable[..., Any], plans: Plans, us: Workspace
) -> None:
    talk = said(post, "help")
    stream(served, talk)
    keeping = Keeping(us, talk)
    (first,) = keeping.turns()
    for number in range(2, 201):
        again = first.model_dump(exclude={"number", "turn_id"})
        keeping.keep_turn(Turn(**again, number=number, turn_id=keeping.turn_id(number)))
    served.get(f"/chat/{talk}")
    began = time.process_time()
    page = served.get(f"/chat/{talk}").text
    assert time.process_time() - began < 1.5
    assert page.count("<article") == 20
    assert "Earlier messages (180)" in page
    earlier = served.get(f"/chat/{talk}/earlier?before=181").text
    assert re.findall(r'<article class="turn" id="turn-(\d+)"', earlier) == [str(n) for n in range(161, 181)]


def test_a_turn_is_cancelled_and_a_second_message_waits_for_it(
    served: TestClient, post: Callable[..., Any], plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*given: Any) -> Any:
        begun.set()
        assert go_on.wait(20)
        return plans(*given)

    monkeypatch.setitem(sys.modules, "agent.planner.planner", SimpleNamespace(plan=slow))  # type: ignore[arg-type]  # as above
    talk = said(post, "help")
    assert begun.wait(20)
    assert f'data-follow="/chat/{talk}/turns/1/events"' in served.get(f"/chat/{talk}").text
    busy = post("/chat", message="help", conversation_id=talk)
    assert busy.status_code == 409
    assert "still running" in busy.text
    assert "ends before the next step" in post(f"/chat/{talk}/turns/1/cancel").text
    go_on.set()
    assert "Cancelled" in stream(served, talk)[-1][2]


def test_a_message_with_markup_stays_text(served: TestClient, post: Callable[..., Any], plans: Plans) -> None:
    bad = "<script>alert(1)</script>"
    plans.means(bad, decline=f"Not {bad} [x](https://evil.example)")
    talk = said(post, bad)
    told = "".join(html for _, _, html in stream(served, talk))
    for text in (told, served.get(f"/chat/{talk}").text, served.get("/").text):
        assert "<script>alert" not in text
        assert 'href="https://evil' not in text


def test_conversations_are_listed_in_pages(served: TestClient, us: Workspace) -> None:
    for number in range(45):
        us.database.keep(
            ConversationRecord(
                conversation_id=f"chat_{number}",
                warehouse="us",
                title=f"Question {number}",
                created_at=us.now(),
                spoken_at=us.now(),
            )
        )
    first = served.get("/").text
    cursor = re.findall(r'/chat/past\?cursor=([^"]+)"', first)[0]
    second = served.get(f"/chat/past?cursor={cursor}").text
    titles = re.findall(r"Question \d+", first) + re.findall(r"Question \d+", second)
    assert len(set(titles)) == 40
    assert Conversation(us, "chat_3").conversation_id == "chat_3"


def test_a_point_of_a_card_is_said_in_its_conversation(
    served: TestClient, post: Callable[..., Any], plans: Plans
) -> None:
    """The analysis is named, since this conversation is about no analysis."""
    told = "Build the audience at point 3 of the curve of the analysis icp_x, without our customers"
    plans.means(told, step("help"))
    talk = said(post, "help")
    stream(served, talk)
    answered = post("/chat", conversation_id=talk, analysis="icp_x", point=3)
    assert told in answered.text
    assert "data-focus" in answered.text
    assert post("/chat", conversation_id=talk, analysis="icp_x", point=0).status_code == 422
    stream(served, talk, 2)


def test_a_new_conversation_is_about_the_warehouse_of_its_page(served: TestClient) -> None:
    page = served.get("/?warehouse=us").text
    assert 'action="/chat?warehouse=us"' in page
    assert 'href="/analyses"' in page
    assert served.get("/", headers=FRAGMENT).text.strip().startswith('<div id="begin" data-target="#begin">')
