import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import * as net from 'net';
import * as os from 'os';
import * as path from 'path';

/** What a test stands on: an account, and where JupyterLab lies under its host. */
export interface IServerOptions {
  /** A scene of the sandbox; null starts a JupyterLab without credentials. */
  scene: string | null;
  /** Whether jobs only move through their statuses, or really run. */
  mode: 'timeline' | 'exec';
  /** With a slash at both ends; a Studio space has `/jupyterlab/default/`. */
  baseUrl: string;
  /** Whether the administrator protects every account. */
  guarded: boolean;
}

/** A JupyterLab that runs, with the sandbox behind it. */
export interface ILab {
  /** Without a slash at its end. */
  readonly url: string;
  /** The folder that the file browser shows. */
  readonly root: string;
  /** The environment by which a boto3 reaches the same account; empty without a scene. */
  readonly accountEnv: Record<string, string>;
  /** What both processes have printed. */
  log(): string;
  /**
   * Steer the sandbox: the name of a method of `smext.sandbox.control.Control` and its
   * argument, arguments or keyword arguments: `{ advance: 60, fail: ['ListApps', 'AccessDeniedException'] }`.
   */
  control(commands: Record<string, unknown>): Promise<IControlAnswer>;
}

/** The operations asked for so far: how many, or with `{ calls: true }` their names. */
export interface IControlAnswer {
  readonly calls: number | string[];
}

const UI_TESTS = path.dirname(__dirname);
export const PYTHON =
  process.env.SMEXT_PYTHON ?? path.join(UI_TESTS, '..', '.venv/bin/python');
const START_TIMEOUT = 180000;

/** The servers of one worker: started when first asked for, few at a time. */
export class ServerPool {
  async get(options: IServerOptions): Promise<ILab> {
    const key = JSON.stringify(options);
    let pair = this._pairs.get(key);
    if (!pair) {
      while (this._pairs.size >= ServerPool.LIMIT) {
        await this._closeOldest();
      }
      pair = await ServerPair.start(options);
    }
    this._pairs.delete(key);
    this._pairs.set(key, pair); // a Map keeps its order: the last used is last
    return pair;
  }

  async close(): Promise<void> {
    while (this._pairs.size) {
      await this._closeOldest();
    }
  }

  private async _closeOldest(): Promise<void> {
    const [key, pair] = [...this._pairs][0];
    this._pairs.delete(key);
    await pair.stop();
  }

  static readonly LIMIT = 2;
  private readonly _pairs = new Map<string, ServerPair>();
}

/** One sandbox and one JupyterLab on it, in a folder that goes with them. */
export class ServerPair implements ILab {
  static async start(options: IServerOptions): Promise<ServerPair> {
    const pair = new ServerPair();
    try {
      if (options.scene) {
        await pair._startSandbox(options.scene, options.mode);
      }
      await pair._startLab(options);
      return pair;
    } catch (error) {
      const log = pair.log();
      await pair.stop();
      throw new Error(`${error}\n${log}`);
    }
  }

  readonly accountEnv: Record<string, string> = {};
  readonly root: string;
  url = '';

  log(): string {
    return fs.existsSync(this._logFile)
      ? fs.readFileSync(this._logFile, 'utf8')
      : '';
  }

  async control(commands: Record<string, unknown>): Promise<IControlAnswer> {
    const { AWS_ENDPOINT_URL, SMEXT_SANDBOX_TOKEN } = this.accountEnv;
    const answer = await fetch(`${AWS_ENDPOINT_URL}/_sandbox/control`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${SMEXT_SANDBOX_TOKEN}` },
      body: JSON.stringify(commands)
    });
    if (!answer.ok) {
      throw new Error(`The sandbox refused: ${await answer.text()}`);
    }
    return (await answer.json()) as IControlAnswer;
  }

  async stop(): Promise<void> {
    process.off('exit', this._killAll);
    await Promise.all(this._processes.reverse().map(ended));
    fs.rmSync(this._directory, { recursive: true, force: true });
  }

  private constructor() {
    this._directory = fs.mkdtempSync(path.join(os.tmpdir(), 'smext-ui-'));
    this._logFile = path.join(this._directory, 'servers.log');
    this.root = path.join(this._directory, 'root');
    fs.mkdirSync(this.root);
    process.on('exit', this._killAll);
  }

  private async _startSandbox(scene: string, mode: string): Promise<void> {
    const envFile = path.join(this._directory, 'account.env');
    const sandbox = this._spawn(
      ['-m', 'smext.sandbox', '--scene', scene, '--mode', mode].concat([
        '--env-file',
        envFile
      ]),
      {}
    );
    await until(sandbox, 'the sandbox', async () => fs.existsSync(envFile));
    const env = JSON.parse(fs.readFileSync(envFile, 'utf8'));
    Object.assign(this.accountEnv, env);
  }

  private async _startLab(options: IServerOptions): Promise<void> {
    const { baseUrl, guarded } = options;
    const port = await freePort();
    const lab = this._spawn(
      ['-m', 'jupyterlab', '--config', 'jupyter_server_test_config.py'],
      {
        ...this.accountEnv,
        SMEXT_UI_PORT: String(port),
        SMEXT_UI_BASE: baseUrl,
        SMEXT_UI_GUARDED: guarded ? '1' : '',
        SMEXT_UI_ROOT: this.root
      }
    );
    this.url = `http://127.0.0.1:${port}${baseUrl}`.replace(/\/$/, '');
    await until(lab, 'JupyterLab', async () => answers(`${this.url}/api`));
  }

  private _spawn(
    args: string[],
    extra: Record<string, string>
  ): ChildProcess {
    const log = fs.openSync(this._logFile, 'a');
    const child = spawn(PYTHON, args, {
      cwd: UI_TESTS,
      env: { ...cleanEnv(this._directory), ...extra },
      stdio: ['ignore', log, log],
      detached: true // a group of its own: kernels and jobs end with their server
    });
    fs.closeSync(log);
    child.on('error', error => fs.appendFileSync(this._logFile, `${error}\n`));
    this._processes.push(child);
    return child;
  }

  private readonly _killAll = (): void =>
    this._processes.forEach(child => signalGroup(child, 'SIGKILL'));

  private readonly _directory: string;
  private readonly _logFile: string;
  private readonly _processes: ChildProcess[] = [];
}

/** This environment without the account and the Jupyter settings of whoever runs the tests. */
function cleanEnv(directory: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !/^(AWS|SAGEMAKER|JUPYTER)/.test(name)
  ) as [string, string][];
  const nothing = path.join(directory, 'no-aws-config');
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: 'true',
    IPYTHONDIR: path.join(directory, 'ipython'),
    JUPYTER_CONFIG_DIR: path.join(directory, 'config'),
    JUPYTER_DATA_DIR: path.join(directory, 'data'),
    JUPYTER_RUNTIME_DIR: path.join(directory, 'runtime')
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve())
  );
  const { port } = server.address() as net.AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function until(
  child: ChildProcess,
  name: string,
  ready: () => Promise<boolean>
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await ready())) {
    if (child.exitCode !== null || child.pid === undefined) {
      throw new Error(`${name} ended while starting`);
    }
    if (Date.now() > deadline) {
      throw new Error(`${name} did not start within ${START_TIMEOUT} ms`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid) {
    const exit = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    const late = setTimeout(() => signalGroup(child, 'SIGKILL'), 10000);
    await exit;
    clearTimeout(late);
  }
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal);
  } catch {
    // the group is gone
  }
}
