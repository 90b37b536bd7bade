"""Results of the tools as text, for programs that read nothing else."""

from qa.models import Answer, Citation, DocumentPage, DocumentText, SearchResult
from ui import show


def answer(result: Answer) -> str:
    """Return an answer as the command line shows it, and the documents' SHA-256."""
    shown: list[Citation] = list(result.citations if result.answered else result.nearest)
    shown += [candidate.citations[0] for candidate in result.other_candidates]
    named = [f"[{n}] sha256 {c.document.sha256}" for n, c in enumerate(shown, 1)]
    return "\n".join([show.answer(result), *([""] if named else []), *named])


def search(result: SearchResult) -> str:
    """Return passages with where they stand."""
    parts = []
    for number, passage in enumerate(result.passages, 1):
        document = passage.document
        heading = " > ".join(passage.heading)
        about = ", ".join(filter(None, [document.title, heading, document.date]))
        parts.append(
            f"[{number}] {show.printable(about)}\n"
            f"    {show.printable(document.path)}:{passage.start}-{passage.end}\n"
            f"    sha256 {document.sha256}\n\n{show.printable(passage.quote)}"
        )
    return "\n\n".join(parts) or "Nothing was found."


def text(result: DocumentText) -> str:
    """Return a part of a document's text, with which part it is."""
    document = result.document
    about = f"{document.title}, characters {result.start} to {result.end} of {result.length}"
    return f"{show.printable(about)}\n{show.printable(document.path)}\n\n{result.text}"


def documents(result: DocumentPage, offset: int) -> str:
    """Return documents one a line, with their SHA-256."""
    lines = [
        f"{d.sha256 or 'not indexed'} {show.printable(d.title)} ({show.printable(d.path)})"
        for d in result.documents
    ]
    shown = f"{offset + 1} to {offset + len(lines)}" if lines else "none"
    return "\n".join([f"{result.total} documents, here {shown}", *lines])
