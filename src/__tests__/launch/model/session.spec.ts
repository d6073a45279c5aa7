import { LaunchSession } from '../../../launch/model/session';
import type {
  LaunchDefaults,
  LaunchRequest,
  NotebookDocument
} from '../../../generated';
import { defaults, plan, problem } from '../../samples';
import { TinyServer, until } from '../../server';

const PACE = { debounce: 5, progress: 5, retries: [5, 5] };
const LAUNCHED = {
  kind: 'gadget',
  key: 'churn-1',
  name: 'churn-1',
  existed: false
};

function opened(given: LaunchDefaults = defaults()): {
  server: TinyServer;
  session: LaunchSession;
  screen: NotebookDocument;
} {
  const server = new TinyServer()
    .on('launch/defaults', given)
    .on('launch/plan', plan())
    .on('launch/apply', LAUNCHED);
  const screen = { path: 'n.ipynb', content: {}, unsaved: true };
  const session = new LaunchSession(
    server.api(),
    () => ({ ...screen }),
    () => ({ volume_gb: 50 }),
    PACE
  );
  return { server, session, screen };
}

const sent = (server: TinyServer, route: string) =>
  server.routes(route).map(each => each.body as LaunchRequest);

describe('LaunchSession', () => {
  it('opens with every field filled and a plan', async () => {
    const { server, session, screen } = opened();
    await session.load();
    expect(session.form?.instance_type).toBe('ml.m5.xlarge');
    expect(session.plan?.name).toBe('churn-1');
    expect(session.blocked).toBeNull();
    expect(server.routes('launch/defaults')[0].body).toEqual({
      notebook: screen,
      preferred: { volume_gb: 50 },
      job_kind: null
    });
  });

  it('says why there are no defaults, and loads when asked again', async () => {
    const { server, session } = opened();
    server.on('launch/defaults', () => new TypeError('network'));
    await session.load();
    expect(session.form).toBeNull();
    expect(session.problem?.code).toBe('unreachable');
    server.on('launch/defaults', defaults());
    await session.load();
    expect(session.problem).toBeNull();
    expect(session.plan).not.toBeNull();
  });

  it('plans once after a burst of changes, with the last of them', async () => {
    const { server, session } = opened();
    await session.load();
    [2, 3, 4].forEach(count => session.set('instance_count', count));
    expect(session.blocked).toBe('planning');
    await until(() => !session.planning);
    const counts = sent(server, 'launch/plan').map(
      each => each.form.instance_count
    );
    expect(counts).toEqual([1, 4]);
  });

  it('lets the latest plan win, whichever answers last', async () => {
    const { server, session } = opened();
    await session.load();
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    server.on('launch/plan', async () => {
      await held;
      return { body: plan({ name: 'slow' }) };
    });
    session.set('instance_count', 2);
    await until(() => server.routes('launch/plan').length === 2);
    server.on('launch/plan', plan({ name: 'quick' }));
    session.set('instance_count', 3);
    await until(() => session.plan?.name === 'quick');
    release();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(session.plan?.name).toBe('quick');
  });

  it('keeps the form when the plan fails, with the fault at its field', async () => {
    const { server, session } = opened();
    await session.load();
    const wrong = problem({
      field: 'form.instance_type',
      message: 'No such type.'
    });
    server.on('launch/plan', () => ({
      status: 400,
      body: { problem: wrong, message: '' }
    }));
    session.set('instance_type', 'ml.none');
    await until(() => !session.planning);
    expect(session.form?.instance_type).toBe('ml.none');
    expect(session.faultAt('instance_type')?.text).toContain('No such type.');
    expect(session.blocked).toBe('no plan');
  });

  it('puts a check at its field', async () => {
    const { server, session } = opened();
    const check = {
      name: 'role',
      status: 'will fail',
      message: 'No.',
      advice: '',
      field: 'role'
    };
    server.on(
      'launch/plan',
      plan({ checks: [check as never], can_run: false })
    );
    await session.load();
    expect(session.faultAt('role')).toEqual({ text: 'No.', level: 'bad' });
    expect(session.blocked).toBe('checks');
  });

  it('does not run while a field cannot be read', async () => {
    const { server, session } = opened();
    await session.load();
    session.reject('volume_gb', { ok: false, error: 'A number.' });
    expect(session.blocked).toBe('fields');
    expect(await session.run()).toBeNull();
    expect(server.routes('launch/apply')).toHaveLength(0);
    session.set('volume_gb', 50);
    await until(() => session.blocked === null);
  });

  it('sends the notebook as it is at the moment of Run, under the name of the plan', async () => {
    const { screen, server, session } = opened();
    await session.load();
    screen.content = { cells: ['edited since'] };
    expect(await session.run()).toEqual(LAUNCHED);
    const [request] = sent(server, 'launch/apply');
    expect(request.name).toBe('churn-1');
    expect(request.notebook.content).toEqual({ cells: ['edited since'] });
  });

  it('launches once on a double click', async () => {
    const { server, session } = opened();
    await session.load();
    await Promise.all([session.run(), session.run()]);
    await session.run();
    expect(server.routes('launch/apply')).toHaveLength(1);
    expect(session.blocked).toBe('launched');
  });

  it('sends a launch without an answer again under the same name', async () => {
    const { server, session } = opened();
    await session.load();
    let calls = 0;
    server.on('launch/apply', () => {
      calls += 1;
      return calls < 3
        ? new TypeError('network')
        : { body: { ...LAUNCHED, existed: true } };
    });
    expect((await session.run())?.existed).toBe(true);
    const names = sent(server, 'launch/apply').map(each => each.name);
    expect(names).toEqual(['churn-1', 'churn-1', 'churn-1']);
  });

  it('remembers a lost launch, and repeats just that one', async () => {
    const { server, session } = opened();
    await session.load();
    server.on('launch/apply', () => new TypeError('network'));
    expect(await session.run()).toBeNull();
    expect(session.sending.lost).toBe('churn-1');
    expect(session.form).not.toBeNull();
    server.on('launch/plan', plan({ name: 'churn-2' }));
    await session.load();
    server.on('launch/apply', LAUNCHED);
    await session.run();
    expect(sent(server, 'launch/apply').map(each => each.name)).toEqual(
      new Array(4).fill('churn-1')
    );
    expect(session.sending.lost).toBeNull();
  });

  it('makes a launch of its own of a form that was changed since', async () => {
    const { server, session } = opened();
    await session.load();
    server.on('launch/apply', () => new TypeError('network'));
    await session.run();
    server
      .on('launch/plan', plan({ name: 'churn-2' }))
      .on('launch/apply', LAUNCHED);
    session.set('instance_count', 2);
    await until(() => session.blocked === null);
    expect(session.sending.lost).toBe('churn-1');
    await session.run();
    const requests = sent(server, 'launch/apply');
    expect(requests[requests.length - 1].name).toBe('churn-2');
  });

  it('keeps the form when the launch is refused', async () => {
    const { server, session } = opened();
    await session.load();
    const quota = problem({ code: 'quota', message: 'Too many.' });
    server.on('launch/apply', () => ({
      status: 409,
      body: { problem: quota, message: '' }
    }));
    await session.run();
    expect(session.problem?.message).toBe('Too many.');
    expect(session.sending.lost).toBeNull();
    expect(session.blocked).toBeNull();
    expect(server.routes('launch/apply')).toHaveLength(1);
  });

  it('keeps what the user chose when the notebook changes', async () => {
    const parameter = (text: string) =>
      ({
        name: 'lr',
        type: 'float',
        default: text,
        text,
        comment: ''
      }) as never;
    const { server, session } = opened(
      defaults({ parameters: [parameter('0.1')] })
    );
    await session.load();
    // What nobody changed is not sent.
    expect(session.form?.parameters).toEqual({});
    server.on('launch/defaults', defaults({ parameters: [parameter('0.2')] }));
    session.setParameter('lr', '0.70');
    session.set('instance_count', 5);
    await session.load();
    expect(session.form).toMatchObject({
      parameters: { lr: '0.70' },
      instance_count: 5
    });
    expect(session.touched('parameters.lr')).toBe(true);
    session.resetParameter('lr');
    expect(session.touched('parameters.lr')).toBe(false);
    await session.load();
    expect(session.form?.parameters).toEqual({});
  });

  it('leaves a parameter to the notebook, whatever else has set it', async () => {
    const parameter = (text: string) =>
      ({
        name: 'lr',
        type: 'float',
        default: text,
        text,
        comment: ''
      }) as never;
    const given = defaults({ parameters: [parameter('0.1')] });
    given.form = { ...given.form, parameters: { lr: 5 } };
    const { server, session } = opened(given);
    await session.load();
    expect(session.form?.parameters).toEqual({ lr: 5 });
    session.setParameter('lr', null);
    await session.load();
    expect(session.form?.parameters).toEqual({});
    // What was typed is now what the notebook has.
    session.setParameter('lr', '0.2');
    server.on('launch/defaults', defaults({ parameters: [parameter('0.2')] }));
    await session.load();
    expect(session.form?.parameters).toEqual({});
  });

  it('says where a value is from until the user sets it', async () => {
    const { session } = opened();
    await session.load();
    expect(session.sourceOf('role')).toBe('from this space');
    session.set('role', 'other');
    expect(session.sourceOf('role')).toBeNull();
    expect(session.touched('role')).toBe(true);
  });

  it('follows the defaults in what the user has not chosen', async () => {
    const { server, session } = opened();
    await session.load();
    session.set('instance_count', 5);
    const given = defaults();
    server.on(
      'launch/defaults',
      defaults({
        form: { ...given.form, instance_count: 2, volume_gb: 80, role: '' }
      })
    );
    await session.load();
    expect(session.form).toMatchObject({
      instance_count: 5,
      volume_gb: 80,
      role: 'role'
    });
  });

  it('knows what the administrator has set, with all of its parts', async () => {
    const { session } = opened(
      defaults({
        sources: [
          {
            field: 'subnets',
            source: 'administrator',
            fixed: true,
            remembered: false
          },
          {
            field: 'tags.team',
            source: 'administrator',
            fixed: true,
            remembered: false
          },
          {
            field: 'role',
            source: 'from this space',
            fixed: false,
            remembered: false
          }
        ]
      })
    );
    await session.load();
    expect(session.fixed('subnets')).toBe(true);
    expect(session.fixed('tags.team')).toBe(true);
    expect(session.fixed('tags')).toBe(false);
    expect(session.fixed('role')).toBe(false);
  });

  it('sends no more than its kind of job has, and keeps the rest on the screen', async () => {
    const { server, session } = opened();
    await session.load();
    session.set('job_kind', 'training');
    session.set('spot', true);
    session.set('job_kind', 'processing');
    await until(() => !session.planning);
    await session.run();
    expect(sent(server, 'launch/apply')[0].form.spot).toBe(false);
    expect(session.form?.spot).toBe(true);
  });

  it('waits for the address of a new input, and finds no fault with it before', async () => {
    const { server, session } = opened();
    await session.load();
    session.set('inputs', [{ name: 'data', uri: '', mode: 'File' }]);
    expect(session.blocked).toBe('no address');
    await until(() => !session.planning);
    expect(sent(server, 'launch/plan').pop()?.form.inputs).toEqual([]);
    expect(session.blocked).toBe('no address');
    expect(await session.run()).toBeNull();
    session.set('inputs', [{ name: 'data', uri: 's3://b/', mode: 'File' }]);
    await until(() => session.blocked === null);
    expect(sent(server, 'launch/plan').pop()?.form.inputs).toHaveLength(1);
  });

  it('takes what is typed anew for a list as the end of what was wrong in it', async () => {
    const { session } = opened();
    await session.load();
    session.reject('tags', { ok: false, error: 'Twice.' });
    expect(session.faultAt('tags')?.text).toBe('Twice.');
    session.set('tags', {});
    expect(session.faultAt('tags')).toBeNull();
  });

  it('is not held up by what is typed wrong for another kind of job', async () => {
    const { session } = opened();
    await session.load();
    session.set('job_kind', 'training');
    session.reject('retries', { ok: false, error: 'A number.' });
    expect(session.blocked).toBe('fields');
    session.set('job_kind', 'processing');
    await until(() => session.blocked === null);
    expect(session.faultAt('retries')).toBeNull();
    session.set('job_kind', 'training');
    expect(session.faultAt('retries')?.text).toBe('A number.');
  });

  it('is held up by the limit that is shown alone', async () => {
    const { session } = opened();
    await session.load();
    session.reject('max_runtime_seconds', { ok: false, error: 'Minutes.' });
    session.set('max_usd', 5);
    await until(() => session.blocked === null);
    session.reject('max_usd', { ok: false, error: 'An amount.' });
    expect(session.blocked).toBe('fields');
    session.set('max_usd', null);
    expect(session.faultAt('max_runtime_seconds')?.text).toBe('Minutes.');
  });

  it('follows the defaults of another kind of job in what the user has not chosen', async () => {
    const { server, session } = opened();
    await session.load();
    session.set('volume_gb', 77);
    const given = defaults();
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    server.on('launch/defaults', async () => {
      await held;
      return {
        body: defaults({
          form: { ...given.form, image: 'its', volume_gb: 1, kms_key: 'its' }
        })
      };
    });
    session.set('job_kind', 'training');
    await until(() => server.routes('launch/defaults').length === 2);
    const { body } = server.routes('launch/defaults')[1];
    expect(body).toMatchObject({ job_kind: 'training' });
    session.set('instance_count', 3);
    await until(() => !session.planning);
    release();
    await until(() => session.form?.image === 'its');
    await until(() => session.blocked === null);
    const chosen = { job_kind: 'training', volume_gb: 77, instance_count: 3 };
    const planned = sent(server, 'launch/plan').pop()?.form;
    expect(planned).toMatchObject({ ...chosen, image: 'its', kms_key: 'its' });
    server.on('launch/defaults', defaults());
    session.set('job_kind', 'processing');
    await until(() => session.blocked === null);
    expect(session.form).toMatchObject({ image: 'image', kms_key: '' });
  });

  it('opens with the first answer, though the notebook has changed since', async () => {
    const { server, session } = opened();
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    const first = session.load();
    await until(() => server.routes('launch/defaults').length === 1);
    server.on('launch/defaults', async () => {
      await held;
      return { body: defaults({ required_tags: ['team'] }) };
    });
    const second = session.load();
    await first;
    expect(session.form).not.toBeNull();
    expect(session.planning).toBe(true);
    release();
    await second;
    expect(session.defaults?.required_tags).toEqual(['team']);
    expect(session.planning).toBe(false);
  });
});
