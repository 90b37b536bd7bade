"""A Milvus without collections: the real server's, emptied again afterwards, or Lite's new file."""

from contextlib import contextmanager


@contextmanager
def empty_server(uri):
    from pymilvus import MilvusClient

    try:
        yield uri
    finally:
        client = MilvusClient(uri)
        for name in client.list_collections():
            for alias in client.list_aliases(name)["aliases"]:
                client.drop_alias(alias)
            client.drop_collection(name)
        client.close()


@contextmanager
def empty_lite(path):
    from milvus_lite.server_manager import server_manager_instance

    try:
        yield str(path)
    finally:
        server_manager_instance.release_server(str(path))
