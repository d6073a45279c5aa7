"""Launch a training and a processing job with SageMaker SDK 2; prints their names as JSON.

Run by an interpreter that has the SDK: launch_sdk2.py FOLDER ROLE IMAGE S3_PLACE
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from sagemaker.estimator import Estimator  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.processing import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    ProcessingOutput,
    ScriptProcessor,
)

folder, role, image, place = Path(sys.argv[1]), *sys.argv[2:5]

estimator = Estimator(
    image_uri=image,
    role=role,
    instance_count=1,
    instance_type="ml.m5.xlarge",
    base_job_name="sdk2-train",
    entry_point="train.py",
    source_dir=str(folder),
    hyperparameters={"epochs": 3},
    environment={"COLOUR": "green"},
    max_run=3600,
    tags=[{"Key": "team", "Value": "a"}],
    disable_profiler=True,
)
estimator.fit({"train": f"{place}/data"}, wait=False, logs=False)

processor = ScriptProcessor(
    role=role,
    image_uri=image,
    command=["python3"],
    instance_count=1,
    instance_type="ml.m5.xlarge",
    base_job_name="sdk2-process",
    env={"COLOUR": "green"},
)
processor.run(
    code=str(folder / "process.py"),
    outputs=[
        ProcessingOutput(
            output_name="result", source="/opt/ml/processing/output", destination=f"{place}/sdk2"
        )
    ],
    arguments=["--rows", "2"],
    wait=False,
    logs=False,
)

print(
    json.dumps(
        {
            "version": version("sagemaker"),
            "training": estimator.latest_training_job.name,
            "processing": processor.latest_job.job_name,
        }
    )
)
