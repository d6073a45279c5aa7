"""The texts that an expression can be, from constants, variables that hold them, and the functions that join paths."""

from __future__ import annotations

import ast
import itertools
import posixpath
import re
from collections.abc import Iterable, Mapping

from .events import UNKNOWN

Texts = tuple[str, ...]
"""Alternatives; UNKNOWN stands for parts that cannot be told."""
ANY: Texts = (UNKNOWN,)
_MOST = 40
"""Alternatives of one expression."""
_DEEPEST = 40
_BRACES = re.compile(r"(?<![{$])\{\s*(?:([A-Za-z_]\w*)|[^{}]+)\s*\}(?!\})")
_DOLLAR = re.compile(r"\$([A-Za-z_]\w*)")
_SAME = {"str", "fspath", "abspath", "realpath", "normpath", "expanduser", "expandvars", "resolve", "absolute", "as_posix"}  # fmt: skip
_PATHS = {"Path", "PurePath", "PosixPath", "PurePosixPath"}


class Values:
    """What is known of variables at one point of the code."""

    def __init__(self) -> None:
        self.texts: dict[str, Texts] = {}
        self.nodes: dict[str, ast.expr] = {}
        """Lists and mappings that are written out, constants that are no text, and calls that open an archive."""
        self.either: set[str] = set()
        """Variables that hold one thing or another, as nobody knows which branch was taken."""
        self.doubt = False
        """Set when the texts of such a variable were asked for."""

    def __len__(self) -> int:
        return len(self.texts) + len(self.nodes)

    def copy(self) -> Values:
        """Return a copy, for a branch that may not be taken."""
        made = Values()
        made.texts, made.nodes, made.either = dict(self.texts), dict(self.nodes), set(self.either)
        return made

    @property
    def certain(self) -> Mapping[str, Texts]:
        """The texts of variables that hold the same whichever branch was taken; of others UNKNOWN."""
        return {name: ANY if name in self.either else texts for name, texts in self.texts.items()}

    def node(self, node: ast.expr) -> ast.expr:
        """Return what a variable is known to hold, or the expression itself."""
        return self.nodes.get(node.id, node) if isinstance(node, ast.Name) else node

    def hold(self, target: ast.expr, node: ast.expr) -> None:
        """Remember an expression that is no text as what a variable holds from here on."""
        self._hold(target, None, node)

    def join(self, *others: Values) -> None:
        """Take what variables hold after this branch or one of the others."""
        for name in {name for each in (self, *others) for name in (*each.texts, *each.nodes)}:
            held = [(each.texts.get(name, ANY), each.nodes.get(name)) for each in (self, *others)]
            if all(each == held[0] for each in held) and not any(name in each.either for each in others):
                continue
            self.nodes.pop(name, None)
            self.texts[name] = tuple(dict.fromkeys(text for texts, _ in held for text in texts))[:_MOST]
            self.either.add(name)

    def truth(self, test: ast.expr) -> bool | None:
        """Tell whether a condition holds; None where nobody knows."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.truth(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.Name) and test.id not in self.either:
            node, texts = self.nodes.get(test.id), self.texts.get(test.id, ANY)
            if isinstance(node, ast.Constant):
                return bool(node.value)
            return bool(texts[0]) if len(texts) == 1 and UNKNOWN not in texts[0] else None
        return bool(test.value) if isinstance(test, ast.Constant) else None

    def assign(self, target: ast.expr, value: ast.expr | None) -> None:
        """Remember what a variable holds from here on; None: nobody knows."""
        if isinstance(target, (ast.Tuple, ast.List)):
            same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
            values: Iterable[ast.expr | None] = value.elts if same else itertools.repeat(None)  # type: ignore[union-attr]
            # All are evaluated before the first is assigned.
            for each, texts in [
                (name, self.of(item) if item else None)
                for name, item in zip(target.elts, values, strict=False)
            ]:
                self._hold(each, texts, None)
            return
        node: ast.expr | None = None
        written = isinstance(value, (ast.List, ast.Tuple, ast.Dict, ast.Set))
        if written or (isinstance(value, ast.Constant) and not isinstance(value.value, str)):
            node = value
        self._hold(target, self.of(value) if value is not None and node is None else None, node)

    def assign_each(self, target: ast.expr, iterated: ast.expr) -> None:
        """Remember what the variable of a loop can hold."""
        self._hold(target, self.each_of(iterated), None)

    def _hold(self, target: ast.expr, texts: Texts | None, node: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.texts.pop(target.id, None)
            self.nodes.pop(target.id, None)
            self.either.discard(target.id)
            if node is not None:
                self.nodes[target.id] = node
            elif texts and texts != ANY:
                self.texts[target.id] = texts
        elif isinstance(target, (ast.Tuple, ast.List)):
            for each in target.elts:
                self._hold(each, None, None)

    def each_of(self, node: ast.expr | None) -> Texts:
        """Return the texts in a list, a mapping's values, or a text itself."""
        if isinstance(node, ast.Name) and node.id in self.nodes:
            node = self.nodes[node.id]
        if isinstance(node, ast.Dict):
            return tuple(text for each in node.values[:_MOST] for text in self.each_of(each))
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return tuple(text for each in node.elts[:_MOST] for text in self.of(each))
        return self.of(node) if node is not None else ()

    def of(self, node: ast.expr, depth: int = 0) -> Texts:
        """Return the texts that an expression can be; ANY where nothing is known."""
        if depth > _DEEPEST:
            return ANY
        found = self._of(node, depth + 1)
        return found[:_MOST] or ANY

    def _of(self, node: ast.expr, depth: int) -> Texts:
        if isinstance(node, ast.Constant):
            return (node.value,) if isinstance(node.value, str) else ANY
        if isinstance(node, ast.JoinedStr):
            return self._joined([self._piece(each, depth) for each in node.values])
        if isinstance(node, ast.Name):
            self.doubt = self.doubt or node.id in self.either
            return self.texts.get(node.id, ANY)
        if isinstance(node, ast.BinOp):
            return self._operation(node, depth)
        if isinstance(node, ast.IfExp):
            return self.of(node.body, depth) + self.of(node.orelse, depth)
        if isinstance(node, ast.Subscript):
            return self._item(node, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, depth)
        return self._call(node, depth) if isinstance(node, ast.Call) else ANY

    def _piece(self, node: ast.expr, depth: int) -> Texts:
        if isinstance(node, ast.FormattedValue):
            if isinstance(node.value, ast.Constant) and node.format_spec is None:
                return (str(node.value.value),)
            return self.of(node.value, depth) if node.format_spec is None else ANY
        return self.of(node, depth)

    def _joined(self, pieces: list[Texts]) -> Texts:
        return tuple("".join(each) for each in itertools.islice(itertools.product(*pieces), _MOST))

    def _paths(self, parts: list[Texts]) -> Texts:
        if not parts:
            return (".",)
        return tuple(
            posixpath.join(*each) for each in itertools.islice(itertools.product(*parts), _MOST) if each
        )

    def _operation(self, node: ast.BinOp, depth: int) -> Texts:
        if isinstance(node.op, ast.Div):
            return self._paths([self.of(node.left, depth), self.of(node.right, depth)])
        if isinstance(node.op, ast.Add):
            return self._joined([self.of(node.left, depth), self.of(node.right, depth)])
        return ANY

    def _item(self, node: ast.Subscript, depth: int) -> Texts:
        held = self.nodes.get(node.value.id) if isinstance(node.value, ast.Name) else None
        wanted = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(held, ast.Dict):
            for key, value in zip(held.keys, held.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == wanted and wanted is not None:
                    return self.of(value, depth)
        listed = held.elts if isinstance(held, (ast.List, ast.Tuple)) else []
        if isinstance(wanted, int) and -len(listed) <= wanted < len(listed):
            return self.of(listed[wanted], depth)
        return ANY

    def _attribute(self, node: ast.Attribute, depth: int) -> Texts:
        if node.attr == "executable" and isinstance(node.value, ast.Name) and node.value.id == "sys":
            return ("python",)
        if node.attr == "parent":
            return tuple(posixpath.dirname(each) or "." for each in self.of(node.value, depth))
        return ANY

    def _call(self, node: ast.Call, depth: int) -> Texts:
        name = called(node)
        arguments = [self.of(each, depth) for each in node.args]
        base = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name in ("getcwd", "cwd"):
            return (".",)
        if name == "home":
            return ("~",)
        if name == "joinpath" and base is not None:
            return self._paths([self.of(base, depth), *arguments])
        if (name == "join" and base is not None and _is_path_module(base)) or name in _PATHS:
            return self._paths(arguments)
        if name == "dirname" and arguments:
            return tuple(posixpath.dirname(each) for each in arguments[0])
        if name == "basename" and arguments:
            return tuple(posixpath.basename(each) for each in arguments[0])
        if name == "format" and base is not None:
            return self._formatted(self.of(base, depth), arguments, node, depth)
        if name in _SAME:
            return arguments[0] if arguments else self.of(base, depth) if base is not None else ANY
        return ANY

    def _formatted(self, texts: Texts, arguments: list[Texts], node: ast.Call, depth: int) -> Texts:
        named = {each.arg: self.of(each.value, depth)[0] for each in node.keywords if each.arg}
        placed = [each[0] for each in arguments]
        made = []
        for text in texts:
            try:
                made.append(text.format(*placed, **named))
            except (ValueError, KeyError, IndexError, AttributeError, TypeError):
                made.append(UNKNOWN)
        return tuple(made)


def called(node: ast.Call) -> str:
    """Return the last part of what is called: `read_csv` of `pd.read_csv(…)`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def owner(node: ast.Call) -> str:
    """Return the dotted name before the last part, empty where it is no plain name."""
    parts, value = [], node.func.value if isinstance(node.func, ast.Attribute) else None
    while isinstance(value, ast.Attribute):
        parts.append(value.attr)
        value = value.value
    if not isinstance(value, ast.Name):
        return ""
    return ".".join([value.id, *reversed(parts)])


def expanded(text: str, values: Mapping[str, Texts]) -> str:
    """Return a line of the shell with IPython's `{name}` and `$name` in it; UNKNOWN for what cannot be told."""

    def one(name: str) -> str:
        known = values.get(name)
        # What is in angle brackets is to be filled in, and no redirection.
        return known[0] if known and not re.search(r"[<>]", known[0]) else UNKNOWN

    made = _BRACES.sub(
        lambda match: one(match[1]) if match[1] else UNKNOWN, text.replace("{sys.executable}", "python")
    )
    return _DOLLAR.sub(lambda match: one(match[1]) if match[1] in values else match[0], made)


def _is_path_module(node: ast.expr) -> bool:
    """os.path.join, osp.join: not `", ".join`."""
    return (isinstance(node, ast.Attribute) and node.attr == "path") or (isinstance(node, ast.Name) and node.id in ("path", "osp", "op", "posixpath"))  # fmt: skip
