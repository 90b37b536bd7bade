"""What a reader sees of an index, whatever its store, without ids."""

from index.stores import open_store


def seen(home):
    """Return documents, and chunks with their vectors; what belongs together is compared."""
    with open_store(home) as store:
        documents = {d.rowid: d for d in store.documents()}
        texts = {rowid: store.document(rowid)[1] for rowid in documents}
        ids = store.chunk_ids().tolist()
        chunks, bodies, vectors = store.chunks(ids), store.bodies(ids), store.vectors(ids)
        for chunk in chunks:
            assert bodies[chunk.rowid] == texts[chunk.document][chunk.start : chunk.end]
            assert store.chunks_of(chunk.document).count(chunk.rowid) == 1
        state = store.state()
        assert (state.documents, state.chunks) == (len(documents), len(ids))
        assert state.copies == len(texts) - len({d.sha256 for d in documents.values()})
        return (
            sorted((d.path, texts[d.rowid], d.title, d.date or "") for d in documents.values()),
            sorted(
                (documents[c.document].path, c.start, c.end, c.heading, c.sentences, v.tobytes())
                for c, v in zip(chunks, vectors, strict=True)
            ),
        )
