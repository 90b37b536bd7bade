"""The same promises from the table in memory and from Milvus Lite, which runs in this process."""

import contextlib
import threading

import pytest
from milvus_fakes import HOSTILE, FakeTable

from index.errors import InputError, LeaseLostError, StoreError
from index.milvus import table as module
from index.milvus.connection import WITHOUT_PINGS
from index.milvus.lease import lease
from index.milvus.ledger import EMPTY, begin, commit, current, recovered, settle
from index.milvus.table import MilvusTable

VECTOR = [0.0, 0.0]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A client of Milvus Lite, with one collection of the ledger's form."""
    pymilvus = pytest.importorskip("pymilvus", reason="pymilvus is not installed")
    manager = pytest.importorskip("milvus_lite.server_manager").server_manager_instance
    path = str(tmp_path_factory.mktemp("lite") / "lite.db")
    client = pymilvus.MilvusClient(path, grpc_options=WITHOUT_PINGS)
    yield client
    client.close()
    manager.release_server(path)


@pytest.fixture
def tables(request, kind):
    """A function that opens a tenant's table; all of them are of one new collection."""
    if kind == "fake":
        shared = {}
        yield lambda tenant: FakeTable(shared, tenant)
    else:
        client = request.getfixturevalue("client")
        make_collection(client, "ledger")
        yield lambda tenant: MilvusTable(client, "ledger", tenant)
        client.drop_collection("ledger")


def make_collection(client, name):
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False)
    schema.add_field("pk", DataType.VARCHAR, is_primary=True, max_length=512)
    schema.add_field("tenant", DataType.VARCHAR, max_length=64)
    schema.add_field("kind", DataType.VARCHAR, max_length=512)
    schema.add_field("number", DataType.INT64)
    schema.add_field("body", DataType.VARCHAR, max_length=65_535)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="L2")
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")
    client.load_collection(name)


both = pytest.mark.parametrize("kind", ["fake", pytest.param("lite", marks=pytest.mark.milvus)])


def row(pk, number=0, kind="k", body="{}"):
    return {"pk": pk, "kind": kind, "number": number, "body": body, "vector": VECTOR}


def keys(rows):
    return sorted(row["pk"] for row in rows)


@both
def test_rows_are_put_in_replaced_found_and_taken_out(tables):
    table = tables("one")
    table.insert([row("a", 1), row("b", 2)])
    table.upsert([row("b", 3), row("c", 4)])
    found = table.query("number >= 3", ["number"])
    assert sorted(found, key=lambda row: row["pk"]) == [
        {"pk": "b", "number": 3},
        {"pk": "c", "number": 4},
    ]
    assert keys(table.query("", ["number"], "bounded")) == ["a", "b", "c"]
    assert keys(table.get(["a", "c", "z"], ["number"])) == ["a", "c"]
    assert table.count("number not in [1, 3]") == 1
    assert table.count("number == 1 or (number > 1 and not (number == 3))") == 2
    table.delete(["a", "z"])
    assert table.delete_where("number == 4") == 1
    assert keys(table.query("", [])) == ["b"]
    assert table.count("") == 1
    for nothing in (table.insert, table.upsert, table.delete):
        nothing([])
    assert table.get([], []) == []


@both
def test_no_tenant_sees_or_changes_another_ones_rows(tables):
    one, other = tables("one"), tables("other")
    one.insert([row("a", 1)])
    other.insert([row("a", 2), row("b", 3)])
    assert one.query("number > 0 or number == 3", ["number"]) == [{"pk": "a", "number": 1}]
    assert one.get(["a", "b", "other:b"], []) == [{"pk": "a"}]
    assert one.count("") == 1
    one.delete(["b", "other:b"])
    one.upsert([row("b", 9)])
    assert one.delete_where("number > 0 or number == 3") == 2
    assert one.count("") == 0
    assert sorted(row["number"] for row in other.query("", ["number"])) == [2, 3]


@both
def test_a_text_is_found_by_itself_and_by_nothing_else(tables):
    from index.milvus.literal import literal, literals

    table = tables("one")
    table.insert(row(f"{place}:{text}", place, text) for place, text in enumerate(HOSTILE))
    for place, text in enumerate(HOSTILE):
        pk = f"{place}:{text}"
        assert table.query(f"kind == {literal(text)}", ["number"]) == [{"pk": pk, "number": place}]
        assert keys(table.query(f"kind in {literals([text])}", ["number"])) == [pk]
        assert table.get([pk], ["kind"]) == [{"pk": pk, "kind": text}]
        table.delete([pk])
        assert table.count("") == len(HOSTILE) - place - 1


@pytest.mark.milvus
@pytest.mark.parametrize("kind", ["lite"])
def test_an_answer_of_several_pages_is_whole(tables, monkeypatch):
    monkeypatch.setattr(module, "_FIRST_PAGE_ROWS", 10)
    table = tables("one")
    for count in (9, 1, 25):  # 9, 10 and 35 rows
        table.insert(row(f"{count}:{place}", place) for place in range(count))
        found = keys(table.query("number >= 0", ["number"]))
        assert len(set(found)) == len(found) == table.count("")


@both
def test_two_processes_write_one_after_the_other(tables):
    table = tables("one")
    order = []

    def write(name):
        with lease(table, timeout_seconds=60.0) as held:
            attempt = begin(table, recovered(table, lambda _: None))
            held.check()
            settle(table, commit(table, attempt, name))
            order.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    version = current(table)
    assert sorted(order) == ["a", "b"]
    assert (version.generation, version.state) == (2, order[-1])
    assert keys(table.query("", [])) == sorted(
        f"{kind}:{version.number}" for kind in ("begin", "commit", "settled")
    )


@both
def test_a_commit_that_somebody_overtook_is_refused(tables):
    table = tables("one")
    late = begin(table, EMPTY)
    settle(table, commit(table, begin(table, EMPTY), "first"))
    with pytest.raises(LeaseLostError):
        commit(table, late, "late")
    assert current(table).state == "first"
    assert recovered(table, None) == current(table)


class BrokenClient:
    """Answers as it is told to, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def query(self, *arguments, **named):
        self.asked.append((arguments, named))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def load_collection(self, name, timeout):  # noqa: ARG002 - as the real one is called
        self.asked.append(f"load {name}")


@pytest.mark.milvus
def test_what_goes_wrong_names_the_server_the_cause_and_the_way_out():
    from pymilvus.exceptions import MilvusException

    error = MilvusException(2, "Fail connecting to\n http://me:secret@here:1")
    table = MilvusTable(BrokenClient(error), "c", "t", address="http://user:secret@milvus:19530")
    with pytest.raises(StoreError) as raised:
        table.count("")
    assert str(raised.value) == (
        "http://milvus:19530: query in c failed (Fail connecting to http://here:1); see that the "
        "server runs and that the setting `store` names it, then try again"
    )


@pytest.mark.milvus
def test_a_collection_that_is_still_being_loaded_is_waited_for():
    from pymilvus.exceptions import MilvusException

    client = BrokenClient(MilvusException(101, "collection not loaded"), [{"count(*)": 7}])
    assert MilvusTable(client, "c", "t").count("number > 1") == 7
    asked = {
        "filter": 'tenant == "t" and (number > 1)',
        "output_fields": ["count(*)"],
        "consistency_level": "Strong",
        "timeout": 30.0,
    }
    assert client.asked == [(("c",), asked), "load c", (("c",), asked)]


@pytest.mark.milvus
@pytest.mark.parametrize("kind", ["lite"])
def test_a_refused_expression_is_an_error_of_ours(tables):
    with pytest.raises(StoreError, match=r"^Milvus: query in ledger failed \("):
        tables("one").query("no such thing", [])


def test_a_table_needs_a_name_of_a_tenant():
    with contextlib.suppress(ImportError), pytest.raises(InputError):
        MilvusTable(None, "c", "a:b")
