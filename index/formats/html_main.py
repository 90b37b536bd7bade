"""Choose the part of a page that is its content, and empty what is not."""

import re
from typing import TYPE_CHECKING

from index.formats.markup import attribute, tag_of

if TYPE_CHECKING:
    from lxml import etree

_NEVER_SHOWN = (
    "head script style template noscript svg canvas iframe frame object embed audio video applet"
    " map button input select textarea datalist option optgroup label meter progress annotation"
    " annotation-xml rp"
)
_NEVER = frozenset(_NEVER_SHOWN.split())
_OUTSIDE_CONTENT = {"header", "footer"}
_ASIDE = {"nav", "aside", "menu"}
_ROLE_NAMES = "navigation search banner contentinfo complementary menu menubar toolbar"
_ROLES = frozenset(_ROLE_NAMES.split())
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|header|footer|igation|box)?|breadcrumbs?|linenos?|linenodiv"
    r"|skip-?link|sr-only|visually-hidden|mw-editsection|toctree-wrapper)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CONTENTS = {"toc", "contents", "table-of-contents"}
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LISTS = {"ul", "ol", "dl"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_PERMALINKS = {"", "¶", "#", "§", "🔗", "\uf0c1"}
_MIN_LINKS = 3
_LINK_SHARE = 0.9
_CONTENTS_LINK_SHARE = 0.5  # its title is no link
_MIN_CONTENT_SHARE = 0.1  # a <main> with less of the page's words is not where they are


def content_root(root: "etree._Element") -> "etree._Element":
    """Return the element that holds the content, with all else in it emptied.

    That is `<main>` or role=main, else the only `<article>`, else the whole page.
    """
    clear_hidden(root)
    body = next((each for each in root.iter() if tag_of(each) == "body"), root)
    main = _main(body)
    _clear_navigation(body if main is None else main, marked=main is not None)
    return body if main is None else main


def clear_hidden(root: "etree._Element") -> None:
    """Empty the elements that a reader never sees, and links that only mark a place."""
    for element in list(root.iter()):
        tag = tag_of(element)
        if tag in _NEVER or _is_hidden(element, tag) or _is_permalink(element, tag):
            element.clear(keep_tail=True)  # type: ignore[call-arg]


def _is_hidden(element: "etree._Element", tag: str) -> bool:
    if tag in ("html", "body"):
        return False
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or (tag == "dialog" and element.get("open") is None)
        or _HIDDEN_STYLE.search(element.get("style") or "") is not None
    )


def _is_permalink(element: "etree._Element", tag: str) -> bool:
    if tag != "a" or not (element.get("href") or "").startswith("#"):
        return False
    return text_of(element).strip() in _PERMALINKS


def _main(body: "etree._Element") -> "etree._Element | None":
    found = [each for each in body.iter() if _is_main(each)]
    articles = [each for each in body.iter() if tag_of(each) == "article"]
    candidates = found[:1] or (articles if len(articles) == 1 else [])
    if not candidates:
        return None
    share = len(text_of(candidates[0])) / max(1, len(text_of(body)))
    return candidates[0] if share >= _MIN_CONTENT_SHARE else None


def _is_main(element: "etree._Element") -> bool:
    return tag_of(element) == "main" or element.get("role") == "main"


def _clear_navigation(root: "etree._Element", *, marked: bool) -> None:
    inside = _inside_content(root) if not marked else set()
    for element, linked in _link_shares(root).items():
        if element is root:
            continue
        tag = tag_of(element)
        page_part = tag in _OUTSIDE_CONTENT and not marked and element not in inside
        kept = page_part and any(tag_of(each) == "h1" for each in element.iter())
        named = " ".join((element.get("class") or "", element.get("id") or ""))
        if (
            (page_part and not kept)
            or tag in _ASIDE
            or element.get("role") in _ROLES
            or (tag not in _HEADINGS and _NAVIGATION.search(named))
            or (tag in _LISTS and linked >= _LINK_SHARE and _leads_away(element, marked=marked))
            or (linked >= _CONTENTS_LINK_SHARE and not _CONTENTS.isdisjoint(named.split()))
        ):
            element.clear(keep_tail=True)  # type: ignore[call-arg]


def _inside_content(root: "etree._Element") -> "set[etree._Element]":
    """Return headers and footers of articles and sections, which are content."""
    holders = (each for each in root.iter() if tag_of(each) in ("article", "section", "blockquote"))
    return {part for each in holders for part in each.iter() if tag_of(part) in _OUTSIDE_CONTENT}


def _leads_away(element: "etree._Element", *, marked: bool) -> bool:
    """Tell whether a list's links stay in the page or, outside `<main>`, on the site."""
    links = [each for each in element.iter() if tag_of(each) == "a" and each.get("href")]
    if len(links) < _MIN_LINKS:
        return False
    targets = [str(each.get("href")) for each in links]
    local = all(target.startswith("#") for target in targets)
    on_site = not any("//" in target or target.startswith("mailto:") for target in targets)
    return local or (on_site and not marked)


def _link_shares(root: "etree._Element") -> "dict[etree._Element, float]":
    """Return for each element which share of its letters are in links, in one pass."""
    from lxml import etree

    counts: dict[etree._Element, tuple[int, int]] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        inside = [counts[child] for child in element]
        letters = _letters(element.text) + sum(count for count, _ in inside)
        letters += sum(_letters(child.tail) for child in element)
        is_link = tag_of(element) == "a" and element.get("href")
        counts[element] = (letters, letters if is_link else sum(linked for _, linked in inside))
    return {element: linked / max(1, count) for element, (count, linked) in counts.items()}


def _letters(text: str | None) -> int:
    return len("".join((text or "").split()))


def text_of(element: "etree._Element") -> str:
    """Return all characters inside an element."""
    return "".join(str(part) for part in element.itertext())


def heading_text(root: "etree._Element") -> str | None:
    """Return the first level-1 heading with text, else the first of any level, or None."""
    headings = [each for each in root.iter() if tag_of(each) in _HEADINGS]
    found = [(tag_of(each), " ".join(text_of(each).split())) for each in headings]
    found = [(tag, text) for tag, text in found if text]
    top = [text for tag, text in found if tag == "h1"]
    return next(iter(top or [text for _, text in found]), None)


def identity(element: "etree._Element") -> str | None:
    """Return the name under which links reach an element."""
    return attribute(element, "id") or (element.get("name") if tag_of(element) == "a" else None)
