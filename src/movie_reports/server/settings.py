"""What a server may use, and for whom it answers."""

from __future__ import annotations

from dataclasses import dataclass

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Settings:
    """What a server may use, and for whom it answers.

    Attributes:
        hosts: the names, without a port, under which it is reached; other requests are refused, since they may come
            from a page of another site whose name was made to point here.
        origins: the sites whose pages may read the answers, such as `https://example.org`; `*` means all.
        seconds: how long a query may take.
        memory: how many bytes the engine may use.
        workers: how many queries run at a time; each uses all cores.
        waiting: how many more may wait for them.
        cached: how many bytes of results are kept.
        stalled: after how many seconds a client that takes none of its answer, or sends none of its request, is left.
        connections: how many there may be at a time.
    """

    hosts: tuple[str, ...] = LOOPBACK
    origins: tuple[str, ...] = ()
    seconds: float = 10
    memory: int = 10**9
    workers: int = 2
    waiting: int = 50
    cached: int = 32 * 2**20
    stalled: float = 20
    connections: int = 500
