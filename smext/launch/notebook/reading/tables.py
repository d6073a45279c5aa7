"""What well-known functions do with the paths that they are given, by the last part of their names."""

from __future__ import annotations

OPENERS = {"open", "File", "ZipFile", "TarFile", "ImageFile", "HDFStore", "NamedTemporaryFile"}
"""Read or write by their mode."""
PACKERS = {"write", "add"}
"""Of an archive: put a file of this machine into it."""
READERS = {
    "read_csv", "read_table", "read_excel", "read_json", "read_parquet", "read_pickle", "read_feather", "read_hdf", "read_fwf",
    "read_orc", "read_sas", "read_stata", "read_spss", "read_xml", "read_ndjson", "read_ipc", "read_avro", "read_file", "read_html",
    "scan_csv", "scan_parquet", "loadtxt", "genfromtxt", "fromfile", "memmap", "imread", "imread_collection", "loadmat", "read_image", "load_workbook",
    "open_workbook", "load_svmlight_file", "load_svmlight_files", "open_dataset", "open_dataarray", "open_zarr", "listdir", "scandir", "load_img", "upload_data",
    "flow_from_directory", "image_dataset_from_directory", "text_dataset_from_directory", "ImageFolder", "run_path", "execfile", "from_csv",
    "unpack_archive", "load_wav", "read_dot", "read_graphml", "read_gpickle", "getsize", "load_dataset_builder",
}  # fmt: skip
"""The first argument is a file or folder that must be there."""
READERS_OF = {
    "np": {"load"}, "numpy": {"load"}, "torch": {"load"}, "joblib": {"load"}, "librosa": {"load"}, "torchaudio": {"load"}, "sf": {"read"},
    "soundfile": {"read"}, "wavfile": {"read"}, "ET": {"parse"}, "ElementTree": {"parse"}, "etree": {"parse"}, "lxml.etree": {"parse"},
    "Image": {"open"}, "imageio": {"imread"}, "shutil": {"copy", "copy2", "copyfile", "copytree", "move"}, "os": {"rename", "stat", "replace"},
    "keras.models": {"load_model"}, "tf.keras.models": {"load_model"}, "models": {"load_model"}, "mlflow.pyfunc": set(), "pq": {"read_table", "ParquetFile"},
    "cv2": {"VideoCapture"}, "rasterio": {"open"}, "fitz": {"open"}, "S3Uploader": {"upload"}, "onnx": {"load"}, "onnxruntime": {"InferenceSession"},
    "ort": {"InferenceSession"}, "spacy": set(), "pickle": set(), "gensim": set(), "KeyedVectors": {"load_word2vec_format"}, "nib": {"load"},
    "pydicom": {"dcmread"}, "pyarrow.parquet": {"read_table"}, "feather": {"read_feather"}, "PIL.Image": {"open"}, "mpimg": {"imread"},
}  # fmt: skip
"""The same for names that mean this only behind these."""
FIRST_OF_NO_URI = {"upload_file", "put_object_from_file", "upload"}
"""The first argument is a local file that goes somewhere."""
METHODS = {"read_text", "read_bytes", "iterdir"}
"""Of a path: it must be there."""
KEYWORDS = ("filepath_or_buffer", "path_or_buf", "filename", "Filename", "file_path", "filepath", "path", "io", "fname", "file", "fp", "local_path", "uri", "source")  # fmt: skip
"""Names of the first argument."""

WRITERS: dict[str, tuple[int, bool, bool]] = {
    # Position of the path, whether all below it is written, whether its folder must be there.
    "save": (0, True, True), "savez": (0, False, True), "savez_compressed": (0, False, True), "savetxt": (0, False, True), "savefig": (0, False, True),
    "tofile": (0, False, True), "imwrite": (0, False, False), "imsave": (0, False, True), "write_image": (0, False, True), "write_html": (0, False, True),
    "write_csv": (0, False, True), "write_parquet": (0, False, True), "write_table": (1, False, True), "write_feather": (1, False, True),
    "dump": (1, False, True), "dump_svmlight_file": (2, False, True), "save_model": (0, True, False), "save_weights": (0, True, False),
    "save_pretrained": (0, True, False), "save_to_disk": (0, True, False), "push_to_local": (0, True, False), "urlretrieve": (1, False, True),
    "download_file": (-1, False, True), "download": (1, True, False), "download_data": (0, True, False), "clone_from": (1, True, False),
    "copy": (1, True, False), "copy2": (1, True, False), "copyfile": (1, False, False), "copytree": (1, True, False), "move": (1, True, False),
    "rename": (1, True, False), "replace": (1, True, False), "symlink": (1, True, False), "link": (1, True, False), "to_file": (0, False, True),
    "export": (0, True, False), "export_graphviz": (1, False, True), "connect": (0, False, False), "write_dataset": (1, True, False),
    "write_video": (0, False, True), "write": (-2, False, False), "make_archive": (0, False, False), "get_file": (0, False, False),
    "snapshot_download": (-2, True, False), "hf_hub_download": (-2, True, False), "download_and_extract_archive": (1, True, False),
}  # fmt: skip
NO_PATHS = {
    "print", "len", "str", "int", "float", "format", "join", "exists", "isfile", "isdir", "is_file", "is_dir", "Path", "PurePath", "getenv", "get",
    "append", "insert", "extend", "dirname", "basename", "abspath", "realpath", "expanduser", "split", "splitext", "startswith", "endswith", "replace",
    "strip", "lower", "upper", "isinstance", "getattr", "setattr", "hasattr", "info", "debug", "warning", "error", "glob", "iglob", "rglob", "joinpath",
    "import_module", "client", "resource", "system", "popen", "Popen", "call", "check_call", "check_output", "display", "Markdown", "HTML", "groupby",
    "drop", "rename", "astype", "merge", "sort_values", "add_argument", "encode", "decode", "sub", "match", "compile", "search", "findall", "strftime",
    "normpath", "chdir", "set_index", "pop", "title", "xlabel", "ylabel", "plot", "Session", "retrieve", "Image", "remove", "unlink", "rmtree", "relpath",
}  # fmt: skip
"""Functions that make no file of the texts that they are given."""
SDK_FILES = ("entry_point", "entry_script", "submit_app", "input_notebook")
"""Arguments of the SageMaker SDK that name a file of this machine, relative to `source_dir` where there is one."""
SDK_LISTS = ("dependencies", "submit_py_files", "submit_jars", "submit_files")
SCRIPT_ENDINGS = (".py", ".sh", ".R", ".r", ".ipynb", ".jar", ".scala", ".pl")
