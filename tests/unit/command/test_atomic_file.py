"""Files are written completely or not at all, whatever exists at the path and whatever errors occur."""

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
    file = AtomicFile(str(path))
    file.write_text(text)
    file.commit()


def test_link_is_kept_and_its_target_replaced(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old", "utf-8")
    link.symlink_to(file)
    write(link)
    assert (link.is_symlink(), file.read_text("utf-8")) == (True, "new")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "link"]


def test_pipe_is_written_in_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    write(pipe)
    reader.join()
    assert (read, pipe.is_fifo()) == (["new"], True)
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"], "a pipe needs no temporary file"


@pytest.mark.parametrize("length", [255, 250])
def test_longest_file_names(length: int, tmp_path: Path) -> None:
    path = tmp_path / ("n" * length)
    write(path)
    assert path.read_text("utf-8") == "new"


def test_two_writers_of_one_path_do_not_interfere(tmp_path: Path) -> None:
    one, other = AtomicFile(str(tmp_path / "file")), AtomicFile(str(tmp_path / "file"))
    one.write_text("one")
    other.write_text("other")
    one.commit()
    other.commit()
    assert (tmp_path / "file").read_text("utf-8") == "other"
    assert len(list(tmp_path.iterdir())) == 1


def test_unwritable_path_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    (tmp_path / "a file").touch()
    reasons = {
        "loop": "Too many levels of symbolic links",
        "folder": "Is a directory",
        "a file/file": "File exists|Not a directory",
        "n" * 300: "File name too long",
    }
    for name, reason in reasons.items():
        with pytest.raises(BadArgument, match=f": cannot be written: (?:{reason})$"):
            AtomicFile(str(tmp_path / name))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a file", "folder", "loop"]


@pytest.mark.parametrize("full", ["pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"])
def test_split_writes_all_files_or_none(full: str, tmp_path: Path) -> None:
    (tmp_path / full).symlink_to("/dev/full")
    split = SplitSink(str(tmp_path))
    split.errors.write(["{}\n"])
    split.take(SplitPayloads([b"a"], [b"b"], [b"c"]))
    split.end(Tally())
    assert split.failure == f"{tmp_path / full}: cannot be written: No space left on device"
    assert [each.name for each in tmp_path.iterdir()] == [full]


def test_split_that_cannot_start_leaves_no_files(tmp_path: Path) -> None:
    (tmp_path / "errors.ndjson").mkdir()
    with pytest.raises(BadArgument, match=r"errors.ndjson: cannot be written: Is a directory"):
        SplitSink(str(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == ["errors.ndjson"]
