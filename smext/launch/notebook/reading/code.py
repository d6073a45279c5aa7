"""Python code as events: an ordered walk that never runs anything and never goes deep."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from . import calls
from .events import Event
from .values import ANY, Texts, Values, called, owner

Line = Callable[[str, Values], Iterator[Event]]
"""Reads a line that only IPython understands."""
MAGIC = "_smext_line"
"""Stands in the code for such a line, with its text."""
_DEEPEST = 3
"""Functions of the notebook's own that are followed from a call into the next."""
_MOST_CALLS = 400
_NESTED = 60
_PARTS_MATTER = {"sagemaker"}
"""Packages of which it matters what is taken out of them: see packages/sagemaker_sdk.py."""
_MOST_BRANCHED = 30_000
_JOINS = {"join", "Path", "PurePath", "joinpath", "format"}
_LEAVES = (ast.Constant, ast.Name)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Code:
    """Events of one piece of code after another, with what is known of its variables."""

    def __init__(self, line: Line, values: Values | None = None) -> None:
        self.values = Values() if values is None else values
        self._line = line
        self._functions: dict[str, Function] = {}
        self._found: list[Event] = []
        self._sure = True
        self._depth = 0
        self._followed = 0
        self._changing = 0
        """Loops and functions that are not called yet, around what is read."""
        self._globals: set[str] = set()
        self._packages: dict[str, str] = {}
        """Names under which packages are imported whose parts are told one by one."""
        self.branched = _MOST_BRANCHED
        """Names of variables that may still be remembered for branches."""

    def read(self, tree: ast.Module) -> list[Event]:
        """Return the events of a tree in order. Never raises."""
        self._found = []
        try:
            self._block(tree.body, 0)
        except RecursionError:
            self._found.append(Event("unseen", "code that is nested too deeply"))
        return self._found

    # --- statements -----------------------------------------------------------------------------

    def _block(self, body: Iterable[ast.stmt], level: int) -> None:
        for statement in body:
            self._statement(statement, level + 1)

    def _statement(self, node: ast.stmt, level: int) -> None:
        if level > _NESTED:
            return
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._function(node, level)
        elif isinstance(node, ast.ClassDef):
            self._expressions(node.decorator_list)
            self._guarded(node.body, level, sure=False)
        elif isinstance(node, ast.If):
            self._if(node, level)
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            self._try(node, level)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self._expressions([node.iter])
            self.values.assign_each(node.target, node.iter)
            self._repeated([*node.body, *node.orelse], level)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                self._expressions([item.context_expr])
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, item.context_expr)
            self._block(node.body, level)
        elif isinstance(node, ast.While):
            self._expressions([node.test])
            self._repeated([*node.body, *node.orelse], level)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            self._assign(node)
        else:
            self._rest(node, level)

    def _repeated(self, body: Iterable[ast.stmt], level: int) -> None:
        self._changing += 1
        self._block(body, level)
        self._changing -= 1

    def _try(self, node: Any, level: int) -> None:
        ways = _Ways(self, many=len(node.handlers) + 1)
        self._guarded(node.body, level, sure=not node.handlers)
        self._guarded(node.orelse, level, sure=False)
        for handler in node.handlers:
            ways.other()
            self._guarded(handler.body, level, sure=False)
        ways.joined()
        self._block(node.finalbody, level)

    def _rest(self, node: ast.stmt, level: int) -> None:
        """Read what is left: expressions, and bodies of statements that are new in Python."""
        self._expressions(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        for case in getattr(node, "cases", []):
            self._guarded(case.body, level, sure=False)
        if isinstance(node, ast.AugAssign):
            self.values.assign(node.target, None)
        elif isinstance(node, ast.Global):
            self._globals.update(node.names)

    def _assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        if node.value is None:
            return
        self._expressions([node.value])
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            self._packages.pop(getattr(target, "id", ""), None)
            if calls.is_archive(node.value):
                self.values.hold(target, node.value)
            else:
                self.values.assign(target, node.value)

    def _bind(self, target: ast.expr, opened: ast.expr) -> None:
        """Bind what `with` opens: its value is unknown, but for an archive."""
        self.values.assign(target, None)
        if calls.is_archive(opened):
            self.values.hold(target, opened)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                if top in _PARTS_MATTER and (alias.asname is None or alias.name == top):
                    self._packages[alias.asname or top] = top
            self._found += [
                Event("import", alias.name, self._sure or not self._in_try) for alias in node.names
            ]
        elif not node.level and node.module:
            # What is imported from a package may be a module of another distribution: google.cloud, azure.
            self._found += [
                Event("import", f"{node.module}.{alias.name}", self._sure or not self._in_try)
                for alias in node.names
            ]

    def _use(self, node: ast.Call) -> None:
        """Count what is taken out of a package as imported from it: sagemaker.Session()"""
        parts = [*owner(node).split("."), called(node)]
        package = self._packages.get(parts[0])
        if package is not None:
            self._found.append(Event("import", f"{package}.{parts[1]}", self._sure or not self._in_try))

    _in_try = False

    def _if(self, node: ast.If, level: int) -> None:
        self._expressions([node.test])
        sure = self._sure and _always(node.test)
        truth = self._truth(node.test)
        skipped = "TYPE_CHECKING" in ast.dump(node.test)[:200] or truth is False
        ways = _Ways(self, many=0 if skipped or truth is True else 2)
        if not skipped:
            self._guarded(node.body, level, sure=sure or truth is True, tries=False)
        if truth is not True:
            ways.other()
            self._guarded(node.orelse, level, sure=truth is False, tries=False)
        ways.joined()

    def _truth(self, test: ast.expr) -> bool | None:
        """Evaluate a test. What a variable holds in a loop, or when a function is called at last, may be another thing than here."""
        if self._changing and not isinstance(test, ast.Constant):
            return None
        names = {each.id for each in ast.walk(test) if isinstance(each, ast.Name)}
        return None if names & self._globals else self.values.truth(test)

    def _guarded(self, body: Iterable[ast.stmt], level: int, *, sure: bool, tries: bool = True) -> None:
        before = self._sure, self._in_try
        self._sure, self._in_try = sure and self._sure, self._in_try or (tries and not sure)
        self._block(body, level)
        self._sure, self._in_try = before

    def _function(self, node: Function, level: int) -> None:
        self._expressions(node.decorator_list)
        self._functions[node.name] = node
        # What it does with constants, whoever calls it; it may never be called.
        kept, before = self.values.copy(), (self._sure, self._in_try)
        for name in _parameters(node):
            self.values.assign(ast.Name(id=name), None)
        self._sure = False
        self._repeated(node.body, level)
        self._sure, self._in_try = before
        self.values = kept

    def _follow(self, call: ast.Call, function: Function) -> None:
        """Read what a function of the notebook's own does with these arguments."""
        self._followed += 1
        if self._depth >= _DEEPEST or self._followed > _MOST_CALLS:
            return
        kept = self.values.copy()
        names = _parameters(function)
        positional = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        defaults = dict(zip(reversed(positional), reversed(function.args.defaults), strict=False))
        given = dict(zip(positional, call.args, strict=False))
        given |= {each.arg: each.value for each in call.keywords if each.arg}
        texts = {name: (given.get(name) or defaults.get(name)) for name in names}
        held = {
            name: (self.values.of(node), node) if node is not None else None for name, node in texts.items()
        }
        for name, known in held.items():
            self.values.assign(ast.Name(id=name), None)
            if known is not None:
                self._hold_argument(name, *known)
        self._depth += 1
        changing, self._changing = self._changing, 0
        self._block(function.body, 0)
        self._changing = changing
        self._depth -= 1
        self.values = kept

    def _hold_argument(self, name: str, texts: Texts, node: ast.expr) -> None:
        if isinstance(node, ast.Name) and node.id in self.values.nodes:
            node = self.values.nodes[node.id]
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            self.values.nodes[name] = node
        else:
            self.values.texts[name] = texts

    # --- expressions ----------------------------------------------------------------------------

    def _expressions(self, nodes: Iterable[ast.expr]) -> None:
        for node in nodes:
            for each in in_order(node):
                if isinstance(each, ast.Call):
                    self._call(each)
                elif isinstance(each, ast.comprehension):
                    self.values.assign_each(each.target, each.iter)
                elif isinstance(each, ast.NamedExpr):
                    self.values.assign(each.target, each.value)
                elif isinstance(each, ast.Constant) and isinstance(each.value, str):
                    if 0 < len(each.value) <= calls.LONGEST:
                        self._found.append(Event("mention", each.value, False))
                elif isinstance(each, (ast.JoinedStr, ast.BinOp)):
                    self._found += [
                        Event("mention", text, False) for text in calls.known(self.values.of(each))
                    ]

    def _call(self, node: ast.Call) -> None:
        name = called(node)
        if name == MAGIC and isinstance(node.func, ast.Name):
            text: Any = node.args[0]
            self._found += [self._weaker(each) for each in self._line(text.value, self.values)]
            return
        if self._packages:
            self._use(node)
        if name in _JOINS:
            self._mention(node)
        function = self._functions.get(name) if isinstance(node.func, ast.Name) else None
        if function is not None:
            self._follow(node, function)
        self.values.doubt = False
        found = [
            self._weaker(each)
            for each in calls.events(node, self.values, self._line, inline, own=function is not None)
        ]
        if self.values.doubt:
            # Of several files only one is read, and nobody knows which.
            found = [replace(each, sure=False) if each.kind == "read" else each for each in found]
        self._found += found

    def _mention(self, node: ast.expr) -> None:
        texts = self.values.of(node)
        if texts != ANY:
            self._found += [Event("mention", text, False) for text in calls.known(texts)]

    def _weaker(self, event: Event) -> Event:
        if self._sure or not event.sure:
            return event
        # An import in an `if` is as sure as ever; what it reads there may never be read.
        if event.kind in ("import", "engine", "install", "run", "unseen") and not self._in_try:
            return event
        return Event(event.kind, event.value, False, event.tree, event.base, event.text)


class _Ways:
    """Branches of which one is taken: each begins with what was known before. Too many of them follow each other."""

    def __init__(self, code: Code, many: int) -> None:
        self._code = code
        names = many * len(code.values)
        self._before = code.values.copy() if many and names <= code.branched else None
        code.branched -= names if self._before else 0
        self._ends: list[Values] = []

    def other(self) -> None:
        if self._before is not None:
            self._ends.append(self._code.values)
            self._code.values = self._before.copy()

    def joined(self) -> None:
        if self._ends:
            self._code.values.join(*self._ends)


def in_order(node: ast.AST) -> list[ast.AST]:
    """Return an expression's nodes, arguments before the calls that take them, without recursion."""
    # From the outside to the inside and from the right to the left, then turned round.
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        found.append(each)
        if isinstance(each, _LEAVES):
            continue
        children = _children(each)
        if isinstance(each, _COMPREHENSIONS):
            # What is iterated comes first in time, though last in the text.
            children = [*each.generators, *[child for child in children if child not in each.generators]]
        waiting += children
    found.reverse()
    return found


def _children(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST) and name not in ("ctx", "op"):
            found.append(value)
    return found


def _parameters(node: Function) -> list[str]:
    every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    more = [each.arg for each in (node.args.vararg, node.args.kwarg) if each]
    return [each.arg for each in every] + more


def _always(test: ast.expr) -> bool:
    if isinstance(test, ast.Constant):
        return bool(test.value)
    left = test.left if isinstance(test, ast.Compare) else None
    return isinstance(left, ast.Name) and left.id == "__name__"


def inline(text: str) -> Iterator[Event]:
    """Read Python that stands in a command, such as `python -c "..."`; nothing where it cannot be parsed."""
    try:
        yield from Code(lambda text, values: iter(())).read(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
