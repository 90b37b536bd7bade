"""What an index was made with: vectors and chunks of different making must never meet."""

from index.chunk import VERSION
from index.embed import ModelInfo
from index.errors import ModelMismatchError
from index.settings import Settings
from index.store import Store


def check_model(store: Store, fingerprint: str) -> None:
    """Refuse a store whose vectors come from another model, of whatever width.

    Raises:
        ModelMismatchError: with the command that repairs it.
    """
    stored = store.meta("model")
    if stored not in (None, fingerprint):
        info = store.meta("embedder")
        name = ModelInfo.model_validate_json(info).name if info else stored
        raise ModelMismatchError(
            f"{store.home}: built with another model ({name}); name that model in the settings, "
            "or embed everything again with: pinpoint index --rebuild"
        )


def check_chunking(store: Store, settings: Settings, chunk_tokens: int) -> None:
    """Refuse a store whose chunks were cut another way.

    Raises:
        ModelMismatchError: with the command that repairs it.
    """
    stored = store.meta("chunking")
    if stored not in (None, _chunking(settings, chunk_tokens)):
        raise ModelMismatchError(
            f"{store.home}: cut into chunks another way ({stored}); restore those settings, "
            "or cut and embed everything again with: pinpoint index --rebuild"
        )


def write_recipe(store: Store, fingerprint: str, settings: Settings, chunk_tokens: int) -> None:
    """Note the model and the chunking that the store's content is made with."""
    store.set_meta("model", fingerprint)
    store.set_meta("chunking", _chunking(settings, chunk_tokens))


def _chunking(settings: Settings, chunk_tokens: int) -> str:
    return (
        f"{chunk_tokens} word pieces, {settings.chunk_overlap} sentences overlap, "
        f"language {settings.language}, version {VERSION}"
    )
