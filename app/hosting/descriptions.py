"""What is told of data sets: one form for the built-in and the uploaded ones."""

from __future__ import annotations

from typing import Any

from app.datasets import DataSet, DataSetInfo

Description = dict[str, Any]


def describe_built_in(info: DataSetInfo) -> Description:
    """A built-in data set; `size` and `noise` are the defaults, and may be chosen within the limits beside them."""
    return {
        "name": info.name,
        "title": info.title,
        "description": info.description,
        "built_in": True,
        "kind": info.kind,
        "size": info.default_size,
        "smallest_size": info.smallest_size,
        "largest_size": info.largest_size,
        "size_can_be_chosen": not info.fixed,
        "noise": info.default_noise,
        "largest_noise": None if info.default_noise is None else info.largest_noise,
        "noise_can_be_chosen": info.default_noise is not None,
        "n_inputs": info.n_inputs,
        "outputs": info.outputs,
        "classes": None if info.classes is None else list(info.classes),
        "feature_names": list(info.feature_names),
        "image_shape": None if info.image_shape is None else list(info.image_shape),
        "source": info.source,
        "licence": info.licence,
    }


def describe_upload(identifier: str, data: DataSet) -> Description:
    """An uploaded data set, which is used as it is; a session names it by the id."""
    return {
        "name": identifier,
        "title": data.title,
        "description": data.description,
        "built_in": False,
        "kind": data.kind,
        "size": len(data),
        "smallest_size": len(data),
        "largest_size": len(data),
        "size_can_be_chosen": False,
        "noise": None,
        "largest_noise": None,
        "noise_can_be_chosen": False,
        "n_inputs": data.inputs.shape[1],
        "outputs": data.outputs_allowed()[0],
        "classes": None if data.classes is None else list(data.classes),
        "feature_names": list(data.feature_names),
        "image_shape": None if data.image_shape is None else list(data.image_shape),
        "source": data.source,
        "licence": data.licence,
    }


def describe_examples(data: DataSet, limit: int) -> Description:
    """What is known once a data set is at hand: how it was prepared, which networks fit, its first examples."""
    key = "labels" if data.kind == "classification" else "targets"
    return {
        "outputs_allowed": list(data.outputs_allowed()),
        "preprocessing": data.preprocessing,
        "examples": {"inputs": data.inputs[:limit].tolist(), key: data.values[:limit].tolist()},
    }
