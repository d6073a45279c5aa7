import { controls, place, placed, said } from '../../../launch/model/faults';
import type { Check, LaunchForm } from '../../../generated';
import { defaults, plan, problem } from '../../samples';

const form = (part: Partial<LaunchForm> = {}): LaunchForm => ({
  ...defaults().form,
  ...part
});

const check = (field: string, status: Check['status'] = 'will fail') => ({
  name: field,
  status,
  message: `${status} at ${field}`,
  advice: '',
  field
});

const DATA = { name: 'data', uri: 's3://b/', mode: 'File' as const };
const NEW = { ...DATA, uri: ' ' };

describe('what is said of fields', () => {
  it('is of what is typed, of the refusal and of the checks', () => {
    const typed = new Map([['volume_gb', 'A number.']]);
    const refused = problem({ field: 'form.role', message: 'No.', advice: '' });
    const checks = [
      check('tags.team'),
      check('spot', 'warning'),
      check('image', 'cannot tell'),
      check('files', 'ok')
    ];
    expect(said(typed, refused, plan({ checks }))).toEqual([
      { path: 'volume_gb', text: 'A number.', level: 'bad' },
      { path: 'role', text: 'No.', level: 'bad' },
      { path: 'tags.team', text: 'will fail at tags.team', level: 'bad' },
      { path: 'spot', text: 'warning at spot', level: 'warn' }
    ]);
  });

  it('stands at the part of a list that it is of, however that is written', () => {
    const refused = problem({ field: 'form.inputs[1].uri', message: 'Empty.' });
    const faults = placed(
      said(new Map(), refused, null),
      form({ inputs: [DATA, DATA] })
    );
    expect([...faults.keys()]).toEqual(['inputs.1.uri']);
  });

  it('stands at the nearest control around what is not shown', () => {
    const one = form({ inputs: [DATA] });
    const shown = controls(one, {
      parameters: [],
      required_tags: ['cost.center']
    });
    expect(place('inputs.4.uri', shown, one)).toBe('inputs');
    expect(place('packages.3', shown, one)).toBe('packages');
    expect(place('tags.cost.center', shown, one)).toBe('tags.cost.center');
    expect(place('tags.other', shown, one)).toBe('tags');
    expect(place('name', shown, one)).toBeNull();
  });

  it('of an input stands at its row, though rows without an address are not sent', () => {
    const one = form({ inputs: [NEW, DATA, NEW, DATA] });
    const shown = controls(one);
    expect(place('inputs.0.mode', shown, one)).toBe('inputs.1.mode');
    expect(place('inputs.1.uri', shown, one)).toBe('inputs.3.uri');
    expect(place('inputs.2.uri', shown, one)).toBe('inputs');
  });

  it('stands at what is shown instead of a field', () => {
    const byTime = form();
    const byCost = form({ max_usd: 5, requirements: 'uv.lock' });
    expect(place('max_usd', controls(byTime), byTime)).toBe(
      'max_runtime_seconds'
    );
    expect(place('max_runtime_seconds', controls(byCost), byCost)).toBe(
      'max_usd'
    );
    expect(place('packages', controls(byCost), byCost)).toBe('requirements');
    expect(place('requirements', controls(byTime), byTime)).toBe('packages');
  });

  it('is the worst of all that is said of a control', () => {
    const checks = [check('role', 'warning'), check('role')];
    const faults = placed(said(new Map(), null, plan({ checks })), form());
    expect(faults.get('role')).toEqual({
      text: 'will fail at role',
      level: 'bad'
    });
  });
});
