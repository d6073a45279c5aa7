"""Where a run lies in S3: the bucket and prefix that the SDK would take."""

from __future__ import annotations

from dataclasses import dataclass

from .sdk_config import SESSION, SdkConfig


@dataclass(frozen=True)
class RunBucket:
    """`owner` is the account that must own it: set where the name was made up, as anybody may hold that name."""

    name: str
    prefix: str
    source: str
    owner: str | None = None


@dataclass(frozen=True)
class RunLayout:
    """The addresses of one run; every `…_uri` ends with a slash."""

    bucket: RunBucket
    job: str

    @property
    def base(self) -> str:
        """What a training job's output path is, below which SageMaker puts the job's name."""
        prefix = f"{self.bucket.prefix}/" if self.bucket.prefix else ""
        return f"s3://{self.bucket.name}/{prefix}smext/"

    @property
    def uri(self) -> str:
        """The run's prefix."""
        return f"{self.base}{self.job}/"

    @property
    def input_uri(self) -> str:
        """What the job reads."""
        return f"{self.uri}input/"

    @property
    def manifest_uri(self) -> str:
        """The list of the archives that the files are in, as SageMaker reads it (S3DataSource: ManifestFile)."""
        return f"{self.input_uri}files.manifest"

    @property
    def cache_uri(self) -> str:
        """Where archives of files are kept for all runs."""
        return f"{self.base}cache/"

    @property
    def output_uri(self) -> str:
        """What the job leaves."""
        return f"{self.uri}output/"

    @property
    def checkpoint_uri(self) -> str:
        """A training job's checkpoints."""
        return f"{self.uri}checkpoints/"

    def live_uri(self, training: bool) -> str:
        """Return where progress and the notebook so far lie while the job runs."""
        return f"{self.checkpoint_uri}smext-live/" if training else f"{self.uri}live/"

    @property
    def record_uri(self) -> str:
        """The run record."""
        return f"{self.uri}record.json"


def find_bucket(config: SdkConfig, region: str, account: str | None) -> RunBucket | None:
    """Return the SDK's default bucket; None where it is not configured and the account is not known."""
    if config.bucket:
        source = f"SDK config ({'.'.join(SESSION)}.DefaultS3Bucket)"
        return RunBucket(config.bucket, config.prefix, source)
    if account is None:
        return None
    return RunBucket(
        f"sagemaker-{region}-{account}", config.prefix, "the SDK's default bucket", owner=account
    )
