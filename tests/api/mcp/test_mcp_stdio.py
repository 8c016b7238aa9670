"""`fieldmark mcp` speaks the protocol on stdin and stdout, and nothing else."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from mcp import Client
from mcp.client.stdio import StdioServerParameters

from agent import CATALOGUE
from store.workspace import Workspace

COMMAND = [sys.executable, "-c", "from api.cli import main; main()", "mcp"]
ROOT = Path(__file__).parents[3]


def started(home: Path, *words: str) -> StdioServerParameters:
    environment = {"FIELDMARK_HOME": str(home), "PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"}
    return StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], *words], env=environment, cwd=str(ROOT)
    )


def test_a_client_that_starts_it_can_ask(us: Workspace) -> None:
    async def ask() -> None:
        async with Client(started(us.home)) as client:
            assert [t.name for t in (await client.list_tools()).tools] == [t.name for t in CATALOGUE]
            found = await client.call_tool("list_clusters", {"domain": "interest", "limit": 3})
            assert found.structured_content["returned"] == 3
            read = await client.read_resource("fieldmark://warehouses")
            assert "us" in read.model_dump_json()

    asyncio.run(ask())


def test_stdout_carries_the_protocol_alone_and_the_end_of_stdin_ends_it(us: Workspace) -> None:
    params = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "x", "version": "1"},
    }
    lines = [
        {"jsonrpc": "2.0", "method": "initialize", "params": params, "id": 1},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "method": "tools/list", "id": 2},
    ]
    ended = subprocess.run(
        [*COMMAND, "--warehouse", "us"],
        input="not json\n" + "".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=os.environ | {"FIELDMARK_HOME": str(us.home)},
        check=True,
    )
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    assert all(line["jsonrpc"] == "2.0" for line in told)
    assert 1 in [line.get("id") for line in told]
    assert "Traceback" not in ended.stderr
    assert "not json" not in ended.stderr
