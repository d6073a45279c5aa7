"""What a job writes while it runs reaches S3, whatever it does to its files meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from smext.sandbox import Sandbox
from smext.sandbox.exec.transfer import Mirror


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
