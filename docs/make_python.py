"""Write the Python reference from the docstrings to stdout; `make docs` puts it in its place."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import griffe

ROOT = Path(__file__).parents[1]
WIDTH = 100
LIBRARY = ("qa.Pinpoint", "qa.AsyncPinpoint", "qa.answer", "qa.verify", "qa.read_receipt")
RETRIEVERS = (
    *("qa.langchain.PinpointRetriever", "qa.haystack.PinpointRetriever"),
    *("qa.haystack_filters.search_bounds", "qa.passage_metadata.passage_metadata"),
)
MODELS = (
    *("qa.Answer", "qa.Citation", "qa.models.AnswerSpan", "qa.models.CitedDocument"),
    *("qa.models.CitedLocation", "qa.models.CitedRectangle", "qa.models.Candidate"),
    *("qa.models.Side", "qa.models.IndexSummary", "qa.models.SearchResult"),
    *("qa.models.FoundPassage", "qa.models.Place", "qa.models.DocumentText"),
    *("qa.models.DocumentPage", "qa.models.ListedDocument", "qa.models.Status"),
    *("qa.calibration.models.CalibrationReport", "qa.calibration.models.Counts"),
    *("qa.calibration.curves.Reliability", "qa.calibration.curves.Bin"),
    *("qa.calibration.curves.RiskPoint", "qa.calibration.models.CalibrationStatus"),
    *("qa.Receipt", "qa.Verification", "qa.claim_models.ClaimsReport"),
    *("qa.kind.QuestionKind", "qa.context.Context", "qa.examples.Example"),
    *("index.report.SyncReport", "index.report.SyncPlan", "index.report.Failure"),
    *("index.report.WatchEvent", "index.findings.CheckReport", "index.findings.Problem"),
    "index.transfer.run.MigrationReport",
    *("index.embed.ModelInfo", "index.dense_status.DenseStatus", "index.settings.Settings"),
)
INTRODUCTION = """# The Python library

Made from the docstrings, by `make docs`. All of it is typed, for type checkers too.
Programs to begin with are in [examples](examples/README.md).
What stands after `*` is given by name.
"""
ERRORS = """Every error that is raised on purpose is a `PinpointError`, and its message says what \
is wrong and the way out. All are in `index.errors`.
"""


def reference(root: Path) -> str:
    """Return the reference of the packages in a checkout, in Markdown."""
    loader = griffe.GriffeLoader(search_paths=[root], docstring_parser=griffe.Parser.google)
    for package in ("qa", "index"):
        loader.load(package)
    loader.resolve_aliases()
    modules = loader.modules_collection
    parts = [INTRODUCTION, "## Asking\n"]
    parts += [described(modules[name], name) for name in LIBRARY]
    parts += ["## Retrievers\n", *(described(modules[name], name) for name in RETRIEVERS)]
    parts += ["## Models\n", *(described(modules[name], name) for name in MODELS)]
    parts += ["## Errors\n", ERRORS, errors(modules["index.errors"])]
    return "\n".join(parts)


def described(thing: griffe.Object | griffe.Alias, name: str) -> str:
    """Return the section of a class or function, under the line that imports it."""
    module, _, short = name.rpartition(".")
    parts = [f"### {heading(module, short)}\n", f"```python\nfrom {module} import {short}\n```\n"]
    if isinstance(thing, griffe.Alias):
        thing = thing.final_target
    if thing.is_function:
        return "\n".join([*parts, code(signature(thing)), said(thing)])
    parts.append(said(thing))
    if name in MODELS and (carried := fields(thing)):
        parts.append(carried)
    parts += [method(short, member) for member in public(thing) if documented(member)]
    if awaited := [member.name for member in public(thing) if is_awaited(member)]:
        names = ", ".join(f"`{name}`" for name in awaited)
        parts.append(f"Awaited, with the arguments and results of `Pinpoint`: {names}.\n")
    return "\n".join(parts)


def heading(module: str, short: str) -> str:
    """Return a heading that no other section has."""
    return f"{short} ({module})" if "Retriever" in short else short


def public(thing: griffe.Object | griffe.Alias) -> Iterator[griffe.Object | griffe.Alias]:
    """Yield the public members of a class in the order of the source."""
    members = (member for name, member in thing.members.items() if not name.startswith("_"))
    yield from sorted(members, key=lambda member: member.lineno or 0)


def documented(member: griffe.Object | griffe.Alias) -> bool:
    """Tell whether a member has a section of its own."""
    return member.docstring is not None


def is_awaited(member: griffe.Object | griffe.Alias) -> bool:
    """Tell whether a member of `AsyncPinpoint` is made of a method of `Pinpoint`."""
    return member.is_attribute and "Pinpoint." in str(member.value)


def fields(thing: griffe.Object | griffe.Alias) -> str:
    """Return a model's fields as code, with their defaults and descriptions."""
    bases = [base for base in thing.resolved_bases if not base.name.startswith("_")]
    shown = [*bases, thing]
    lines = [field(each) for of in shown for each in public(of) if is_field(each)]
    return f"```text\n{chr(10).join(lines)}\n```\n" if lines else ""


def is_field(member: griffe.Object | griffe.Alias) -> bool:
    """Tell whether a member is data that a model carries, or a name of an enumeration."""
    made = member.is_attribute and member.docstring is None and "property" not in member.labels
    return made and member.name != "model_config" and not is_awaited(member)


def field(member: griffe.Object | griffe.Alias) -> str:
    """Return one line for a field: name, type, default and what it is."""
    value, description = member.value, ""
    if isinstance(value, griffe.ExprCall) and value.canonical_name == "Field":
        given = {each.name: each.value for each in value.arguments if hasattr(each, "name")}
        description = text_of(given.get("description", ""))
        first = value.arguments[0]
        value = None if isinstance(first, griffe.ExprKeyword) else first
    typed = f": {plain(member.annotation)}" if member.annotation is not None else ""
    default = f" = {value}" if value is not None else ""
    return f"{member.name}{typed}{default}" + (f"\n    {description}" if description else "")


def plain(annotation: object) -> str:
    """Return a type as people read it, without what pydantic is told besides."""
    inner = str(annotation).removeprefix("Annotated[")
    return inner if inner == str(annotation) else inner.split(", BeforeValidator")[0]


def text_of(literal: object) -> str:
    """Return the characters of a string in the source."""
    text = str(literal)
    return str(ast.literal_eval(text)) if text else ""


def method(owner: str, member: griffe.Object | griffe.Alias) -> str:
    """Return the section of a method or property."""
    if not member.is_function:
        title = f"#### {owner}.{member.name}: {member.annotation}\n"
        return "\n".join([title, said(member)])
    return "\n".join([f"#### {owner}.{member.name}\n", code(signature(member)), said(member)])


def signature(function: griffe.Object | griffe.Alias) -> str:
    """Return how a function is called, on several lines where one is too long."""
    started = "async " if "async" in function.labels else ""
    line = started + str(function.signature())
    if len(line) <= WIDTH:
        return line
    before, _, returns = line.rpartition(") -> ")
    name, _, inside = before.partition("(")
    arguments = "\n".join(f"    {each}," for each in split(inside))
    return f"{name}(\n{arguments}\n) -> {returns}"


def split(arguments: str) -> list[str]:
    """Return arguments one by one; commas inside brackets do not part them."""
    parts, depth = [""], 0
    for character in arguments:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def code(text: str) -> str:
    """Return a block of code."""
    return f"```text\n{text}\n```\n"


def said(thing: griffe.Object | griffe.Alias) -> str:
    """Return a docstring: its text, arguments, results and errors."""
    sections: Sequence[griffe.DocstringSection] = thing.docstring.parsed if thing.docstring else ()
    return "\n".join(section(each) for each in sections)


def section(part: griffe.DocstringSection) -> str:
    """Return one section of a docstring."""
    if part.kind is griffe.DocstringSectionKind.text:
        return f"{part.value}\n"
    lines = [item(each) for each in part.value]
    return "\n".join([f"{part.kind.value.capitalize()}:\n", *lines, ""])


def item(each: griffe.DocstringElement) -> str:
    """Return an argument, a result or an error as a line of a list."""
    name = getattr(each, "name", None) or str(each.annotation).strip("()")
    text = " ".join(each.description.split())
    return f"- `{name}`: {text}"


def errors(module: griffe.Object | griffe.Alias) -> str:
    """Return a table of the errors."""
    rows = [f"| `{each.name}` | {said(each).strip()} |" for each in public(module) if each.is_class]
    return "\n".join(["| error | when |", "| --- | --- |", *rows, ""])


if __name__ == "__main__":
    print(reference(ROOT), end="")
