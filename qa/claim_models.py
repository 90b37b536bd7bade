"""What a checked text is. `pinpoint claims --json` prints exactly these models."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from qa.models import Citation, IndexSummary

ClaimVerdict = Literal["supported", "contradicted", "unsupported", "no_claim"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ValuePair(_Frozen):
    """A number or date of a claim, and the quote's, each as written."""

    claim: str
    quote: str


class Reasons(_Frozen):
    """Why a verdict was given.

    `share` is the share of the claim's words that the quotes and their headings hold, weighted by
    rarity, 0 to 1; `shared` are these words and `missing` the others. `agree` are numbers and
    dates that the quotes give as well, `differ` those for which they give another, `absent` those
    for which they give none. `denied` tells that the quote denies what the claim says, or the other
    way round.
    """

    share: float
    shared: tuple[str, ...]
    missing: tuple[str, ...]
    agree: tuple[ValuePair, ...]
    differ: tuple[ValuePair, ...]
    absent: tuple[str, ...]
    denied: bool


class CheckedClaim(_Frozen):
    """A sentence of the checked text, and what the documents say to it.

    `text` is `[start, end)` of the checked text, in characters. `citations` are the quotes that
    support or contradict it, two where it joins two facts; the `answer` of a quote that contradicts
    is the number or date that differs. `nearest` is what came closest to a claim that nothing
    supports. Their `score` is the share of the claim's words that they hold. `understood` is the
    sentence with the subject of the one before in the place of a pronoun, None where it has none.
    `reasons` is None where nothing is claimed or nothing was found to compare with.
    """

    text: str
    start: int
    end: int
    verdict: ClaimVerdict
    understood: str | None = None
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    reasons: Reasons | None = None


class ClaimCounts(_Frozen):
    """How many sentences have each verdict."""

    supported: int
    contradicted: int
    unsupported: int
    no_claim: int


class ClaimsReport(_Frozen):
    """A text checked sentence by sentence.

    `file` is its path, None for a text that was given itself; `sha256` is that of its text in
    UTF-8, in which the sentences' offsets count.
    """

    file: str | None
    sha256: str
    counts: ClaimCounts
    claims: tuple[CheckedClaim, ...]
    index: IndexSummary

    @property
    def borne_out(self) -> bool:
        """Whether every sentence that claims something is supported."""
        return not self.counts.contradicted and not self.counts.unsupported
