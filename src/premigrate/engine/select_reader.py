"""Reads objects whose fields depend on the value of one of their keys."""

from __future__ import annotations

from typing import Any

from premigrate.engine.collector import Collector
from premigrate.engine.field_reader import FieldReader, ValueReader
from premigrate.engine.frames import Frame
from premigrate.engine.program import Texts
from premigrate.engine.readers import report_not_an_object
from premigrate.engine.values import INVALID


class SelectReader(ValueReader):
    """Reads an object whose fields depend on the value of its key; ``without`` reads one without the key."""

    __slots__ = ("_accepts_null", "_key", "_variants", "_without")

    def __init__(
        self,
        texts: Texts,
        key: FieldReader,
        variants: dict[str, ValueReader],
        without: ValueReader | None,
        *,
        accepts_null: bool,
    ) -> None:
        super().__init__(texts)
        self._key, self._variants, self._without, self._accepts_null = key, variants, without, accepts_null

    def read(self, raw: Any, frame: Frame, collector: Collector) -> Any:  # noqa: ANN401
        """Read the key, then the object as the variant that the key selects."""
        if type(raw) is not dict:
            return report_not_an_object(self, raw, frame, collector)
        key = self._key
        selector = raw.get(key.name)
        if type(selector) is str and selector and not key.has_checks and selector in key.certain_texts:
            return self._variants[selector].read(raw, frame, collector)
        if self._without is not None and selector is None and (self._accepts_null or key.name not in raw):
            return self._without.read(raw, frame, collector)
        if key.name in raw:
            chosen = key.read_in_full(raw[key.name], frame, collector)
        else:
            chosen = key.read_missing(frame, collector)
        variant = self._variants.get(chosen) if isinstance(chosen, str) else None
        return variant.read(raw, frame, collector) if variant else INVALID
