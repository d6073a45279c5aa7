"""A conda environment.yml: its pip section, and what of conda's packages pip can install in the same version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from . import pip
from .package_list import ListContext, PackageList, malformed

# Names under which PyPI has what conda calls otherwise.
_RENAMED = {
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-cpu": "tensorflow",
    "opencv": "opencv-python-headless",
    "py-opencv": "opencv-python-headless",
    "matplotlib-base": "matplotlib",
    "seaborn-base": "seaborn",
    "dask-core": "dask",
    "py-xgboost": "xgboost",
    "msgpack-python": "msgpack",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "python-duckdb": "duckdb",
    "python-xxhash": "xxhash",
    "python-flatbuffers": "flatbuffers",
    "python-fastjsonschema": "fastjsonschema",
    "python-tzdata": "tzdata",
    "python-build": "build",
    "python-lmdb": "lmdb",
    "brotli-python": "brotli",
    "pyarrow-core": "pyarrow",
    "ray-core": "ray",
    "ray-default": "ray",
    "docker-py": "docker",
    "trino-python-client": "trino",
    "sentencepiece-python": "sentencepiece",
    "prompt_toolkit": "prompt-toolkit",
    "stack_data": "stack-data",
}
# Interpreters, compilers, libraries and programs: a container has its own, and pip has none of them.
_CONDA_ONLY = re.compile(
    r"""
    python | pip | setuptools | wheel | conda | mamba | micromamba | nodejs | openjdk | maven | perl | ruby | go | rust
    | r | r-.* | _.* | .*_abi | .*-abi | .*_linux-64 | .*_linux-aarch64 | lib(?!rosa$|cst$|sass$|tmux$|pysal$|svm$).* | gcc.* | gxx.* | gfortran.* | clang.* | binutils.*
    | compilers | c-compiler | cxx-compiler | make | cmake | ninja | pkg-config | git | git-lfs | curl | wget | tar | zip | unzip
    | cuda.* | cudatoolkit.* | cudnn.* | nccl | cutensor.* | pytorch-cuda | pytorch-mutex | mkl | mkl-service | mkl_fft | mkl_random
    | blas.* | openblas.* | lapack.* | intel-openmp | llvm-openmp | tbb | nomkl | fftw | gsl | gmp | mpfr | mpc
    | openssl | ca-certificates | ncurses | readline | sqlite | tk | xz.* | zlib.* | bzip2 | lz4-c | zstd | snappy | c-ares | krb5
    | expat | icu | hdf5 | netcdf4?-c | gdal | geos | proj | poppler | ffmpeg | graphviz | pandoc | tesseract | x264 | x265 | openh264
    | freetype | fontconfig | fribidi | harfbuzz | cairo | pango | pixman | jpeg | lcms2 | giflib | openjpeg | lame | aom | dav1d
    | arrow-cpp | aws-c-.* | aws-crt-cpp | aws-sdk-cpp | aws-checksums | gflags | glog | re2 | orc | utf8proc | s2n | xorg-.* | gettext
    | glib.* | gst.* | dbus | nspr | nss | qt.*-main | unixodbc | msodbcsql.* | mpi | openmpi | mpich | tini | yaml | zeromq | ld_impl.*
    """,
    re.VERBOSE,
)
_SPEC = re.compile(r"(?:(?P<channel>[^:\s]+)::)?(?P<name>[A-Za-z0-9_.-]+)(?P<rest>.*)", re.DOTALL)
_BRACKET = re.compile(r"version\s*=\s*['\"]?([^'\"\]]+)")
_USUAL_CHANNELS = {"defaults", "conda-forge", "nodefaults", "main"}


def read(path: Path, place: ListContext, extras: list[str]) -> PackageList:
    """Read an environment file of conda. Raises errors.SmextError with the line that it is about."""
    if extras:
        raise malformed(path, None, "extras belong to a pyproject.toml or a uv.lock")
    text = place.text(path)
    content = _parsed(text, path)
    listed, only, pips = PackageList(), [], []
    for entry in content.get("dependencies") or []:
        if isinstance(entry, dict) and isinstance(entry.get("pip"), list):
            pips += [str(each) for each in entry["pip"]]
        elif isinstance(entry, str):
            line = _converted(entry, path, text)
            if line is None:
                only.append(entry.strip())
            else:
                listed.lines.append(line)
        else:
            raise malformed(path, None, f"this is no package: {entry}")
        if isinstance(entry, str) and entry.strip().startswith("python"):
            _say_if_other_python(listed, entry.strip(), path, place)
    pip.add(listed, pips, path, place)
    _say_what_stays(listed, only, content)
    return listed


def _parsed(text: str, path: Path) -> dict[str, Any]:
    import yaml  # jupyter_events needs it too

    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise malformed(path, mark.line + 1 if mark else None, why) from error
    if not isinstance(content, dict) or not isinstance(content.get("dependencies") or [], list):
        raise malformed(path, None, "it has no list of dependencies")
    return content


def _converted(entry: str, path: Path, text: str) -> str | None:
    """Convert a spec of conda's to pip's form; None for what pip has not."""
    match = _SPEC.fullmatch(entry.strip())
    if match is None:
        raise malformed(path, _line_of(entry, text), f"this is no package: {entry}")
    name = match["name"].lower()
    if name not in _RENAMED and _CONDA_ONLY.fullmatch(name):
        return None
    return _RENAMED.get(name, name) + _version(match["rest"].strip(), entry, path, text)


def _version(rest: str, entry: str, path: Path, text: str) -> str:
    """`=1.2` is any 1.2; `=1.2=build` and `==1.2` are just that one."""
    bracket = _BRACKET.search(rest) if rest.startswith("[") else None
    rest = bracket[1] if bracket else "" if rest.startswith("[") else rest
    rest = re.sub(r"\s*,\s*", ",", re.sub(r"([=<>!~]+)\s+", r"\1", rest.strip()))
    if not rest.strip("=* "):
        return ""
    spec = rest.split()[0]
    if spec.startswith("=") and not spec.startswith("=="):
        version, _, build = spec[1:].partition("=")
        exact = build not in ("", "*") or version.endswith("*")
        spec = f"=={version}" if exact else f"=={version}.*"
    elif spec.startswith("==") or spec[0].isdigit():
        spec = f"=={spec.removeprefix('==').partition('=')[0]}"
    # For conda 1.2* is also 1.20; pip counts by parts.
    spec = re.sub(r"([<>]=?[\d.]+?)\.?\*", r"\1", re.sub(r"(?<=\d)\*", ".*", spec))
    try:
        SpecifierSet(spec)
    except InvalidSpecifier as error:
        why = f"pip has no such way to name a version: {entry}"
        raise malformed(path, _line_of(entry, text), why) from error
    return spec


def _say_if_other_python(listed: PackageList, entry: str, path: Path, place: ListContext) -> None:
    wanted = re.fullmatch(r"python\s*=+\s*(\d+\.\d+).*", entry)
    has = place.container.minor
    if wanted and has and wanted[1] != has:
        listed.warn(
            f"{path.name} wants Python {wanted[1]}, the image has {has}",
            "Choose an image with such a Python if the run fails.",
        )


def _say_what_stays(listed: PackageList, only: list[str], content: dict[str, Any]) -> None:
    channels = [str(each) for each in content.get("channels") or [] if str(each) not in _USUAL_CHANNELS]
    stays = [*only, *(f"channel {each}" for each in channels)]
    if stays:
        listed.warn(
            f"Not installed, as pip does not have it: {', '.join(stays)}",
            "The run uses what the image has of it.",
        )
    variables = content.get("variables")
    if isinstance(variables, dict) and variables:
        listed.warn(
            f"Variables of the environment are not set: {', '.join(map(str, variables))}",
            "Write them under Environment.",
        )


def _line_of(entry: str, text: str) -> int | None:
    for number, line in enumerate(text.splitlines(), 1):
        if entry.strip() in line:
            return number
    return None
