"""A table's frame as plain lists and back, with the types of its columns: what a kept reading is made of."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import PlainSerializer, PlainValidator


def to_lists(frame: pd.DataFrame) -> dict[str, Any]:
    """Its index, and each column's type and values; days as seconds."""
    columns = {name: [str(cells.dtype), _plain(cells)] for name, cells in frame.items()}
    return {"index": frame.index.tolist(), "name": frame.index.name, "columns": columns}


def from_lists(found: dict[str, Any]) -> pd.DataFrame:
    """The frame that `to_lists` was given."""
    index = pd.Index(found["index"], name=found["name"], dtype="object")
    columns = {name: _typed(dtype, values, index) for name, (dtype, values) in found["columns"].items()}
    return pd.DataFrame(columns, index=index)


def _plain(cells: pd.Series) -> list[Any]:
    if cells.dtype.kind == "M":
        return cells.to_numpy().view("int64").tolist()
    return cells.astype("object").where(cells.notna(), None).tolist()


def _typed(dtype: str, values: list[Any], index: pd.Index) -> pd.Series:
    if dtype.startswith("datetime64"):
        return pd.Series(np.array(values, dtype="int64").view(dtype), index=index)
    return pd.Series(values, index=index, dtype=dtype)


Frame = Annotated[pd.DataFrame, PlainValidator(from_lists), PlainSerializer(to_lists)]  # in this order
