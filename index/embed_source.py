"""What another process needs to load the embedding model: its name, and never its weights."""

import importlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from index.embed import Embedder
from index.errors import ModelError
from index.settings import Settings

LOADER = "index.embed:load_embedder"


class EmbedSource(BaseModel):
    """How to load an embedder, and which one it must be.

    Attributes:
        loader: `module:function` that makes it.
        arguments: Of that function, in types that JSON has.
        fingerprint: Of the embedder that it must be.
        threads: That work in the process.
    """

    model_config = ConfigDict(frozen=True)

    loader: str = LOADER
    arguments: dict[str, Any]
    fingerprint: str
    threads: int = 1

    def load(self) -> Embedder:
        """Load the embedder.

        Raises:
            ModelError: there is none here, or it is another one.
        """
        module, _, function = self.loader.partition(":")
        embedder: Embedder = getattr(importlib.import_module(module), function)(**self.arguments)
        if embedder.fingerprint != self.fingerprint:
            raise ModelError(
                f"the model to embed with has the fingerprint {self.fingerprint[:12]}, the one "
                f"found by the process that embeds {embedder.fingerprint[:12]}; install the same "
                "model on every machine, or name a model_revision"
            )
        return embedder


def source_of(embedder: Embedder, settings: Settings, threads: int) -> EmbedSource:
    """Return how to load the embedder that the settings name.

    Args:
        embedder: The one that is loaded here already; asked for the hub's revision of it.
        settings: Name the model, and what runs it.
        threads: That work in each process.
    """
    model = Path(settings.model).expanduser()
    return EmbedSource(
        arguments={
            # Another process may start in another folder.
            "model": str(model.absolute()) if model.is_dir() else settings.model,
            "revision": embedder.info().revision or settings.model_revision,
            "batch_size": settings.embed_batch,
            "runtime": settings.model_runtime,
            "threads": threads,
        },
        fingerprint=embedder.fingerprint,
        threads=threads,
    )
