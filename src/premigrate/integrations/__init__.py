"""Checks tables of payloads with Arrow and Spark. Requires pyarrow."""

import premigrate.integrations.arrow_import  # noqa: F401 - first: its error says what to install
