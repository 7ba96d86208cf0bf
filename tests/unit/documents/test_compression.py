"""Compressed streams are unpacked at any block size; damage is reported after the intact data."""

import gzip
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.compression import BLOCK_SIZE, Compressor, decompress
from premigrate.exceptions import BadPayloadText
from tests.zstandard import zstd

COMPRESSORS: list[Callable[[bytes], bytes]] = [gzip.compress, zstd.compress, lambda content: content]
CONTENT = b"".join(b'{"number": %d}\n' % number for number in range(20_000))


def blocks_of(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 100), st.sampled_from(COMPRESSORS))
def test_round_trip(contents: list[bytes], size: int, compress: Callable[[bytes], bytes]) -> None:
    compressed = b"".join(map(compress, contents))
    if compressed[:2] == b"\x1f\x8b" or compressed[:4] == b"\x28\xb5\x2f\xfd":
        assert b"".join(decompress(blocks_of(compressed, size))) == b"".join(contents)
    elif compress is COMPRESSORS[2]:
        assert b"".join(decompress(blocks_of(compressed, size))) == compressed


@given(st.lists(st.binary(max_size=300), max_size=4), st.sampled_from([gzip, zstd, None]))
def test_data_are_compressed_as_a_stream_was(contents: list[bytes], module: Any) -> None:
    compressor = Compressor(module.compress(b"other")[:8] if module else b'{"a": 1}')
    stream = b"".join([*map(compressor.compress, contents), compressor.end()])
    assert (module.decompress(stream) if module else stream) == b"".join(contents)


@pytest.mark.parametrize(("compress", "kind"), [(gzip.compress, "gzip"), (zstd.compress, "zstd")])
def test_truncated_stream_gives_its_data_before_the_error(compress: Callable[[bytes], bytes], kind: str) -> None:
    compressed = compress(CONTENT)
    received = b""
    with pytest.raises(BadPayloadText, match=f"the {kind} stream is incomplete"):  # noqa: PT012
        for block in decompress(blocks_of(compressed[:-9], 1000)):
            received += block
    assert CONTENT.startswith(received)


@pytest.mark.parametrize(("compress", "kind"), [(gzip.compress, "gzip"), (zstd.compress, "zstd")])
def test_damaged_stream_is_reported(compress: Callable[[bytes], bytes], kind: str) -> None:
    compressed = bytearray(compress(CONTENT) + compress(CONTENT))
    compressed[len(compressed) // 2 : len(compressed) // 2 + 40] = b"\xaa" * 40
    with pytest.raises(BadPayloadText, match=f"the {kind} stream is damaged"):
        list(decompress(blocks_of(bytes(compressed), 1000)))


@pytest.mark.parametrize("compress", [gzip.compress, zstd.compress])
def test_decompression_bomb_takes_little_memory(compress: Callable[[bytes], bytes]) -> None:
    compressed = compress(bytes(64 << 20))
    tracemalloc.start()
    sizes = [len(block) for block in decompress([compressed])]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) == 64 << 20
    assert max(sizes) <= BLOCK_SIZE
    assert peak < 8 << 20


def test_trailing_zeros_are_accepted() -> None:
    assert b"".join(decompress([gzip.compress(b"x") + bytes(100)])) == b"x"


def test_missing_zstd_library_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("backports.zstd", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BadPayloadText, match=r"pip install 'premigrate\[zstd\]'"):
        list(decompress([zstd.compress(b"x")]))
