import { LaunchCode } from '../../../launch/plan/code';
import { LaunchSession } from '../../../launch/model/session';
import type { Code, CodeRequest } from '../../../generated';
import { defaults, plan, problem } from '../../samples';
import type { Asked } from '../../server';
import { TinyServer, until } from '../../server';

const written = (part: Partial<Code> = {}) =>
  ({ sdk: '3', source: 'job = launch()', note: '', ...part }) as Code;

async function opened(): Promise<{
  server: TinyServer;
  session: LaunchSession;
  code: LaunchCode;
}> {
  const server = new TinyServer()
    .on('launch/defaults', defaults())
    .on('launch/plan', plan())
    .on('launch/code', written());
  const api = server.api();
  const document = () => ({ path: 'n.ipynb', content: {}, unsaved: false });
  const preferred = () => ({});
  const pace = { debounce: 5, progress: 5, retries: [] };
  const session = new LaunchSession(api, document, preferred, pace);
  await session.load();
  return { server, session, code: new LaunchCode(api, session) };
}

const sent = (server: TinyServer) =>
  server.routes('launch/code').map(each => each.body as CodeRequest);

describe('LaunchCode', () => {
  it('asks for nothing before somebody looks', async () => {
    const { code, server, session } = await opened();
    session.set('instance_count', 2);
    await until(() => !session.planning);
    expect(sent(server)).toEqual([]);
    expect(code.code).toBeNull();
  });

  it('is of the launch that Run would send, for the SDK of the kernel', async () => {
    const { code, server } = await opened();
    code.open();
    await until(() => code.code !== null);
    expect(sent(server)).toMatchObject([{ name: 'churn-1', sdk: null }]);
    expect(code.reading).toBe(false);
  });

  it('follows the plan, until nobody looks any more', async () => {
    const { code, server, session } = await opened();
    code.open();
    session.set('instance_count', 2);
    await until(() => sent(server).length === 2);
    expect(sent(server)[1].form.instance_count).toBe(2);
    code.close();
    session.set('instance_count', 3);
    await until(() => !session.planning);
    expect(sent(server)).toHaveLength(2);
  });

  it('lets the latest choice win, whichever answers last', async () => {
    const { code, server } = await opened();
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    server.on('launch/code', async (asked: Asked) => {
      const { sdk } = asked.body as CodeRequest;
      if (sdk === '2') {
        await held;
      }
      return { body: written({ sdk: sdk ?? '3' }) };
    });
    code.open();
    code.choose('2');
    code.choose('3');
    await until(() => code.code?.sdk === '3' && !code.reading);
    release();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(code.code?.sdk).toBe('3');
  });

  it('says why there is none', async () => {
    const { code, server } = await opened();
    server.on('launch/code', () => ({
      status: 400,
      body: { problem: problem({ message: 'No such form.' }), message: '' }
    }));
    code.open();
    await until(() => !code.reading);
    expect(code.problem?.message).toBe('No such form.');
    expect(code.code).toBeNull();
  });
});
