"""One server and one tenant on it, shared by all that this process does with them."""

import os
import re
import sqlite3
import threading
import time
from collections import OrderedDict
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from index.errors import IndexMissingError, PinpointError, SettingsError, StoreError
from index.milvus import parts, schema
from index.milvus.calls import told, without_secrets
from index.milvus.driver import pymilvus
from index.milvus.features import searches_words
from index.milvus.ledger import EMPTY, Version, current
from index.milvus.literal import check_tenant
from index.milvus.state import State, loaded
from index.milvus.table import MilvusTable
from index.settings import STORE_TOKEN_VARIABLE, StoreIndex

_DEFAULT_TENANT = "default"
_HELD_CHARS = 64_000_000
_CONNECT_SECONDS = 5.0
_START_SECONDS = 60.0  # Milvus Lite starts in this process, on a busy machine too
_CONNECT_FAILED = 2
_LITE_TRIES = 3
_LITE_PAUSE_SECONDS = 0.5

WITHOUT_PINGS = {"grpc.keepalive_time_ms": 2**31 - 1}
"""For Milvus Lite, which takes the pings that pymilvus sends for an attack, and hangs up."""


class Address(NamedTuple):
    """Where a store is: what `pymilvus` takes, and whose rows are meant."""

    uri: str
    tenant: str


def parse(address: str) -> Address:
    """Take an address of the setting `store` apart.

    Raises:
        SettingsError: the tenant has another form than 1 to 64 of `A-Z a-z 0-9 _ -`, more follows
            it, or a file is said to be on some machine.
    """
    if re.search(r"[\s?#]", address):  # which would be left out without a word
        raise SettingsError(f"store: {address!r} has a space, ? or # in it; write it without")
    parts_of = urlsplit(address.removeprefix("milvus+"))
    tenant = _DEFAULT_TENANT
    if parts_of.scheme == "file":
        if parts_of.netloc:  # which would be left out without a word
            raise SettingsError(
                f"store: {address!r} names a machine; write milvus+file:/path/to/index.db"
            )
        uri = unquote(parts_of.path)
        path, _, last = uri.rpartition("/")
        if path.endswith(".db"):
            uri, tenant = path, last
    else:
        uri = f"{parts_of.scheme}://{parts_of.netloc}"
        tenant = parts_of.path.strip("/") or tenant
    try:
        check_tenant(tenant)
    except PinpointError as error:
        raise SettingsError(f"store: {error}") from error
    return Address(uri, tenant)


class Connection:
    """The tables of one tenant. Safe to use from several threads.

    Args:
        address: As the setting `store` has it.

    Raises:
        StoreError: the server cannot be reached.
    """

    def __init__(self, address: str) -> None:
        self.address = without_secrets(address)
        self._uri, self.tenant = parse(address)
        self._lock = threading.Lock()
        self._making = threading.RLock()
        self._newest = EMPTY
        self._states: OrderedDict[str, State] = OrderedDict()
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._held_chars = 0
        self._small_tables: dict[str, MilvusTable] = {}
        self._chunks: dict[int, MilvusTable] = {}
        self._vectors: dict[int, MilvusTable] = {}
        self._words: dict[int, bool] = {}
        self._indexes: dict[int, str] = {}
        self.index: StoreIndex = "flat"  # of collections that are made from here
        self.listing: tuple[str, sqlite3.Connection] | None = None
        self.warnings: tuple[str, dict[str, tuple[str, ...]]] | None = None

    @property
    def is_server(self) -> bool:
        """Whether other processes can connect to it, too; Milvus Lite has one."""
        return self._uri.startswith(("http://", "https://"))

    @cached_property
    def client(self) -> Any:  # noqa: ANN401 - pymilvus has no types
        """The library's client."""
        library = pymilvus()
        with self._making, told(self.address, "connecting"):
            if not self.is_server:
                return self._lite(library)
            token = os.environ.get(STORE_TOKEN_VARIABLE, "")
            return library.MilvusClient(self._uri, token=token, timeout=_CONNECT_SECONDS)

    def _lite(self, library: Any) -> Any:  # noqa: ANN401
        """Open a file; its server is in this process, so one that does not answer is slow."""
        tries = 0
        while True:
            tries += 1
            try:
                return library.MilvusClient(
                    self._uri, timeout=_START_SECONDS, grpc_options=WITHOUT_PINGS
                )
            except library.MilvusException as error:
                if error.code == _CONNECT_FAILED and tries < _LITE_TRIES:
                    time.sleep(_LITE_PAUSE_SECONDS)
                    continue
                raise StoreError(
                    f"{self.address}: cannot be opened ({error.message}); if another process has "
                    "it open, end that, as Milvus Lite serves one at a time, or use a server"
                ) from error

    @cached_property
    def searches_words(self) -> bool:
        """Whether the server offers full-text search."""
        return searches_words(self.client, self.address)

    @property
    def ledger(self) -> MilvusTable:
        """Versions and leases."""
        return self._small(schema.LEDGER)

    @property
    def parts(self) -> MilvusTable:
        """Texts, structures and states."""
        return self._small(schema.PARTS)

    @property
    def documents(self) -> MilvusTable:
        """Documents."""
        return self._small(schema.DOCUMENTS)

    def chunks(self, dimension: int) -> MilvusTable:
        """Return the chunks with vectors of this width."""
        with self._making:
            if dimension not in self._chunks:
                schema.make_chunks(
                    self.client,
                    self.address,
                    dimension,
                    index=self.index,
                    words=self.searches_words,
                )
                self._chunks[dimension] = self._table(schema.chunks_name(dimension))
            return self._chunks[dimension]

    def has_words(self, dimension: int) -> bool:
        """Tell whether chunks with vectors of this width are searched by words on the server."""
        self.chunks(dimension)
        with self._making:
            if dimension not in self._words:
                self._words[dimension] = schema.has_words(self.client, self.address, dimension)
            return self._words[dimension]

    def index_of(self, dimension: int) -> str:
        """Return how vectors of this width are compared, by Milvus's name for it."""
        self.chunks(dimension)
        with self._making:
            if dimension not in self._indexes:
                self._indexes[dimension] = schema.index_of(self.client, self.address, dimension)
            return self._indexes[dimension]

    def unfinished(self, dimension: int) -> MilvusTable:
        """Return the vectors of changes that are not committed yet."""
        with self._making:
            if dimension not in self._vectors:
                schema.make_vectors(self.client, self.address, dimension)
                self._vectors[dimension] = self._table(schema.vectors_name(dimension))
            return self._vectors[dimension]

    def unfinished_widths(self) -> list[int]:
        """Return the widths of the vectors that changes left, ascending."""
        return schema.widths_of_vectors(self._names())

    def chunk_widths(self) -> list[int]:
        """Return the widths of the vectors of chunks, of all tenants, ascending."""
        return schema.widths_of_chunks(self._names())

    def _names(self) -> list[str]:
        with told(self.address, "list collections"):
            return list(self.client.list_collections())

    def version(self) -> Version:
        """Return the version that is current, or was some seconds ago; never one older than before.

        Raises:
            IndexMissingError: there is none.
        """
        version = self.note(self._current())
        if not version.number:
            raise IndexMissingError(
                f"no index in {self.address}; make one with: pinpoint index PATH"
            )
        return version

    def _current(self) -> Version:
        made = schema.LEDGER in self._small_tables
        if not made and not schema.is_there(self.client, self.address, schema.LEDGER):
            return EMPTY  # reading makes no collections
        version = current(self.ledger, "bounded")
        if version.number or self._newest.number:
            return version
        return current(self.ledger)

    def note(self, version: Version) -> Version:
        """Know this version; return the newest that is known."""
        with self._lock:
            self._newest = max(self._newest, version, key=lambda each: each.number)
            return self._newest

    def state(self, version: Version) -> State:
        """Return what is kept of a version as a whole."""
        with self._lock:
            if version.state in self._states:
                return self._states[version.state]
        state = loaded(parts.read(self.parts, version.state), self.address)
        with self._lock:
            self._states[version.state] = state
            while len(self._states) > 4:  # noqa: PLR2004 - readers of older ones end soon
                self._states.popitem(last=False)
        return state

    def text(self, key: str) -> str:
        """Return a text or structure by the key of its parts, which never change."""
        with self._lock:
            if key in self._texts:
                self._texts.move_to_end(key)
                return self._texts[key]
        text = parts.read(self.parts, key)
        self.hold(key, text)
        return text

    def hold(self, key: str, text: str) -> None:
        """Have a text at hand that is, or will be, under a key."""
        with self._lock:
            self._held_chars += len(text) - len(self._texts.pop(key, ""))
            self._texts[key] = text
            while len(self._texts) > 1 and self._held_chars > _HELD_CHARS:
                self._held_chars -= len(self._texts.popitem(last=False)[1])

    def _small(self, name: str) -> MilvusTable:
        with self._making:
            if name not in self._small_tables:
                schema.make_small(self.client, self.address, name)
                self._small_tables[name] = self._table(name)
            return self._small_tables[name]

    def _table(self, name: str) -> MilvusTable:
        return MilvusTable(self.client, name, self.tenant, address=self.address)


_connections: dict[str, Connection] = {}
_connecting = threading.Lock()


def connect(address: str) -> Connection:
    """Return this process's connection to an address."""
    with _connecting:
        if address not in _connections:
            _connections[address] = Connection(address)
        return _connections[address]
