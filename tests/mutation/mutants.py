"""Which mutants there are.

Left out are those that no test is needed to find: in type annotations, those that are no Python, and the
`frozen` and `slots` of a dataclass, which keep other code from what the type checker refuses as well.
"""

import ast
import difflib
import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutation.operators import all_operators


@dataclass(frozen=True)
class Mutant:
    """One changed copy of a module; `key` stays the same when other places of the module change."""

    path: str
    operator: str
    line: int
    source: str
    diff: str
    key: str

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")


def of(path: Path, source: str) -> list[Mutant]:
    """The mutants of a module that reads so, in the order of its lines."""
    seen = Counter[str]()
    bare, mutants = _bare(source), []
    for name, operator in all_operators().items():
        positions = [at for node in ast_nodes(get_ast(source)) for at in operator.mutation_positions(node)]
        for occurrence, (begins, _) in enumerate(positions):
            changed = mutate_code(source, operator, occurrence)
            if changed is None or _bare(changed) in (None, bare) or _is_for_types(name, source, begins[0]):
                continue
            diff = _diff(source, changed)
            digest = hashlib.sha256(f"{path}\n{diff}".encode()).hexdigest()[:20]
            seen[digest] += 1
            shown = "\n".join(line for line in diff.splitlines() if line[0] in "+-")
            mutants.append(Mutant(str(path), name, begins[0], changed, shown, f"{digest}-{seen[digest]}"))
    return sorted(mutants, key=lambda mutant: mutant.line)


def _is_for_types(operator: str, source: str, line: int) -> bool:
    return operator == "ReplaceTrueWithFalse" and source.splitlines()[line - 1].startswith("@dataclass(")


def _diff(old: str, new: str) -> str:
    """The changed lines with five around them, and no line numbers."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=5, lineterm=""))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


def _bare(source: str) -> str | None:
    """The program without its annotations, to compare; None where it is no program."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef():
                node.returns = None
            case ast.arguments():
                # The bare `*` of keyword-only arguments is no product.
                node.kwonlyargs = [*node.posonlyargs, *node.args, *node.kwonlyargs]
                node.defaults += [value for value in node.kw_defaults if value]
                node.posonlyargs, node.args, node.kw_defaults = [], [], []
            case ast.arg():
                node.annotation = None
            case ast.AnnAssign():
                node.annotation = ast.Constant(None)
    return ast.dump(tree)
