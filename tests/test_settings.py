import pytest

from index.errors import SettingsError
from index.settings import Settings, default_home, resolve_settings


def test_defaults():
    assert resolve_settings_in_empty_home() == Settings()


def resolve_settings_in_empty_home(tmp="nowhere"):
    from pathlib import Path

    return resolve_settings(Path(tmp))


def test_each_layer_overrides_the_one_before(tmp_path, monkeypatch):
    (tmp_path / "pinpoint.toml").write_text("passages = 4\ncandidates = 5\nmax_citations = 6\n")
    monkeypatch.setenv("PINPOINT_CANDIDATES", "7")
    monkeypatch.setenv("PINPOINT_MAX_CITATIONS", "8")
    found = resolve_settings(tmp_path, {"max_citations": 9})
    assert (found.passages, found.candidates, found.max_citations) == (4, 7, 9)


def test_an_explicit_zero_is_kept(tmp_path):
    found = resolve_settings(tmp_path, {"chunk_overlap": 0, "threshold": 0})
    assert (found.chunk_overlap, found.threshold) == (0, 0.0)


@pytest.mark.parametrize("source", ["file", "environment", "arguments"])
def test_unknown_keys_are_refused_with_their_source(tmp_path, monkeypatch, source):
    arguments = {}
    if source == "file":
        (tmp_path / "pinpoint.toml").write_text("pasages = 4\n")
    elif source == "environment":
        monkeypatch.setenv("PINPOINT_PASAGES", "4")
    else:
        arguments["pasages"] = 4
    with pytest.raises(SettingsError, match=rf"pasages \(from .*{source}|pinpoint.toml\)"):
        resolve_settings(tmp_path, arguments)


def test_bounds_are_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("PINPOINT_CHUNK_TOKENS", "5")
    with pytest.raises(SettingsError, match=r"chunk_tokens \(from the environment\).*32"):
        resolve_settings(tmp_path)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("title, body.text", ("title", "body.text")),
        ("title", ("title",)),
        (" , ", None),
        (["a,b", " c "], ("a,b", "c")),
        (None, None),
    ],
)
def test_names_in_a_list_or_parted_by_commas(written, found):
    assert Settings(json_fields=written).json_fields == found


def test_names_from_the_environment_and_the_file(tmp_path, monkeypatch):
    (tmp_path / "pinpoint.toml").write_text('json_fields = ["a", "b"]\n')
    assert resolve_settings(tmp_path).json_fields == ("a", "b")
    monkeypatch.setenv("PINPOINT_JSON_FIELDS", "c,d")
    assert resolve_settings(tmp_path).json_fields == ("c", "d")
    monkeypatch.setenv("PINPOINT_JSON_FIELDS", "")
    assert resolve_settings(tmp_path).json_fields is None
    with pytest.raises(SettingsError, match=r"json_fields"):
        resolve_settings(tmp_path, {"json_fields": [""]})


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "pinpoint.toml").write_text("passages = ")
    with pytest.raises(SettingsError, match=r"pinpoint.toml: .*mend or remove"):
        resolve_settings(tmp_path)


def test_default_home_is_beside_the_nearest_seeds(tmp_path, monkeypatch):
    assert default_home() == tmp_path / ".pinpoint"
    inner = tmp_path / "project" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "project" / "seeds").mkdir()
    monkeypatch.chdir(inner)
    assert default_home() == tmp_path / "project" / ".pinpoint"
    monkeypatch.setenv("PINPOINT_HOME", "elsewhere")
    assert default_home() == inner / "elsewhere"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("https://models.example.org/v1/", "https://models.example.org/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("", None),
        (None, None),
    ],
)
def test_an_address_of_a_model(written, kept):
    assert Settings(phrase_url=written).phrase_url == kept


@pytest.mark.parametrize(
    "written",
    [
        *("127.0.0.1:8080", "file:///etc/passwd", "ftp://a/v1", "http://", "http://[::1/v1"),
        *("http://ada:secret@a/v1", "http://a/v1?key=secret", "http://a/v1#secret"),
        *("http://a:99999/v1", "http://a:0/v1", "http://a/\nv1", "http://a b/v1"),
    ],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused(tmp_path, written):
    with pytest.raises(SettingsError, match="phrase_url") as raised:
        resolve_settings(tmp_path, {"phrase_url": written})
    assert "secret" not in str(raised.value)
    assert "secret" not in str(raised.value.__cause__)


def test_the_key_of_a_model_is_no_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("PINPOINT_PHRASE_KEY", "sk-secret")
    assert "sk-secret" not in resolve_settings(tmp_path).model_dump_json()
    (tmp_path / "pinpoint.toml").write_text('phrase_key = "sk-secret"')
    with pytest.raises(SettingsError, match="phrase_key") as raised:
        resolve_settings(tmp_path)
    assert "sk-secret" not in f"{raised.value} {raised.value.__cause__}"
