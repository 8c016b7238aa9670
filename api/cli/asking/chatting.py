"""The command that talks: chat."""

from pathlib import Path
from typing import Annotated, Any

import typer

from agent.conversation.turn import Event, Reply
from api.cli.reaching import Talk, reached
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    print_json,
    progress_bar,
    refusals,
    stderr,
    stdout,
)
from store.errors import BadFile, ToolRefused

ENDS = {"bye", "exit", "quit", "q"}


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(chat)


def chat(
    say: Annotated[
        list[str] | None, typer.Option(help="A message; repeat it for a conversation. Else you are asked.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="A file of customers that comes with the first message.")
    ] = None,
    conversation: Annotated[str | None, typer.Option(help="Go on with the conversation of this id.")] = None,
    approve: Annotated[
        bool, typer.Option(help="Say yes beforehand to what a message wants approved, such as an export.")
    ] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask in your own words; every answer is made of the tools' figures."""
    with refusals(as_json), reached(warehouse) as house:
        if file is not None and not file.is_file():
            raise BadFile("There is no such file", where=file.name, instead="Give the path of a file.")
        talk = house.talk(conversation)
        if say:
            _said(talk, say, file, approve or None, as_json)
        else:
            _talked(talk, file, approve or None)


def _said(talk: Talk, messages: list[str], file: Path | None, approved: bool | None, as_json: bool) -> None:
    replies = []
    for message in messages:
        reply = _turn(talk, message, file, approved)
        file = None
        replies.append(reply.model_dump(mode="json"))
        if not as_json:
            stderr.print(f"> {message}", style="bold", markup=False, highlight=False)
            _show(reply)
    if as_json:
        print_json(replies)


def _talked(talk: Talk, file: Path | None, approved: bool | None) -> None:
    """Ask for messages until there are no more; a refusal does not end the conversation."""
    named = f" {talk.conversation_id}" if talk.conversation_id else ""
    stderr.print(f"Conversation{named}. `bye` ends it.", highlight=False)
    while (message := _heard()) is not None:
        try:
            _show(_turn(talk, message, file, approved))
            file = None
        except ToolRefused as refusal:
            stderr.print(str(refusal), markup=False, highlight=False)


def _heard() -> str | None:
    """The next message; None at the end."""
    while True:
        try:
            message = stderr.input("> ").strip()
        except EOFError:
            return None
        if message.lower() in ENDS:
            return None
        if message:
            return message


def _turn(talk: Talk, message: str, file: Path | None, approved: bool | None) -> Reply:
    with progress_bar() as bar:

        def watch(event: Event) -> None:
            if event.kind == "progress":
                _tick(bar, event.body)

        return talk.say(message, file, approved, watch)


def _tick(bar: Any, body: dict[str, Any]) -> None:
    tool = body["tool"].replace("_", " ")
    if body["part"]:
        bar(f"{tool}: {body['part'].replace('_', ' ')}", body["done"], body["of"])
    elif body["status"] == "done":
        bar(tool, 1, 1)


def _show(reply: Reply) -> None:
    # What is read by a program stays Markdown; a person sees it set.
    if stdout.is_terminal:
        from rich.markdown import Markdown  # takes a while to import

        stdout.print(Markdown(reply.text, hyperlinks=False))
    else:
        typer.echo(f"{reply.text}\n")
    for sentence in reply.follow_ups:
        stderr.print(f"  → {sentence}", markup=False, highlight=False)
