"""What a job writes while it runs reaches S3, whatever it does to its files meanwhile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from smext.sandbox import Sandbox
from smext.sandbox.exec.transfer import Mirror, TransferError, download_listed


def test_a_file_that_is_written_to_while_it_is_sent_is_sent_again(tmp_path: Path) -> None:
    file = tmp_path / "notebook.ipynb"
    file.write_text("before")
    with Sandbox(scene="empty") as box:
        s3 = box.client("s3")

        def change(**_: Any) -> None:
            if file.read_text() == "before":
                file.write_text("after.")

        s3.meta.events.register("before-send.s3.PutObject", change)
        mirror = Mirror(s3, tmp_path, f"s3://{box.bucket}/out/")
        mirror.sync()
        mirror.sync()
        assert s3.get_object(Bucket=box.bucket, Key="out/notebook.ipynb")["Body"].read() == b"after."


def test_a_file_that_shrinks_while_it_is_sent_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    file.write_text("a long text before")
    with Sandbox(scene="empty") as box:
        s3 = box.client("s3", config=Config(read_timeout=30, retries={"total_max_attempts": 1}))

        def replace(**_: Any) -> None:
            (tmp_path / "progress.json.new").write_text("short")
            (tmp_path / "progress.json.new").replace(file)

        # After its size was told and before it is read, as far as a client of boto3's lets one in between.
        s3.meta.events.register("provide-client-params.s3.PutObject", replace)
        mirror = Mirror(s3, tmp_path, f"s3://{box.bucket}/out/")
        mirror.sync()
        assert (
            s3.get_object(Bucket=box.bucket, Key="out/progress.json")["Body"].read() == b"a long text before"
        )
        mirror.sync()
        assert s3.get_object(Bucket=box.bucket, Key="out/progress.json")["Body"].read() == b"short"


def test_a_manifest_brings_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    with Sandbox(scene="empty") as box:
        s3 = box.client("s3")

        def put(key: str, body: str) -> None:
            s3.put_object(Bucket=box.bucket, Key=key, Body=body.encode())

        for key in ("store/a", "store/deep/b", "store/c"):
            put(key, key)
        uri = f"s3://{box.bucket}/run/list"
        put("run/list", json.dumps([{"prefix": f"s3://{box.bucket}/store/"}, "a", "deep/b"]))
        assert download_listed(s3, uri, tmp_path / "in") == 2
        found = {
            path.relative_to(tmp_path / "in").as_posix() for path in tmp_path.rglob("*") if path.is_file()
        }
        assert found == {"store/a", "store/deep/b"}
        put("run/list", json.dumps([{"prefix": f"s3://{box.bucket}/store/"}, "gone"]))
        with pytest.raises(TransferError, match="Data download failed"):
            download_listed(s3, uri, tmp_path / "in")
        put("run/list", "[]")
        with pytest.raises(TransferError, match="cannot be read"):
            download_listed(s3, uri, tmp_path / "in")
