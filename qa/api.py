"""The public way in: `Pinpoint.open(home)` and `answer(question)`."""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from index.backup import backup, restore
from index.check import check
from index.dense import DenseIndex
from index.dense_status import dense_status
from index.embed import Embedder, ModelInfo, load_embedder
from index.errors import (
    DocumentMissingError,
    IndexMissingError,
    IndexTooOldError,
    InputError,
    PinpointError,
    RowsGoneError,
)
from index.filter import EVERYTHING, Filter
from index.findings import CheckReport
from index.join import joined, work
from index.lexical import LexicalIndex, engine
from index.recipe import check_model
from index.report import Failure, Progress, SyncPlan, SyncReport, WatchEvent
from index.rows import StoredDocument
from index.settings import PHRASE_KEY_VARIABLE, Settings, default_home, resolve_settings
from index.sqlite_store import SqliteStore
from index.store import Store, text_sha256
from index.stores import check_is_sqlite, open_store
from index.sync import plan, remove, sync
from index.transfer.run import Kind, MigrationReport, compare, migrate
from index.watch import watch
from qa import listing
from qa.bounds import Paths, bounds
from qa.calibration.apply import calibrated_inquiry, least_score
from qa.calibration.in_use import CalibrationInUse
from qa.calibration.models import Calibration, CalibrationReport
from qa.claim_models import CheckedClaim, ClaimsReport
from qa.claim_sentences import CheckedText, read_text
from qa.claims import check_claim, report
from qa.comparison import comparison
from qa.compose import Source, cited_document, compose, summary
from qa.context import Context
from qa.conversation import Filters
from qa.examples import Example, answered, example_questions
from qa.inquiry import Inquiry
from qa.models import (
    Answer,
    CitedDocument,
    DocumentPage,
    DocumentText,
    Place,
    SearchResult,
    Status,
)
from qa.phrase_models import Phrasing
from qa.place import MOST_CHARS, found_passage, part, place
from qa.read import Passage, Reader
from qa.receipt import Receipt, make_receipt
from qa.retrieve import Spoken, retrieve
from qa.search import LocalSearch, Search
from qa.sentence_reader import SENTENCES, SentenceReader
from qa.sides import compose_sides
from qa.span_model import PACKAGED_READER, SpanModel, load_span_model
from qa.span_reader import SpanReader

MOST_PASSAGES = 100
"""Passages that one search returns at most."""

_ASKED_FOR_EACH_EXAMPLE = 4
_TRIES = 5

_T = TypeVar("_T")


class Pinpoint:
    """A collection of documents that can be asked and kept up to date.

    Safe to use from several threads. Every question is answered from one generation of the
    index, the newest at that moment. Make one with `Pinpoint.open`.

    Args:
        home: Folder of the index.
        settings: Resolved settings.
        embedder: Embedding model; None loads the one that the settings name, when needed.
        reader: None loads the one that the settings name, when needed.
    """

    def __init__(
        self,
        home: Path,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.home = home
        self.settings = settings
        self._given_embedder = embedder
        self._given_reader = reader
        self._dense: DenseIndex | None = None
        self._lexical: LexicalIndex | None = None
        self._calibration = CalibrationInUse(home, settings, reader)
        self._examples: tuple[tuple[str | None, int, int], tuple[Example, ...]] | None = None
        self._lock = threading.Lock()
        self._examples_lock = threading.Lock()

    @classmethod
    def open(cls, home: Path | str | None = None, **arguments: Any) -> "Pinpoint":  # noqa: ANN401
        """Open a home without writing to it; `sync` makes the index if there is none yet.

        Args:
            home: Folder of the index; None means `PINPOINT_HOME`, else `.pinpoint` beside
                `seeds/`.
            arguments: Settings that override file and environment.

        Raises:
            SettingsError: a setting is unknown or out of bounds.
        """
        folder = Path(home).absolute() if home is not None else default_home()
        return cls(folder, resolve_settings(folder, arguments))

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model that the settings name."""
        if self._given_embedder is not None:
            return self._given_embedder
        settings = self.settings
        return load_embedder(
            settings.model,
            revision=settings.model_revision,
            batch_size=settings.embed_batch,
            runtime=settings.model_runtime,
        )

    @cached_property
    def reader(self) -> Reader:
        """The reader that the settings name."""
        if self._given_reader is not None:
            return self._given_reader
        if self.settings.reader == SENTENCES:
            return SentenceReader(self.embedder)
        return SpanReader(self.span_model())

    def span_model(self) -> SpanModel:
        """Load the question-answering model that the settings name as the reader.

        Raises:
            InputError: the settings name the sentence reader, which has none.
            ModelError: the model is missing, broken or made for another task.
        """
        if self.settings.reader == SENTENCES:
            raise InputError(
                "the reader is set to sentences, which finds no short answers to score; set "
                f"reader to {PACKAGED_READER}, a folder or a hub name"
            )
        return load_span_model(self.settings.reader, self.settings.reader_revision)

    def ask(
        self,
        question: str,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        folders: Paths = (),
        kinds: Sequence[str] | str = (),
        context: Context | None = None,
        stage: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """Answer from the documents in their own words, or say that they do not.

        Args:
            question: At most `max_question_chars` characters.
            since: Only documents dated on this day or later; `YYYY-MM-DD` or a date.
            until: Only documents dated on this day or earlier.
            folders: Only documents below one of these folders or archives, or these files; none
                means everywhere.
            kinds: Only documents of these kinds: `pdf`, `word` and the other names of
                `index.kind_names.KINDS`; none means all.
            context: What was spoken of before, for a follow-up question; see `qa.follow`.
            stage: Told what begins: `searching`, `reading`, `checking quotes`.

        Raises:
            InputError: the question is empty or too long, a date or path is none, or a kind is
                unknown.
            IndexMissingError: there is no index yet.
            ModelMismatchError: the index was built with another embedding model.
        """
        self._check_question(question)
        within = bounds(since=since, until=until, folders=folders, kinds=kinds)
        return self._inquire(question, within, context, stage).answer

    def _inquire(
        self,
        question: str,
        within: Filter,
        context: Context | None = None,
        stage: Callable[[str], None] = lambda _: None,
    ) -> Inquiry:
        calibration = self._calibration.now(lambda: self.embedder.fingerprint)
        threshold = least_score(calibration, self.settings.threshold)
        inquiry = self._uncalibrated(question, within, threshold, context, stage)
        return inquiry if calibration is None else calibrated_inquiry(inquiry, calibration)

    def _uncalibrated(
        self,
        question: str,
        within: Filter,
        threshold: float | None,
        context: Context | None = None,
        stage: Callable[[str], None] = lambda _: None,
    ) -> Inquiry:
        """Ask with the reader's own confidence, and answer from this score on."""
        return _again(lambda: self._ask(question, within, threshold, context, stage))

    def _ask(
        self,
        question: str,
        within: Filter,
        threshold: float | None,
        context: Context | None,
        stage: Callable[[str], None],
    ) -> Inquiry:
        stage("searching")
        compared = comparison(question)
        with open_store(self.home) as store:
            check_model(store, self.embedder.fingerprint)
            asked = compared.questions if compared else (question,)
            spoken = None
            if context is not None:
                spoken = Spoken(context, self.embedder.encode_query(context.words))
            reader = self.reader  # before FAISS is loaded; see index/openmp.py
            found = [self._retrieve(store, each, self.settings, within, spoken) for each in asked]
            state, index_id = store.state(), store.meta("index_id")
        stage("reading")
        # Meanwhile a sync may commit.
        readings = [reader.read(*each) for each in zip(asked, found, strict=True)]
        stage("checking quotes")
        with open_store(self.home) as store:
            if store.meta("index_id") != index_id:
                raise _DocumentGoneError
            sources = _Sources(store)
            if compared is not None:
                answer = compose_sides(
                    question, compared, readings, sources, state, threshold=threshold
                )
            else:
                answer = compose(
                    question,
                    readings[0],
                    sources,
                    state,
                    max_citations=self.settings.max_citations,
                    threshold=threshold,
                )
        return Inquiry(answer, tuple(map(tuple, found)), tuple(readings))

    def search(
        self,
        question: str,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        folders: Paths = (),
        kinds: Sequence[str] | str = (),
        limit: int = 10,
    ) -> SearchResult:
        """Return the passages that come closest to a question, without reading them for answers.

        Args:
            question: At most `max_question_chars` characters.
            since: As for `ask`, like the other bounds.
            until: As for `ask`.
            folders: As for `ask`.
            kinds: As for `ask`.
            limit: Passages at most, 1 to `MOST_PASSAGES`.

        Raises:
            InputError: as `ask`, or the limit is out of bounds.
            IndexMissingError: there is no index yet.
            ModelMismatchError: the index was built with another embedding model.
        """
        self._check_question(question)
        if not 1 <= limit <= MOST_PASSAGES:
            raise InputError(f"limit {limit} is out of bounds; take from 1 to {MOST_PASSAGES}")
        within = bounds(since=since, until=until, folders=folders, kinds=kinds)
        candidates = max(self.settings.candidates, limit)
        settings = self.settings.model_copy(update={"passages": limit, "candidates": candidates})
        return _again(lambda: self._found(question, settings, within))

    def _found(self, question: str, settings: Settings, within: Filter) -> SearchResult:
        with open_store(self.home) as store:
            check_model(store, self.embedder.fingerprint)
            passages = self._retrieve(store, question, settings, within)
            sources = _Sources(store)
            found = tuple(found_passage(each, sources[each.document.rowid]) for each in passages)
            return SearchResult(question=question, passages=found, index=summary(store.state()))

    def _retrieve(
        self,
        store: Store,
        question: str,
        settings: Settings,
        within: Filter,
        spoken: Spoken | None = None,
    ) -> list[Passage]:
        _ = self.reader  # before FAISS is loaded; see index/openmp.py
        return retrieve(
            store,
            self._search(store),
            self.embedder.encode_query(question),
            question,
            settings,
            within=within,
            spoken=spoken,
        )

    def phrase(self, answer: Answer) -> Phrasing:
        """Let the language model that the settings name phrase an answer from its quotes.

        What it wrote that the quotes do not support is dropped, with the reason. That it does not
        answer, or not usefully, is told in the result's `failure`. The key for its server comes
        from the variable `PINPOINT_PHRASE_KEY`.

        Args:
            answer: What `ask` returned; one that was not answered is not sent anywhere.

        Raises:
            SettingsError: no model is set, as by default.
        """
        from qa.phrase import phrase  # asking does without its libraries

        key = os.environ.get(PHRASE_KEY_VARIABLE)
        calibration = self._calibration.now(lambda: self.embedder.fingerprint)
        threshold = least_score(calibration, self.settings.threshold)
        settings = self.settings.model_copy(update={"threshold": threshold})
        return phrase(answer, settings, lambda: self.reader, key)

    def check_phrasing(self) -> None:
        """Raise SettingsError where no model is set that could phrase an answer."""
        from qa.phrase import check_phrasing

        check_phrasing(self.settings)

    def claims(
        self,
        text: Path | str,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        folders: Paths = (),
        kinds: Sequence[str] | str = (),
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> ClaimsReport:
        """Check each sentence of a text: the best verbatim support of it, or that there is none.

        Args:
            text: A path of a file of any kind that can be indexed, or the text itself.
            since: As for `ask`, like the three behind it.
            until: Likewise.
            folders: Likewise.
            kinds: Likewise.
            progress: Told after each sentence how many are done, and of how many.

        Raises:
            InputError: there is no sentence, the file cannot be read, or a bound is none.
            IndexMissingError, ModelMismatchError: as `ask` does.
        """
        within = bounds(since=since, until=until, folders=folders, kinds=kinds)
        checked, found = read_text(text, self.settings), []
        for number in range(len(checked.sentences)):
            found.append(self.claim(checked, number, within))
            progress(number + 1, len(checked.sentences))
        with open_store(self.home) as store:
            return report(checked, found, store.state())

    def claim(self, checked: CheckedText, number: int, within: Filter = EVERYTHING) -> CheckedClaim:
        """Check the sentence of a text with this number against the newest generation."""
        return _again(lambda: self._claim(checked, number, within))

    def _claim(self, checked: CheckedText, number: int, within: Filter) -> CheckedClaim:
        start, end = checked.sentences[number]
        with open_store(self.home) as store:
            check_model(store, self.embedder.fingerprint)

            def find(words: str) -> list[Passage]:
                return self._retrieve(store, words, self.settings, within)

            return check_claim(
                checked.text, start, end, find, _Sources(store), before=checked.before(number)
            )

    def calibrate(
        self,
        files: Sequence[Path | str] | Path | str = (),
        *,
        risk: float = 0.1,
        min_coverage: float = 0.0,
        unanswerable: float = 0.25,
        store: bool = True,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> CalibrationReport:
        """Turn confidence into a probability that holds on these documents, and set the threshold.

        Asks the questions of the files, those pinned and those rated on the page, and besides them
        questions that the documents do not answer; see `docs/calibration.md`.

        Args:
            files: Questions with their answers, as `pinpoint eval` takes them.
            risk: Share of the answers given that may be wrong, between 0 and 1.
            min_coverage: Share of the questions that must be answered, 0 to 1.
            unanswerable: Share of all questions that the documents are taken not to answer, from 0
                to 0.9; of your own questions there may be more.
            store: False only measures.
            progress: Told after each question how many are done, and of how many.

        Returns:
            What was found. It is stored, and in use from now on, unless its `chosen` is None.

        Raises:
            InputError: a file or a number is none of these, or the reader given has no
                `fingerprint`.
            PinpointError: there are too few questions, or confidence tells nothing on them.
            IndexMissingError, ModelMismatchError: as `ask` does.
        """
        from qa.calibration.run import Wanted, calibrate  # asking does without its libraries

        made = calibrate(
            self.home,
            lambda question, within: self._uncalibrated(question, within, 0.0).answer,
            _listed(files) or (),
            Wanted(risk, min_coverage, unanswerable),
            stamp=self._calibration.stamp(self.embedder.fingerprint),
            reader=self._calibration.reader,
            progress=progress,
        )
        if store and isinstance(made, Calibration):
            self._calibration.file.write(made)
        return made.report if isinstance(made, Calibration) else made

    def calibration(self) -> CalibrationReport | None:
        """Return what the calibration that is stored was made from, None where there is none.

        Raises:
            PinpointError: the file cannot be read.
        """
        found = self._calibration.file.read()
        return None if found is None else found.report

    def remove_calibration(self) -> bool:
        """Take the calibration that is stored away; tell whether there was one."""
        return self._calibration.file.remove()

    def receipt(
        self,
        answer: Answer,
        *,
        asked: str | None = None,
        filters: Filters | None = None,
        created_at: datetime | None = None,
    ) -> Receipt:
        """Return the receipt of an answer, which `qa.verify` checks without the index.

        Args:
            answer: From this index, now or earlier.
            asked: The question as typed; None where it was asked as it was understood.
            filters: What its documents were narrowed to.
            created_at: When it was answered; None means now.

        Raises:
            IndexMissingError: there is no index.
            QuoteError: the stored text has something else at a quote's place.
        """
        with open_store(self.home) as store:
            return make_receipt(
                store, answer, self.settings, asked=asked, filters=filters, created_at=created_at
            )

    def sync(
        self,
        paths: Sequence[Path | str] | Path | str | None = None,
        *,
        rebuild: bool = False,
        allow_empty: bool = False,
        join: bool = False,
        progress: Progress | None = None,
    ) -> SyncReport:
        """Bring the index up to date with files and folders; see `index.sync.sync`.

        With `join`, help other processes that do so first; see `index.join.joined`.
        """
        return (joined if join else sync)(
            self.home,
            _listed(paths),
            self.embedder,
            self.settings,
            rebuild=rebuild,
            allow_empty=allow_empty,
            progress=progress,
        )

    def plan(
        self,
        paths: Sequence[Path | str] | Path | str | None = None,
        *,
        rebuild: bool = False,
        allow_empty: bool = False,
    ) -> SyncPlan:
        """Return what `sync` would do, without doing it; see `index.sync.plan`."""
        return plan(
            self.home,
            _listed(paths),
            self.embedder,
            self.settings,
            rebuild=rebuild,
            allow_empty=allow_empty,
        )

    def remove(self, paths: Sequence[Path | str]) -> int:
        """Take files or folders out of the index; return how many documents went."""
        return remove(self.home, paths, self.embedder, self.settings)

    def watch(
        self,
        paths: Sequence[Path | str] | Path | str | None = None,
        *,
        tell: Callable[[WatchEvent], None] = lambda _: None,
        stop: threading.Event | None = None,
    ) -> None:
        """Bring changes into the index as they happen, until `stop` is set; see `index.watch`."""
        listed = _listed(paths) or ()
        watch(self.home, listed, self.embedder, self.settings, tell, stop=stop)

    def work(
        self, *, tell: Callable[[int], None] = lambda _: None, stop: threading.Event | None = None
    ) -> None:
        """Embed for whoever changes the index, until `stop` is set; see `index.join.work`."""
        work(self.home, self.embedder, self.settings, tell=tell, stop=stop)

    def check(self, *, repair: bool = True, deep: bool = False) -> CheckReport:
        """Check everything in the index, and make anew what is derived; see `index.check.check`.

        Args:
            repair: False only looks.
            deep: Also cut every text again, with the model's tokenizer, and compare the chunks.
        """
        embedder = self.embedder if deep else None
        check_is_sqlite(self.home, "checking")
        return check(self.home, self.settings, repair=repair, embedder=embedder)

    def backup(self, file: Path | str, *, force: bool = False) -> int:
        """Copy the index, in use or not, into one file; see `index.backup.backup`."""
        check_is_sqlite(self.home, "a backup")
        return backup(self.home, Path(file), force=force)

    def restore(self, file: Path | str) -> CheckReport:
        """Put a backup in the place of the index; see `index.backup.restore`."""
        check_is_sqlite(self.home, "a backup")
        return restore(self.home, Path(file), self.settings)

    def migrate(
        self,
        source: Kind,
        target: Kind,
        *,
        address: str | None = None,
        force: bool = False,
        verify: bool = False,
        progress: Progress | None = None,
    ) -> MigrationReport:
        """Copy the index to the other store; see `index.transfer.run.migrate`.

        Args:
            source: Which one is read: `sqlite`, in the home, or `milvus`.
            target: Which one is written.
            address: Of the index on Milvus; None means the setting `store`.
            force: Replace an index that is in the target.
            verify: Change nothing, and only compare the two.
            progress: Called as documents are copied and compared.
        """
        if verify and force:
            raise InputError("verify only compares, and force replaces; give one of the two")
        if verify:
            work = partial(compare, self.home, source, target, self.settings)
        else:
            work = partial(migrate, self.home, source, target, self.settings, force=force)
        return work(address=address, progress=progress)

    def exists(self) -> bool:
        """Tell whether the home holds an index, one that has to be brought up to date too."""
        try:
            with open_store(self.home):
                return True
        except IndexTooOldError:
            return True
        except IndexMissingError:
            return False

    def status(self) -> Status:
        """Return what the index holds and how it is set up.

        Raises:
            IndexMissingError: there is no index yet.
        """
        with open_store(self.home) as store:
            info = store.meta("embedder")
            return Status(
                version=version("pinpoint-qa"),
                home=str(self.home),
                index=summary(store.state()),
                roots=tuple(store.roots()),
                failed=tuple(Failure(path=p, cause=c) for p, c in store.failures().items()),
                partial=tuple(
                    Failure(path=p, cause=c) for p, found in store.warnings().items() for c in found
                ),
                embedder=ModelInfo.model_validate_json(info) if info else None,
                vectors=dense_status(store) if isinstance(store, SqliteStore) else None,
                terms=engine(store) if isinstance(store, SqliteStore) else store.state().search,
                settings=self.settings,
                calibration=self._calibration.status(store.meta("model")),
            )

    def documents(
        self,
        query: str = "",
        sort: str = "path",
        *,
        descending: bool = False,
        offset: int = 0,
        limit: int = 50,
        folders: Paths = (),
        kinds: Sequence[str] | str = (),
    ) -> DocumentPage:
        """Return a part of the table of documents, and of files that could not be indexed.

        Args:
            query: Only rows with it in path or title, in letters of any case.
            sort: `path`, `title`, `kind`, `date`, `size`, `passages`, `state` or `indexed_at`; rows
                that are equal in it come by path, those in which it is unknown last.
            descending: The other way round.
            offset: How many rows to leave out before.
            limit: How many rows at most, 1 to 1000.
            folders: Only what is below one of these folders or archives, or these files.
            kinds: Only documents of these kinds; see `ask`.

        Raises:
            InputError: a value is none of these.
            IndexMissingError: there is no index yet.
        """
        within = bounds(folders=folders, kinds=kinds)
        with open_store(self.home) as store:
            return listing.page(
                store, query, within, sort, descending=descending, offset=offset, limit=limit
            )

    def folders(self) -> tuple[str, ...]:
        """Return what is followed and the folders directly in it that hold documents, sorted.

        Of more than `qa.listing.MOST_FOLDERS` those with most documents.

        Raises:
            IndexMissingError: there is no index yet.
        """
        with open_store(self.home) as store:
            return listing.folders(store)

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of all documents by their short names, sorted.

        Raises:
            IndexMissingError: there is no index yet.
        """
        with open_store(self.home) as store:
            return listing.kinds(store)

    def document(self, sha256: str) -> tuple[CitedDocument, str]:
        """Return a document and its whole text, found and checked by the text's SHA-256.

        Raises:
            DocumentMissingError: the index holds no such text (any more).
        """
        with open_store(self.home) as store:
            document, text = self._document(store, sha256)
            return cited_document(document, store.paths_of(sha256)), text

    def text(
        self, sha256: str, start: int = 0, end: int | None = None, *, limit: int = MOST_CHARS
    ) -> DocumentText:
        """Return characters of a document's whole text.

        Args:
            sha256: Of the whole text.
            start: First character.
            end: One past the last; None takes what the limit allows.
            limit: Most characters.

        Raises:
            DocumentMissingError: the index holds no such text (any more).
            InputError: these are no characters of it, or too many.
        """
        document, text = self.document(sha256)
        first, last = part(text, start, end, limit)
        return DocumentText(
            document=document, start=first, end=last, length=len(text), text=text[first:last]
        )

    def place(self, sha256: str, start: int, end: int) -> Place:
        """Return where the characters `[start, end)` of a document's whole text stand.

        Raises:
            DocumentMissingError: the index holds no such text (any more).
            InputError: these are no characters of it.
        """
        with open_store(self.home) as store:
            document, _ = self._document(store, sha256)
            return place(store, document, _Sources(store)[document.rowid], start, end)

    def _document(self, store: Store, sha256: str) -> tuple[StoredDocument, str]:
        found = store.find_document(sha256)
        if found is None or text_sha256(found[1]) != sha256:
            raise DocumentMissingError(
                f"no document with SHA-256 {sha256} in {self.home}; ask again"
            )
        return found

    @property
    def models_loaded(self) -> bool:
        """Whether the models are in memory, so that a question need not wait for them."""
        return {"embedder", "reader"} <= self.__dict__.keys()

    def examples(self, limit: int = 6) -> tuple[Example, ...]:
        """Return questions that the documents answer, for people who do not know them yet.

        They are made from passages, asked like any other, and kept if the best quote is what they
        were made from. The first call for a generation of the index may ask four times `limit`
        questions (and load the models), so make it where nobody waits; later ones cost one look
        into the database. There may be fewer, or none.

        Args:
            limit: Most questions.

        Raises:
            IndexMissingError, ModelMismatchError: as `ask` does.
        """
        with self._examples_lock:  # who comes meanwhile waits, and does not ask them again
            with open_store(self.home) as store:
                made_for = (store.meta("index_id"), store.generation(), limit)
                if self._examples is not None and self._examples[0] == made_for:
                    return self._examples[1]
                pool = example_questions(store, _ASKED_FOR_EACH_EXAMPLE * limit)
            found = answered(pool, self.ask, limit)
            self._examples = made_for, found
            return found

    def _check_question(self, question: str) -> None:
        limit = self.settings.max_question_chars
        if not question.strip():
            raise InputError("the question is empty; ask something in a few words")
        if any("\ud800" <= character <= "\udfff" for character in question):
            raise InputError("the question is not valid Unicode text; type it in UTF-8")
        if len(question) > limit:
            raise InputError(
                f"the question has {len(question)} characters, the limit is {limit}; shorten it"
            )

    def _search(self, store: Store) -> Search:
        if not isinstance(store, SqliteStore):
            from index.milvus.store import MilvusStore  # most go without its library
            from qa.server_search import ServerSearch

            if isinstance(store, MilvusStore):
                return ServerSearch(store)
            raise TypeError(f"no search for a {type(store).__name__}")
        with self._lock:
            if self._dense is None or not self._dense.fits(store):
                self._dense = DenseIndex.load(store, self._dense, asking=True)
            if self._lexical is None or not self._lexical.fits(store):
                self._lexical = LexicalIndex.load(store)
            return LocalSearch(store, self._dense, self._lexical)


def answer(
    question: str,
    *,
    home: Path | str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    folders: Paths = (),
    kinds: Sequence[str] | str = (),
) -> Answer:
    """Answer one question from the default home (or `home`); raises as `Pinpoint.ask` does.

    The home stays open for the next call.
    """
    folder = Path(home).absolute() if home is not None else default_home()
    with _opened_lock:
        pinpoint = _opened.get(folder)
        if pinpoint is None:
            pinpoint = _opened[folder] = Pinpoint.open(folder)
    return pinpoint.ask(question, since=since, until=until, folders=folders, kinds=kinds)


def inquire(pinpoint: Pinpoint, question: str, *, within: Filter = EVERYTHING) -> Inquiry:
    """Ask as `Pinpoint.ask` does, and return with the answer what it was found among.

    Args:
        pinpoint: What is asked.
        question: As for `ask`.
        within: Bounds of the documents.
    """
    pinpoint._check_question(question)
    return pinpoint._inquire(question, within)


def calibration_of(pinpoint: Pinpoint) -> str | None:
    """Return the SHA-256 of the calibration that answers go through, None where they do not."""
    found = pinpoint._calibration.now(lambda: pinpoint.embedder.fingerprint)
    return None if found is None else found.fingerprint


_opened: dict[Path, Pinpoint] = {}
_opened_lock = threading.Lock()


class _DocumentGoneError(PinpointError):
    """A document that was read is not in the index any more, or the index is another one."""

    def __init__(self) -> None:
        super().__init__("a document was taken out of the index meanwhile; ask again")


def _again(read: Callable[[], _T]) -> _T:
    """Read a generation; where something of it went meanwhile, read the newest one.

    Raises:
        PinpointError: something was missing each time.
    """
    for _ in range(_TRIES - 1):
        with suppress(_DocumentGoneError, RowsGoneError):
            return read()
    return read()


class _Sources(dict[int, Source]):
    """The documents that are cited, by row id, loaded when they are asked for.

    A row never changes but for its path, and its id is never given twice.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, rowid: int) -> Source:
        store = self._store
        try:
            document, text = store.document(rowid)
        except KeyError as error:
            raise _DocumentGoneError from error
        self[rowid] = Source(
            text,
            store.locations(rowid),
            store.paths_of(document.sha256),
            store.address(rowid),
            store.layout(rowid),
        )
        return self[rowid]


def _listed(paths: Sequence[Path | str] | Path | str | None) -> Sequence[Path | str] | None:
    return [paths] if isinstance(paths, str | Path) else paths
