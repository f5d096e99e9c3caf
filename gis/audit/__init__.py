"""The audit log's chain: what each entry's hash is made of, and what is wrong with a chain."""

from gis.audit.chain import Link, digest_of, first_hash, hash_of, told_digest
from gis.audit.checking import KEEP_AT_LEAST, Anchor, Checker, Content, Excuses, Finding, Wrong

__all__ = [
    "KEEP_AT_LEAST",
    "Anchor",
    "Checker",
    "Content",
    "Excuses",
    "Finding",
    "Link",
    "Wrong",
    "digest_of",
    "first_hash",
    "hash_of",
    "told_digest",
]
