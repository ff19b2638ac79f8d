"""The strategies by name. `auto` is a mix of them, in fixed shares (docs/search.md).

To add one: its file beside this one, its line below, its row in docs/search.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from oneroom.explore.strategies.corpus import Corpus
from oneroom.explore.strategies.coverage import Coverage
from oneroom.explore.strategies.mixed import Mixed
from oneroom.explore.strategies.priority import Priority
from oneroom.explore.strategies.strategy import Strategy
from oneroom.explore.strategies.swarm import Swarm
from oneroom.explore.strategies.uniform import Uniform

NAMES = ("uniform", "swarm", "priority", "coverage", "hypothesis")
FOLLOWING = ("coverage", "hypothesis")
"""Those whose runs follow earlier ones, and so say nothing of a rate."""
AUTO = "auto"
_WITHOUT_CORPUS: Mapping[str, Callable[[], Strategy]] = {
    "uniform": Uniform,
    "swarm": Swarm,
    "priority": Priority,
}
_SHARES = ("swarm", "coverage", "swarm", "priority")


def parse_strategies(text: str) -> tuple[str, ...]:
    """The turns of the strategies that `text` names: `swarm`, `swarm,priority`, `auto`. Raises
    ValueError.
    """
    turns: list[str] = []
    for name in (part.strip() for part in text.split(",")):
        if name == AUTO:
            turns += _SHARES
        elif name in NAMES:
            turns.append(name)
        else:
            known = (AUTO, *NAMES)
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"strategies: {', '.join(known)}"
            raise ValueError(f"{name!r} is no strategy; {hint}")
    if "hypothesis" in turns and find_spec("hypothesis") is None:
        raise ValueError("the strategy hypothesis needs Hypothesis: pip install hypothesis")
    return tuple(turns)


def make_strategy(turns: Sequence[str], corpus: Corpus | None = None) -> Mixed:
    """The strategies of one scenario under one policy; `corpus` persists what `coverage` learns."""
    return Mixed({name: _make(name, corpus) for name in turns}, turns)


def _make(name: str, corpus: Corpus | None) -> Strategy:
    if name == "coverage":
        return Coverage(corpus)
    if name == "hypothesis":
        # optional, and all else would wait for what this one alone needs
        from oneroom.explore.strategies.hypothesis import HypothesisSearch

        return HypothesisSearch(corpus)
    return _WITHOUT_CORPUS[name]()
