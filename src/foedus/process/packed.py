"""What clocks bring, in few bytes: a bit for each change, and the means that decide what rings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.preferences.sample import Floats
from foedus.process.agreement import Clocks
from foedus.process.proposals import Layout


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """The clocks of proposals, to be had again from their layout.

    ``bits`` has one for each row that is an option of a clock; ``mean`` those of the timed clocks
    that run beside other timed ones at their node, as which ring together is chosen by these.
    """

    bits: npt.NDArray[np.uint8]
    mean: Floats

    @classmethod
    def of(cls, clocks: Clocks, layout: Layout) -> Packed:
        """Pack clocks whose options are rows of a layout, each once."""
        options = np.zeros(len(layout.node), dtype=bool)
        options[clocks.option] = True
        return cls(np.packbits(options), clocks.mean[_beside(clocks)])

    def unpacked(self, layout: Layout) -> Clocks:
        """The clocks; of those that nothing is chosen by, the mean is 1."""
        option = np.flatnonzero(np.unpackbits(self.bits, count=len(layout.node)))
        starts = np.flatnonzero(np.diff(layout.clock[option].astype(np.intp), prepend=-1))
        row = option[starts]
        first = np.append(starts, len(option))
        node = layout.node[row].astype(np.intp)
        clocks = Clocks(node, layout.items[row], np.ones(len(row)), first, option)
        clocks.mean[_beside(clocks)] = self.mean
        return clocks


def _beside(clocks: Clocks) -> npt.NDArray[np.bool_]:
    """Which clocks are timed and run beside other timed ones at their node."""
    timed = clocks.items > 0
    return timed & (np.bincount(clocks.node, timed) > 1)[clocks.node]
