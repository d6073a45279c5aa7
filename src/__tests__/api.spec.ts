import { problemOf, ServerHalfMissing, SmextApiError } from '../errors';
import { context, problem, tables } from './samples';
import { BASE, TinyServer } from './server';

async function failureOf(promise: Promise<unknown>): Promise<SmextApiError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(SmextApiError);
  return error as SmextApiError;
}

describe('SmextApi', () => {
  it('asks below the base url, for the target that is chosen', async () => {
    const server = new TinyServer().on('tables', tables());
    const api = server.api();
    await api.tables(7, 'glance');
    api.target = 'a b';
    await api.tables(8, 'panel');
    expect(server.asked.map(each => each.query)).toEqual([
      { since: '7', watch: 'glance' },
      { since: '8', watch: 'panel', target: 'a b' }
    ]);
  });

  it('sends a key as it is, for its parts are quoted already', async () => {
    const route = 'kinds/gadget/items/d-1/a%2Fb/c/actions/stop';
    const server = new TinyServer().on(route, { message: 'Stopped.' });
    const place = { kind: 'gadget', key: 'd-1/a%2Fb/c' };
    const request = { confirmed: true, confirmed_twice: false };
    const result = await server.api().act(place, 'stop', request);
    expect(result.message).toBe('Stopped.');
    expect(server.asked[0]).toMatchObject({ method: 'POST', body: request });
  });

  it('makes an address for downloads', () => {
    const place = { kind: 'gadget', key: 'a' };
    expect(new TinyServer().api().outputUrl(place, 's3://b/k v')).toBe(
      `${BASE}smext/kinds/gadget/items/a/outputs/file?key=s3%3A%2F%2Fb%2Fk+v`
    );
  });

  it('keeps the problem of an error', async () => {
    const denied = problem({ permission: 'sagemaker:ListThings' });
    const server = new TinyServer().on('context', () => ({
      status: 403,
      body: { problem: denied, message: denied.message }
    }));
    const error = await failureOf(server.api().context());
    expect(error.problem).toEqual(denied);
    expect(error.unanswered).toBe(false);
    expect(problemOf(error)).toBe(error.problem);
  });

  it('tells a server half that is missing from an item that is', async () => {
    const server = new TinyServer().on('kinds/gadget/items/a', () => ({
      status: 404,
      body: { problem: problem({ code: 'not-found' }), message: '' }
    }));
    const item = server.api().item({ kind: 'gadget', key: 'a' });
    expect(await failureOf(item)).not.toBeInstanceOf(ServerHalfMissing);
    const missing = await failureOf(server.api().context());
    expect(missing).toBeInstanceOf(ServerHalfMissing);
    expect(missing.problem.advice).toContain('jupyter server extension list');
  });

  it('knows when nobody can say what became of a request', async () => {
    const server = new TinyServer()
      .on('launch/apply', () => new TypeError('network'))
      .on('launch/plan', () => ({ status: 504, body: 'gateway' }))
      .on('kinds', () => ({ status: 500, body: 'oops' }));
    const api = server.api();
    const request = {} as Parameters<typeof api.launchApply>[0];
    expect((await failureOf(api.launchApply(request))).unanswered).toBe(true);
    expect((await failureOf(api.launchPlan(request))).unanswered).toBe(true);
    expect((await failureOf(api.kinds())).unanswered).toBe(false);
  });

  it('waits longer for a launch than for anything else', async () => {
    jest.useFakeTimers();
    try {
      const never = new Promise<never>(() => undefined);
      const server = new TinyServer()
        .on('launch/apply', () => never)
        .on('launch/plan', () => never);
      const api = server.api();
      const over: string[] = [];
      const request = {} as Parameters<typeof api.launchApply>[0];
      void failureOf(api.launchPlan(request)).then(() => over.push('plan'));
      void failureOf(api.launchApply(request)).then(() => over.push('apply'));
      await jest.advanceTimersByTimeAsync(301_000);
      expect(over).toEqual(['plan']);
      await jest.advanceTimersByTimeAsync(3_300_000);
      expect(over).toEqual(['plan', 'apply']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('says to sign in again when the server refuses without a word', async () => {
    const server = new TinyServer().on('context', () => ({
      status: 403,
      body: 'Forbidden'
    }));
    const error = await failureOf(server.api().context());
    expect(error.problem.advice).toContain('sign in');
  });

  it('takes an answer that is not JSON for a failure', async () => {
    const server = new TinyServer().on('context', () => ({ body: '<html>' }));
    await failureOf(server.api().context());
  });

  it('reads the context', async () => {
    const server = new TinyServer().on('context', context());
    expect((await server.api().context()).account).toBe('123456789012');
  });
});
