"""Texts checked against the documents, and answers that can be: claims, receipts and pins."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from index.errors import PinpointError
from index.stores import open_store
from qa.api import Pinpoint
from qa.bounds import bounds
from qa.claim_models import CheckedClaim, ClaimsReport
from qa.claim_sentences import CheckedText, read_text
from qa.claims import report
from qa.conversation import Filters
from qa.document_texts import IndexTexts
from qa.pin import Pin, PinCheck
from qa.pin_file import PinFile
from qa.pins import check_pins, check_quotes
from qa.receipt import Receipt
from qa.receipt_file import from_json, to_json
from qa.verification import Verification, verification
from ui.asker import Asker
from ui.problem import ProblemError, problems
from ui.rest import ask, described
from ui.rest.given import Question, ReceiptFile, Submitted
from ui.telling import in_thread

PinId = Annotated[str, Field(pattern="^[0-9a-f]{8}$")]


class PinList(BaseModel):
    """All pinned questions with what has become of their answers."""

    pins: tuple[PinCheck, ...]


def routes(pinpoint: Pinpoint, asker: Asker) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["checks"])
    _checking(router, pinpoint, asker)
    _pinning(router, pinpoint, asker)
    return router


def _checking(router: APIRouter, pinpoint: Pinpoint, asker: Asker) -> None:
    responses = described.problems(400, 404, 413, 503)

    @router.post("/claims", responses=responses, summary="Check the sentences of a text")
    async def check_claims(submitted: Submitted, request: Request) -> ClaimsReport:
        """Return for each sentence the quotes that support or contradict it, or that none does.

        It stands in the line anew for each sentence, so that questions come between.
        """
        with problems():
            asker.check_room()
            within = bounds(**submitted.model_dump(exclude={"text"}))
            text = await in_thread(lambda: read_text(submitted.text, pinpoint.settings))
            found = []
            for number in range(len(text.sentences)):
                if await request.is_disconnected():  # nobody will read the rest
                    break
                found.append(await asker.line.run(partial(pinpoint.claim, text, number, within)))
            return await in_thread(partial(_report, pinpoint, text, found))

    @router.post("/receipts", responses=responses, summary="Ask for an answer with its receipt")
    async def make_receipt(asked: Question) -> ReceiptFile:
        """Answer, and return the receipt of it, which holds the answer; keep it as a JSON file.

        `pinpoint verify` checks it against the files, without the index.
        """
        with problems():
            receipt = await asker.in_turn(partial(_receipt, pinpoint, asker, asked))
        return ReceiptFile.model_validate_json(to_json(receipt))

    @router.post("/receipts/verify", responses=responses, summary="Check the quotes of a receipt")
    async def verify_receipt(sent: ReceiptFile) -> Verification:
        """Return what has become of each quote, by the texts in the index; no file is opened."""
        with problems():
            return await asker.in_turn(partial(_verified, pinpoint, sent))


def _pinning(router: APIRouter, pinpoint: Pinpoint, asker: Asker) -> None:
    file = PinFile.of(pinpoint.home)

    @router.get("/pins", responses=described.problems(404), summary="List pinned questions")
    def list_pins() -> PinList:
        """Return the pinned questions, and whether the quotes of their answers still stand."""
        with problems():
            known = file.read()
            return PinList(pins=check_quotes(pinpoint.home, known) if known else ())

    @router.post(
        "/pins",
        status_code=201,
        responses=described.problems(400, 404, 413, 503),
        summary="Pin a question",
    )
    async def pin(asked: Question) -> Pin:
        """Ask a question and keep its answer, in place of an older one to the same question."""
        with problems():
            (made,) = await asker.in_turn(lambda: file.put([_receipt(pinpoint, asker, asked)]))
        return made

    @router.post(
        "/pins/all/check",
        responses=described.problems(404, 503),
        summary="Ask pinned questions again",
    )
    async def check_pinned() -> PinList:
        """Return what has become of the answers; the line is stood in anew for each question."""
        with problems():
            asker.check_room()
            found = [
                check
                for pin in await in_thread(file.read)
                for check in await asker.line.run(partial(check_pins, pinpoint, [pin]))
            ]
        return PinList(pins=tuple(found))

    @router.delete(
        "/pins/{pin_id}",
        status_code=204,
        responses=described.problems(404),
        summary="Let a pinned question go",
    )
    def unpin(pin_id: PinId) -> None:
        """Forget a pinned question and its answer."""
        with problems():
            if pin_id not in {pin.id for pin in file.read()}:
                raise ProblemError(404, f"there is no pin {pin_id}; look at the list again")
            file.remove(pin_id)


def _receipt(pinpoint: Pinpoint, asker: Asker, asked: Question) -> Receipt:
    answer = asker.ask(**ask.bounds(asked))
    filters = Filters.model_validate(asked.model_dump(exclude={"question"}))
    return pinpoint.receipt(answer, filters=filters)


def _report(pinpoint: Pinpoint, text: CheckedText, found: list[CheckedClaim]) -> ClaimsReport:
    with open_store(pinpoint.home) as store:
        return report(text, found, store.state())


def _verified(pinpoint: Pinpoint, sent: ReceiptFile) -> Verification:
    try:
        receipt = from_json(sent.model_dump_json(), "this")
    except PinpointError as error:  # what was sent is at fault, and nothing here
        raise ProblemError(400, str(error)) from error
    with open_store(pinpoint.home) as store:
        return verification(receipt, IndexTexts(store))
