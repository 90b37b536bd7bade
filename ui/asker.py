"""Questions and searches for everyone on a server: one at a time, in order, and counted."""

from collections.abc import Callable
from typing import TypeVar

from index.errors import CrowdedError, InputError
from qa.api import Pinpoint
from qa.context import Context
from qa.models import Answer, SearchResult
from ui.job import Job
from ui.line import Line
from ui.metrics import Metrics, StageWatch
from ui.tracing import stages

Made = TypeVar("Made")


class Asker:
    """Asks a Pinpoint.

    Args:
        pinpoint: Answers the questions.
        job: What changes the index, for the figures.

    Attributes:
        line: Those who wait; questions one after the other are each answered sooner than side by
            side on the same cores.
        metrics: What is counted.
    """

    def __init__(self, pinpoint: Pinpoint, job: Job | None = None) -> None:
        self._pinpoint = pinpoint
        self.line = Line()
        self.metrics = Metrics(pinpoint.home, lambda: len(self.line), job)

    def check_room(self) -> None:
        """Look whether one more may wait.

        Raises:
            CrowdedError: too many do.
        """
        most = self._pinpoint.settings.questions_waiting
        if len(self.line) >= most:
            raise CrowdedError(f"{most} questions are waiting already; ask again later")

    async def in_turn(self, work: Callable[[], Made]) -> Made:
        """Do something in a thread once all who came before are done.

        Raises:
            CrowdedError: too many wait.
        """
        self.check_room()
        return await self.line.run(work)

    def ask(
        self,
        question: str,
        *,
        since: str | None = None,
        until: str | None = None,
        folders: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        context: Context | None = None,
        stage: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """Ask at once, in this thread; see `Pinpoint.ask`."""
        watch = StageWatch(self.metrics)
        with stages("question") as traced:

            def tell(name: str) -> None:
                watch.begin(name)
                traced.begin(name)
                stage(name)

            try:
                answer = self._pinpoint.ask(
                    question,
                    since=since,
                    until=until,
                    folders=folders,
                    kinds=kinds,
                    context=context,
                    stage=tell,
                )
            except Exception as error:
                refused = isinstance(error, InputError)
                self.metrics.count_question("refused" if refused else "failed")
                traced.end()
                traced.count({"failed": True})
                raise
            watch.begin(None)
            traced.end()
            traced.count(_counts(answer))
        self.metrics.count_question("answered" if answer.answered else "not in the documents")
        return answer

    def search(
        self,
        question: str,
        *,
        since: str | None = None,
        until: str | None = None,
        folders: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        limit: int = 10,
    ) -> SearchResult:
        """Search at once, in this thread; see `Pinpoint.search`."""
        try:
            found = self._pinpoint.search(
                question, since=since, until=until, folders=folders, kinds=kinds, limit=limit
            )
        except Exception as error:
            self.metrics.count_search("refused" if isinstance(error, InputError) else "failed")
            raise
        self.metrics.count_search("answered" if found.passages else "not in the documents")
        return found


def _counts(answer: Answer) -> dict[str, int | float | bool]:
    """Return what may be told of an answer in traces: figures, and no words."""
    return {
        "answered": answer.answered,
        "citations": len(answer.citations),
        "documents": answer.index.documents,
    }
