"""A sweep as a table for other programs: CSV, and Parquet with the extra `oneroom[parquet]`.

Rules: a line for each setting and environment, units in the names of columns. An empty time-out is
one that the sweep did not set.
"""

from __future__ import annotations

import csv
import importlib.util
import io
from collections.abc import Sequence
from pathlib import Path

from oneroom.checks.sweep_results import SweepRow

CSV, PARQUET = "sweep.csv", "sweep.parquet"


class ParquetMissing(Exception):
    """The library is not installed; `args` are one sentence."""


def check_parquet() -> None:
    """Check that Parquet can be written. Raises ParquetMissing."""
    if importlib.util.find_spec("pyarrow") is None:
        raise ParquetMissing(
            "Parquet is written by pyarrow, which is not installed; pip install 'oneroom[parquet]'"
        )


def write_csv(file: Path, rows: Sequence[SweepRow]) -> None:
    """Write the rows. Raises OSError."""
    text = io.StringIO()
    lines = [_values(row, _names(rows)) for row in rows]
    writer = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    file.write_text(text.getvalue(), encoding="utf-8")


def write_parquet(file: Path, rows: Sequence[SweepRow]) -> None:
    """Write the rows. Raises OSError, and ImportError without pyarrow."""
    parquet = importlib.import_module("pyarrow.parquet")
    arrow = importlib.import_module("pyarrow")
    parquet.write_table(arrow.Table.from_pylist([_values(row, _names(rows)) for row in rows]), file)


def _names(rows: Sequence[SweepRow]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.setting.timings_us))


def _values(row: SweepRow, names: Sequence[str]) -> dict[str, object]:
    rate, low, high = row.per_million
    return {
        "policy": row.setting.policy,
        **{f"{name}_us": row.setting.timings_us.get(name) for name in names},
        "environment": row.environment,
        "runs": row.runs,
        "violations": row.violations,
        "violations_per_million": round(rate, 1),
        "violations_per_million_low": round(low, 1),
        "violations_per_million_high": round(high, 1),
        "no_owner_p50_ms": row.no_owner_p50_ms,
        "no_owner_p99_ms": row.no_owner_p99_ms,
        "calls_torn_down_per_100_runs": row.torn_per_100,
        "two_rooms_ms": row.two_rooms_ms,
        "messages_per_s": row.messages_per_s,
        "first_violation": row.first_violation,
    }
