"""Decompresses and compresses gzip and zstd streams block by block; other data passes through unchanged."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BLOCK_SIZE = 1 << 18
"""Approximate number of bytes that are read, decompressed and validated at once; this bounds the results in memory."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_GZIP_ONLY = 31  # ``wbits`` of zlib for a gzip stream: 16 + 15, the largest window


def decompress(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress a stream that begins like gzip or zstd; other data passes through unchanged.

    Concatenated streams count as one, as for the gzip and zstd commands.

    Raises:
        BadPayloadText: the stream is damaged or truncated (the intact data before it is yielded first), or no zstd
            library is installed.

    """
    blocks = iter(blocks)
    first = next(blocks, b"")
    while 0 < len(first) < len(_ZSTD) and (more := next(blocks, b"")):
        first += more
    whole = chain([first], blocks)
    if first.startswith(_GZIP):
        return _unpack_gzip(whole)
    return _unpack_zstd(whole) if first.startswith(_ZSTD) else whole


class Compressor:
    """Compresses data as the stream that begins with ``head`` is compressed: with gzip, with zstd, or not at all."""

    def __init__(self, head: bytes) -> None:
        self._stream: Any = None
        if head.startswith(_GZIP):
            import zlib

            self._stream = zlib.compressobj(wbits=_GZIP_ONLY)
        elif head.startswith(_ZSTD):
            self._stream = _find_zstd().ZstdCompressor()

    def compress(self, data: bytes) -> bytes:
        """Return the next bytes of the stream; empty while data are collected."""
        return bytes(self._stream.compress(data)) if self._stream else data

    def end(self) -> bytes:
        """Return the last bytes of the stream."""
        return bytes(self._stream.flush()) if self._stream else b""


def _unpack_gzip(blocks: Iterable[bytes]) -> Iterator[bytes]:
    import zlib

    stream = None
    for block in blocks:
        left = block
        while left or stream:
            stream = stream or zlib.decompressobj(_GZIP_ONLY)
            try:
                data = stream.decompress(left, BLOCK_SIZE)
            except zlib.error as error:
                raise _damaged("gzip") from error
            yield data
            if stream.eof:
                left, stream = stream.unused_data.lstrip(b"\0"), None  # zero padding, as on tapes
            elif not (left := stream.unconsumed_tail) and len(data) < BLOCK_SIZE:
                break
    if stream:
        raise _cut_short("gzip")


def _unpack_zstd(blocks: Iterable[bytes]) -> Iterator[bytes]:
    zstd = _find_zstd()
    stream = None
    for block in blocks:
        left = block
        while left or stream:
            stream = stream or zstd.ZstdDecompressor()
            try:
                data = stream.decompress(left, BLOCK_SIZE)
            except zstd.ZstdError as error:
                raise _damaged("zstd") from error
            yield data
            left = b""
            if stream.eof:
                left, stream = stream.unused_data, None
            elif stream.needs_input:
                break
    if stream:
        raise _cut_short("zstd")


def _find_zstd() -> Any:  # noqa: ANN401 - compression.zstd, or its backport for older Pythons
    from importlib import import_module

    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    from premigrate.optional_deps import install_hint

    hint = install_hint("backports.zstd", "zstd")
    raise BadPayloadText(f"compressed with zstd, which needs a library that is not installed; {hint}; or use gzip")


def _damaged(kind: str) -> BadPayloadText:
    return BadPayloadText(f"the {kind} stream is damaged; only complete accounts before the damage are checked")


def _cut_short(kind: str) -> BadPayloadText:
    return BadPayloadText(f"the {kind} stream is incomplete; only complete accounts before its end are checked")
