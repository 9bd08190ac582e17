"""What links say about the order on machines, beyond what times say.

Times alone do not order operations that take no time at one moment: a circuit could put one ahead of another
that it waits for. A rank for each, higher than that of everything ahead of it by link or on its machine,
rules that out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter

from manyworks.scheduling.solvers.modelling import Draft, Expression, Literal


class Succession:
    """Order among the operations of a model that have their tasks and links."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._bit = {o: 1 << i for i, (o, _) in enumerate(draft.moving())}
        self._ahead = self._all_ahead()
        self._rank = self._ranks()

    def _all_ahead(self) -> dict[int, int]:
        """By operation: all it waits for, directly or through others, as bits."""
        befores = {
            o: [arc.operation for arc in self._draft.rows.befores[o] if arc.operation in self._bit]
            for o in self._bit
        }
        ahead: dict[int, int] = {}
        for o in TopologicalSorter(befores).static_order():
            ahead[o] = 0
            for before in befores[o]:
                ahead[o] |= ahead[before] | self._bit[before]
        return ahead

    def _linked(self, instants: list[int]) -> list[tuple[int, int]]:
        """Pairs of operations that are linked and may be at one moment."""
        some, befores = set(instants), self._draft.rows.befores
        return [
            (arc.operation, o)
            for o in instants
            for arc in befores[o]
            if not arc.lag and arc.operation in some
        ]

    def _ranks(self) -> dict[int, Expression]:
        """Ranks of all that may take no time; none where no links are to be kept by them."""
        tasks = self._draft.tasks.items()
        instants = [o for o, task in tasks if any(option.shape[1] == 0 for option in task.options)]
        pairs = self._linked(instants)
        if not pairs:
            return {}
        ranks = {o: self._draft.number(0, len(instants) - 1, None) for o in instants}
        for before, after in pairs:
            self._draft.model.add(ranks[after] >= ranks[before] + 1)
        return ranks

    def waiting(self, operations: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Pairs of operations, as places in ``operations``, of which the second waits for the first.

        Only where the first may take no time: otherwise times tell as much.
        """
        for i, before in enumerate(operations):
            if any(option.shape[1] == 0 for option in self._draft.tasks[before].options):
                yield from ((i, j) for j, after in enumerate(operations) if self.forbids(after, before))

    def forbids(self, before: int, after: int) -> bool:
        """Whether an operation may not come ahead of another, which it waits for."""
        return bool(self._ahead[before] & self._bit[after])

    def keep(self, before: int, after: int, literal: Literal) -> None:
        """Rank one operation behind another where a literal holds, if both may take no time."""
        if before in self._rank and after in self._rank:
            self._draft.model.add(self._rank[after] >= self._rank[before] + 1).only_enforce_if(literal)
