"""Requests that leave this machine: where they lead is looked up once, checked, and connected to just there.

An address that somebody enters must not make the service call upon itself, its neighbours or the machine's keeper (the
metadata of a cloud). A name that leads elsewhere at the second look gains nothing: there is none. Redirects aren't followed.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Session

MOST_ADDRESSES = 8


def allowed(address: str, *, own_network: bool) -> bool:
    """Tell whether something outside may be at an address.

    Parameters
    ----------
    address
        As looked up.
    own_network
        Whether the operator has named the host: then it may be in the office's own network, or on this machine. What is
        reached only by a link, as the metadata of clouds is, may not.
    """
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.sixtofour or found.teredo:
            return False
        found = found.ipv4_mapped or found
    if found.is_multicast or found.is_unspecified or found.is_link_local:
        return False
    return own_network or found.is_global


def connect(host: str, port: int, *, own_network: bool, timeout: Any = None) -> socket.socket:
    """Return a connection to the first address of a host that is allowed.

    Raises
    ------
    OSError
        There is none, or none answers.
    """
    looked_up = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in looked_up][:MOST_ADDRESSES]
    error: OSError = OSError(f"{host} leads nowhere that may be called upon")
    for address in addresses:
        if not allowed(address, own_network=own_network):
            continue
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as failed:
            error = failed
    raise error


def session(*, own_network: bool) -> Session:
    """Return a session of ``requests`` that connects to nothing but what is allowed.

    Parameters
    ----------
    own_network
        As for ``allowed``.
    """
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    def opened(connection: HTTPConnection) -> socket.socket:
        try:
            return connect(
                connection.host, connection.port, own_network=own_network, timeout=connection.timeout
            )
        except TimeoutError as error:
            raise ConnectTimeoutError(connection, "no answer in time") from error
        except OSError as error:
            raise NewConnectionError(connection, str(error)) from error

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return opened(self)

    class Sealed(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return opened(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SealedPool(HTTPSConnectionPool):
        ConnectionCls = Sealed

    class Checked(HTTPAdapter):
        def init_poolmanager(self, *given: Any, **named: Any) -> None:
            super().init_poolmanager(*given, **named)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SealedPool}

    found = requests.Session()
    found.mount("http://", Checked())
    found.mount("https://", Checked())
    return found
