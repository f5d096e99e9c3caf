"""The same question put to others: whose way to a case over the streets is shortest, people standing at corners."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.store.cluster import PrivateCluster
from gis.streets import StreetNetwork
from gis.words import Mode
from scripts.bench.dispatch_world import SRID

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Ask = Callable[[int], Any]
"""Answers who is nearest to a corner."""
WANTED = 5
FIRST_S = 60.0


class Corners:
    """A walking graph with people at some of its corners.

    Parameters
    ----------
    net
        The streets.
    people
        Rows of corners.
    """

    def __init__(self, net: StreetNetwork, people: Integers) -> None:
        streets = net.modes[Mode.WALK].streets
        self.people = people
        self.size = len(streets.first) - 1
        self.first, self.there, self.seconds = streets.first, streets.there, streets.seconds
        self.graph = csr_array((self.seconds, self.there, self.first), shape=(self.size, self.size))

    def whole(self, case: int) -> Floats:
        """Return seconds of everybody by scipy's Dijkstra over the whole graph."""
        seconds: Floats = np.asarray(dijkstra(self.graph, indices=[case]))[0, self.people]
        return seconds

    def bounded(self, case: int) -> Integers:
        """Return the nearest by scipy's Dijkstra with a limit that doubles until there are enough."""
        limit = FIRST_S
        while True:
            seconds = np.asarray(dijkstra(self.graph, indices=[case], limit=limit))[0, self.people]
            if np.count_nonzero(np.isfinite(seconds)) >= WANTED:
                return np.argpartition(seconds, WANTED)[:WANTED]
            limit *= 2.0

    def networkx(self) -> Ask:
        """Return a question to networkx, on the kind of graph that OSMnx makes."""
        import networkx as nx

        graph: Any = nx.MultiDiGraph()
        graph.add_nodes_from(range(self.size))
        start = np.repeat(np.arange(self.size), np.diff(self.first))
        graph.add_weighted_edges_from(
            zip(start.tolist(), self.there.tolist(), self.seconds.tolist(), strict=True), weight="travel_time"
        )
        people = self.people.tolist()

        def ask(case: int) -> Any:
            seconds = nx.single_source_dijkstra_path_length(graph, case, weight="travel_time")
            return sorted(people, key=lambda node: seconds.get(node, np.inf))[:WANTED]

        return ask

    def igraph(self) -> Ask | None:
        """Return a question to igraph, None where it isn't installed."""
        try:
            igraph = import_module("igraph")
        except ModuleNotFoundError:
            return None
        start = np.repeat(np.arange(self.size), np.diff(self.first))
        edges = np.column_stack([start, self.there])
        graph = igraph.Graph(n=self.size, edges=edges, directed=True)
        graph.es["s"] = self.seconds

        def ask(case: int) -> Any:
            seconds = np.array(graph.distances(case, weights="s")[0])[self.people]
            return np.argpartition(seconds, WANTED)[:WANTED]

        return ask


@contextmanager
def database(url: str | None) -> Iterator[psycopg.Connection]:
    """Connect to a PostGIS database, started for this where none is named."""
    if url is not None:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory() as folder:
        cluster = PrivateCluster(Path(folder), durable=False)
        cluster.ensure()
        cluster.start()
        try:
            with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
                connection.execute("create extension if not exists postgis")
                yield connection
        finally:
            cluster.stop()


def straight(connection: psycopg.Connection, people: Floats) -> Callable[[Floats], list[int]]:
    """Return a question to PostGIS: who is nearest as the crow flies."""
    connection.execute("create temporary table person (row integer, geom geometry(point, 4550))")
    with connection.cursor().copy("copy person from stdin") as copy:
        for row, (x, y) in enumerate(people.tolist()):
            copy.write_row((row, f"SRID={SRID};POINT({x} {y})"))
    connection.execute("create index on person using gist (geom)")
    connection.execute("analyze person")
    sql = "select row from person order by geom <-> st_setsrid(st_makepoint(%s, %s), 4550) limit 5"

    def ask(case: Floats) -> list[int]:
        return [row for (row,) in connection.execute(sql, case.tolist(), prepare=True).fetchall()]

    return ask
