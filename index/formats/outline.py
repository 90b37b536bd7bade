"""The path of headings while a document is read from top to bottom."""


class Outline:
    """Keeps the titles above the place that is being read; level 0 is the document's title."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []
        self.title: str | None = None
        self._title_level = 0

    def enter(self, level: int, title: str) -> None:
        """Begin a section; it ends those of its level and deeper ones. An empty title is none."""
        title = " ".join(title.split())
        if not title:
            return
        self._open = [entry for entry in self._open if entry[0] < level]
        self._open.append((level, title))
        if self.title is None or level < self._title_level:
            self.title, self._title_level = title, level

    @property
    def path(self) -> tuple[str, ...]:
        """Titles above, outermost first."""
        return tuple(title for _, title in self._open)
