"""A migration of the seeds to a real Milvus and back, resumed on the way."""

from pathlib import Path

import pytest
from fakes import WordEmbedder
from migrations import SETTINGS, killed, tables
from milvus_fakes import Killed

from index.sync import sync
from index.transfer import run
from index.transfer.milvus_side import MilvusTarget
from index.transfer.run import compare, migrate

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.mark.milvus
def test_the_seeds_go_there_and_come_back(milvus_uri, tmp_path, monkeypatch):
    home, other = tmp_path / "home", tmp_path / "other"
    sync(home, [SEEDS], WordEmbedder(), SETTINGS)
    scheme = "" if "://" in milvus_uri else "file:"
    address = f"milvus+{scheme}{milvus_uri}/seeds"
    documents = len(tables(home)["documents"])
    monkeypatch.setattr(run, "_DOCUMENTS_KEPT_AT_ONCE", documents // 2)
    keep = MilvusTarget.keep

    def keep_and_die(self, records):
        keep(self, records)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(MilvusTarget, "keep", keep_and_die)
        with killed():
            migrate(home, "sqlite", "milvus", SETTINGS, address=address)
    report = migrate(home, "sqlite", "milvus", SETTINGS, address=address)
    assert report.differences == ()
    assert report.resumed == documents // 2
    assert report.copied == documents - documents // 2
    assert compare(home, "milvus", "sqlite", SETTINGS, address=address).differences == ()
    back = migrate(other, "milvus", "sqlite", SETTINGS, address=address)
    assert back.digest == report.digest
    assert tables(other) == tables(home)
