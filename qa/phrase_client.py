"""Asks an OpenAI-compatible server for one chat completion, within bounds of time and size."""

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from index.errors import PhraseError
from index.settings import PHRASE_KEY_VARIABLE
from qa.phrase_prompt import Messages

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 262_144
"""Longest response that is read."""

MAX_TOKENS = 512
"""Most that the model is asked to write."""

_ADVICE = {
    HTTPStatus.UNAUTHORIZED: f"set {PHRASE_KEY_VARIABLE} to a key that it takes",
    HTTPStatus.FORBIDDEN: f"set {PHRASE_KEY_VARIABLE} to a key that it takes",
    HTTPStatus.NOT_FOUND: "check phrase_url and phrase_model",
    HTTPStatus.TOO_MANY_REQUESTS: "wait a while and ask again",
}


class Reply(NamedTuple):
    """What a model wrote, and whether it came to its end."""

    text: str
    complete: bool


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]


class ChatModel:
    """A model behind an address. The key goes to that address and nowhere else.

    Args:
        url: Address up to and with `/v1`.
        model: Its name there.
        key: None where the server wants none.
        timeout_seconds: Longest wait for the whole response.
    """

    def __init__(self, url: str, model: str, key: str | None, timeout_seconds: float) -> None:
        self.model = model
        self.host = urlsplit(url).netloc
        self._url = f"{url}/chat/completions"
        self._key = key
        self._timeout_seconds = timeout_seconds

    def complete(self, messages: Messages) -> Reply:
        """Return the model's answer to a chat; the same chat is asked for without chance.

        Raises:
            PhraseError: it cannot be reached, takes too long, answers with anything but a chat
                completion, refuses, or writes nothing. No message holds the key or the response.
        """
        from anyio.from_thread import start_blocking_portal

        headers = self._headers()
        # In a loop of its own, in which the wait can end wherever it stands.
        with start_blocking_portal() as portal:
            return self._reply(portal.call(self._post, messages, headers))

    def _headers(self) -> dict[str, str]:
        # A body that is not packed cannot unpack to more than its bound.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        key = (self._key or "").strip()
        if not key:
            return headers
        if not key.isascii() or not key.isprintable() or " " in key:
            raise PhraseError(f"{PHRASE_KEY_VARIABLE} is no key; set it to the key alone")
        return headers | {"Authorization": f"Bearer {key}"}

    async def _post(self, messages: Messages, headers: dict[str, str]) -> bytes:
        import anyio
        import httpx

        body = {
            "model": self.model,
            "messages": messages,
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "stream": False,
        }
        try:
            # Neither a proxy from the environment nor another host may see the key or the quotes.
            with anyio.fail_after(self._timeout_seconds):
                async with (
                    httpx.AsyncClient(
                        trust_env=False, follow_redirects=False, timeout=self._timeout_seconds
                    ) as client,
                    client.stream("POST", self._url, json=body, headers=headers) as response,
                ):
                    self._check_status(response.status_code)
                    return await self._read(response)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise PhraseError(
                f"{self.host} took longer than {self._timeout_seconds:g} seconds; raise "
                "phrase_timeout_seconds or choose a faster model"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PhraseError(
                f"{self.host} cannot be reached, or broke off ({type(error).__name__}); is the "
                "model's server running?"
            ) from error

    def _check_status(self, status: int) -> None:
        if status == HTTPStatus.OK:
            return
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise PhraseError(
                f"{self.host} sends the request elsewhere (status {status}), which is not "
                "followed; set phrase_url to the address itself"
            )
        advice = next((words for known, words in _ADVICE.items() if known == status), None)
        raise PhraseError(
            f"{self.host} answered with status {status}; {advice or 'its own log may say why'}"
        )

    async def _read(self, response: "httpx.Response") -> bytes:
        read = bytearray()
        async for part in response.aiter_raw():
            read += part
            if len(read) > MAX_BYTES:
                raise PhraseError(
                    f"{self.host} answered with more than {MAX_BYTES} bytes; is it a chat model?"
                )
        return bytes(read)

    def _reply(self, content: bytes) -> Reply:
        try:
            choice = _Completion.model_validate_json(content).choices[0]
        except (ValidationError, IndexError):
            raise PhraseError(
                f"{self.host} answered with no chat completion; is phrase_url the address of an "
                "OpenAI-compatible server, up to and with /v1?"
            ) from None  # the error would repeat the response
        if choice.message.refusal or choice.finish_reason == "content_filter":
            raise PhraseError(f"{self.model} refused to answer; the quotes are the answer")
        if not (choice.message.content or "").strip():
            raise PhraseError(f"{self.model} wrote nothing; try another phrase_model")
        return Reply(choice.message.content or "", choice.finish_reason != "length")
