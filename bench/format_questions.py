"""Ask questions of real documents in many formats: answered, right words, right place.

    python -m bench.format_questions [--share /usr/share]

The documents are pages of the Debian packages postgresql-doc-15 and python3-doc, slides of
libmapsforge-java-doc and python-py7zr-doc, and tables of distro-info-data, iso-codes and tzdata.
LibreOffice (Debian packages libreoffice-writer-nogui,
libreoffice-calc-nogui, libreoffice-impress-nogui) makes the formats that the packages do not have.
`bench/format_questions.tsv` names the files, the questions, the places and words of each answer;
a file's ending says what it is converted to. Page and slide numbers hold for LibreOffice 7.4 with
the fonts of fonts-dejavu-core.

A question is right in words if a quote shown from its file holds all the words, and right in place
if the place is among that quote's locations or headings. Questions without a file have no answer
in these documents.
"""

import argparse
import csv
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.api import Pinpoint
from qa.models import Answer, Citation

CACHE = Path(__file__).parent / "cache" / "formats"
QUESTIONS = Path(__file__).with_suffix(".tsv")
FOLDERS = {
    "postgresql": "doc/postgresql-doc-15/html",
    "python": "doc/python3.11/html",
    "mapsforge": "doc/libmapsforge-java/docs/presentations",
    "py7zr": "doc/python-py7zr-doc/html/_downloads/95258fe72f1c2ee14b78d021ee45a0e4",
}
"""First part of a file's name to a folder below the shared one; others are called as they are."""

SOURCES = (".html", ".csv", ".tab", ".json", ".odp")
IMPORTS = {
    ".xlsx": "HTML (StarCalc)",
    ".csv": "HTML (StarCalc)",
    ".pptx": "impress_pdf_import",
}
EXPORTS = {".csv": "csv:Text - txt - csv (StarCalc):44,34,76,1"}  # commas, quotes, UTF-8
NONE = "-"


@dataclass(frozen=True)
class Question:
    """A question and what its answer must show; `file`, `place` and `words` are "-" for none."""

    file: str
    question: str
    place: str
    words: str


@dataclass(frozen=True)
class Score:
    """What became of a question."""

    answered: bool
    words: bool
    place: bool


def read_questions() -> list[Question]:
    """Return the rows of the table."""
    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Question(**row) for row in rows]


def source_of(file: str, share: Path) -> Path:
    """Return the file of the packages that a document is, or is made from."""
    first, _, rest = file.partition("/")
    path = share / FOLDERS.get(first, first) / rest
    endings = (path.suffix, *SOURCES) if path.suffix in SOURCES else SOURCES
    found = [path.with_suffix(ending) for ending in endings if path.with_suffix(ending).exists()]
    if not found:
        sys.exit(f"{path}: missing; install postgresql-doc-15, python3-doc, "
                 "libmapsforge-java-doc, python-py7zr-doc, distro-info-data, iso-codes and "
                 "tzdata, or name another --share")  # fmt: skip
    return found[0]


def convert(source: Path, target: Path) -> None:
    """Let LibreOffice write the source as the target's kind; pages become slides by way of PDF."""
    if target.exists():
        return
    print(f"making {target.name}", file=sys.stderr)
    office = shutil.which("soffice")
    if office is None:
        sys.exit(f"LibreOffice is missing (no soffice), so {target.name} cannot be made")
    if target.suffix == ".pptx" and source.suffix == ".html":
        pages = target.parent.parent / "pdf" / target.with_suffix(".pdf").name
        convert(source, pages)
        source = pages
    kind = IMPORTS.get(target.suffix, "HTML (StarWriter)")
    filters = [] if source.suffix in (".csv", ".odp") else [f"--infilter={kind}"]
    wanted = EXPORTS.get(target.suffix, target.suffix[1:])
    profile = f"-env:UserInstallation=file://{CACHE / 'profile'}"
    said = subprocess.run(
        [office, profile, "--headless", *filters, "--convert-to", wanted,
         "--outdir", str(target.parent), str(source)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    if not target.exists():
        sys.exit(f"LibreOffice did not make {target.name}: {said.stdout}{said.stderr}")


def prepare(files: list[str], share: Path) -> Path:
    """Return a folder of these documents, copied or converted where they are not there yet."""
    folder = CACHE / "documents"
    for file in files:
        target, source = folder / file, source_of(file, share)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == target.suffix:
            shutil.copyfile(source, target)
        else:
            convert(source, target)
    return folder


def place_of(citation: Citation) -> str:
    """Return a citation's place as the table writes it: its locations, else its heading."""
    named = " ".join(f"{place.kind} {place.name}" for place in citation.locations)
    return named or f"heading {citation.heading[-1] if citation.heading else ''}"


def score(question: Question, answer: Answer) -> Score:
    """Compare an answer with what it must show."""
    if question.file == NONE:
        return Score(answer.answered, not answer.answered, not answer.answered)
    needed = question.words.casefold().split("|")
    right = [
        citation
        for citation in answer.citations
        if citation.document.path.endswith(question.file)
        and all(word in citation.quote.casefold() for word in needed)
    ]
    places = {place_of(citation) for citation in right}
    places |= {f"heading {heading}" for citation in right for heading in citation.heading}
    return Score(answer.answered, bool(right), question.place in places)


def report(question: Question, answer: Answer, found: Score) -> Iterator[str]:
    """Yield a line for a question, and for a miss what was shown instead."""
    marks = " ".join("yes" if value else "-- " for value in (found.answered, found.words,
                                                             found.place))  # fmt: skip
    yield f"{marks}  {answer.confidence:4.2f}  {question.file}: {question.question}"
    if not found.place:
        yield f"{'':19}wanted: {question.words}, {question.place}"
        for citation in (answer.citations or answer.nearest)[:3]:
            quote = " ".join(citation.quote.split())[:160]
            name = Path(citation.document.path).name
            yield f"{'':19}{citation.score:4.2f} {name}, {place_of(citation)}: {quote}"


def main() -> None:
    """Print one line a question, and totals by kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=Path, default=Path("/usr/share"), help="where packages lie")
    share = parser.parse_args().share
    questions = read_questions()
    folder = prepare(sorted({q.file for q in questions if q.file != NONE}), share)
    pinpoint = Pinpoint.open(CACHE / "home")
    done = pinpoint.sync(folder)
    for failure in (*done.failed, *pinpoint.status().partial):
        print(f"{failure.path}: {failure.cause}")
    state = pinpoint.status().index
    print(f"{state.documents} documents, {state.chunks} chunks\n")
    print("answered, right words, right place, confidence")
    totals: dict[str, list[Score]] = defaultdict(list)
    for question in questions:
        answer = pinpoint.ask(question.question)
        found = score(question, answer)
        print("\n".join(report(question, answer, found)))
        totals[Path(question.file).suffix[1:] or "no answer"].append(found)
        if question.file != NONE:
            totals["all with an answer"].append(found)
    print(f"\n{'':20} questions  answered  words  place")
    for name, scores in totals.items():
        counts = [sum(s.answered for s in scores), sum(s.words for s in scores),
                  sum(s.place for s in scores)]  # fmt: skip
        print(f"{name:20} {len(scores):9}  {counts[0]:8}  {counts[1]:5}  {counts[2]:5}")


if __name__ == "__main__":
    main()
