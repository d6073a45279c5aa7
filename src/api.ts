import { ServerConnection } from '@jupyterlab/services';
import { plainProblem, ServerHalfMissing, SmextApiError } from './errors';
import type {
  ActionRequest,
  ActionResult,
  Code,
  CodeRequest,
  Context,
  DefaultsRequest,
  ErrorBody,
  ItemDetail,
  KindInfo,
  Launched,
  LaunchDefaults,
  LaunchForm,
  LaunchProgress,
  LaunchRequest,
  Machines,
  S3Listing,
  LogPage,
  OpenedNotebook,
  Outputs,
  Plan,
  Problem,
  Tables,
  Warnings
} from './generated';
import type { WarningPreferences } from './preferences';
import type { Place } from './rows';

/** How closely somebody looks: it sets the pace at which the server asks AWS. */
export type Watch = 'panel' | 'glance' | 'away' | 'none';

/** The routes of the server half, typed. Every failure is a SmextApiError. */
export class SmextApi {
  constructor(private _settings: ServerConnection.ISettings) {}

  /** Target.id that requests are for; null leaves the choice to the server. */
  target: string | null = null;

  context(): Promise<Context> {
    return this._get('context');
  }

  async kinds(): Promise<KindInfo[]> {
    return (await this._get<{ kinds: KindInfo[] }>('kinds')).kinds;
  }

  tables(since: number, watch: Watch): Promise<Tables> {
    return this._get('tables', { since: String(since), watch });
  }

  /**
   * What deserves a word; `since` is when the user looked last, in ms. `peek`
   * where nobody looks: the server goes on resting.
   */
  warnings(
    from: WarningPreferences,
    since: number | null,
    peek = false
  ): Promise<Warnings> {
    return this._get('warnings', {
      usd_per_hour: String(from.usdPerHour),
      idle_hours: String(from.idleHours),
      long_hours: String(from.longHours),
      // Minutes that this browser's clock is ahead of UTC.
      tz_offset: String(-new Date().getTimezoneOffset()),
      ...(since === null ? {} : { since: new Date(since).toISOString() }),
      ...(peek ? { peek: '1' } : {})
    });
  }

  async refresh(): Promise<void> {
    await this._post('refresh', {});
  }

  item(place: Place): Promise<ItemDetail> {
    return this._get(path(place));
  }

  act(
    place: Place,
    action: string,
    request: ActionRequest
  ): Promise<ActionResult> {
    const name = encodeURIComponent(action);
    return this._post(`${path(place)}/actions/${name}`, request);
  }

  logs(place: Place, cursor: string): Promise<LogPage> {
    return this._get(`${path(place)}/logs`, { cursor });
  }

  outputs(place: Place): Promise<Outputs> {
    return this._get(`${path(place)}/outputs`);
  }

  /** Address from which the browser downloads an output by itself. */
  outputUrl(place: Place, key: string): string {
    return this._url(`${path(place)}/outputs/file`, { key });
  }

  openNotebook(place: Place): Promise<OpenedNotebook> {
    return this._post(`${path(place)}/notebook`, {});
  }

  launchDefaults(request: DefaultsRequest): Promise<LaunchDefaults> {
    return this._post('launch/defaults', request);
  }

  launchPlan(request: LaunchRequest): Promise<Plan> {
    return this._post('launch/plan', request);
  }

  launchCode(request: CodeRequest): Promise<Code> {
    return this._post('launch/code', request);
  }

  launchApply(request: LaunchRequest): Promise<Launched> {
    return this._post('launch/apply', request, LONGEST_LAUNCH);
  }

  /** How far a launch is whose answer is not there yet. */
  launchProgress(name: string): Promise<LaunchProgress> {
    return this._get('launch/progress', { name });
  }

  launchCancel(name: string): Promise<LaunchProgress> {
    return this._post('launch/cancel', { name });
  }

  launchMachines(kind: LaunchForm['job_kind']): Promise<Machines> {
    return this._get('launch/machines', { job_kind: kind });
  }

  /** Buckets, or what is below a prefix. */
  launchBrowse(uri: string): Promise<S3Listing> {
    return this._get('launch/s3', { uri });
  }

  private _get<T>(route: string, query: Query = {}): Promise<T> {
    return this._request(this._url(route, query), { method: 'GET' });
  }

  private _post<T>(route: string, body: unknown, longest?: number): Promise<T> {
    return this._request(this._url(route, {}), {
      method: 'POST',
      body: JSON.stringify(body),
      longest
    });
  }

  private _url(route: string, query: Query): string {
    const all = { ...query, ...(this.target ? { target: this.target } : {}) };
    const search = new URLSearchParams(all).toString();
    const base = this._settings.baseUrl.replace(/\/+$/, '');
    return `${base}/smext/${route}${search ? `?${search}` : ''}`;
  }

  private async _request<T>(url: string, init: Init): Promise<T> {
    const { ok, status, text } = await this._fetch(url, init);
    const answer = ok ? parsed(text) : undefined;
    if (answer === undefined) {
      throw failure(status, text);
    }
    return answer as T;
  }

  private async _fetch(url: string, init: Init): Promise<Answer> {
    const { body, longest, method } = init;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), longest ?? LONGEST[method]);
    try {
      const response = await ServerConnection.makeRequest(
        url,
        { method, body, signal: abort.signal },
        this._settings
      );
      const text = await response.text();
      return { ok: response.ok, status: response.status, text };
    } catch (error) {
      throw new SmextApiError(NO_ANSWER, 0);
    } finally {
      clearTimeout(timer);
    }
  }
}

type Query = Record<string, string>;
type Init = { method: 'GET' | 'POST'; body?: string; longest?: number };
type Answer = { ok: boolean; status: number; text: string };

/** ms until a request counts as unanswered. */
const LONGEST = { GET: 60_000, POST: 300_000 };

/** A launch uploads before it answers, and tells meanwhile how far it is. */
const LONGEST_LAUNCH = 3_600_000;

const NO_ANSWER: Problem = {
  ...plainProblem(
    'The Jupyter server does not answer.',
    'Check that it still runs and that the network is up; this page goes on trying.'
  ),
  code: 'unreachable'
};

const MISSING: Problem = {
  ...plainProblem(
    'The server half of smext is missing or disabled.',
    'Run `pip install smext` in the environment of the Jupyter server, see that `jupyter server extension list` shows smext as enabled, and restart the server.'
  ),
  code: 'not-found'
};

const SIGNED_OUT: Problem = {
  ...plainProblem(
    'The Jupyter server refused the request.',
    'Reload this page and sign in again.'
  ),
  code: 'denied'
};

function path({ kind, key }: Place): string {
  // The key's parts are quoted already.
  return `kinds/${encodeURIComponent(kind)}/items/${key}`;
}

function failure(status: number, text: string): SmextApiError {
  const body = parsed(text) as Partial<ErrorBody> | undefined;
  if (body?.problem?.message) {
    return new SmextApiError(body.problem, status);
  }
  if (status === 404) {
    return new ServerHalfMissing(MISSING, status);
  }
  if (status === 401 || status === 403) {
    return new SmextApiError(SIGNED_OUT, status);
  }
  const what = body?.message || `HTTP ${status}`;
  return new SmextApiError(
    plainProblem(`The Jupyter server failed: ${what}.`),
    status
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return undefined;
  }
}
