"""Arrow and Spark: tables of payloads in, tables of answers out. Needs pyarrow."""

import premigrate.integrations.arrow_import  # noqa: F401 - first: it says what to install
