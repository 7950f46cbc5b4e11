"""Data sets: the built-in ones, and files of one's own."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.datasets import read_files
from app.sessions.errors import Conflict
from app.web import urls
from app.web.answers import Json
from app.web.api.parts import Owner, ServerSettings, Service
from app.web.api.traces import Kind
from app.web.api.views import Answer, Matrix, Preprocessing
from app.web.errors import Refused, refused_value
from app.web.openapi import LOCATION, refusals
from app.web.strict import FileRoute, StrictRoute, Whole

router = APIRouter(prefix=urls.API_DATASETS, tags=["data sets"], route_class=StrictRoute)
files_router = APIRouter(prefix=urls.API_DATASETS, tags=["data sets"], route_class=FileRoute)

MOST_FILES = 8
reading = asyncio.Semaphore(2)
"""So many uploads are taken apart at once: it is work for the processor, and others want to be served meanwhile."""

DataSetName = Annotated[
    str, Path(description="Name of a built-in data set, or the id of an upload.", examples=["circle"])
]


class Described(Answer):
    """A data set. `size` and `noise` of a built-in one are its defaults."""

    name: str = Field(description="What a session's `dataset.name` takes.", examples=["circle"])
    title: str = Field(description="What people call it.", examples=["Circle"])
    description: str = Field(description="What it is.", examples=["A disc inside a ring."])
    built_in: bool = Field(description="Whether it comes with Blameflow.", examples=[True])
    kind: Kind = Field(description="What is to be learned.", examples=["classification"])
    size: int = Field(description="Examples.", examples=[500])
    smallest_size: int = Field(description="The fewest examples that can be chosen.", examples=[10])
    largest_size: int = Field(description="The most examples that can be chosen.", examples=[10_000])
    size_can_be_chosen: bool = Field(description="Whether `dataset.size` may differ.", examples=[True])
    noise: float | None = Field(description="In the unit that the description names; null: takes none.", examples=[0.1])
    largest_noise: float | None = Field(description="The most noise; null: takes none.", examples=[2.0])
    noise_can_be_chosen: bool = Field(description="Whether `dataset.noise` may be given.", examples=[True])
    n_inputs: int = Field(description="Neurons of layer 1.", examples=[2])
    outputs: int = Field(description="Neurons of layer L, unless told otherwise.", examples=[2])
    classes: list[str] | None = Field(
        description="Names of the classes; null for regression.", examples=[["out", "in"]]
    )
    feature_names: list[str] = Field(description="Names of the inputs, shape (n_inputs,).", examples=[["x₁", "x₂"]])
    image_shape: list[int] | None = Field(
        description="Rows and columns (px) where inputs are an image.", examples=[[8, 8]]
    )
    source: str = Field(description="Where it comes from.", examples=["Drawn by Blameflow from the seed."])
    licence: str = Field(description="What may be done with it.", examples=["MIT"])


class SomeExamples(Answer):
    """Examples as they are in the data set's own order."""

    inputs: Matrix = Field(description="Shape (limit, n_inputs), as prepared.", examples=[[[0.3, -0.7]]])
    labels: list[int] | None = Field(default=None, description="Class numbers, from 0, shape (limit,).", examples=[[1]])
    targets: Matrix | None = Field(
        default=None, description="For regression: shape (limit, outputs).", examples=[[[0.5]]]
    )


class DescribedWithExamples(Described):
    """A data set, how it was prepared, and its first examples."""

    outputs_allowed: list[int] = Field(description="Sizes of layer L that fit, the best first.", examples=[[2, 1]])
    preprocessing: Preprocessing = Field(description="How it was prepared.")
    examples: SomeExamples = Field(description="The first examples.")


class Uploaded(DescribedWithExamples):
    """An upload that was taken in."""

    id: str = Field(description="What a session's `dataset.name` takes.", examples=["upload-1f2e3d4c5b6a7988"])


@router.get("", summary="List data sets", response_model=list[Described], responses=refusals(422, ok="Data sets."))
async def listing(service: Service, owner: Owner) -> Response:
    """The built-in data sets, everybody's, and one's own uploads."""
    return Json(await service.datasets.listing(owner))


@router.get(
    "/{name}",
    summary="See a data set",
    response_model=DescribedWithExamples,
    responses=refusals(404, 422, ok="The data set."),
)
async def see(
    service: Service,
    name: DataSetName,
    limit: Annotated[Whole, Query(description="How many examples to show, 0 to 1,000.", ge=0, le=1_000)] = 20,
) -> Response:
    """A data set with its first examples; a drawn one is that of seed 1."""
    return Json(await service.datasets.one(name, limit))


@router.delete(
    "/{name}",
    status_code=204,
    summary="Delete an upload",
    response_class=Response,
    responses=refusals(403, 404, 409, 422),
)
async def delete(request: Request, service: Service, owner: Owner, name: DataSetName) -> Response:
    """Forget an upload of one's own; sessions that use it keep it."""
    if name == request.app.state.shared_dataset:
        raise Conflict(f"{name} was given to the server when it was started, and stays.")
    await service.datasets.delete(name, owner)
    return Response(status_code=204)


UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "A CSV file (header row; the last column is the target, or `target`; numbers"
                            " are regression, words are classes), an `.npz` (`x`, `y`; never pickled), or IDX files"
                            " (images and labels; MNIST's four as they come), gzipped or not.",
                        },
                        "target": {"type": "string", "description": "Name of the target column of a CSV file."},
                    },
                },
                "example": {"file": ["flowers.csv"], "target": "kind"},
            }
        },
    }
}


@files_router.post(
    "",
    status_code=201,
    summary="Upload a data set",
    response_model=Uploaded,
    responses=refusals(400, 403, 413, 415, 422, 429) | {201: {"description": "The data set.", "headers": LOCATION}},
    openapi_extra=UPLOAD,
)
async def upload(
    request: Request,
    service: Service,
    owner: Owner,
    settings: ServerSettings,
    target: Annotated[str | None, Query(description="Name of the target column of a CSV file.", max_length=200)] = None,
) -> Response:
    """Take in a CSV file, an `.npz`, or a pair of IDX files. A bad file gets 422, with its row and column."""
    form = await read_form(request)
    try:
        files, named = await parts(form)
    finally:
        await form.close()
    if target is not None and named is not None and target != named:
        raise refused_value(("query", "target"), "The form names another target.")
    async with reading:
        data = await asyncio.to_thread(read_files, files, target or named, settings.files)
    identifier = await service.datasets.add(data, owner)
    described = await service.datasets.one(identifier)
    return Json({"id": identifier, **described}, 201, {"Location": urls.api_dataset(identifier)})


async def read_form(request: Request) -> FormData:
    """The parts of a multipart body. Raises Refused: 415 for another type, 400 for what cannot be read."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "multipart/form-data":
        raise Refused(415, "Send the files as multipart/form-data, as a form does (curl: -F file=@flowers.csv).")
    try:
        return await request.form(max_files=MOST_FILES, max_fields=2, max_part_size=1_000)
    except Refused:
        raise
    except HTTPException as error:
        raise Refused(400, f"The form cannot be read: {error.detail}") from None
    except (ValueError, LookupError) as error:  # a charset that is none
        raise Refused(400, f"The form cannot be read: {error}.") from None


async def parts(form: FormData) -> tuple[list[tuple[str, bytes]], str | None]:
    """Names and contents of the files, and the target column if the form names one. Raises Refused."""
    files: list[tuple[str, bytes]] = []
    target: str | None = None
    for name, part in form.multi_items():
        if isinstance(part, UploadFile):
            files.append((part.filename or name, await part.read()))
        elif name == "target":
            target = part
        else:
            raise refused_value(("body", name[:40]), "This part of the form is not a file, nor the target.")
    if not files:
        raise refused_value(("body", "file"), "There is no file in the form (curl: -F file=@flowers.csv).")
    return files, target
