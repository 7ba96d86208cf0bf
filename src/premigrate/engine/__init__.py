"""The engine: a program and a payload in, findings out. It reads no clock, disk, network or environment."""

import premigrate.compiled_form  # noqa: F401 - first: it refuses to load a compiled engine that would crash
