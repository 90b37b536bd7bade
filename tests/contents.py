"""All that an index holds, without row numbers and times, to compare one index with another."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
from fakes import TermReader

from index.database import FILE_NAME
from index.dense import DenseIndex
from index.settings import Settings
from index.sqlite_store import SqliteStore
from qa.api import Pinpoint

QUESTIONS = ("Who keeps the red lamp?", "Where is the old gate?", "When does the river rise?")
TERMS = ("red", "lamp OR gate", "title : river", '"old gate"')

_DOCUMENTS = (
    "SELECT path, size_bytes, file_sha256, sha256, title, date, media_type, authors, language, url,"
    " warnings, made_with, chunked_with, blocks, locations, layout"
    " FROM documents JOIN structures ON document = documents.id ORDER BY path"
)
_CHUNKS = (
    "SELECT path, start, end, c.heading, sentences, input_sha256, vector, p.title, p.heading, body"
    " FROM chunks c JOIN documents d ON d.id = c.document LEFT JOIN vectors v ON v.chunk = c.id"
    " LEFT JOIN passages p ON p.rowid = c.id ORDER BY path, start"
)
_META = "SELECT key, value FROM meta WHERE key IN ('counts', 'model')"


def rows(home: Path) -> dict:
    """What the database holds."""
    with closing(sqlite3.connect(f"file:{home / FILE_NAME}?mode=rw", uri=True)) as db:
        held = {
            "documents": db.execute(_DOCUMENTS).fetchall(),
            "texts": db.execute("SELECT sha256, text FROM texts ORDER BY sha256").fetchall(),
            "chunks": db.execute(_CHUNKS).fetchall(),
            "meta": dict(db.execute(_META)),
            "counted": {
                table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("structures", "vectors", "passages", "chunks")
            },
        }
        for table in ("roots", "failures", "archives"):
            held[table] = db.execute(f"SELECT * FROM {table} ORDER BY path").fetchall()
    held["meta"]["counts"] = json.loads(held["meta"]["counts"])
    return held


def found(home: Path, embedder) -> dict:
    """What full text, FAISS and questions find; row numbers become path and offset."""
    with SqliteStore.open(home) as store:
        paths = {document.rowid: document.path for document in store.documents()}
        ids = store.chunk_ids().tolist()
        places = {c.rowid: (paths[c.document], c.start) for c in store.chunks(ids)}
        dense = DenseIndex.load(store)
        assert sorted(dense.ids().tolist()) == ids
        words = [
            [(places[i], score) for i, score in store.search_terms(terms, 50)] for terms in TERMS
        ]
        cosines = []
        for question in QUESTIONS if ids else ():
            hits = dense.search(store, embedder.encode_query(question), len(ids))
            cosines.append(sorted((places[i], round(score, 5)) for i, score in hits))
    pinpoint = Pinpoint(home, Settings(), embedder=embedder, reader=TermReader())
    answers = [pinpoint.ask(question).model_dump() for question in QUESTIONS]
    for answer in answers:
        answer["index"].pop("generation")
    return {"words": words, "cosines": cosines, "answers": answers}


def contents(home: Path, embedder) -> dict:
    """All of it."""
    return rows(home) | found(home, embedder)


def generation(home: Path) -> int:
    """How many changes were committed."""
    with SqliteStore.open(home) as store:
        return store.generation()


def unit_norms(home: Path) -> bool:
    """Whether all vectors have unit length."""
    with SqliteStore.open(home) as store:
        vectors = store.vectors()
    return bool(np.allclose(np.linalg.norm(vectors, axis=1), 1)) if len(vectors) else True
