"""What was found among files, sorted by what it is, and what became of every one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from manyworks.files.boards import BoardFile
from manyworks.files.depth import Features
from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source
from manyworks.files.tables import Bill, Position, Table
from manyworks.model import BoardDesign, Design, FileRef, Finding

# A parts list belongs to a board when at least this share of its designators is on the board;
# when people name the files themselves, they say so, and sharing anything is enough.
_BELONGS = 0.5
_BELONGS_WHEN_ASKED = 1e-9


@dataclass(slots=True, kw_only=True)
class Found:
    """What was found among the files, sorted by content; files are known by the names findings use.

    Parameters
    ----------
    asked
        Whether the files were given by name.
    features
        Whether solids are searched for features.
    views
        Whether solids that are searched are drawn.
    boards, designs, sets, manifests, bills, positions
        Board files, other designs, fabrication sets, OKH manifests, parts lists, position files.
    used
        Names of the files that something of the product comes from.
    remarks
        What a table's rows had to say, worth hearing only if the table is used.
    reasons
        Why files that were understood are not used.
    rosters
        The designators of each board, so that lists go to the board they are most like.
    passed_over
        Parts lists that lost against another one of the same board: that one, and the board.
    attached
        Further files of a design, by the name of its first file: the same thing in other words.
    """

    asked: bool = False
    features: Features = True
    views: bool = True
    boards: list[BoardFile] = field(default_factory=list)
    designs: list[DesignFile[Design]] = field(default_factory=list)
    sets: list[DesignFile[BoardDesign]] = field(default_factory=list)
    manifests: list[tuple[Source, object]] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    positions: list[tuple[Table, tuple[Position, ...]]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    remarks: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    rosters: list[set[str]] = field(default_factory=list)
    passed_over: dict[str, tuple[str, str]] = field(default_factory=dict)
    attached: dict[str, list[FileRef]] = field(default_factory=dict)

    def use(self, table: Table) -> None:
        """A table is used: what it had to say is said."""
        self.used.add(table.name)
        self.findings.extend(self.remarks.pop(table.name, ()))

    def attach(self, to: str, sources: Iterable[Source], role: str) -> None:
        """Files that say the same as a design, or more of it, are the design's files too."""
        for source in sources:
            self.used.add(source.name)
            self.attached.setdefault(to, []).append(source.reference(role))

    def belongs(self, listed: Iterable[str], names: set[str]) -> bool:
        """Whether a table's designators are those of a board."""
        listed = set(listed)
        alone = self.asked and len(self.boards) + len(self.sets) == 1
        least = _BELONGS_WHEN_ASKED if alone else _BELONGS
        return bool(listed) and len(listed & names) / len(listed) >= least

    def left(self) -> list[Bill]:
        """Parts lists that are not used yet."""
        return [bill for bill in self.bills if bill.table.name not in self.used]
