import type { LaunchProgress } from '../../../generated';
import { LaunchSession } from '../../../launch/model/session';
import { defaults, plan, problem } from '../../samples';
import { TinyServer, until } from '../../server';

const LAUNCHED = { kind: 'gadget', key: 'k', name: 'churn-1', existed: false };

const progress = (part: Partial<LaunchProgress> = {}): LaunchProgress => ({
  name: 'churn-1',
  phase: 'uploading',
  sent_bytes: 12,
  total_bytes: 50,
  can_cancel: true,
  ...part
});

/** A form with its plan, and a server whose launch goes on until it is let go. */
async function opened(): Promise<{
  server: TinyServer;
  session: LaunchSession;
  end: (answer: { status?: number; body: unknown }) => void;
}> {
  let end: (answer: { status?: number; body: unknown }) => void = () =>
    undefined;
  const answer = new Promise<{ status?: number; body: unknown }>(
    resolve => (end = resolve)
  );
  const server = new TinyServer()
    .on('launch/defaults', defaults())
    .on('launch/plan', plan())
    .on('launch/progress', progress())
    .on('launch/cancel', progress({ can_cancel: false }))
    .on('launch/apply', () => answer);
  const session = new LaunchSession(
    server.api(),
    () => ({ path: 'n.ipynb', content: {}, unsaved: false }),
    () => ({}),
    { debounce: 5, progress: 5, retries: [] }
  );
  await session.load();
  return { server, session, end };
}

const cancelled = {
  status: 409,
  body: { problem: problem({ code: 'cancelled' }), message: '' }
};

describe('a launch on its way', () => {
  it('says how far it is, until it is answered', async () => {
    const { end, server, session } = await opened();
    const run = session.run();
    await until(() => session.sending.progress !== null);
    expect(session.sending.progress).toEqual(progress());
    expect(server.routes('launch/progress')[0].query).toMatchObject({
      name: 'churn-1'
    });
    end({ body: LAUNCHED });
    await run;
    expect(session.sending.progress).toBeNull();
    const asked = server.routes('launch/progress').length;
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(server.routes('launch/progress').length - asked).toBeLessThan(2);
  });

  it('goes on where nobody can say how far it is', async () => {
    const { end, server, session } = await opened();
    server.on('launch/progress', () => new TypeError('network'));
    const run = session.run();
    await until(() => server.routes('launch/progress').length > 1);
    expect(session.sending.progress).toBeNull();
    end({ body: LAUNCHED });
    expect(await run).toEqual(LAUNCHED);
  });

  it('is not asked about from a page that nobody sees', async () => {
    const { end, server, session } = await opened();
    const hidden = jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const run = session.run();
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(server.routes('launch/progress')).toHaveLength(0);
    hidden.mockRestore();
    await until(() => session.sending.progress !== null);
    end({ body: LAUNCHED });
    await run;
  });

  it('can be cancelled, which keeps the form and is no problem', async () => {
    const { end, server, session } = await opened();
    const run = session.run();
    await until(() => session.sending.progress !== null);
    await Promise.all([session.sending.cancel(), session.sending.cancel()]);
    expect(server.routes('launch/cancel').map(({ body }) => body)).toEqual([
      { name: 'churn-1' }
    ]);
    end(cancelled);
    expect(await run).toBeNull();
    expect(session.sending.cancelled).toBe('churn-1');
    expect(session.problem).toBeNull();
    expect(session.form).not.toBeNull();
    expect(session.blocked).toBeNull();
  });

  it('is not cancelled any more once its job is being created', async () => {
    const { end, server, session } = await opened();
    server.on(
      'launch/progress',
      progress({ phase: 'creating', can_cancel: false })
    );
    const run = session.run();
    await until(() => session.sending.progress !== null);
    await session.sending.cancel();
    expect(server.routes('launch/cancel')).toHaveLength(0);
    end({ body: LAUNCHED });
    expect(await run).toEqual(LAUNCHED);
  });

  it('may be launched all the same when the cancelling came too late', async () => {
    const { end, session } = await opened();
    const run = session.run();
    await until(() => session.sending.progress !== null);
    await session.sending.cancel();
    end({ body: LAUNCHED });
    expect(await run).toEqual(LAUNCHED);
    expect(session.sending.cancelled).toBeNull();
  });

  it('is waited for as long as it goes on, however often the answer is cut off', async () => {
    const { server, session } = await opened();
    let calls = 0;
    server.on('launch/apply', () => {
      calls += 1;
      return calls < 5 ? new TypeError('network') : { body: LAUNCHED };
    });
    expect(await session.run()).toEqual(LAUNCHED);
    expect(session.sending.lost).toBeNull();
  });

  it('is lost when nobody knows of it any more', async () => {
    const { server, session } = await opened();
    server
      .on('launch/progress', progress({ phase: 'over' }))
      .on('launch/apply', () => new TypeError('network'));
    expect(await session.run()).toBeNull();
    expect(server.routes('launch/apply')).toHaveLength(1);
    expect(session.sending.lost).toBe('churn-1');
  });

  it('stays cancelled when it was sent again meanwhile', async () => {
    const { end, server, session } = await opened();
    const run = session.run();
    await until(() => session.sending.progress !== null);
    await session.sending.cancel();
    await until(() => server.routes('launch/cancel').length > 1);
    end(cancelled);
    await run;
    expect(session.sending.cancelled).toBe('churn-1');
  });
});
