/* eslint-disable jupyter/no-untranslated-string -- no text for people */
import type { Event } from '@jupyterlab/services';
import { StateDB } from '@jupyterlab/statedb';
import { Signal } from '@lumino/signaling';
import { Memory } from '../../alerts/snooze';
import { WarningWatch } from '../../alerts/watch';
import type { CostWarning, Warnings } from '../../generated';
import { CHANGED, SmextModel } from '../../model';
import { Preferences } from '../../preferences';
import {
  billing,
  context,
  problem,
  row,
  summary,
  table,
  tables
} from '../samples';
import type { Asked } from '../server';
import { TinyServer, until } from '../server';

const HOUR = 3_600_000;

const warning = (part: Partial<CostWarning> = {}) =>
  ({
    id: 'idle:gadget/a',
    level: 'warning',
    title: 'a: no calls',
    text: 'It bills.',
    rows: [{ kind: 'gadget', key: 'a' }],
    usd: null,
    ...part
  }) as CostWarning;

const answer = (...warnings: CostWarning[]): Warnings => ({
  warnings,
  kept: [],
  until_monday_usd: 61,
  until_monday_at_least: false,
  kept_unknown: null,
  unchecked: [],
  ready: true
});

const events = { stream: new Signal<object, Event.Emission>({}) };

/** The server has looked by itself, and found something. */
function warned(moment: string): void {
  events.stream.emit({
    schema_id: CHANGED,
    target: 'here',
    kinds: [],
    revision: 0,
    warned: true,
    __timestamp__: moment
  } as unknown as Event.Emission);
}

/** A tab of the browser: a model that reads, and what it said. */
async function tab(server: TinyServer, memory?: Memory) {
  const model = new SmextModel(server.api(), events, 'never');
  const preferences = new Preferences();
  const said: string[] = [];
  const watch = new WarningWatch(
    { model, preferences },
    memory ?? (await Memory.read(null)),
    ({ id }) => said.push(id),
    0,
    0
  );
  open.push(() => {
    watch.dispose();
    model.dispose();
  });
  return { model, preferences, said };
}

const open: (() => void)[] = [];

function account(): TinyServer {
  return new TinyServer()
    .on('context', context())
    .on('kinds', { kinds: [] })
    .on('tables', tables({ summary: summary({ ready: true }) }))
    .on('warnings', answer(warning()));
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    get: () => hidden
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

const asked = (server: TinyServer): Asked[] => server.routes('warnings');

describe('WarningWatch', () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => {
    open.splice(0).forEach(close => close());
    hide(false);
  });

  it('asks again when what bills has changed, so that no sum is older', async () => {
    const server = account();
    const { model } = await tab(server);
    model.start();
    await until(() => asked(server).length === 1);
    model.update();
    await until(() => server.routes('tables').length > 1);
    const costs = billing({ certainty: 'billing', usd_per_hour: 2 });
    const rows = [row({ billing: costs })];
    server.on('tables', tables({ revision: 2, tables: [table({ rows })] }));
    model.update();
    await until(() => asked(server).length === 2);
  });

  it('says what deserves a word, and tells all who draw it', async () => {
    const server = account();
    const { model, said } = await tab(server);
    model.start();
    await until(() => said.length > 0);
    expect(said).toEqual(['idle:gadget/a']);
    expect(model.state.warnings?.until_monday_usd).toBe(61);
    expect(asked(server)[0].query).toMatchObject({
      usd_per_hour: '10',
      idle_hours: '2',
      long_hours: '24',
      tz_offset: String(-new Date().getTimezoneOffset())
    });
  });

  it('waits until the account is read', async () => {
    const server = account().on(
      'tables',
      tables({ summary: summary({ ready: false }) })
    );
    const { model } = await tab(server);
    model.start();
    await until(() => model.state.summary !== null);
    expect(asked(server)).toEqual([]);
  });

  it('asks once in the time that is set, however often the account is read', async () => {
    const server = account();
    const { model, preferences, said } = await tab(server);
    model.start();
    await until(() => said.length > 0);
    const reads = server.routes('tables').length;
    model.update();
    await until(() => server.routes('tables').length > reads);
    expect(asked(server)).toHaveLength(1);
    preferences.warnings.minutes = 0;
    model.update();
    await until(() => asked(server).length > 1);
  });

  it('says the same thing in one tab, once', async () => {
    const server = account();
    const first = await tab(server);
    const second = await tab(server);
    first.model.start();
    second.model.start();
    await until(() => asked(server).length === 2);
    await until(
      () => !!first.model.state.warnings && !!second.model.state.warnings
    );
    await new Promise(resolve => setTimeout(resolve, 20));
    expect([...first.said, ...second.said]).toEqual(['idle:gadget/a']);
  });

  it('says a thing again that became graver', async () => {
    const server = account();
    const { model, preferences, said } = await tab(server);
    model.start();
    await until(() => said.length === 1);
    preferences.warnings.minutes = 0;
    server.on('warnings', answer(warning({ level: 'error' })));
    model.update();
    await until(() => said.length === 2);
  });

  it('says nothing of what was put off, also after the page was loaded anew', async () => {
    const states = new StateDB();
    const now = Date.now();
    const before = await Memory.read(states);
    before.snooze('idle:gadget/a', now + HOUR, now);
    const memory = await Memory.read(states);
    const server = account().on(
      'warnings',
      answer(warning(), warning({ id: 'rate' }))
    );
    const { model, said } = await tab(server, memory);
    model.start();
    await until(() => said.length > 0);
    expect(said).toEqual(['rate']);
    expect(memory.isSnoozed('idle:gadget/a', now + 2 * HOUR)).toBe(false);
  });

  it('asks nothing while the page is hidden, and when it comes back what was spent since', async () => {
    const server = account();
    const memory = await Memory.read(null);
    const { model, preferences } = await tab(server, memory);
    preferences.warnings.minutes = 0;
    hide(true);
    model.start();
    await until(() => model.state.summary !== null);
    expect(asked(server)).toEqual([]);
    const left = Date.now() - 5 * HOUR;
    memory.looked('here', left);
    hide(false);
    await until(() => asked(server).length > 0);
    expect(asked(server)[0].query.since).toBe(new Date(left).toISOString());
    await until(() => model.state.warnings !== null);
    await until(() => (memory.lookedAt('here') ?? 0) > left);
    model.update();
    await until(() => asked(server).length > 1);
    expect(asked(server)[1].query.since).toBeUndefined();
  });

  describe('when the server has found something by itself', () => {
    async function hiddenTabs(server: TinyServer, count: number) {
      const tabs = [];
      for (let i = 0; i < count; i++) {
        const one = await tab(server);
        one.model.start();
        await until(() => one.model.state.warnings !== null);
        tabs.push(one);
      }
      hide(true);
      server.asked.splice(0);
      server.on('warnings', answer(warning({ id: 'new' })));
      return tabs;
    }
    const news = (said: string[]) => said.filter(id => id === 'new');

    it('asks in one hidden tab of all, without a lease, and says it once', async () => {
      const server = account();
      const tabs = await hiddenTabs(server, 3);
      warned('10:00');
      const said = () => news(tabs.flatMap(each => each.said));
      await until(() => said().length > 0);
      await new Promise(resolve => setTimeout(resolve, 20));
      expect(said()).toEqual(['new']);
      expect(server.asked.map(({ route }) => route)).toEqual(['warnings']);
      expect(asked(server)[0].query).toMatchObject({ peek: '1' });
      warned('10:15');
      await until(() => asked(server).length === 2);
    });

    it('asks at once on a page that is seen, before its time', async () => {
      const server = account();
      const [{ said }] = await hiddenTabs(server, 1);
      hide(false);
      warned('11:00');
      await until(() => news(said).length > 0);
      expect(asked(server)[0].query.peek).toBeUndefined();
    });

    it('asks nothing where warnings are switched off', async () => {
      const server = account();
      const [{ preferences }] = await hiddenTabs(server, 1);
      preferences.warnings.on = false;
      warned('12:00');
      await new Promise(resolve => setTimeout(resolve, 30));
      expect(server.asked).toEqual([]);
    });
  });

  it('can be switched off', async () => {
    const server = account();
    const { model, preferences } = await tab(server);
    preferences.warnings.on = false;
    model.start();
    await until(() => model.state.summary !== null);
    expect(asked(server)).toEqual([]);
  });

  it('asks again in its time after there was no answer', async () => {
    const quiet = jest.spyOn(console, 'warn').mockImplementation();
    const server = account().on('warnings', () => ({
      status: 500,
      body: { problem: problem(), message: '' }
    }));
    const { model, preferences, said } = await tab(server);
    model.start();
    await until(() => asked(server).length === 1);
    await until(() => quiet.mock.calls.length === 1);
    server.on('warnings', answer(warning()));
    preferences.warnings.minutes = 0;
    model.update();
    await until(() => said.length === 1);
    quiet.mockRestore();
  });
});
