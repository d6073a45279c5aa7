/* eslint-disable jupyter/no-untranslated-string -- no text for people */
import { StateDB } from '@jupyterlab/statedb';
import { ofMine } from '../panel/money';
import { shown, split, total, uncheckedBeside, Whose } from '../ownership';
import { billing, problem, row, summary } from './samples';
import { until } from './server';

const costs = (usd_per_hour: number | null) =>
  billing({ certainty: 'billing', usd_per_hour });

const mine = row({ name: 'mine', mine: true, billing: costs(0.42) });
const others = row({ name: 'others', mine: false, billing: costs(2) });
const unknown = row({ name: 'unknown', mine: null, billing: costs(0.68) });

describe('whose rows are shown', () => {
  it('are all, or those that surely are the user’s', () => {
    const rows = [mine, others, unknown];
    expect(shown(rows, false)).toEqual(rows);
    expect(shown(rows, true)).toEqual([mine]);
    expect(split(rows)).toEqual({ all: 3, mine: 1, unknown: 1 });
  });

  it('is remembered in the workspace', async () => {
    const states = new StateDB();
    const first = new Whose(states);
    expect(first.mine).toBe(false);
    first.mine = true;
    const second = new Whose(states);
    await until(() => second.mine);
  });

  it('is what was chosen, not what is read late', async () => {
    const states = new StateDB();
    await states.save('smext:whose', true);
    const whose = new Whose(states);
    whose.mine = false;
    await states.fetch('smext:whose');
    expect(whose.mine).toBe(false);
  });
});

describe('the total of what is the user’s', () => {
  const whole = summary({ usd_per_hour: 3.1, count: 3 });

  it('leaves out others’, and says so where an owner is not known', () => {
    const sum = ofMine([mine, others], whole);
    expect(sum).toMatchObject({
      usd_per_hour: 0.42,
      count: 1,
      at_least: false
    });
    expect(ofMine([mine, unknown], whole).at_least).toBe(true);
  });

  it('is not surer than the whole: what is unseen may be the user’s', () => {
    const unseen = [{ kind: 'k', label: 'K', problem: problem() }];
    expect(ofMine([mine], { ...whole, unseen }).at_least).toBe(true);
    expect(ofMine([mine], { ...whole, partly: unseen }).at_least).toBe(true);
    expect(ofMine([mine], { ...whole, ready: false }).at_least).toBe(true);
  });

  it('does not become uncertain by what others have without a price', () => {
    const odd = row({ mine: false, billing: costs(null) });
    const sum = ofMine([mine, odd], { ...whole, at_least: true, unpriced: 1 });
    expect(sum).toMatchObject({ at_least: false, unpriced: 0 });
  });

  it('counts what has no price, and never as zero alone', () => {
    const rows = [
      mine,
      row({ billing: costs(null) }),
      row({ billing: billing({ certainty: 'may be billing' }) }),
      row({ billing: billing({ certainty: 'storage only', usd_per_hour: 9 }) })
    ];
    expect(total(rows, whole)).toEqual({
      usd_per_hour: 0.42,
      count: 2,
      unpriced: 1,
      uncertain: 1,
      at_least: true
    });
    expect(total(rows.slice(1), whole).usd_per_hour).toBeNull();
  });

  it('is unknown where nothing is known, and zero where nothing bills', () => {
    expect(total([], whole)).toMatchObject({
      usd_per_hour: 0,
      at_least: false
    });
    for (const blind of [null, summary({ ready: false })]) {
      expect(total([], blind)).toMatchObject({
        usd_per_hour: null,
        at_least: true
      });
    }
    expect(ofMine([unknown], whole).usd_per_hour).toBeNull();
  });
});

describe('what could not be looked at', () => {
  it('is said once: kinds that are not visible have their own line', () => {
    const kind = problem({ message: 'Could not list apps' });
    const idle = problem({ message: 'Could not read metrics' });
    const unseen = [{ kind: 'studio-app', label: 'Apps', problem: kind }];
    expect(uncheckedBeside(summary({ unseen }), [kind, idle])).toEqual([idle]);
  });
});
