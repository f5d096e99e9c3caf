"""Whether a statement keeps to one community: read as SQL, so that it can be spread over machines by ``community_id``.

Every block of a statement (a SELECT, an UPDATE, a DELETE, wherever it stands) is looked at by itself. Each table of a community in
it has to be tied by ``community_id``: to a value, to an outer block or to a derived table, or to another table that is. Blocks that
are tied to nothing read all communities, which a distributed database can do for a sweep but not for a request: they are only let
pass where ``tests/db/test_tenancy.py`` names them with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from gis.store.tables import metadata

TENANT = "community_id"
SHARED = frozenset({"category"})
TABLES = frozenset(table.name for table in metadata.sorted_tables) - SHARED
VOLATILE = frozenset({"clock_timestamp", "random", "gen_random_uuid", "nextval", "timeofday", "pg_notify"})
Node = Any
"""A part of a statement: sqlglot's own types say too little of what hangs on one."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a statement: ``whole`` (it reads all communities) or worse."""

    kind: str
    what: str


@cache
def faults_of(statement: str) -> tuple[Fault, ...]:
    """Return what is wrong with a statement, in psycopg's or SQLAlchemy's writing."""
    plain = re.sub(r"%\(\w+\)s|__\[\w+\]|\$\d+|(?<!:):(?=[a-z_]+)\b[a-z_]+", ":given", statement).replace(
        "%%", "%"
    )
    found: list[Fault] = []
    for tree in _parsed(plain):
        if tree is None or isinstance(tree, exp.Command | exp.Set | exp.Create | exp.Transaction):
            continue
        for block in tree.find_all(exp.Select, exp.Update, exp.Delete):
            found += _of_block(block)
        found += [fault for insert in tree.find_all(exp.Insert) for fault in _of_insert(insert)]
    return tuple(found)


def _parsed(plain: str) -> list[Node]:
    try:
        return sqlglot.parse(plain, read="postgres")
    except ParseError:  # what follows a CROSS JOIN, ON CONFLICT is taken for the join's own
        return sqlglot.parse(re.sub(r"(?is)\bON CONFLICT\b.*?\bDO NOTHING\b", "", plain), read="postgres")


def _of_insert(insert: Node) -> Iterator[Fault]:
    table = insert.this.this if isinstance(insert.this, exp.Schema) else insert.this
    if not isinstance(table, exp.Table) or table.name not in TABLES:
        return
    columns = [one.name for one in insert.this.expressions] if isinstance(insert.this, exp.Schema) else []
    if TENANT not in columns:
        yield Fault("insert", f"{table.name} without {TENANT}")
    conflict = insert.args.get("conflict")
    keys = [one.name for one in (conflict.args.get("conflict_keys") or [])] if conflict else []
    if keys and TENANT not in keys:
        yield Fault("conflict", f"{table.name} on {', '.join(keys)}")


def _of_block(block: Node) -> Iterator[Fault]:
    tables = dict(_tables(block))
    ours = {alias for alias, name in tables.items() if name in TABLES and not _is_cte(block, name)}
    if isinstance(block, exp.Update):
        for call in block.find_all(exp.Func):
            if call.sql_name().lower() in VOLATILE or call.name.lower() in VOLATILE:
                yield Fault("volatile", f"{call.sql()} in an UPDATE")
    if not ours:
        return
    ties, anchored = _ties(block, ours, tables)
    parts = _parts(ours, ties)
    loose = [part for part in parts if not part & anchored]
    if len(loose) > 1 or (loose and len(parts) > 1):
        yield Fault("apart", " | ".join(",".join(sorted(tables[one] for one in part)) for part in loose))
    elif loose:
        kind = "lock" if block.args.get("locks") else "whole"
        yield Fault(kind, ",".join(sorted(tables[one] for one in loose[0])))


def _tables(block: Node) -> Iterator[tuple[str, str]]:
    """Yield alias and name of everything that a block reads or changes itself; derived tables have no name."""
    places: list[Node] = []
    if isinstance(block, exp.Update | exp.Delete):
        places.append(block.this)
        places += block.args.get("using") or []
    source = block.args.get("from_") or block.args.get("from")
    if source is not None:
        places.append(source.this)
    joined = [join.this for join in block.args.get("joins") or []]
    while places or joined:
        place = places.pop() if places else joined.pop()
        joined += [join.this for join in place.args.get("joins") or []]
        joined += [one.this for one in place.args.get("laterals") or []]
        if isinstance(place, exp.Table):
            yield place.alias_or_name, place.name
        elif isinstance(place, exp.Paren):
            places.append(place.this)
        else:
            yield place.alias_or_name or f"#{id(place)}", ""


def _is_cte(block: Node, name: str) -> bool:
    """Tell whether a name stands for a table made within the statement."""
    above: Node = block
    while above is not None:
        made = above.args.get("with_") or above.args.get("with")
        if made is not None and any(one.alias == name for one in made.expressions):
            return True
        above = above.parent
    return False


def _ties(block: Node, ours: set[str], tables: dict[str, str]) -> tuple[list[tuple[str, str]], set[str]]:
    """Return pairs of aliases tied by the tenant, and the aliases tied to something that is not one of them."""
    pairs: list[tuple[str, str]] = []
    anchored: set[str] = set()
    for left, right in _equals(block):
        sides = [_owner(side, ours) for side in (left, right)]
        if sides[0] in ours and sides[1] in ours:
            pairs.append((str(sides[0]), str(sides[1])))
        else:
            anchored |= {str(side) for side in sides if side in ours}
    for join in block.args.get("joins") or []:
        if TENANT in [using.name for using in join.args.get("using") or []]:
            others = [alias for alias in tables if alias != join.this.alias_or_name]
            for other in others:
                if other in ours and join.this.alias_or_name in ours:
                    pairs.append((other, join.this.alias_or_name))
                else:
                    anchored |= {other, join.this.alias_or_name} & ours
    return pairs, anchored


def _equals(block: Node) -> Iterator[tuple[Node, Node]]:
    """Yield both sides of every equality of a block's own about the tenant."""
    for node in _own(block):
        if isinstance(node, exp.EQ | exp.NullSafeEQ):
            left, right = node.this, node.expression
            if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
                yield from zip(left.expressions, right.expressions, strict=False)
            elif isinstance(left, exp.Tuple):
                yield from ((one, right) for one in left.expressions)
            elif isinstance(right, exp.Tuple):
                yield from ((left, one) for one in right.expressions)
            else:
                yield left, right
        elif isinstance(node, exp.In):
            for one in node.this.expressions if isinstance(node.this, exp.Tuple) else [node.this]:
                yield one, exp.null()


def _own(block: Node) -> Iterator[Node]:
    """Yield the nodes of a block's conditions that hold for all its rows: joined by AND, outside other blocks."""
    waiting = [one for name in ("where", "having") if (one := block.args.get(name))]
    source = block.args.get("from_") or block.args.get("from")
    joins = list(block.args.get("joins") or [])
    joins += (source.this.args.get("joins") or []) if source is not None else []
    if isinstance(block, exp.Update | exp.Delete):
        joins += block.this.args.get("joins") or []
    for join in joins:
        waiting += [one for one in [join.args.get("on")] if one is not None]
        joins += join.this.args.get("joins") or []
    while waiting:
        node = waiting.pop()
        if isinstance(node, exp.Where | exp.Having | exp.Paren):
            waiting.append(node.this)
        elif isinstance(node, exp.And):
            waiting += [node.left, node.right]
        else:
            yield node


def _owner(side: Node, ours: set[str]) -> str | None:
    """Return whose tenant a side of an equality is; empty for another block's, None for what is no tenant."""
    column = side
    while isinstance(column, exp.Cast | exp.Paren):
        column = column.this
    if not isinstance(column, exp.Column) or column.name != TENANT:
        return None
    if column.table:
        return column.table
    return next(iter(ours)) if len(ours) == 1 else ""


def _parts(ours: set[str], ties: list[tuple[str, str]]) -> list[set[str]]:
    parts = [{one} for one in ours]
    for one, other in ties:
        first = next(part for part in parts if one in part)
        second = next(part for part in parts if other in part)
        if first is not second:
            parts.remove(second)
            first |= second
    return parts
