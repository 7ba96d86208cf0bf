"""Checks tables of payloads with Arrow and Spark. Requires pyarrow."""

import premigrate.integrations.arrow_import  # noqa: F401 - imported first, because its error names the extra to install
