"""One change of the index inside one transaction: documents in and out, chunks and vectors."""

from collections.abc import Sequence

from index.chunk import Chunk
from index.embed import Embedder
from index.extract import load_options
from index.fan_out import in_batches
from index.intake import ReadFile
from index.load import load_recipe
from index.recipe import chunk_recipe, chunker, is_other_model
from index.report import Progress
from index.rows import StoredDocument
from index.settings import Settings
from index.store import StoreWriter, Unfinished, input_sha256, text_sha256


class Change:
    """Collects what changes; `finish` makes chunks and vectors follow.

    Nothing that goes is deleted before `finish`, so that its vectors can be used again. Of the
    documents with one text only the first by path gets chunks.

    Args:
        store: Inside its transaction.
        embedder: Used only where a chunk's text has no vector yet.
        settings: Chunking and language.
        unfinished: Vectors that an interrupted sync left.
        rebuild: Cut and embed everything again.
        progress: Called as chunks are embedded.

    Attributes:
        remade: Hashes of the texts that are cut or embedded again for their making alone.
        stale: Paths of documents whose texts were made in another way than now.
        other_model: The vectors so far are those of another model.
        embedded: How many inputs had to be embedded.
        resumed: How many vectors an interrupted sync had left.
    """

    def __init__(
        self,
        store: StoreWriter,
        embedder: Embedder,
        settings: Settings,
        unfinished: Unfinished,
        *,
        rebuild: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._settings = settings
        self._unfinished = unfinished
        self._progress = progress
        self._recipe = chunk_recipe(settings, embedder)
        self._load_options = load_options(settings)
        self._chunker = chunker(settings, embedder)
        self._rebuild = rebuild
        self._last_chunk = store.last_chunk()
        if rebuild:
            store.write_anew()
        self._touched: dict[str, None] = {}  # in the order of the files
        self._retired: dict[int, StoredDocument] = {}
        self._inputs: dict[bytes, str] = {}
        self._chunk_ids: dict[bytes, list[int]] = {}
        self.other_model = is_other_model(store, embedder.fingerprint)
        recipe = "" if rebuild else self._recipe
        self.remade = dict.fromkeys(store.chunked_otherwise(recipe))
        self.stale = frozenset(store.paths_made_otherwise(recipe))
        self.embedded = 0
        self.resumed = 0

    def put(self, file: ReadFile, old: StoredDocument | None) -> None:
        """Take in a document that was read, in the place of an old one."""
        document = file.document
        if file.twin is not None:
            document = self._store.extracted(file.twin)
        if document is None:
            raise ValueError(f"{file.path}: nothing was loaded")
        if old is not None:
            self.drop(old)
        self._store.add_document(
            file.path,
            file.size_bytes,
            file.sha256,
            document,
            stat=file.stat,
            made_with=load_recipe(document.media_type, self._load_options),
        )
        self._touched[text_sha256(document.text)] = None

    def drop(self, document: StoredDocument) -> None:
        """Take a document out."""
        self._store.retire(document.rowid)
        self._retired[document.rowid] = document
        self._touched[document.sha256] = None

    def finish(self) -> None:
        """Make chunks and vectors follow; a new generation if anything changed.

        Raises:
            IndexDamagedError: a chunk is left without a vector.
        """
        store = self._store
        if self._rebuild or self.other_model:
            store.drop_vectors()
        store.set_meta("model", self._embedder.fingerprint)
        self.remade = {text: None for text in self.remade if text not in self._touched}
        for sha256 in [*self._touched, *self.remade]:
            self._settle(sha256)
        vectors = self._vectors()
        store.remove_dropped()
        for rowid in self._retired:
            store.remove_document(rowid)
        store.add_vectors(
            [(chunk, vectors[key]) for key, chunks in self._chunk_ids.items() for chunk in chunks]
        )
        store.check_vectors(self._last_chunk)
        if self._touched or self.remade:
            store.next_generation()

    def _settle(self, sha256: str) -> None:
        """Leave the chunks of a text with the first document that has it, made as they should."""
        having = self._store.with_text(sha256)
        first = next((d for d in having if d.rowid not in self._retired), None)
        holder = next((d for d in having if d.chunked_with), None)
        if first is None:
            return
        good = holder is not None and holder.chunked_with == self._recipe and not self._rebuild
        if holder is not None and good and holder.rowid == first.rowid:
            return
        if holder is not None and good and self._store.same_structure(holder.rowid, first.rowid):
            self._store.move_chunks(holder.rowid, first.rowid)
            return
        if holder is not None:
            self._store.drop_chunks(holder.rowid)
        self._cut(first.rowid)

    def _cut(self, rowid: int) -> None:
        document = self._store.extracted(rowid)
        chunks: Sequence[Chunk] = self._chunker.split(document)
        ids = self._store.add_chunks(rowid, document, chunks, self._recipe)
        for chunk_id, chunk in zip(ids, chunks, strict=True):
            key = input_sha256(chunk.input)
            self._inputs[key] = chunk.input
            self._chunk_ids.setdefault(key, []).append(chunk_id)

    def _vectors(self) -> dict[bytes, bytes]:
        """Return a vector for every new input: one that is stored, left over, or made now."""
        vectors = self._store.vectors_of(self._inputs)
        left = self._unfinished.get(self._inputs.keys() - vectors.keys())
        self.resumed = len(left)
        vectors |= left
        missing = sorted(
            self._inputs.keys() - vectors.keys(),
            key=lambda key: (len(self._inputs[key]), self._inputs[key]),
        )
        self.embedded = len(missing)
        return vectors | self._embed(missing)

    def _embed(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        vectors: dict[bytes, bytes] = {}
        size = self._settings.embed_batch
        batches = [keys[first : first + size] for first in range(0, len(keys), size)]
        texts = [[self._inputs[key] for key in batch] for batch in batches]
        if keys:
            self._tell(0, len(keys))
        for number, rows in in_batches(self._embedder, texts):
            made = dict(zip(batches[number], (row.tobytes() for row in rows), strict=True))
            self._unfinished.add(made)
            vectors |= made
            self._tell(len(vectors), len(keys))
        if keys or self.resumed:
            self._store.set_meta("embedder", self._embedder.info().model_dump_json())
        return vectors

    def _tell(self, done: int, total: int) -> None:
        if self._progress:
            self._progress("embedding chunks", done, total)
