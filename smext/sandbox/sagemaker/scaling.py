"""Scaling of inference components' copies."""

from __future__ import annotations

from functools import partial

from botocore.model import OperationModel

from .engine import Engine
from .hosting import INFERENCE_COMPONENT
from .resources import Fields, Store


def install(engine: Engine) -> None:
    """Add UpdateInferenceComponentRuntimeConfig to the engine."""
    engine.handle("UpdateInferenceComponentRuntimeConfig", partial(_scale, engine))


def _scale(engine: Engine, store: Store, model: OperationModel, params: Fields) -> Fields:
    """Change the number of copies at once, without the status that the real service passes through."""
    component = engine.find(INFERENCE_COMPONENT, store, params)
    copies = params["DesiredRuntimeConfig"]["CopyCount"]
    component.fields["RuntimeConfig"] = {"DesiredCopyCount": copies, "CurrentCopyCount": copies}
    component.fields["LastModifiedTime"] = engine.clock.now()
    return {"InferenceComponentArn": component.arn}
