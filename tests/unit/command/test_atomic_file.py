"""Files are there when they are complete, or not at all, whatever is in their place and whatever the disk says."""

import os
from pathlib import Path
from threading import Thread

import pytest

from premigrate.command.atomic_file import AtomicFile
from premigrate.command.check_chunks import SplitPayloads
from premigrate.command.split_sink import SplitSink
from premigrate.exceptions import BadArgument
from premigrate.report.run import Tally


def write(path: Path, text: str = "new") -> None:
    part = AtomicFile(str(path))
    part.write_text(text)
    part.commit()


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old", "utf-8")
    link.symlink_to(file)
    write(link)
    assert (link.is_symlink(), file.read_text("utf-8")) == (True, "new")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "link"]


def test_a_pipe_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    write(pipe)
    reader.join()
    assert (read, pipe.is_fifo()) == (["new"], True)
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"], "a pipe has no part beside it"


@pytest.mark.parametrize("length", [255, 250])
def test_a_name_may_be_as_long_as_the_file_system_has_it(length: int, tmp_path: Path) -> None:
    path = tmp_path / ("n" * length)
    write(path)
    assert path.read_text("utf-8") == "new"


def test_two_parts_of_one_name_are_apart(tmp_path: Path) -> None:
    one, other = AtomicFile(str(tmp_path / "file")), AtomicFile(str(tmp_path / "file"))
    one.write_text("one")
    other.write_text("other")
    one.commit()
    other.commit()
    assert (tmp_path / "file").read_text("utf-8") == "other"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_can_not_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    (tmp_path / "a file").touch()
    reasons = {
        "loop": "Too many levels of symbolic links",
        "folder": "Is a directory",
        "a file/file": "File exists|Not a directory",
        "n" * 300: "File name too long",
    }
    for name, why in reasons.items():
        with pytest.raises(BadArgument, match=f": can't be written: (?:{why})$"):
            AtomicFile(str(tmp_path / name))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a file", "folder", "loop"]


@pytest.mark.parametrize("full", ["pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"])
def test_of_a_split_there_are_all_files_or_none(full: str, tmp_path: Path) -> None:
    (tmp_path / full).symlink_to("/dev/full")
    split = SplitSink(str(tmp_path))
    split.errors.write(["{}\n"])
    split.take(SplitPayloads([b"a"], [b"b"], [b"c"]))
    split.end(Tally())
    assert split.failure == f"{tmp_path / full}: can't be written: No space left on device"
    assert [each.name for each in tmp_path.iterdir()] == [full]


def test_a_split_that_can_not_begin_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "errors.ndjson").mkdir()
    with pytest.raises(BadArgument, match=r"errors.ndjson: can't be written: Is a directory"):
        SplitSink(str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == ["errors.ndjson"]
