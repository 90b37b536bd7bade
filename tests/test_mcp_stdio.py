"""`pinpoint mcp`, started and asked by the SDK's own client."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

import ui
from qa.api import Pinpoint

GATE = "The gate of the castle opens at nine in the morning."
ROOT = Path(ui.__file__).parents[1]
COMMAND = ("-c", "from ui.cli import main; main()", "mcp", "--home")


@pytest.mark.model
@pytest.mark.slow
def test_a_program_starts_it_and_asks(tmp_path, folder):
    (folder / "castle.md").write_text(f"# Castle\n\n{GATE}\n")
    home = tmp_path / "home"
    pinpoint = Pinpoint.open(home)
    pinpoint.sync(folder)
    question = "When does the gate of the castle open?"

    async def work():
        # The client hands on next to nothing of the environment.
        server = StdioServerParameters(command=sys.executable, args=[*COMMAND, str(home)], cwd=ROOT)
        async with Client(server) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            answer = await client.call_tool("ask", {"question": question})
            return tools, answer

    tools, answer = asyncio.run(work())
    assert tools == ["ask", "search", "open_document", "list_documents"]
    assert answer.structured_content == pinpoint.ask(question).model_dump(mode="json")
    assert answer.content[0].text.startswith(f"{GATE} [1]")


def test_it_ends_with_its_input_and_prints_nothing(tmp_path):
    command = [sys.executable, *COMMAND, str(tmp_path / "home")]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "home").exists()
