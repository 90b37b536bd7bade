"""Collections that are there already: what is missing of them is made, what fails is told."""

import pytest
from pymilvus import MilvusClient, MilvusException

from index.errors import StoreError
from index.milvus.schema import make_chunks


class Client:
    """A server with the collection; it loads when both indexes are there, or never."""

    prepare_index_params = staticmethod(MilvusClient.prepare_index_params)

    def __init__(self, indexes, failure=None):
        self.indexes = list(indexes)
        self.failure = failure
        self.loaded = False

    def has_collection(self, _):
        return True

    def list_indexes(self, _, field):
        return [field] if field in self.indexes else []

    def create_index(self, _, indexes):
        for each in indexes:
            if each.field_name in self.indexes:
                raise MilvusException(65535, "at most one distinct index is allowed per field")
            self.indexes.append(each.field_name)

    def load_collection(self, _):
        if self.failure:
            raise MilvusException(1, self.failure)
        if set(self.indexes) != {"vector", "words"}:
            raise MilvusException(700, "index not found")
        self.loaded = True


@pytest.mark.parametrize("there", [(), ("vector",), ("words",), ("vector", "words")])
def test_indexes_that_were_not_made_are_made(there):
    client = Client(there)
    make_chunks(client, "fake", 8, index="hnsw", words=True)
    assert client.loaded


def test_why_a_collection_cannot_be_loaded_is_told():
    client = Client(["vector", "words"], failure="no memory left")
    with pytest.raises(StoreError, match="no memory left"):
        make_chunks(client, "fake", 8, index="hnsw", words=True)
