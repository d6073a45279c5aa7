import type { Event } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { CHANGED, SmextModel } from '../model';
import {
  context,
  gadget,
  problem,
  row,
  summary,
  table,
  tables
} from './samples';
import { TinyServer, until } from './server';

class Account {
  readonly events = {
    stream: new Signal<object, Event.Emission>({})
  };
  readonly server = new TinyServer()
    .on('context', context())
    .on('kinds', { kinds: [gadget] })
    .on('refresh', {});
  readonly model: SmextModel;

  constructor() {
    this.model = new SmextModel(this.server.api(), this.events, 'never');
  }

  push(part: { target?: string; revision: number }): void {
    this.events.stream.emit({
      schema_id: CHANGED,
      target: 'here',
      kinds: ['gadget'],
      ...part
    } as unknown as Event.Emission);
  }

  get asked(): string[] {
    return this.server
      .routes('tables')
      .map(({ query }) => `${query.since} ${query.watch}`);
  }
}

describe('SmextModel', () => {
  let account: Account;

  beforeEach(() => {
    account = new Account();
  });

  afterEach(() => account.model.dispose());

  async function started(revision = 5): Promise<void> {
    account.server.on(
      'tables',
      tables({ revision, tables: [table({ revision, rows: [row()] })] })
    );
    account.model.start();
    await until(() => account.model.state.connection === 'connected');
  }

  it('reads context, kinds and all tables at the start', async () => {
    await started();
    const { state } = account.model;
    expect(state.context?.account).toBe('123456789012');
    expect(state.kinds).toEqual([gadget]);
    expect(state.tables.get('gadget')?.rows).toHaveLength(1);
    expect(account.asked).toEqual(['0 glance']);
  });

  it('asks for what is newer when the server says so', async () => {
    await started(5);
    account.server.on(
      'tables',
      tables({ revision: 6, summary: summary({ count: 3 }) })
    );
    account.push({ revision: 6 });
    await until(() => account.model.state.summary?.count === 3);
    expect(account.asked).toEqual(['0 glance', '5 glance']);
    expect(account.model.state.tables.get('gadget')?.rows).toHaveLength(1);
  });

  it('does not care for what it has, nor for other targets', async () => {
    await started(5);
    account.push({ revision: 5 });
    account.push({ revision: 9, target: 'elsewhere' });
    await new Promise(resolve => setTimeout(resolve, 120));
    expect(account.asked).toHaveLength(1);
  });

  it('answers a burst of events with one request', async () => {
    await started(5);
    account.server.on('tables', tables({ revision: 9 }));
    [6, 7, 8, 9].forEach(revision => account.push({ revision }));
    await until(() => account.model.state.revision === 9);
    expect(account.asked).toEqual(['0 glance', '5 glance']);
  });

  it('asks again when something changed while it was asking', async () => {
    await started(5);
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    account.server.on('tables', async () => {
      await held;
      return { body: tables({ revision: 6 }) };
    });
    account.model.update();
    await until(() => account.asked.length === 2);
    account.model.update();
    account.server.on('tables', tables({ revision: 7 }));
    release();
    await until(() => account.model.state.revision === 7);
    expect(account.asked).toHaveLength(3);
  });

  it('says how closely somebody looks', async () => {
    await started(5);
    const watch = account.model.watch();
    await until(() => account.asked.length === 2);
    expect(account.asked[1]).toBe('5 panel');
    watch.dispose();
    account.model.update();
    await until(() => account.asked.length === 3);
    expect(account.asked[2]).toBe('5 glance');
  });

  it('reads all tables of a server that has started anew', async () => {
    await started(500);
    const rows = [row({ name: 'b', key: 'b' }), row()];
    account.server.on('tables', ({ query }: { query: { since: string } }) => ({
      body: tables({
        revision: 2,
        tables: query.since === '0' ? [table({ rows })] : []
      })
    }));
    account.model.update();
    await until(() => account.model.state.revision === 2);
    expect(account.model.state.tables.get('gadget')?.rows).toHaveLength(2);
  });

  it('asks again soon while the first answers are awaited', async () => {
    account.server.on('tables', tables({ summary: summary({ ready: false }) }));
    account.model.start();
    await until(() => account.model.state.connection === 'connected');
    account.server.on('tables', tables({ revision: 2 }));
    await until(() => account.model.state.summary?.ready === true);
  });

  it('keeps the last good data with the reason why there is nothing newer', async () => {
    const before = Date.now();
    await started();
    account.server.on('tables', () => new TypeError('network'));
    account.model.update();
    await until(() => account.model.state.connection === 'lost');
    const { answered, failure, tables: kept } = account.model.state;
    expect(failure?.code).toBe('unreachable');
    expect(kept.get('gadget')?.rows).toHaveLength(1);
    expect(answered).toBeGreaterThanOrEqual(before);
    account.server.on('tables', tables({ revision: 6 }));
    account.model.update();
    await until(() => account.model.state.connection === 'connected');
    expect(account.model.state.failure).toBeNull();
    expect(account.asked[account.asked.length - 1]).toBe('0 glance');
  });

  it('asks nothing while the page is hidden', async () => {
    const { events, server } = account;
    const hide = (hidden: boolean) => {
      const said = { hidden, visibilityState: hidden ? 'hidden' : 'visible' };
      for (const [name, value] of Object.entries(said)) {
        Object.defineProperty(document, name, {
          configurable: true,
          get: () => value
        });
      }
      document.dispatchEvent(new Event('visibilitychange'));
    };
    hide(true);
    const model = new SmextModel(server.api(), events);
    model.start();
    model.update();
    account.push({ revision: 9 });
    await new Promise(resolve => setTimeout(resolve, 120));
    expect(server.asked).toEqual([]);
    hide(false);
    await until(() => account.asked.length > 0);
    model.dispose();
  });

  it('knows that the server half is missing', async () => {
    account.model.dispose();
    const bare = new SmextModel(
      new TinyServer().api(),
      account.events,
      'never'
    );
    bare.start();
    await until(() => bare.state.connection === 'missing');
    expect(bare.state.failure?.advice).toContain('pip install smext');
    bare.dispose();
  });

  it('reads the context again until its problem is gone', async () => {
    account.server.on('context', context({ problem: problem() }));
    await started();
    expect(account.model.state.context?.problem).not.toBeNull();
    account.server.on('context', context());
    account.model.update();
    await until(() => account.model.state.context?.problem === null);
  });

  it('shows nothing of one account under the name of another', async () => {
    await started();
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    account.server.on('tables', async () => {
      await held;
      return { body: tables({ revision: 6, summary: summary({ count: 99 }) }) };
    });
    account.model.update();
    await until(() => account.asked.length === 2);
    account.model.setTarget('other');
    expect(account.model.state.tables.size).toBe(0);
    account.server.on('tables', tables({ revision: 1 }));
    release();
    await until(() => account.model.state.revision === 1);
    expect(account.model.state.summary?.count).toBe(0);
    expect(account.server.asked.slice(-1)[0].query.target).toBe('other');
  });

  it('goes by the clock of the server', async () => {
    await started();
    const drift = account.model.now() - Date.parse('2026-11-20T10:00:00Z');
    expect(Math.abs(drift)).toBeLessThan(5000);
  });
});
