/* eslint-disable jupyter/no-untranslated-string -- no text for people */
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { SmextModel } from '../model';
import { Preferences } from '../preferences';
import { BillingSessions } from '../running';
import { Commands } from '../tokens';
import { Whose } from '../ownership';
import { billing, context, row, table, tables } from './samples';
import { TinyServer, until } from './server';

const events = { stream: { connect: () => true, disconnect: () => true } };
const stop = { name: 'stop', label: 'Stop', danger: true };

const costs = (usd_per_hour: number | null) =>
  billing({ certainty: 'billing', usd_per_hour });

async function listed() {
  const rows = [
    row({ key: 'idle', name: 'idle' }),
    row({ key: 'small', name: 'small', billing: costs(0.2) }),
    row({
      key: 'big',
      name: 'big',
      billing: costs(4),
      actions: [stop as never]
    }),
    row({ key: 'odd', name: 'odd', billing: costs(null) })
  ];
  const server = new TinyServer()
    .on('context', context())
    .on('kinds', { kinds: [] })
    .on('tables', tables({ tables: [table({ rows })] }));
  const model = new SmextModel(server.api(), events, 'never');
  const commands = new CommandRegistry();
  const sessions = new BillingSessions({
    model,
    preferences: new Preferences(),
    whose: new Whose(null),
    trans: nullTranslator.load('smext'),
    commands
  });
  let changes = 0;
  sessions.runningChanged.connect(() => (changes += 1));
  model.start();
  await until(() => sessions.running().length > 0);
  return { model, commands, sessions, changes: () => changes };
}

describe('BillingSessions', () => {
  it('lists what bills, the dearest first, with its rate', async () => {
    const { model, sessions } = await listed();
    expect(sessions.running().map(item => item.label())).toEqual([
      '$4.00/h · big',
      '$0.20/h · small',
      'no price · odd'
    ]);
    model.dispose();
  });

  it('lets only that be stopped which has an action to end it', async () => {
    const { model, sessions } = await listed();
    const [big, small] = sessions.running();
    expect(big.shutdown).toBeDefined();
    expect(small.shutdown).toBeUndefined();
    model.dispose();
  });

  it('opens a thing in its tab', async () => {
    const { commands, model, sessions } = await listed();
    const opened: unknown[] = [];
    commands.addCommand(Commands.showItem, {
      describedBy: { args: {} },
      execute: args => opened.push(args)
    });
    sessions.running()[0].open?.();
    expect(opened).toEqual([{ kind: 'gadget', key: 'big', name: 'big' }]);
    model.dispose();
  });

  it('is drawn anew when tables changed, and only then', async () => {
    const { changes, model } = await listed();
    const before = changes();
    expect(before).toBeGreaterThan(0);
    model.noteWarnings({
      warnings: [],
      kept: [],
      until_monday_usd: 0,
      until_monday_at_least: false,
      kept_unknown: null,
      unchecked: [],
      ready: true
    });
    expect(changes()).toBe(before);
    model.dispose();
  });
});
