"""The engine: runs a compiled program on a payload and returns findings. It does no I/O and reads no clock."""

import premigrate.compiled_form  # noqa: F401 - imported first: refuses to load a compiled engine that would crash
