"""What an older botocore cannot list: said calmly, and nothing else of the table is lost."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import botocore
import pytest

from smext import errors
from smext.api import Row, Target
from smext.aws import studio
from smext.aws.account import Account
from smext.inventory.reader import Memory, Reader, Reading
from smext.kinds import registry
from smext.kinds.base import Kind
from smext.sandbox import Sandbox

# Not in botocore 1.34.131, the oldest of the images that are served.
MISSING = (
    "ListAIBenchmarkJobs",
    "ListAIRecommendationJobs",
    "ListGlobalInferenceGateways",
    "ListInferenceRouters",
    "ListJobs",
    "ListMlflowApps",
    "ListOptimizationJobs",
    "ListPartnerApps",
    "ListTrainingPlans",
    "ListTrainingSessions",
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of SageMaker that lacks these operations, as an older botocore has."""
    at = Path("sagemaker", "2017-07-24")
    shipped = Path(botocore.__file__).parent / "data" / at / "service-2.json.gz"
    model = json.loads(gzip.decompress(shipped.read_bytes()))
    for operation in MISSING:
        del model["operations"][operation]
    folder = tmp_path_factory.mktemp("models")
    (folder / at).mkdir(parents=True)
    (folder / at / "service-2.json").write_text(json.dumps(model))
    return folder


@pytest.fixture
def old(models: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Kind], Reading]]:
    for name, value in {**box.env, "AWS_DATA_PATH": str(models)}.items():
        monkeypatch.setenv(name, value)
    account = Account(Target(id="old", label="old", region=box.region))
    with ThreadPoolExecutor(4) as threads:
        reader = Reader(account, studio.server_identity(account, studio.read_metadata()), threads)
        yield lambda kind: reader.read(kind, Memory(), datetime.now(timezone.utc), lambda rows: None)
    account.close()


def test_what_cannot_be_listed_is_not_checked_and_says_so(old: Callable[[Kind], Reading]) -> None:
    unlisted = [kind for kind in registry().values() if kind.list_calls[0].operation in MISSING]
    assert len(unlisted) == len(MISSING)
    for kind in unlisted:
        with pytest.raises(errors.Outdated) as caught:
            old(kind)
        problem = caught.value.problem()
        assert problem.code == "outdated"
        assert problem.message == f"{kind.label} are not checked: needs a newer boto3."
        assert "holds everything else" in problem.advice


def test_the_other_kinds_are_read_as_ever(
    old: Callable[[Kind], Reading], truth: Callable[[Kind], dict[str, Row]]
) -> None:
    for name in ("cluster", "feature-group", "mlflow-server"):
        reading = old(registry()[name])
        assert reading.problem is None
        assert {row.key for row in reading.rows} == set(truth(registry()[name]))
