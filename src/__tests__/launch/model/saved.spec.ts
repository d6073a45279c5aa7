import {
  asPairs,
  asValues,
  isSame,
  newInput,
  repeated,
  without
} from '../../../launch/model/rows';
import { saved, toSave, withChoices } from '../../../launch/model/saved';
import type { LaunchForm } from '../../../generated';
import { defaults } from '../../samples';

const { form: opened, options } = defaults();
const untold = { form: opened, options, sources: [] };

describe('choices that travel with a notebook', () => {
  it('are what differs from the defaults', () => {
    const form: LaunchForm = { ...opened, volume_gb: 50, tags: { team: 'x' } };
    expect(toSave(form, untold, {})).toEqual({
      volume_gb: 50,
      tags: { team: 'x' }
    });
    expect(toSave(opened, untold, {})).toEqual({});
  });

  it('are what was chosen for an earlier launch, too', () => {
    const source = { field: 'volume_gb', source: 'as last time', fixed: false };
    const sources = [
      { ...source, remembered: true },
      { ...source, field: 'subnets', remembered: false }
    ];
    expect(toSave(opened, { ...untold, sources }, {})).toEqual({
      volume_gb: opened.volume_gb
    });
  });

  it('are never secrets, the role or parameters', () => {
    const form: LaunchForm = {
      ...opened,
      environment: { TOKEN: 'secret' },
      role: 'other',
      parameters: { lr: 1 }
    };
    expect(toSave(form, untold, {})).toEqual({});
    expect(toSave(form, untold, { role: 'r', environment: {} })).toEqual({});
  });

  it('stay when they are no different from the defaults, which they are themselves', () => {
    const before = { ...opened, volume_gb: 50 };
    expect(
      toSave(before, { ...untold, form: before }, { volume_gb: 50 })
    ).toEqual({
      volume_gb: 50
    });
    const form = { ...before, volume_gb: 60, spot: true };
    expect(
      toSave(form, { ...untold, form: before }, { volume_gb: 50 })
    ).toEqual({
      volume_gb: 60,
      spot: true
    });
  });

  it('lie beside what else is in the metadata', () => {
    const metadata = { job: 'churn-1', launch: { spot: true } };
    expect(saved(metadata)).toEqual({ spot: true });
    expect(withChoices(metadata, { volume_gb: 50 })).toEqual({
      job: 'churn-1',
      launch: { volume_gb: 50 }
    });
    expect(withChoices(metadata, null)).toEqual({ job: 'churn-1' });
    expect(withChoices({ launch: {} }, null)).toBeUndefined();
  });

  it.each([undefined, null, 'x', [], { launch: 'x' }, { launch: [1] }])(
    'are none in %j',
    metadata => {
      expect(saved(metadata)).toEqual({});
    }
  );
});

describe('rows of the form', () => {
  it('are names and values, those first that have to be there', () => {
    const pairs = asPairs({ a: '1', team: '' }, ['team']);
    expect(pairs.map(({ name }) => name)).toEqual(['team', 'a']);
    expect(asValues(pairs, ['team'])).toEqual({ a: '1' });
    expect(asValues([{ name: ' b ', value: '' }])).toEqual({ b: '' });
    expect(asValues([{ name: ' ', value: 'x' }])).toEqual({});
  });

  it('have each name once', () => {
    const twice = [
      { name: 'a', value: '' },
      { name: 'a ', value: '' }
    ];
    expect(repeated(twice)).toBe(true);
    expect(repeated(asPairs({ a: '', b: '' }))).toBe(false);
  });

  it('are compared by what they say', () => {
    expect(isSame({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true);
    expect(isSame({ a: '1' }, { a: '1', b: '2' })).toBe(false);
    expect(isSame({ a: '1' }, { a: '2' })).toBe(false);
  });

  it('get a name that is free', () => {
    const one = newInput([]);
    const two = newInput([one]);
    expect([one.name, two.name]).toEqual(['data', 'data2']);
    expect(newInput(without([one, two], 0)).name).toBe('data');
  });
});
