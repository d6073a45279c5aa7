/* eslint-disable jupyter/no-untranslated-string -- no text for people */
import type {
  Context,
  KindInfo,
  LaunchDefaults,
  LaunchForm,
  LaunchOption,
  Plan,
  Problem,
  Row,
  Summary,
  Table,
  Tables
} from '../generated';
import wireOptions from './options.json';

/** The real table, as the server sends it. */
export const OPTIONS = wireOptions.options as unknown as LaunchOption[];

/** Wire values with as much in them as matters here; a test says what matters to it. */

export function problem(part: Partial<Problem> = {}): Problem {
  return {
    code: 'denied',
    message: 'AWS refuses.',
    advice: 'Ask for it.',
    permission: null,
    field: null,
    cause: null,
    since: null,
    ...part
  } as Problem;
}

export function row(part: Partial<Row> = {}): Row {
  return {
    key: 'a',
    kind: 'gadget',
    name: 'a',
    status: 'Running',
    detail_status: '',
    tone: 'running',
    active: true,
    changing: false,
    reason: '',
    deadline: null,
    created: '2026-11-20T10:00:00Z',
    started: null,
    ended: null,
    cells: {},
    billing: billing(),
    idle: null,
    actions: [],
    links: [],
    owner: null,
    mine: null,
    here: false,
    notebook: null,
    progress: null,
    subtitle: '',
    ...part
  } as Row;
}

export function billing(part: Partial<Row['billing']> = {}): Row['billing'] {
  return {
    certainty: 'none',
    usd_per_hour: null,
    usd_per_month: null,
    since: null,
    accrued_usd: null,
    why: '',
    price: null,
    ...part
  } as Row['billing'];
}

export function table(part: Partial<Table> = {}): Table {
  return {
    kind: 'gadget',
    revision: 1,
    rows: [],
    as_of: '2026-11-20T10:00:00Z',
    problem: null,
    complete: true,
    left_out: '',
    loading: false,
    ...part
  } as Table;
}

export function summary(part: Partial<Summary> = {}): Summary {
  return {
    usd_per_hour: 0,
    count: 0,
    at_least: false,
    unpriced: 0,
    uncertain: 0,
    unseen: [],
    partly: [],
    ready: true,
    ...part
  } as Summary;
}

export function tables(part: Partial<Tables> = {}): Tables {
  return {
    revision: 1,
    tables: [],
    summary: summary(),
    now: '2026-11-20T10:00:00Z',
    ...part
  } as Tables;
}

export function context(part: Partial<Context> = {}): Context {
  const target = { id: 'here', profile: null, region: null, label: 'here' };
  return {
    target,
    targets: [target],
    place: 'computer',
    place_label: 'this computer',
    account: '123456789012',
    region: 'us-east-1',
    identity: null,
    identity_label: '',
    role: null,
    domain: null,
    space: null,
    user: null,
    endpoint: null,
    endpoint_label: null,
    read_only: false,
    problem: null,
    version: '0',
    ...part
  } as Context;
}

export const gadget: KindInfo = {
  name: 'gadget',
  label: 'Gadgets',
  singular: 'gadget',
  columns: [],
  actions: [],
  has_logs: false,
  has_outputs: false,
  permissions: []
};

export function defaults(part: Partial<LaunchDefaults> = {}): LaunchDefaults {
  return {
    form: {
      ...Object.fromEntries(OPTIONS.map(each => [each.member, each.default])),
      image: 'image',
      role: 'role'
    } as LaunchForm,
    options: OPTIONS,
    sections: wireOptions.sections,
    sources: [
      {
        field: 'role',
        source: 'from this space',
        fixed: false,
        remembered: false
      }
    ],
    parameters: [],
    instances: {},
    images: [],
    price: null,
    required_tags: [],
    requirement_files: [],
    problems: [],
    ...part
  };
}

export function plan(part: Partial<Plan> = {}): Plan {
  return {
    name: 'churn-1',
    kind: 'gadget',
    operation: 'CreateGadget',
    request: {},
    uploads: [],
    upload_bytes: 0,
    files: [],
    left_out: [],
    packages: [],
    parameters: {},
    usd_per_hour: 0.23,
    max_runtime_seconds: 3600,
    max_usd: 0.23,
    likely_usd: null,
    likely_seconds: null,
    likely_why: '',
    price: null,
    checks: [],
    can_run: true,
    output_uri: 's3://b/o',
    record_uri: 's3://b/r',
    created: '2026-11-20T10:00:00Z',
    ...part
  } as Plan;
}
