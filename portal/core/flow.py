"""Maximum flow in a small network with whole capacities (Edmonds–Karp). Standard library only."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from itertools import pairwise


def max_flow(capacities: Mapping[tuple[Hashable, Hashable], int], source: Hashable, sink: Hashable) -> int:
    """The largest flow from ``source`` to ``sink``.

    Capacities are non-negative whole numbers of directed edges; ``source`` and ``sink`` must differ.
    """
    residual: dict[Hashable, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
    for (start, end), capacity in capacities.items():
        residual[start][end] += capacity
    total = 0
    while path := _shortest_path(residual, source, sink):
        steps = list(pairwise(path))
        room = min(residual[start][end] for start, end in steps)
        for start, end in steps:
            residual[start][end] -= room
            residual[end][start] += room
        total += room
    return total


def _shortest_path(residual: dict[Hashable, dict[Hashable, int]], source: Hashable, sink: Hashable) -> list[Hashable]:
    """Nodes from ``source`` to ``sink`` along edges with room left; empty when there is no way."""
    came_from: dict[Hashable, Hashable] = {source: source}
    queue = deque([source])
    while queue and sink not in came_from:
        node = queue.popleft()
        for other, room in residual[node].items():
            if room > 0 and other not in came_from:
                came_from[other] = node
                queue.append(other)
    if sink not in came_from:
        return []
    path = [sink]
    while path[-1] != source:
        path.append(came_from[path[-1]])
    return path[::-1]
