"""A table of Milvus in memory, and processes that are stopped between any two of their calls."""

import ast
import threading
from contextlib import suppress
from functools import lru_cache

FOREVER_SECONDS = 20.0


HOSTILE = [
    "",
    '"',
    "'",
    "\\",
    '\\"',
    "\\n",
    'a" or "" == "',
    '"] or born > 0 or id in ["',
    "line\nline\r\n\ttab",
    "\x0b\x0c\x1b\x7f\x85\u2028\u2029",
    "ünï 漢字 😀 \u200b\ufeff",
    "\\u0041 \\x41 %s {} $meta // #",
    "it's 50% \\ \\\\ \\\\\\",
]
"""Texts that would end a literal, or mean something else, if they were written as they are."""


class FakeTable:
    """Rows in a dict that several of them may share, as processes share a server.

    Args:
        shared: By tenant and key; the state of the server.
        before: Called with the name of each operation before it takes place; may raise.
    """

    def __init__(self, shared=None, tenant="default", before=lambda _: None):
        self.shared = {} if shared is None else shared
        self.tenant = tenant
        self.before = before

    def insert(self, rows):
        rows = list(rows)
        self.before("insert")
        for row in rows:
            assert (self.tenant, row["pk"]) not in self.shared, f"inserted twice: {row['pk']}"
            self._put(row)

    def upsert(self, rows):
        rows = list(rows)
        self.before("upsert")
        for row in rows:
            self._put(row)

    def delete(self, pks):
        pks = list(pks)
        self.before("delete")
        for pk in pks:
            self.shared.pop((self.tenant, pk), None)

    def delete_where(self, expression):
        found = [row["pk"] for row in self.query(expression, ["pk"])]
        self.delete(found)
        return len(found)

    def query(self, expression, fields, consistency="strong"):
        assert consistency in ("strong", "bounded")
        self.before("query")
        return [self._cut(row, fields) for row in self._rows() if matches(expression, row)]

    def get(self, pks, fields, consistency="strong"):
        assert consistency in ("strong", "bounded")
        pks = set(pks)
        self.before("get")
        return [self._cut(row, fields) for row in self._rows() if row["pk"] in pks]

    def count(self, expression, consistency="strong"):
        assert consistency in ("strong", "bounded")
        self.before("count")
        return sum(matches(expression, row) for row in self._rows())

    def _put(self, row):
        self.shared[self.tenant, row["pk"]] = dict(row)

    def _rows(self):
        return [row for (tenant, _), row in self.shared.items() if tenant == self.tenant]

    def _cut(self, row, fields):
        return {name: row[name] for name in {"pk", *fields}}


_EXPRESSION = (
    *(ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.List, ast.Load),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn),
    *(ast.Expression, ast.Name, ast.Constant),
)
_OWN_FIELDS = ("pk", "tenant")


def matches(expression, row):
    """Whether a row matches."""
    return not expression or bool(eval(_compiled(expression), {"__builtins__": {}}, row))


@lru_cache(maxsize=10_000)
def _compiled(expression):
    """The expressions that we write are Python's too; others are refused."""
    tree = ast.parse(expression, mode="eval")
    for node in ast.walk(tree):
        assert isinstance(node, _EXPRESSION), f"no expression for Milvus: {expression}"
        assert not isinstance(node, ast.Compare) or len(node.ops) == 1, f"a chain: {expression}"
        assert not isinstance(node, ast.Name) or node.id not in _OWN_FIELDS, "the table's own"
        assert not isinstance(node, ast.Constant) or type(node.value) in (int, str), expression
        assert not isinstance(node, ast.List) or node.elts, f"an empty list: {expression}"
    return compile(tree, "expression", "eval")


class Killed(BaseException):
    """What ends a process of a schedule that has no more turns."""


class Process:
    """A function that makes one call of its table at a time, when it is told to.

    Args:
        shared: The server's rows.
        work: Takes the table; what it returns is `result`, what it raises `error`.

    Attributes:
        next: Name of the call it is about to make.
    """

    def __init__(self, shared, work):
        self.result = self.error = None
        self.next = ""
        self.done = False
        self._killed = False
        self._turn = threading.Semaphore(0)
        self._back = threading.Semaphore(0)
        self.table = FakeTable(shared, before=self._wait)
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()
        self._back.acquire(timeout=FOREVER_SECONDS)

    def step(self, times=1):
        """Let it make so many calls, and go on until just before the next one or its end."""
        for _ in range(times):
            if self.done:
                return
            self._turn.release()
            assert self._back.acquire(timeout=FOREVER_SECONDS)

    def finish(self):
        """Let it go on to its end."""
        while not self.done:
            self.step()

    def kill(self):
        """End it before its next call; it makes no more."""
        self._killed = True
        self.finish()

    def _wait(self, name):
        self.next = name
        self._back.release()
        assert self._turn.acquire(timeout=FOREVER_SECONDS)
        if self._killed:
            raise Killed

    def _run(self, work):
        with suppress(Killed):
            try:
                self.result = work(self.table)
            except Exception as error:
                self.error = error
        self.done = True
        self._back.release()
