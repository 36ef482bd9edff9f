"""What the coverage page shows: the figures, and tables by kind, layer and union, each number leading to its units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from competitions.filings.enums import Layer
from competitions.nonpublic import figures, queries
from competitions.nonpublic.enums import Figure
from competitions.nonpublic.figures import Share
from portal.accounts.enums import OwnershipClass, SizeClass
from portal.core.context import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what it counts, the share, and where its units are listed ("" for a snapshot)."""

    label: Any
    share: Share
    url: str = ""
    missing_url: str = ""
    definition: str = ""


def page_of(rows: QuerySet, *, actor: Actor, year: int, is_live: bool) -> dict[str, Any]:
    """The same queries whatever the number of units: figures, kind × size, layers, unions (and the unions' names).

    Kinds of 三新 and 八大群体 are a fact of the unit of today: a snapshot has no such lines.
    """

    def line(label: Any, share: Share, definition: str = "", **query: str) -> Line:
        if not is_live:
            return Line(label, share, definition=definition)
        base = {"year": str(year)} | query
        address = reverse("competitions:coverage.units")
        missing = f"{address}?{urlencode(base | {'without': 'on'})}"
        return Line(label, share, f"{address}?{urlencode(base)}", missing, definition)

    shares = figures.shares(rows)
    kinds = figures.shares_by(rows, "ownership", "size_class")
    unions = figures.shares_by(queries.with_union(rows, actor), "union_path")
    names = queries.unions_by_path({path for (path,) in unions})
    layers = _layers(rows)
    emerging, words = figures.emerging_shares(rows) if is_live else {}, figures.emerging_words()
    return {
        "figures": [line(f.label, s, figures.definition_of(f), figure=f.value) for f, s in shares.items()],
        "kinds": [
            line(f"{OwnershipClass(o).label} · {SizeClass(s).label}", share, ownership=o, size_class=s)
            for (o, s), share in sorted(kinds.items(), key=lambda item: _order(*item[0]))
        ],
        "emerging": [line(words[key], share, emerging=key) for key, share in emerging.items()],
        "layers": [line(layer.label, Share(n, n), layer=layer.value) for layer, n in layers.items()],
        "unions": [
            line(names[path].label if path in names else path, share, union=path)
            for (path,), share in sorted(unions.items(), key=lambda item: (item[1].percent or 0, item[0]))
        ],
        "headline": shares[Figure.ABOVE_SCALE],
    }


def _order(ownership: str, size: str) -> tuple[int, int]:
    return OwnershipClass.values.index(ownership), SizeClass.values.index(size)


def _layers(rows: QuerySet) -> dict[Layer, int]:
    """Non-public units by the layers of their competitions; a unit may stand in several."""
    counted = {layer.value: Count("pk", filter=Q(layers__contains=[layer.value])) for layer in Layer}
    found = rows.filter(figures.PRIVATE).order_by().aggregate(**counted)
    return {layer: found[layer.value] for layer in Layer}
