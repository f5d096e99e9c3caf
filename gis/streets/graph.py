"""Ways to street segments: cut to the community without tearing the network, then joined between crossings by OSMnx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.streets.access import Gate, Tags, Way, is_underground
from gis.streets.extract import AGAINST, ALONG, BOTH, Flags, Gates, Integers, Segments, geometries

DIFFER = ["name", "name_en", "kind", "walk", "e_bike", "car", "underground"]
"""Where one of these changes, a segment ends."""
ALIASES = ("alt_name", "old_name", "loc_name", "short_name", "official_name")
SEVERAL = ";"
"""OpenStreetMap's sign between several values of a tag."""


class StreetWay(Protocol):
    """A way of the file that somebody may pass."""

    way_id: int
    nodes: list[int]
    tags: dict[str, str]
    access: Way


Coordinates = Mapping[int, tuple[float, float]]
GateTags = Mapping[int, tuple[Gate, Tags]]


class _Edges:
    """The elementary edges of all ways: two neighbouring nodes each."""

    def __init__(self, ways: Sequence[StreetWay], at: Coordinates) -> None:
        self.ways = ways
        pairs = [
            (start, end, row)
            for row, way in enumerate(ways)
            for start, end in zip(way.nodes, way.nodes[1:], strict=False)
            if start != end
        ]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 3)
        self.start, self.end, self.way = table[:, 0], table[:, 1], table[:, 2]
        self.nodes, flat = np.unique(np.concatenate([self.start, self.end]), return_inverse=True)
        self.from_row, self.to_row = flat[: len(table)], flat[len(table) :]
        self.at = np.array([at[node] for node in self.nodes.tolist()], dtype=np.float64).reshape(-1, 2)

    def lines(self) -> Any:
        ends = np.stack([self.at[self.from_row], self.at[self.to_row]], axis=1)
        return shapely.linestrings(ends)

    def lengths(self) -> Any:
        """Return lengths in degrees of latitude: good enough to compare ways with one another."""
        step = self.at[self.to_row] - self.at[self.from_row]
        step[:, 0] *= np.cos(np.radians(self.at[self.from_row, 1]))
        return np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)


def build_segments(
    ways: Sequence[StreetWay], at: Coordinates, gates: GateTags, near: BaseGeometry | None
) -> tuple[Segments, Gates]:
    """Return the segments and the gates on them.

    Parameters
    ----------
    ways
        Ways that somebody may pass, with their access.
    at
        Longitude and latitude of their nodes.
    gates
        Nodes that hinder somebody; they stay nodes of the network.
    near
        Where streets are kept; None keeps all.
    """
    edges = _Edges(ways, at)
    keep = np.ones(len(edges.way), dtype=np.bool_)
    if near is not None and len(keep):
        shapely.prepare(near)
        keep = shapely.intersects(near, edges.lines())
        keep = _joined(edges, keep)
    if not keep.any():
        return _segments([]), _gates([], at, gates)
    graph = _simplified(edges, np.flatnonzero(keep), at, gates)
    rows = sorted(_rows(graph), key=lambda row: (row["from"], row["to"], row["length"]))
    used = {row["from"] for row in rows} | {row["to"] for row in rows}
    return _segments(rows), _gates(sorted(used & gates.keys()), at, gates)


def _joined(edges: _Edges, keep: Flags) -> Flags:
    """Return the kept edges, with the shortest ways through the others that join the pieces the cut has torn apart."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components, dijkstra

    if not keep.any():
        return keep
    size = len(edges.nodes)
    lengths = edges.lengths()
    weights = np.where(keep, lengths * 1e-6, lengths)  # inside costs next to nothing
    whole = coo_array((weights, (edges.from_row, edges.to_row)), shape=(size, size)).tocsr()
    inner = coo_array((lengths[keep], (edges.from_row[keep], edges.to_row[keep])), shape=(size, size)).tocsr()
    _, piece = connected_components(inner, directed=False)
    touched = np.unique(np.concatenate([edges.from_row[keep], edges.to_row[keep]]))
    pieces, first, counts = np.unique(piece[touched], return_index=True, return_counts=True)
    if len(pieces) == 1:
        return keep
    main = touched[first[np.argmax(counts)]]
    _, before = dijkstra(whole, directed=False, indices=main, return_predecessors=True)
    wanted: set[tuple[int, int]] = set()
    for end in touched[first].tolist():
        node = end
        while node != main and before[node] >= 0 and (int(before[node]), node) not in wanted:
            wanted.add((int(before[node]), node))
            node = int(before[node])
    undirected = wanted | {(end, start) for start, end in wanted}
    pairs = zip(edges.from_row.tolist(), edges.to_row.tolist(), strict=True)
    return np.asarray(keep | np.fromiter((pair in undirected for pair in pairs), np.bool_, len(keep)))


def _simplified(edges: _Edges, rows: Integers, at: Coordinates, gates: GateTags) -> Any:
    import networkx as nx
    import osmnx as ox

    graph: Any = nx.MultiDiGraph(crs="EPSG:4326")
    attributes = [
        {
            "name": way.tags.get("name", ""),
            "name_en": way.tags.get("name:en", ""),
            "kind": way.tags["highway"],
            **way.access._asdict(),
            "underground": is_underground(way.tags),
            "aliases": SEVERAL.join(way.tags[tag] for tag in ALIASES if tag in way.tags),
        }
        for way in edges.ways
    ]
    for row in rows.tolist():
        start, end = int(edges.start[row]), int(edges.end[row])
        for node in (start, end):
            if node not in graph:
                lon, lat = at[node]
                marks = {"gate": True} if node in gates else {}
                graph.add_node(node, x=lon, y=lat, **marks)
        shared = attributes[edges.way[row]]
        graph.add_edge(start, end, reversed=False, **shared)
        graph.add_edge(end, start, reversed=True, **shared)
    return ox.simplify_graph(graph, node_attrs_include=["gate"], edge_attrs_differ=DIFFER, remove_rings=False)


def _rows(graph: Any) -> list[dict[str, Any]]:
    """Return one row a segment; every one is in the graph twice, once a direction."""
    rows = []
    loops: set[frozenset[Any]] = set()
    for start, end, data in graph.edges(data=True):
        if start > end:
            continue
        line = data.get("geometry")
        if line is None:
            line = shapely.LineString([(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in (start, end)])
        if start == end:
            shape = frozenset(line.coords)
            if shape in loops:
                continue
            loops.add(shape)
        rows.append(_row(start, end, line, data))
    return rows


def _row(start: int, end: int, line: BaseGeometry, data: dict[str, Any]) -> dict[str, Any]:
    turned = data["reversed"]
    return {
        "from": start,
        "to": end,
        "line": line,
        "length": line.length,
        "name": data["name"],
        "name_en": data["name_en"],
        "kind": data["kind"],
        "underground": data["underground"],
        "aliases": _aliases(data["aliases"]),
        **{mode: _turned(data[mode], turned) for mode in ("walk", "e_bike", "car")},
    }


def _aliases(joined: str | list[str]) -> list[str]:
    """Return the other names of a segment; one joined from several ways has those of each."""
    texts = [joined] if isinstance(joined, str) else sorted(joined)
    parts = (part.strip() for text in texts for part in text.split(SEVERAL))
    return list(dict.fromkeys(part for part in parts if part))


def _turned(direction: int, turned: bool | list[bool]) -> int:
    """Return a direction as seen from a segment that runs against its ways.

    Where a segment is joined from ways drawn in both directions, only what is free in both stays passable.
    """
    if direction in {0, BOTH}:
        return direction
    if isinstance(turned, list):
        return 0
    return {ALONG: AGAINST, AGAINST: ALONG}[direction] if turned else direction


def _segments(rows: list[dict[str, Any]]) -> Segments:
    seen: dict[tuple[int, int], int] = {}
    refs = []
    for row in rows:
        pair = (row["from"], row["to"])
        seen[pair] = seen.get(pair, 0) + 1
        refs.append(f"{pair[0]}-{pair[1]}/{seen[pair]}")

    def flags(mode: str) -> Any:
        return np.array([row[mode] for row in rows], dtype=np.int8)

    return Segments(
        geometry=geometries([row["line"] for row in rows]),
        ref=refs,
        from_node=np.array([row["from"] for row in rows], dtype=np.int64),
        to_node=np.array([row["to"] for row in rows], dtype=np.int64),
        name=[row["name"] for row in rows],
        name_en=[row["name_en"] for row in rows],
        kind=[row["kind"] for row in rows],
        walk=flags("walk"),
        e_bike=flags("e_bike"),
        car=flags("car"),
        underground=np.array([row["underground"] for row in rows], dtype=np.bool_),
        aliases=[row["aliases"] for row in rows],
    )


def _gates(nodes: list[int], at: Coordinates, gates: GateTags) -> Gates:
    passes = [gates[node][0] for node in nodes]
    return Gates(
        node_id=np.array(nodes, dtype=np.int64),
        geometry=geometries([shapely.Point(at[node]) for node in nodes]),
        kind=[gates[node][1]["barrier"] for node in nodes],
        name=[gates[node][1].get("name", "") for node in nodes],
        walk=np.array([each.walk for each in passes], dtype=np.bool_),
        e_bike=np.array([each.e_bike for each in passes], dtype=np.bool_),
        car=np.array([each.car for each in passes], dtype=np.bool_),
    )
