"""No tenant sees another's rows, however alike they are, whatever it is called."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from fakes import TermReader, WordEmbedder
from index_seen import seen
from milvus_connection import FakeConnection, FakeServer
from store_kinds import KINDS, address_at

from index.errors import IndexMissingError, PinpointError, SettingsError
from index.filter import Filter
from index.milvus.search import nearest
from index.settings import Settings
from index.stores import open_store
from qa.api import Pinpoint

COMMON = "The gate opens at nine."


@pytest.fixture(params=KINDS[1:])
def tenants(request, monkeypatch):
    """Return what gives this process one tenant's store; two that begin alike."""
    start = uuid4().hex[:8]
    names = {"one": f"{start}a", "other": f"{start}a-b"}
    fake = FakeServer()
    connections = {}

    @contextmanager
    def tenant(which):
        with monkeypatch.context() as patch:
            if request.param == "dict":
                address = f"milvus+http://fake:19530/{names[which]}"
                made = connections.setdefault(which, FakeConnection(fake, address))
                for module in ("store", "writer"):
                    patch.setattr(f"index.milvus.{module}.connect", lambda _: made)
            else:
                address = address_at(request, request.param, names[which])
            patch.setenv("PINPOINT_STORE", address)
            yield

    return tenant


def test_two_tenants_with_the_same_ids_and_texts_meet_nowhere(tenants, tmp_path):
    made = {}
    for which in ("one", "other"):
        folder = tmp_path / which / "documents"
        folder.mkdir(parents=True)
        (folder / "common.txt").write_text(COMMON)
        (folder / "own.txt").write_text(f"The word of {which} is {which}word.")
        if which == "other":
            (folder / "third.txt").write_text("Only the other has zebras.")
        made[which] = Pinpoint(
            tmp_path / which / "home", Settings(), embedder=WordEmbedder(), reader=TermReader()
        )
    one, other = made["one"], made["other"]
    with tenants("one"):
        assert one.sync(tmp_path / "one" / "documents").embedded == 2
        before = seen(one.home)
    with tenants("other"):
        with pytest.raises(IndexMissingError):
            other.status()
        # Not even the vector of the common text is used by the other.
        assert other.sync(tmp_path / "other" / "documents").embedded == 3
        zebras = other.documents(query="third").documents[0].sha256
        assert other.document(zebras)[1] == "Only the other has zebras."
    with tenants("one"):
        assert seen(one.home) == before
        with pytest.raises(PinpointError):
            one.document(zebras)
        assert one.documents(query="third").total == 0
        assert one.documents().total == 2
        found = one.search("zebras otherword gate").passages
        assert {str(tmp_path / "one") in p.document.path for p in found} == {True}
        assert len(found) == 2
        assert not one.ask("Who only has zebras?").answered
        with open_store(one.home) as store:
            assert store.chunk_ids().size == store.state().chunks == 2
            assert len(nearest(store, WordEmbedder().encode_query("zebras"), 50, Filter())) == 2
            assert store.paths_of(zebras) == ()
            theirs = Filter(folders=(str(tmp_path / "other"),))
            assert store.chunk_ids_within(theirs).size == 0
            assert nearest(store, WordEmbedder().encode_query("zebras"), 50, theirs) == []
    with tenants("other"):
        other.remove([tmp_path / "other" / "documents"])
        assert other.status().index.documents == 0
    with tenants("one"):
        assert seen(one.home) == before
        assert one.ask("When opens the gate?").citations[0].quote == COMMON


@pytest.mark.parametrize(
    "name",
    [
        "a b", 'a"b', "a' or '1", '" or tenant != "', "a\\", "a%", "ä", "a:b", "a.b", "x" * 65,
        "one/other", "..", "%22", "tenant\nb", "a*", "a?b", "a#b",
    ],
)  # fmt: skip
def test_names_that_could_mean_another_tenant_are_refused(name, monkeypatch, tmp_path):
    monkeypatch.setenv("PINPOINT_STORE", f"milvus+http://127.0.0.1:1/{name}")
    with pytest.raises(SettingsError, match=r"store: "), open_store(tmp_path):
        pass
