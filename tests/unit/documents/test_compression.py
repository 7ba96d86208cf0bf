"""What is packed comes out as it was, whatever the blocks; what is damaged is told after what was sound."""

import gzip
import sys
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.compression import BLOCK_SIZE, decompress
from premigrate.exceptions import BadPayloadText

PACKERS: list[Callable[[bytes], bytes]] = [gzip.compress, zstd.compress, lambda content: content]
CONTENT = b"".join(b'{"number": %d}\n' % number for number in range(20_000))


def blocks_of(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 100), st.sampled_from(PACKERS))
def test_everything_comes_out(contents: list[bytes], size: int, pack: Callable[[bytes], bytes]) -> None:
    packed = b"".join(map(pack, contents))
    if packed[:2] == b"\x1f\x8b" or packed[:4] == b"\x28\xb5\x2f\xfd":
        assert b"".join(decompress(blocks_of(packed, size))) == b"".join(contents)
    elif pack is PACKERS[2]:
        assert b"".join(decompress(blocks_of(packed, size))) == packed


@pytest.mark.parametrize(("pack", "kind"), [(gzip.compress, "gzip"), (zstd.compress, "zstd")])
def test_a_stream_that_is_cut_short_gives_what_it_has(pack: Callable[[bytes], bytes], kind: str) -> None:
    packed = pack(CONTENT)
    got = b""
    with pytest.raises(BadPayloadText, match=f"the {kind} stream ends before it is complete"):  # noqa: PT012
        for block in decompress(blocks_of(packed[:-9], 1000)):
            got += block
    assert CONTENT.startswith(got)


@pytest.mark.parametrize(("pack", "kind"), [(gzip.compress, "gzip"), (zstd.compress, "zstd")])
def test_a_damaged_stream_is_told(pack: Callable[[bytes], bytes], kind: str) -> None:
    packed = bytearray(pack(CONTENT) + pack(CONTENT))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xaa" * 40
    with pytest.raises(BadPayloadText, match=f"the {kind} stream is damaged"):
        list(decompress(blocks_of(bytes(packed), 1000)))


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_bomb_takes_no_memory(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(bytes(64 << 20))
    tracemalloc.start()
    sizes = [len(block) for block in decompress([packed])]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) == 64 << 20
    assert max(sizes) <= BLOCK_SIZE
    assert peak < 8 << 20


def test_zeros_after_a_stream_are_no_damage() -> None:
    assert b"".join(decompress([gzip.compress(b"x") + bytes(100)])) == b"x"


def test_without_its_library_zstd_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("backports.zstd", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BadPayloadText, match=r"pip install 'premigrate\[zstd\]'"):
        list(decompress([zstd.compress(b"x")]))
