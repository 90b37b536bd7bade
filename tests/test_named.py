"""What Gradio's client calls by name, on a running server."""

import json

import pytest
from browsing import serving
from readers import WordReader

from index.settings import Settings
from qa.api import Pinpoint

GATE = "The gate opens at nine."


@pytest.fixture
def pinpoint(tmp_path, folder, embedder):
    (folder / "gate.md").write_text(f"---\ndate: 2024-05-02\n---\n# Gate\n\n{GATE}\n")
    (folder / "old.md").write_text("---\ndate: 2020-01-01\n---\nThe gate opened at noon.\n")
    made = Pinpoint(tmp_path / "home", Settings(), embedder=embedder, reader=WordReader())
    made.sync(folder)
    return made


@pytest.mark.server
def test_the_client_asks_and_searches_by_name(pinpoint):
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    with serving(pinpoint) as address:
        client = Client(address, verbose=False, analytics_enabled=False)
        assert set(client.view_api(print_info=False, return_format="dict")["named_endpoints"]) == {
            "/ask",
            "/search",
        }
        answer = json.loads(client.predict("The gate opens at", api_name="/ask"))
        assert answer == pinpoint.ask("The gate opens at").model_dump(mode="json")
        assert answer["citations"][0]["quote"] == GATE
        found = json.loads(client.predict("gate", 1, api_name="/search"))
        assert found == pinpoint.search("gate", limit=1).model_dump(mode="json")
        assert len(json.loads(client.predict("gate", api_name="/search"))["passages"]) == 2
        with pytest.raises(AppError, match="the question is empty; ask something in a few words"):
            client.predict(" ", api_name="/ask")
        with pytest.raises(AppError, match="limit: Input should be less than or equal to 100"):
            client.predict("gate", 101, api_name="/search")
        client.close()
