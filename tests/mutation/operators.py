"""The operators: cosmic-ray's, one replacement for each way to be wrong, and three of our own."""

from collections.abc import Iterator
from typing import Any, Protocol

import parso
from cosmic_ray import plugins
from cosmic_ray.operators.boolean_replacer import AddNot

BINARY = {
    "Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "FloorDiv": "Mul", "Mod": "Mul", "Pow": "Mul",
    "LShift": "RShift", "RShift": "LShift", "BitOr": "BitAnd", "BitAnd": "BitOr", "BitXor": "BitAnd",
}  # fmt: skip
COMPARISON = {
    "Eq": ["NotEq"], "NotEq": ["Eq"], "Is": ["IsNot"], "IsNot": ["Is"],
    "Lt": ["LtE", "GtE"], "LtE": ["Lt", "Gt"], "Gt": ["GtE", "LtE"], "GtE": ["Gt", "Lt"],
}  # fmt: skip
OTHER = [
    "NumberReplacer", "RemoveDecorator", "ReplaceAndWithOr", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak", "ReplaceFalseWithTrue", "ReplaceOrWithAnd", "ReplaceTrueWithFalse",
    "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd", "ZeroIterationForLoop",
]  # fmt: skip

COMPARED = {"==", "!=", "<", "<=", ">", ">=", "is", "is not"}
Position = tuple[int, int]


class Operator(Protocol):
    """What cosmic-ray asks of an operator; the nodes are parso's."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Position, Position]]:
        """Where it applies."""

    def mutate(self, node: Any, index: int) -> Any:
        """The changed node."""


class Negate(AddNot):
    """Negates a condition, where no operator in it has that done to it already."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Position, Position]]:
        for position in super().mutation_positions(node):
            condition = node.children[1 if isinstance(node, self.NODE_TYPES) else 2]
            is_told = condition.type == "comparison" and condition.children[1].get_code().strip() in COMPARED
            if condition.type != "not_test" and not is_told:
                yield position


class DropCall:
    """Replaces a statement that is a call by `pass`: the statements by which a program does things."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Position, Position]]:
        if node.type == "simple_stmt" and node.children[0].type == "atom_expr":
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.children[0] = parso.parse(f"{node.get_first_leaf().prefix}pass")
        return node


class CatchNothing:
    """Lets an exception pass that was caught; cosmic-ray's own does not know `except module.Name`."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Position, Position]]:
        if node.type == "except_clause":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.children[1] = parso.parse(" ()")
        return node


def all_operators() -> dict[str, Operator]:
    """Each operator by its name."""
    names = [f"ReplaceBinaryOperator_{old}_{new}" for old, new in BINARY.items()]
    names += [f"ReplaceComparisonOperator_{old}_{new}" for old, news in COMPARISON.items() for new in news]
    known: dict[str, Operator] = {name: plugins.get_operator(f"core/{name}")() for name in [*names, *OTHER]}
    return {**known, "Negate": Negate(), "DropCall": DropCall(), "CatchNothing": CatchNothing()}
