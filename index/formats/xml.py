"""XML parts of archives, read without entities, document types or the network."""

import zipfile
from collections.abc import Iterator
from typing import Any


def parse_part(archive: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the root element of one part.

    Raises:
        KeyError: there is no such part.
        lxml.etree.XMLSyntaxError: it is not well-formed.
    """
    return parse_xml(archive.read(name))


def parse_xml(content: bytes) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the root element.

    Raises:
        lxml.etree.XMLSyntaxError: it is not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(content, parser)


def children(element: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - lxml has no types
    """Yield the local tag names and elements inside, without comments and instructions."""
    for child in element:
        if isinstance(child.tag, str):
            yield child.tag.rpartition("}")[2], child
