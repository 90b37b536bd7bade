"""Answers, reports and status as text for people at a terminal."""

import re
from collections.abc import Iterable
from textwrap import indent

from index.findings import CheckReport
from index.report import SyncPlan, SyncReport, WatchEvent
from qa.evaluate import Evaluation
from qa.models import Answer, Citation, CitedLocation, IndexSummary, Status
from ui import show_calibration

_NAMED = {"chapter", "message"}  # kinds whose name says all
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return the text with control characters replaced, so that no document steers a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def answer(result: Answer) -> str:
    """Return the quotes with their sources, or what came closest."""
    if result.answered:
        lines = [*_quotes(result), ""]
        lines += [source(number, c) for number, c in enumerate(result.citations, 1)]
        lines += ["", f"confidence {result.confidence:.0%}"]
        return "\n".join([*lines, *_others(result), *_unread(result)])
    lines = ["Not in your documents."]
    if result.nearest:
        lines += ["", "The nearest passages, which do not answer it:"]
    for number, citation in enumerate(result.nearest, 1):
        lines += ["", f"{printable(citation.quote)} [{number}]", source(number, citation)]
    return "\n".join([*lines, *_unread(result)])


def _quotes(result: Answer) -> list[str]:
    """Return the quotes with their numbers, by side or by date where the answer has these."""
    if result.sides:
        return _sides(result)
    if result.differing:
        return _differing(result)
    return [printable(result.text)]


def _sides(result: Answer) -> list[str]:
    """Return what the documents say of each side, or that they do not."""
    numbers = {place(citation): number for number, citation in enumerate(result.citations, 1)}
    lines = []
    for side in result.sides:
        quotes = [f"{printable(c.quote)} [{numbers[place(c)]}]" for c in side.citations]
        lines += ["", f"{printable(side.subject)}:"]
        lines += [_indented(quote) for quote in quotes or ["Not in your documents."]]
    return lines[1:]


def _differing(result: Answer) -> list[str]:
    """Return the answers that contradict each other, newest first, each with its date."""
    lines = ["Sources differ:"]
    for number, citation in enumerate(result.citations, 1):
        date = citation.document.date or "undated"
        lines += ["", f"{date}:", _indented(f"{printable(citation.quote)} [{number}]")]
    return lines


def _indented(text: str) -> str:
    return indent(text, "    ")


def place(citation: Citation) -> tuple[str, int, int]:
    """Return what tells a citation from others: its document and its span."""
    return citation.document.path, citation.start, citation.end


def _others(result: Answer) -> list[str]:
    """Return the answers that the quotes shown do not give, with their first source."""
    lines = []
    for number, other in enumerate(result.other_candidates, len(result.citations) + 1):
        best = other.citations[0]
        lines += ["", f"{printable(best.quote)} [{number}]", source(number, best)]
        lines += [f"    confidence {other.confidence:.0%}"]
    return ["", "Other answers:", *lines] if lines else []


def unread(index: IndexSummary) -> str:
    """Return what of the collection could not be searched, or nothing."""
    counts = [(index.failed, "could not be read"), (index.partial, "could be read in part only")]
    told = [f"{n} {'file' if n == 1 else 'files'} {what}" for n, what in counts if n]
    return f"{' and '.join(told)}, so not everything was searched" if told else ""


def _unread(result: Answer) -> list[str]:
    told = unread(result.index)
    return ["", f"{told}; see: pinpoint status"] if told else []


def source(number: int, citation: Citation) -> str:
    """Return where a quote stands: title, authors, headings, date, path and offsets."""
    document = citation.document
    place = " > ".join(heading for heading in citation.heading if heading != document.title)
    authors, date = unsaid(citation)
    parts = [document.title, f"by {authors}" if authors else "", place, *located(citation), date]
    named = printable(", ".join(part for part in parts if part))
    places = [f"    {printable(document.path)}:{citation.start}-{citation.end}"]
    places += [f"    also {printable(path)}" for path in document.copies]
    return "\n".join([f"[{number}] {named}", *places])


def unsaid(citation: Citation) -> tuple[str, str]:
    """Return authors and date, each "" where a place names it already, as a message's does."""
    said = " ".join(place.name for place in citation.locations)
    authors, date = citation.document.authors or "", citation.document.date or ""
    return "" if authors in said else authors, "" if date in said else date


def located(citation: Citation) -> list[str]:
    """Return the places of a quote as people say them: `page 3`, `row 7`, a chapter's name."""
    return located_at(citation.locations)


def located_at(locations: Iterable[CitedLocation]) -> list[str]:
    """Return places as `located` does."""
    names: dict[str, list[str]] = {}
    for place in locations:
        names.setdefault(place.kind, []).append(place.name)
    return [
        " and ".join(found) if kind in _NAMED else f"{kind} {' and '.join(found)}"
        for kind, found in names.items()
    ]


def report(result: SyncReport) -> str:
    """Return what a sync did in one line."""
    counts = ("added", "updated", "renamed", "removed", "unchanged")
    parts = [f"{getattr(result, name)} {name}" for name in counts]
    if result.remade:
        parts.append(f"{result.remade} made anew ({'; '.join(result.reasons)})")
    parts += [f"{len(result.failed)} failed", f"{result.embedded} chunks embedded"]
    if result.resumed:
        parts.append(f"{result.resumed} taken over from an interrupted run")
    return f"{', '.join(parts)} in {result.seconds:.1f} s"


def event(happened: WatchEvent) -> str:
    """Return what a watch did, or what is in its way, in one line with the time."""
    told = happened.trouble if happened.report is None else report(happened.report)
    return printable(f"{happened.at:%H:%M:%S} {told}")


def check(result: CheckReport) -> str:
    """Return what a check found, a problem a line, and what it looked at."""
    lines = []
    for problem in result.problems:
        lines.append(
            f"{'repaired' if problem.repaired else 'broken  '} {problem.part}: {problem.what}"
        )
        lines += [f"         way out: {problem.way_out}"] if problem.way_out else []
    lines += [f"skipped  {what}" for what in result.skipped]
    counted = ", ".join(f"{count} {kind}" for kind, count in result.checked.items())
    left = sum(not problem.repaired for problem in result.problems)
    verdict = f"{left} left broken" if left else "all is well"
    lines.append(f"generation {result.generation}: {counted or 'nothing'}; {verdict}")
    return printable("\n".join(lines))


def plan(result: SyncPlan) -> str:
    """Return what a sync would do, a file a line and a line in the end that counts them."""
    lines = [f"add      {path}" for path in result.added]
    lines += [f"update   {path}" for path in result.updated]
    lines += [f"rename   {old} -> {new}" for old, new in result.renamed]
    lines += [f"remove   {path}" for path in result.removed]
    lines += [f"remake   {path}" for path in result.remade]
    told = f" ({'; '.join(result.reasons)})" if result.reasons else ""
    counts = ("added", "updated", "renamed", "removed")
    parts = [f"{len(getattr(result, name))} {name}" for name in counts]
    parts += [f"{len(result.remade)} made anew{told}", f"{result.unchanged} unchanged"]
    return printable("\n".join([*lines, f"would be: {', '.join(parts)}; nothing was changed"]))


def status(result: Status) -> str:
    """Return what the index holds and the settings in force."""
    index, model = result.index, result.embedder
    lines = [
        f"pinpoint {result.version}",
        f"home        {result.home}",
        f"generation  {index.generation}",
        f"documents   {index.documents}{_copies(index.copies)}",
        f"chunks      {index.chunks}",
        f"model       {f'{model.name} ({model.fingerprint[:12]})' if model else 'none yet'}",
        f"search      {_search(result)}",
        *([show_calibration.status(result.calibration)] if result.calibration else []),
        *(f"follows     {root}" for root in result.roots),
        *(f"failed      {failure.path}: {failure.cause}" for failure in result.failed),
        *(f"in part     {failure.path}: {failure.cause}" for failure in result.partial),
        "settings",
        *(f"  {name} = {value}" for name, value in result.settings.model_dump().items()),
    ]
    return printable("\n".join(lines))


_ON_SERVER = {
    "server": "vectors and words on the server",
    "rescored": "vectors on the server, words here among eight times as many",
}


def _search(result: Status) -> str:
    if result.index.search in _ON_SERVER:
        return _ON_SERVER[result.index.search]
    words = f"words by {'Tantivy' if result.terms == 'tantivy' else 'SQLite'}"
    found = result.vectors
    if found is None:
        return f"vectors exactly, {words}"
    how = "exactly" if found.kind == "exact" else f"approximately, recall@10 {found.recall:.3f}"
    return f"vectors {how}, {words}"


def _copies(count: int) -> str:
    verb = "is a copy" if count == 1 else "are copies"
    return f" ({count} of them {verb} of another, indexed once)" if count else ""


def evaluation(result: Evaluation) -> str:
    """Return how well a reader does, a measure a line; those without rows are left out."""
    measures = [
        ("EM", result.em, "%"),
        ("F1", result.f1, "%"),
        ("AUROC", result.auroc, ""),
        ("best SQuAD 2.0 F1", result.best_f1, "%"),
        ("passages a second", result.passages_per_second, ""),
    ]
    lines = [
        f"{result.reader} on {result.file}: {result.rows} rows, {result.answerable} answerable",
        *(f"{name:18} {value}{unit}" for name, value, unit in measures if value is not None),
    ]
    return printable("\n".join(lines))
