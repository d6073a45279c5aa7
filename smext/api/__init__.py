"""Wire models of all routes and events: src/generated.ts is made from them.

Times are UTC (ISO 8601 with offset), durations seconds, money USD, rates USD/hour.
"""

from __future__ import annotations

from typing import Any

from .context import Context, Place, Target
from .events import EVENTS, Changed, Event
from .form import InputChannel, JobKind, LaunchForm, OutputFolder
from .items import (
    CellError,
    CellState,
    Fact,
    ItemDetail,
    LogLine,
    LogPage,
    OpenedNotebook,
    Output,
    Outputs,
    Phase,
    RunProgress,
)
from .launch import (
    Check,
    CheckStatus,
    Code,
    CodeRequest,
    DefaultsRequest,
    FieldSource,
    ImageChoice,
    InstanceChoice,
    LaunchDefaults,
    Launched,
    LaunchName,
    LaunchOption,
    LaunchProgress,
    LaunchRequest,
    LaunchSection,
    LeftOut,
    Machine,
    Machines,
    NotebookDocument,
    Package,
    Parameter,
    ParameterType,
    Plan,
    S3Entry,
    S3Listing,
    SdkVersion,
    Upload,
    check,
)
from .model import Certainty, ErrorBody, Format, Problem, ProblemCode, Tone, Wire
from .tables import (
    ActionInfo,
    ActionRequest,
    ActionResult,
    Billing,
    Column,
    Idle,
    KindInfo,
    Link,
    PriceNote,
    Progress,
    Row,
    RowAction,
    Summary,
    Table,
    Tables,
    Unseen,
)
from .warnings import CostWarning, RowRef, Warnings

__all__ = [
    "EVENTS",
    "ActionInfo",
    "ActionRequest",
    "ActionResult",
    "Billing",
    "CellError",
    "CellState",
    "Certainty",
    "Changed",
    "Check",
    "CheckStatus",
    "Code",
    "CodeRequest",
    "Column",
    "Context",
    "CostWarning",
    "DefaultsRequest",
    "ErrorBody",
    "Event",
    "Fact",
    "FieldSource",
    "Format",
    "Idle",
    "ImageChoice",
    "InputChannel",
    "InstanceChoice",
    "ItemDetail",
    "JobKind",
    "KindInfo",
    "LaunchDefaults",
    "LaunchForm",
    "LaunchName",
    "LaunchOption",
    "LaunchProgress",
    "LaunchRequest",
    "LaunchSection",
    "Launched",
    "LeftOut",
    "Link",
    "LogLine",
    "LogPage",
    "Machine",
    "Machines",
    "NotebookDocument",
    "OpenedNotebook",
    "Output",
    "OutputFolder",
    "Outputs",
    "Package",
    "Parameter",
    "ParameterType",
    "Phase",
    "Place",
    "Plan",
    "PriceNote",
    "Problem",
    "ProblemCode",
    "Progress",
    "Row",
    "RowAction",
    "RowRef",
    "RunProgress",
    "S3Entry",
    "S3Listing",
    "SdkVersion",
    "Summary",
    "Table",
    "Tables",
    "Target",
    "Tone",
    "Unseen",
    "Upload",
    "Warnings",
    "Wire",
    "check",
    "schema",
]


def schema() -> dict[str, Any]:
    """Return one JSON schema with every wire model under `$defs`, in order of their names."""
    from pydantic.json_schema import GenerateJsonSchema, models_json_schema

    class Untitled(GenerateJsonSchema):
        # A title on every member becomes a type of its own in TypeScript.
        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

    models = [m for m in _models() if m not in (Wire, Event)]
    _, top = models_json_schema(
        [(m, "serialization") for m in models], title="smext wire", schema_generator=Untitled
    )
    return dict(top)


def _models() -> list[type[Wire]]:
    found = [v for v in globals().values() if isinstance(v, type) and issubclass(v, Wire)]
    return sorted(found, key=lambda m: m.__name__)
