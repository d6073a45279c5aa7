/* eslint-disable jupyter/no-untranslated-string -- no text for people */
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { askBefore } from '../../stopping/command-guard';
import { goesOn, remaining, unknowns } from '../../stopping/remaining';
import { EMPTY } from '../../state';
import { summaryTip } from '../../status';
import { billing, gadget, problem, row, summary, table } from '../samples';

const trans = nullTranslator.load('smext');

describe('a command that is asked about', () => {
  function guarded(ask: (id: string) => Promise<boolean>) {
    const commands = new CommandRegistry();
    const done: unknown[] = [];
    let enabled = true;
    for (const id of ['leave', 'stay']) {
      commands.addCommand(id, {
        describedBy: { args: {} },
        isEnabled: () => enabled,
        execute: args => {
          done.push([id, args]);
          return id;
        }
      });
    }
    const wrap = askBefore(commands, new Set(['leave', 'gone']), ask);
    return { commands, done, wrap, disable: () => (enabled = false) };
  }

  it('is carried out after a yes, with its arguments and its answer', async () => {
    const { commands, done } = guarded(async () => true);
    await expect(commands.execute('leave', { a: 1 })).resolves.toBe('leave');
    expect(done).toEqual([['leave', { a: 1 }]]);
  });

  it('is not carried out after a no', async () => {
    const { commands, done } = guarded(async () => false);
    await commands.execute('leave');
    expect(done).toEqual([]);
  });

  it('is carried out where the asking fails', async () => {
    const quiet = jest.spyOn(console, 'warn').mockImplementation();
    const { commands, done } = guarded(() => {
      throw new Error('no answer');
    });
    await commands.execute('leave');
    expect(done).toHaveLength(1);
    quiet.mockRestore();
  });

  it('keeps the others as they are, and goes when it is no longer wanted', async () => {
    const asked: string[] = [];
    const { commands, wrap } = guarded(async id => {
      asked.push(id);
      return false;
    });
    await expect(commands.execute('stay')).resolves.toBe('stay');
    await expect(commands.execute('gone')).rejects.toThrow('not registered');
    wrap.dispose();
    await expect(commands.execute('leave')).resolves.toBe('leave');
    expect(asked).toEqual([]);
  });

  it('is asked about where it can be carried out, and once at a time', async () => {
    let answer: (go: boolean) => void = () => undefined;
    const asked: string[] = [];
    const { commands, disable, done } = guarded(id => {
      asked.push(id);
      return new Promise(resolve => (answer = resolve));
    });
    const first = commands.execute('leave');
    // Whoever calls it again means it.
    await commands.execute('leave');
    expect(done).toHaveLength(1);
    answer(false);
    await first;
    disable();
    await commands.execute('leave');
    expect(asked).toEqual(['leave']);
  });
});

describe('what goes on billing', () => {
  const costs = (usd_per_hour: number | null) =>
    billing({ certainty: 'billing', usd_per_hour });
  const rows = [
    row({ key: 'm', name: 'm', mine: true, billing: costs(0.5) }),
    row({ key: 'u', name: 'u', mine: null, billing: costs(0.7) }),
    row({ key: 'o', name: 'o', mine: false, billing: costs(9) }),
    row({ key: 'z', name: 'z', mine: true })
  ];
  const state = {
    ...EMPTY,
    kinds: [gadget],
    tables: new Map([['gadget', table({ rows })]]),
    summary: summary()
  };

  it('is what may be the user’s, first what surely is', () => {
    expect(remaining(state).map(({ name }) => name)).toEqual(['m', 'u']);
    expect(goesOn(remaining(state), state, trans)).toBe(
      '2 gadgets go on: $1.20/h.'
    );
  });

  it('is not a sum where a price is missing', () => {
    const odd = row({ billing: costs(null) });
    const say = (...given: (typeof odd)[]) => goesOn(given, state, trans);
    expect(say(odd)).toBe('1 gadget goes on, at a price that is not known.');
    expect(say(odd, rows[0])).toBe('2 gadgets go on: at least $0.50/h.');
  });

  it('is said with what is not known of it', () => {
    const unseen = [{ kind: 'k', label: 'Kites', problem: problem() }];
    const blind = { ...state, summary: summary({ ready: false, unseen }) };
    expect(unknowns(blind, trans)).toEqual([
      'Some kinds have not been read yet.',
      'Not visible: Kites.',
      'Of 1 nobody knows whose it is.'
    ]);
    expect(unknowns(EMPTY, trans)).toHaveLength(1);
  });

  it('is less than all where rows could not be read again', () => {
    const partly = [{ kind: 'k', label: 'Kites', problem: problem() }];
    const old = { ...state, summary: summary({ at_least: true, partly }) };
    expect(unknowns(old, trans)).toContain('Not read whole: Kites.');
    expect(goesOn(remaining(old), old, trans)).toBe(
      '2 gadgets go on: at least $1.20/h.'
    );
  });

  it('is at least so much in the status bar, too', () => {
    const known = summary({ usd_per_hour: 2, count: 1 });
    const tip = (part: object) => summaryTip({ ...known, ...part }, trans);
    expect(tip({})).toBe('SageMaker: $2.00/h billing now, 1 thing');
    const partly = [{ kind: 'k', label: 'Kites', problem: problem() }];
    expect(tip({ at_least: true, partly })).toBe(
      'SageMaker: at least $2.00/h billing now, 1 thing\nKites not read whole'
    );
    expect(tip({ at_least: true, usd_per_hour: null })).toBe(
      'SageMaker: an unknown sum billing now, 1 thing'
    );
  });
});
