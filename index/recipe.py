"""What an index was made with: vectors and chunks of different making must never meet."""

from index.chunk import VERSION, Chunker
from index.embed import Embedder, ModelInfo
from index.errors import ModelMismatchError
from index.settings import Settings
from index.store import Store


def check_model(store: Store, fingerprint: str) -> None:
    """Refuse a store whose vectors come from another model, of whatever width.

    Raises:
        ModelMismatchError: with the command that repairs it.
    """
    if is_other_model(store, fingerprint):
        info = store.meta("embedder")
        name = ModelInfo.model_validate_json(info).name if info else store.meta("model")
        raise ModelMismatchError(
            f"{store.home}: built with another model ({name}); name that model in the settings, "
            "or embed everything again with: pinpoint index"
        )


def is_other_model(store: Store, fingerprint: str) -> bool:
    """Tell whether the store's vectors come from another model."""
    return store.meta("model") not in (None, fingerprint)


def chunk_tokens(settings: Settings, embedder: Embedder) -> int:
    """Return the most word pieces in a chunk: what is set, but no more than the model takes."""
    return min(settings.chunk_tokens, embedder.max_tokens)


def chunk_recipe(settings: Settings, embedder: Embedder) -> str:
    """Return all that decides which chunks and vectors a document gets."""
    return (
        f"{chunk_tokens(settings, embedder)} word pieces, {settings.chunk_overlap} sentences "
        f"overlap, language {settings.language}, version {VERSION}; model {embedder.fingerprint}"
    )


def chunker(settings: Settings, embedder: Embedder) -> Chunker:
    """Return what cuts documents as `chunk_recipe` says."""
    return Chunker(
        embedder.token_offsets,
        max_tokens=chunk_tokens(settings, embedder),
        special_tokens=embedder.special_tokens,
        overlap=settings.chunk_overlap,
        language=settings.language,
    )
