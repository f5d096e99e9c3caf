"""Addresses: what people type or say to places of one community. Pure; knows no case and no person."""

from gis.addresses.book import AddressBook
from gis.addresses.match import Kind, Match, Reason
from gis.addresses.parse import LONGEST_TEXT, Asked, parse
from gis.addresses.place import Place
from gis.addresses.text import address

__all__ = ["LONGEST_TEXT", "AddressBook", "Asked", "Kind", "Match", "Place", "Reason", "address", "parse"]
