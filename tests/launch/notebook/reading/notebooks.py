"""Notebooks as they are written for SageMaker, each with what a job on SageMaker Distribution would lack, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

SPACE = "__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/sagemaker-data-science-310-v1"
HEAD = "import boto3, sagemaker\nfrom sagemaker import get_execution_role\nrole = get_execution_role()\nsess = sagemaker.Session()\nbucket = sess.default_bucket()\nprefix = 'demo'"


@dataclass(frozen=True)
class Sample:
    """`files` lie beside the notebook; `packages` and `missing` are what the plan must name."""

    name: str
    cells: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    kernel: str = "conda_python3"
    language: str = "python"


def sample(name: str, *cells: str, files: object = (), packages: str = "", missing: str = "", kernel: str = "conda_python3", language: str = "python") -> Sample:  # fmt: skip
    there = files if isinstance(files, dict) else dict.fromkeys(files or (), "x = 1\n")  # type: ignore[call-overload]
    return Sample(
        name, cells, there, frozenset(packages.split()), frozenset(missing.split()), kernel, language
    )


SAMPLES = [
    sample(
        "xgboost on tables that are downloaded",
        HEAD
        + "\nimport numpy as np, pandas as pd\nimport matplotlib.pyplot as plt\nfrom IPython.display import Image, display",
        "!wget -q https://sagemaker-sample-files.s3.amazonaws.com/datasets/tabular/bank-additional.zip\n!apt-get install unzip -y\n!unzip -o bank-additional.zip",
        "data = pd.read_csv('./bank-additional/bank-additional-full.csv')\nmodel_data = pd.get_dummies(data)",
        "train, test = np.split(model_data, [100])\ntrain.to_csv('train.csv', index=False, header=False)\ntest.to_csv('test.csv')",
        "boto3.Session().resource('s3').Bucket(bucket).Object(f'{prefix}/train/train.csv').upload_file('train.csv')",
        "s3_input = sagemaker.inputs.TrainingInput(s3_data='s3://{}/{}/train'.format(bucket, prefix), content_type='csv')",
        "pd.read_csv('test.csv')\nest = sagemaker.estimator.Estimator('img', role, instance_count=1, output_path=f's3://{bucket}/{prefix}/output')",
    ),
    sample(
        "script mode whose scripts are missing",
        HEAD + "\nfrom sagemaker.pytorch import PyTorch",
        "est = PyTorch(entry_point='mnist.py', source_dir='code', role=role, framework_version='2.0', py_version='py310', instance_count=1)",
        "from torchvision.datasets import MNIST\nMNIST.mirrors = ['https://x.test/']\nMNIST('data', download=True)\ninputs = sess.upload_data(path='data', bucket=bucket, key_prefix=prefix)",
        missing="code code/mnist.py",
    ),
    sample(
        "script mode with a folder of sources",
        HEAD + "\nfrom sagemaker.tensorflow import TensorFlow",
        "est = TensorFlow(entry_point='train.py', source_dir='src', dependencies=['src/utils'], role=role)",
        "!pygmentize src/train.py",
        files=("src/train.py", "src/utils/helpers.py", "src/requirements.txt"),
    ),
    sample(
        "a training script that the notebook writes itself",
        HEAD + "\nfrom sagemaker.sklearn.estimator import SKLearn",
        "%%writefile train_it.py\nimport argparse, joblib, lightgbm\nif __name__ == '__main__':\n    pass",
        "est = SKLearn(entry_point='train_it.py', role=role, instance_type='local')\nest.fit({'train': 'file://data/train.csv'})",
        files=("data/train.csv",),
    ),
    sample(
        "processing with a script of its own folder",
        HEAD
        + "\nfrom sagemaker.sklearn.processing import SKLearnProcessor\nfrom sagemaker.processing import ProcessingInput, ProcessingOutput",
        "!mkdir -p tmp\nimport os\nos.makedirs('./raw', exist_ok=True)",
        "s3 = boto3.client('s3')\ns3.download_file(f'sagemaker-{bucket}', 'x/abalone.csv', 'raw/abalone.csv')",
        "proc = SKLearnProcessor(framework_version='1.2-1', role=role, instance_count=1)\nproc.run(code='preprocessing.py', inputs=[ProcessingInput(source='raw/abalone.csv', destination='/opt/ml/processing/input')], outputs=[ProcessingOutput(source='/opt/ml/processing/train')])",
        "proc.run(code='evaluate.py')",
        files=("preprocessing.py",),
        missing="evaluate.py",
    ),
    sample(
        "packages that it installs, in every way",
        "%pip install -q mxnet\n!pip install keras-cv --upgrade\nimport sys\n!{sys.executable} -m pip install -q 'opencv-contrib-python-headless>4'\n%conda install -y -c conda-forge pyvis",
        "import subprocess\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'sagemaker-experiments==0.1.35'])",
        "import mxnet as mx, keras_cv, cv2, pyvis\nfrom smexperiments.experiment import Experiment\nimport shap",
        packages="shap",
    ),
    sample(
        "requirements of a file",
        "!pip install -r requirements.txt",
        "import prophet, shap",
        files={"requirements.txt": "prophet==1.1\n# no more\nshap>=0.4 ; python_version > '3'\n"},
    ),
    sample(
        "packages that no image has",
        "import mxnet, keras_cv, sagemaker_pyspark, pandas",
        "import sklearn, skimage, yaml, PIL.Image, bs4, cv2, dateutil, attr, jwt, tables\nfrom google.protobuf import text_format\nimport torch, torchvision, xgboost, lightgbm, s3fs, pkg_resources, zmq, pythonjsonlogger",
        packages="mxnet keras_cv sagemaker_pyspark cv2 tables",
        kernel="conda_mxnet_p36",
    ),
    sample(
        "in a Studio kernel of an old image",
        "try:\n    import cupy\nexcept ImportError:\n    cupy = None\nimport pyarrow as pa, seaborn as sns, tqdm.auto, IPython, distutils.util",
        "import smdebug_rulesconfig as rule_configs\nfrom smdebug.trials import create_trial\nfrom smclarify.bias import report",
        packages="smdebug smclarify",
        kernel=f"python3{SPACE}",
    ),
    sample(
        "Hugging Face with its own scripts folder",
        HEAD
        + "\nfrom datasets import load_dataset\nfrom transformers import AutoTokenizer\nfrom sagemaker.huggingface import HuggingFace",
        "tokenizer = AutoTokenizer.from_pretrained('distilbert-base-uncased')\ntrain = load_dataset('imdb', split='train')",
        "train.save_to_disk('train_ds')\nfrom datasets import load_from_disk\nload_from_disk('train_ds')",
        "git_config = {'repo': 'https://github.com/huggingface/transformers.git', 'branch': 'v4.26.0'}\nest = HuggingFace(entry_point='run_glue.py', source_dir='./examples/pytorch', git_config=git_config, role=role)",
        "est2 = HuggingFace(entry_point='train.py', source_dir='./scripts', role=role)",
        files=("scripts/train.py",),
    ),
    sample(
        "Spark on a Glue session",
        "%idle_timeout 60\n%glue_version 4.0\nimport awsglue\nfrom awsglue.context import GlueContext\nfrom pyspark.context import SparkContext",
        "df = spark.read.csv('local.csv')\ndf.write.parquet('out')",
        kernel="glue_pyspark",
    ),
    sample(
        "Spark in the image's own Python",
        "from pyspark.sql import SparkSession\nimport sagemaker_pyspark\nspark = SparkSession.builder.getOrCreate()",
        "df = spark.read.csv('s3a://bucket/x.csv')",
        packages="pyspark sagemaker_pyspark",
        kernel="conda_python3",
    ),
    sample(
        "R on an image without it",
        "library(reticulate)\nsagemaker <- import('sagemaker')",
        "data <- read.csv('abalone.csv')",
        kernel="ir",
        language="R",
    ),
    sample(
        "folders above and absolute paths",
        "import pandas as pd, os\nfrom pathlib import Path\nDATA = Path('..') / 'shared'\npd.read_csv(DATA / 'x.csv')\npd.read_csv('../nowhere.csv')",
        "open('/home/ec2-user/SageMaker/data.csv')\nopen(os.path.expanduser('~/notes-of-mine.txt'))\nopen('/opt/ml/input/config/resourceconfig.json')\nopen('/tmp/made.txt', 'w')\nopen('/tmp/made.txt')\nopen('/tmp/never.txt')",
        files={"../shared/x.csv": "a"},
        missing="../shared/x.csv ../nowhere.csv /home/ec2-user/SageMaker/data.csv ~/notes-of-mine.txt /tmp/never.txt",
    ),
    sample(
        "paths that are put together",
        "import os, json, glob\nroot = 'data'\nnames = ['a', 'b']\nfor name in names:\n    with open(os.path.join(root, f'{name}.json')) as f:\n        json.load(f)",
        "def load(name, folder='data'):\n    return open(folder + '/' + name)\nload('c.txt')\nload('x.txt', folder='other')",
        "for path in glob.glob('data/*.json'):\n    print(open(path).read())\nprint(os.listdir('data'), os.listdir('gone'))",
        files=("data/a.json", "data/c.txt"),
        missing="data/b.json other/x.txt gone",
    ),
    sample(
        "shell scripts, and what they run",
        "%%bash\nset -e\nexport STAGE=dev\npython prepare.py --out made\ncat made/report.txt\ncp made/report.txt report.txt",
        "!bash setup.sh && python -m tools.clean data.csv > log.txt 2>&1\nprint(open('log.txt').read(), open('report.txt').read())",
        files={
            "prepare.py": "import mxnet, helper_of_mine\nopen('conf.json')\n",
            "helper_of_mine.py": "import keras_cv\n",
            "setup.sh": "#!/bin/bash\npip install -q pyvis\npython seed.py\n",
            "seed.py": "import pyvis, fbprophet\n",
            "tools/__init__.py": "",
            "tools/clean.py": "import GPy\n",
        },
        packages="mxnet keras_cv fbprophet GPy",
        missing="conf.json",
    ),
    sample(
        "notebooks and scripts run by magics",
        "%run setup.ipynb\n%run -i ./lib/plots.py 3\n%run nothing.py",
        "exec(open('extra.py').read())\nimport runpy\nrunpy.run_path('more.py')",
        files={
            "setup.ipynb": '{"cells": [{"cell_type": "code", "source": ["import mxnet\\n", "!pip install -q keras-cv"]}, {"cell_type": "markdown", "source": "import x"}], "metadata": {}}',
            "lib/plots.py": "import keras_cv, pyvis\n",
            "extra.py": "import fbprophet\n",
            "more.py": "from GPy import models\n",
        },
        packages="mxnet pyvis fbprophet GPy",
        missing="nothing.py",
    ),
    sample(
        "launchers of training",
        "!torchrun --nproc_per_node=1 train_ddp.py --epochs 1\n!accelerate launch --num_processes 1 tune.py",
        "import subprocess\ncmd = ['python3', '-u', 'score.py', '--x', '1']\nsubprocess.run(cmd, check=True)\nimport os\nos.system('python batch.py')\nsubprocess.Popen('python other.py', shell=True)",
        "!jupyter nbconvert --to notebook --execute child.ipynb\nimport papermill as pm\npm.execute_notebook('child2.ipynb', 'out.ipynb')",
        files={
            "train_ddp.py": "import mxnet\n",
            "tune.py": "import keras_cv\n",
            "score.py": "import pyvis\n",
            "batch.py": "import GPy\n",
            "child.ipynb": '{"cells": [{"cell_type": "code", "source": "import fbprophet"}]}',
        },
        packages="mxnet keras_cv pyvis GPy fbprophet",
        missing="other.py child2.ipynb",
    ),
    sample(
        "what is fetched, unpacked and cloned",
        "!curl -sO https://x.test/a.csv\n!wget https://x.test/b.csv -P raw/\n!aws s3 cp s3://b/c.csv .\n!aws s3 sync s3://b/dir/ dir/\n!git clone https://github.com/x/project.git",
        "import pandas as pd\nfor p in ('a.csv', 'raw/b.csv', 'c.csv', 'dir/x/y.csv', 'project/data/z.csv'):\n    pd.read_csv(p)",
        "from urllib.request import urlretrieve\nurlretrieve('https://x.test/d.csv', 'd.csv')\npd.read_csv('d.csv')\npd.read_csv('https://x.test/e.csv')\npd.read_csv(f's3://{bucket}/f.csv')",
        "import tarfile\nwith tarfile.open('c.csv') as t:\n    t.extractall(path='un')\npd.read_csv('un/g.csv')\nfrom sagemaker.s3 import S3Downloader\nS3Downloader.download('s3://b/k', 'down')\nopen('down/h.txt')",
        "pd.read_csv('never.csv')",
        missing="never.csv",
    ),
    sample(
        "what may not happen",
        "import os, pandas as pd\nif not os.path.exists('cache.csv'):\n    pd.DataFrame().to_csv('cache.csv')\npd.read_csv('cache.csv')",
        "if os.path.exists('local.csv'):\n    pd.read_csv('local.csv')\ntry:\n    open('maybe.txt')\nexcept FileNotFoundError:\n    pass",
        "def unused():\n    return open('unused.txt')\nimport my_lib_of_the_image_that_nobody_has",
        packages="my_lib_of_the_image_that_nobody_has",
    ),
    sample(
        "files that git ignores or that are secret",
        "import pandas as pd\npd.read_csv('big.parquet')\nopen('made/x.txt')\nfrom dotenv import load_dotenv\nload_dotenv('.env')",
        "pd.DataFrame().to_csv('made/y.txt')\npd.DataFrame().to_csv('figures/z.csv')",
        files={"big.parquet": "x", "made/x.txt": "x", ".env": "A=1", ".gitignore": "*.parquet\nmade/\n"},
        missing="big.parquet made/x.txt made .env figures",
    ),
    sample(
        "a cell that is indented, magics with continuation, and help",
        "    import mxnet\n    x, y = 1, 2",
        "!pip install \\\n    keras-cv \\\n    pyvis\nimport keras_cv, pyvis\nlen?\n?len\n%matplotlib inline\nfiles = !ls\nx = !cat here.txt",
        "%%time\n%load_ext autoreload\n%autoreload 2\nimport matplotlib\n%%capture",
        "%%sql\nselect * from x",
        files=("here.txt",),
        packages="mxnet",
    ),
    sample(
        "a model that is served",
        HEAD
        + "\nimport tarfile, json\nfrom sagemaker.model import Model\nfrom sagemaker.pytorch import PyTorchModel",
        "import torch\nmodel = torch.nn.Linear(1, 1)\ntorch.save(model.state_dict(), 'model.pth')\nwith tarfile.open('model.tar.gz', 'w:gz') as tar:\n    tar.add('model.pth')\n    tar.add('code/inference.py')",
        "uri = sess.upload_data('model.tar.gz', key_prefix=prefix)\nm = PyTorchModel(model_data=uri, role=role, entry_point='inference.py', source_dir='code')\nwith open('payload.json') as f:\n    json.load(f)",
        files=("code/inference.py",),
        missing="payload.json",
    ),
]
