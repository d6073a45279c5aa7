// Generated from smext/api by `jlpm generate`: do not edit.
/* eslint-disable */

export interface SmextWire {
  [k: string]: unknown;
}
/**
 * Action that a kind has.
 */
export interface ActionInfo {
  danger: boolean;
  label: string;
  name: string;
}
export interface ActionRequest {
  confirmed: boolean;
  confirmed_twice: boolean;
}
export interface ActionResult {
  message: string;
}
export interface Billing {
  accrued_usd: number | null;
  certainty: 'billing' | 'may be billing' | 'storage only' | 'none';
  price: PriceNote | null;
  since: string | null;
  usd_per_hour: number | null;
  usd_per_month: number | null;
  why: string;
}
/**
 * Source and date of a rate.
 */
export interface PriceNote {
  as_of: string;
  source: string;
}
export interface CellError {
  cell: number | null;
  ename: string;
  evalue: string;
  summary: string;
}
export interface CellState {
  index: number;
  label: string;
  seconds: number | null;
  status: 'pending' | 'running' | 'done' | 'failed';
}
/**
 * Some tables have a newer revision: fetch what is newer than what you have.
 */
export interface Changed {
  /**
   * Whose table changed
   */
  kinds: string[];
  /**
   * The newest revision there is
   */
  revision: number;
  /**
   * Which account and region
   */
  target: string;
  /**
   * There is something new to be warned of, found while nobody looked: ask for warnings, also from a hidden page
   */
  warned: boolean;
}
export interface Check {
  advice: string;
  field: string | null;
  message: string;
  name: string;
  status: 'ok' | 'warning' | 'will fail' | 'cannot tell';
}
/**
 * Launch as code of the SageMaker Python SDK that needs nothing of smext.
 */
export interface Code {
  note: string;
  sdk: '3' | '2';
  source: string;
}
export interface CodeRequest {
  form: LaunchForm;
  name: string | null;
  notebook: NotebookDocument;
  sdk: ('3' | '2') | null;
}
/**
 * Options of a launch. Every member has a value.
 */
export interface LaunchForm {
  encrypt_traffic: boolean;
  environment: {
    [k: string]: string;
  };
  files: string[];
  image: string;
  include_files: boolean;
  inputs: InputChannel[];
  instance_count: number;
  instance_type: string;
  job_kind: 'training' | 'processing';
  keep_alive_seconds: number;
  kms_key: string;
  max_runtime_seconds: number;
  max_usd: number | null;
  max_wait_seconds: number | null;
  network_isolation: boolean;
  outputs: OutputFolder[];
  packages: string[] | null;
  parameters: {
    [k: string]: unknown;
  };
  remote_debug: boolean;
  requirements: string | null;
  retries: number;
  role: string;
  security_groups: string[];
  send_large: boolean;
  send_wheels: boolean;
  spot: boolean;
  subnets: string[];
  tags: {
    [k: string]: string;
  };
  volume_gb: number;
}
/**
 * Input data of a run: a folder whose path is in the variable SM_CHANNEL_NAME.
 */
export interface InputChannel {
  mode: 'File' | 'FastFile' | 'Pipe';
  name: string;
  uri: string;
}
/**
 * Processing only: folder whose files are uploaded to S3 as they are written; its path is in SM_OUTPUT_NAME.
 */
export interface OutputFolder {
  name: string;
  uri: string;
}
/**
 * Notebook as it is on the screen; outputs may be left out.
 */
export interface NotebookDocument {
  content: {
    [k: string]: unknown;
  };
  path: string;
  unsaved: boolean;
}
export interface Column {
  format: 'text' | 'money' | 'rate' | 'time' | 'duration' | 'bytes' | 'count' | 'code';
  label: string;
  name: string;
}
/**
 * Place where this server runs, and its AWS identity.
 */
export interface Context {
  account: string | null;
  domain: string | null;
  endpoint: string | null;
  endpoint_label: string | null;
  identity: string | null;
  identity_label: string;
  place: 'studio-space' | 'studio-classic' | 'unified-studio' | 'notebook-instance' | 'computer';
  place_label: string;
  problem: Problem | null;
  protected: boolean;
  read_only: boolean;
  region: string | null;
  role: string | null;
  space: string | null;
  target: Target;
  targets: Target[];
  user: string | null;
  version: string;
  warn_minutes: number;
}
/**
 * Error with its advice.
 */
export interface Problem {
  advice: string;
  cause: string | null;
  code:
    | 'denied'
    | 'throttled'
    | 'expired'
    | 'no-credentials'
    | 'no-region'
    | 'clock'
    | 'misconfigured'
    | 'waiting'
    | 'unreachable'
    | 'timeout'
    | 'not-understood'
    | 'unsupported'
    | 'outdated'
    | 'not-found'
    | 'conflict'
    | 'cancelled'
    | 'quota'
    | 'capacity'
    | 'invalid'
    | 'read-only'
    | 'failed';
  field: string | null;
  message: string;
  permission: string | null;
  since: string | null;
}
/**
 * Account and region that may be looked at.
 */
export interface Target {
  id: string;
  label: string;
  profile: string | null;
  region: string | null;
}
export interface CostWarning {
  id: string;
  level: 'info' | 'warning' | 'error';
  rows: RowRef[];
  text: string;
  title: string;
  usd: number | null;
}
export interface RowRef {
  key: string;
  kind: string;
}
export interface DefaultsRequest {
  job_kind: ('training' | 'processing') | null;
  notebook: NotebookDocument;
  preferred: {
    [k: string]: unknown;
  };
}
/**
 * Body of every response that is not 2xx; `message` is what JupyterLab itself shows.
 */
export interface ErrorBody {
  message: string;
  problem: Problem;
}
export interface Fact {
  format: 'text' | 'money' | 'rate' | 'time' | 'duration' | 'bytes' | 'count' | 'code';
  label: string;
  value: string | number | boolean | null;
}
export interface FieldSource {
  field: string;
  fixed: boolean;
  remembered: boolean;
  source: string;
}
export interface Idle {
  signal: string;
  since: string | null;
}
export interface ImageChoice {
  label: string;
  uri: string;
}
export interface InstanceChoice {
  about: string;
  name: string;
  usd_per_hour: number | null;
}
export interface ItemDetail {
  facts: Fact[];
  has_notebook: boolean;
  notebook_source: string | null;
  parameters: {
    [k: string]: unknown;
  };
  phases: Phase[];
  problems: Problem[];
  request: {
    [k: string]: unknown;
  };
  row: Row;
  run: RunProgress | null;
}
/**
 * Phase of a job, with its start and end.
 */
export interface Phase {
  end: string | null;
  message: string;
  name: string;
  start: string;
}
export interface Row {
  actions: RowAction[];
  active: boolean;
  billing: Billing1;
  cells: {
    [k: string]: string | number | boolean | null;
  };
  changing: boolean;
  created: string | null;
  deadline: string | null;
  detail_status: string;
  ended: string | null;
  here: boolean;
  idle: Idle | null;
  key: string;
  kind: string;
  links: Link[];
  mine: boolean | null;
  name: string;
  notebook: string | null;
  owner: string | null;
  progress: Progress | null;
  reason: string;
  started: string | null;
  status: string;
  subtitle: string;
  tone: 'running' | 'ok' | 'warn' | 'bad' | 'off' | 'neutral';
}
/**
 * Action that this row allows now, and what is lost or stays when it is taken.
 */
export interface RowAction {
  ask_twice: boolean;
  danger: boolean;
  label: string;
  lost: string;
  name: string;
  stays: string;
}
export interface Billing1 {
  accrued_usd: number | null;
  certainty: 'billing' | 'may be billing' | 'storage only' | 'none';
  price: PriceNote | null;
  since: string | null;
  usd_per_hour: number | null;
  usd_per_month: number | null;
  why: string;
}
export interface Link {
  label: string;
  url: string;
}
/**
 * Cells done of cells in all.
 */
export interface Progress {
  done: number;
  label: string;
  total: number;
}
/**
 * Progress of a running job, as its runner reports it.
 */
export interface RunProgress {
  cells: CellState[];
  done: number;
  error: CellError | null;
  phase: string;
  status: 'preparing' | 'running' | 'completed' | 'failed' | 'stopped';
  total: number;
  updated: string | null;
}
/**
 * Kind of resource, as far as a view needs it.
 */
export interface KindInfo {
  actions: ActionInfo[];
  columns: Column[];
  has_logs: boolean;
  has_outputs: boolean;
  label: string;
  name: string;
  permissions: string[];
  singular: string;
}
/**
 * Form with its defaults and the choices of its fields.
 */
export interface LaunchDefaults {
  form: LaunchForm;
  images: ImageChoice[];
  instances: {
    [k: string]: InstanceChoice[];
  };
  options: LaunchOption[];
  parameters: Parameter[];
  price: PriceNote | null;
  problems: Problem[];
  required_tags: string[];
  requirement_files: string[];
  sections: LaunchSection[];
  sources: FieldSource[];
}
/**
 * A member of the form as the page shows it.
 */
export interface LaunchOption {
  at_fault: boolean;
  chosen: string[];
  control: 'checkbox' | 'number' | 'text' | 'ids' | 'lines' | 'own';
  default: {
    [k: string]: unknown;
  };
  help: string;
  high: number | null;
  kinds: ('training' | 'processing')[];
  label: string;
  low: number | null;
  member: string;
  needs: string;
  saved: boolean;
  section: string;
  unit: string;
}
/**
 * Variable that the cell tagged `parameters` sets.
 */
export interface Parameter {
  choices: string[];
  comment: string;
  default: string;
  name: string;
  optional: boolean;
  text: string | null;
  type: 'int' | 'float' | 'bool' | 'str' | 'json' | 'literal' | 'expression';
}
/**
 * A part of the form.
 */
export interface LaunchSection {
  label: string;
  name: string;
  note: string;
}
export interface LaunchName {
  name: string;
}
/**
 * Progress of a launch; asked for by the job's name while `launch/apply` has not answered.
 */
export interface LaunchProgress {
  can_cancel: boolean;
  name: string;
  phase: 'waiting' | 'checking' | 'packing' | 'uploading' | 'creating' | 'over';
  sent_bytes: number;
  total_bytes: number;
}
export interface LaunchRequest {
  form: LaunchForm;
  name: string | null;
  notebook: NotebookDocument;
}
export interface Launched {
  existed: boolean;
  key: string;
  kind: string;
  name: string;
}
export interface LeftOut {
  path: string;
  why: string;
}
export interface LogLine {
  stream: string;
  text: string;
  time: string | null;
}
export interface LogPage {
  cursor: string;
  ended: boolean;
  lines: LogLine[];
  problem: Problem | null;
  wait_seconds: number;
}
/**
 * Instance type; unknown members are null.
 */
export interface Machine {
  allowed: boolean;
  gpu: string;
  gpu_memory_gib: number | null;
  gpus: number | null;
  in_use: number | null;
  memory_gib: number | null;
  name: string;
  offered: boolean | null;
  quota: number | null;
  usd_per_hour: number | null;
  vcpus: number | null;
}
/**
 * Instance types that a run may use, the cheapest first.
 */
export interface Machines {
  as_of: string;
  machines: Machine[];
  problems: Problem[];
  ready: boolean;
  source: string;
}
export interface OpenedNotebook {
  note: string;
  partial: boolean;
  path: string;
}
export interface Output {
  bytes: number | null;
  key: string;
  modified: string | null;
  name: string;
  uri: string;
}
export interface Outputs {
  complete: boolean;
  outputs: Output[];
  problem: Problem | null;
  uri: string | null;
}
/**
 * Package that is installed before the notebook runs.
 */
export interface Package {
  requirement: string;
  source: string;
  why: string;
}
/**
 * Launch as data: nothing was created to make it.
 */
export interface Plan {
  can_run: boolean;
  checks: Check[];
  created: string;
  file_count: number;
  files: string[];
  kind: string;
  left_out: LeftOut[];
  likely_seconds: number | null;
  likely_usd: number | null;
  likely_why: string;
  max_runtime_seconds: number;
  max_usd: number | null;
  name: string;
  operation: string;
  output_uri: string;
  packages: Package[];
  parameters: {
    [k: string]: string;
  };
  price: PriceNote | null;
  record_uri: string;
  request: {
    [k: string]: unknown;
  };
  upload_bytes: number;
  uploads: Upload[];
  usd_per_hour: number | null;
}
export interface Upload {
  bytes: number;
  name: string;
  there: boolean;
  uri: string;
}
export interface S3Entry {
  bytes: number | null;
  modified: string | null;
  name: string;
  uri: string;
}
/**
 * Buckets, or folders and objects below one prefix.
 */
export interface S3Listing {
  complete: boolean;
  entries: S3Entry[];
  problem: Problem | null;
  uri: string;
}
/**
 * Total of what bills now, over all kinds.
 */
export interface Summary {
  at_least: boolean;
  count: number;
  partly: Unseen[];
  ready: boolean;
  uncertain: number;
  unpriced: number;
  unseen: Unseen[];
  usd_per_hour: number | null;
}
/**
 * Kind that may bill by the hour and that the total does not include, and why.
 */
export interface Unseen {
  kind: string;
  label: string;
  problem: Problem;
}
export interface Table {
  as_of: string | null;
  complete: boolean;
  kind: string;
  left_out: string;
  loading: boolean;
  problem: Problem | null;
  revision: number;
  rows: Row[];
}
/**
 * Tables whose revision is newer than the one asked for.
 */
export interface Tables {
  now: string;
  revision: number;
  summary: Summary;
  tables: Table[];
}
/**
 * Current warnings, the gravest first.
 */
export interface Warnings {
  kept: RowRef[];
  kept_unknown: Problem | null;
  ready: boolean;
  unchecked: Problem[];
  until_monday_at_least: boolean;
  until_monday_usd: number | null;
  warnings: CostWarning[];
}
