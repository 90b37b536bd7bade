"""The server that the tests of Milvus talk to: it stays alone, and loses nothing when killed."""

from pathlib import Path

import milvus_binary
import pytest
from milvus_binary import UnavailableError
from milvus_server import MilvusServer, filled, healthy, in_group, namespace


def test_the_config_takes_values_and_defaults():
    template = "path: {{ data_dir }}\nport: {{ proxy_port(int): 19530 }}\ncert: {{ pem: a.pem }}\n"
    filled_in = "path: /data\nport: 19530\ncert: a.pem\n"
    assert filled(template, {"data_dir": "/data"}) == filled_in


def test_without_namespaces_it_is_unavailable(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match=r"needs a network namespace, and none can be made"):
        namespace()


@pytest.mark.slow
def test_without_the_package_it_is_unavailable(monkeypatch, tmp_path):
    monkeypatch.setattr(milvus_binary, "FOLDER", tmp_path / "kept")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(
        UnavailableError, match=r"could not be fetched: ERROR: No matching distribution"
    ):
        milvus_binary.milvus_binary()
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["lock"]


@pytest.fixture
def client(milvus_server):
    from milvus_empty import empty_server
    from pymilvus import MilvusClient

    with empty_server(milvus_server.uri) as uri:
        made = MilvusClient(uri)
        yield made
        made.close()


def all_ids(client):
    rows = client.query("rows", "id >= 0", output_fields=["id"], consistency_level="Strong")
    return sorted(row["id"] for row in rows)


@pytest.mark.milvus
def test_rows_flushed_and_unflushed_survive_a_kill(milvus_server, client):
    client.create_collection("rows", dimension=2)
    client.insert("rows", [{"id": number, "vector": [0.0, 1.0]} for number in range(3)])
    client.flush("rows")
    client.insert("rows", [{"id": number, "vector": [0.0, 1.0]} for number in range(3, 5)])
    client.delete("rows", ids=[0])
    assert all_ids(client) == [1, 2, 3, 4]
    milvus_server.kill()
    assert milvus_server.memory_bytes() == 0
    milvus_server.start()
    client.load_collection("rows")  # what was loaded loads again, and this waits for it
    assert all_ids(client) == [1, 2, 3, 4]


def network(pid):
    return Path(f"/proc/{pid}/ns/net").readlink()


@pytest.mark.milvus
def test_it_is_in_a_network_of_its_own(milvus_server):
    networks = {network(pid) for pid in in_group(milvus_server.group)}
    assert len(networks) == 1
    assert networks != {network("self")}


@pytest.mark.milvus
@pytest.mark.usefixtures("milvus_server")  # which skips where none can run
def test_it_ends_with_the_process_that_started_it(tmp_path):
    with MilvusServer(tmp_path / "another") as another:
        assert healthy(another.health_port)
        group = another.group
        another.let_go()
        assert list(in_group(group)) == []


@pytest.mark.milvus
def test_each_test_finds_no_collections_on_the_server_or_lite(milvus_uri):
    from pymilvus import MilvusClient

    client = MilvusClient(milvus_uri)
    assert client.list_collections() == []
    client.create_collection("rows", dimension=2)
    assert client.list_collections() == ["rows"]
    client.close()
