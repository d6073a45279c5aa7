"""Launch a training and a processing job with SageMaker SDK 3; prints their names as JSON.

Run by an interpreter that has the SDK: launch_sdk3.py FOLDER ROLE IMAGE S3_PLACE
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from sagemaker.core.processing import ScriptProcessor  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.core.shapes import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    ProcessingOutput,
    ProcessingS3Output,
    StoppingCondition,
    Tag,
)
from sagemaker.train import ModelTrainer  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sagemaker.train.configs import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    Compute,
    InputData,
    SourceCode,
)

folder, role, image, place = Path(sys.argv[1]), *sys.argv[2:5]

trainer = ModelTrainer(
    training_image=image,
    role=role,
    base_job_name="sdk3-train",
    source_code=SourceCode(source_dir=str(folder), entry_script="train.py"),
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
    hyperparameters={"epochs": 3},
    environment={"COLOUR": "green"},
    tags=[Tag(key="team", value="a")],
)
trainer.train(
    input_data_config=[InputData(channel_name="train", data_source=f"{place}/data")], wait=False, logs=False
)

processor = ScriptProcessor(
    role=role,
    image_uri=image,
    command=["python3"],
    instance_count=1,
    instance_type="ml.m5.xlarge",
    base_job_name="sdk3-process",
    env={"COLOUR": "green"},
)
output = ProcessingOutput(
    output_name="result",
    s3_output=ProcessingS3Output(
        s3_uri=f"{place}/sdk3", local_path="/opt/ml/processing/output", s3_upload_mode="EndOfJob"
    ),
)
processor.run(
    code=str(folder / "process.py"), outputs=[output], arguments=["--rows", "2"], wait=False, logs=False
)

print(
    json.dumps(
        {
            "version": version("sagemaker"),
            "training": trainer._latest_training_job.training_job_name,
            "processing": processor.latest_job.processing_job_name,
        }
    )
)
