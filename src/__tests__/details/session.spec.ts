import { ItemSession } from '../../details/session';
import type { ItemDetail, Row } from '../../generated';
import { row } from '../samples';
import { TinyServer, until } from '../server';

const PLACE = { kind: 'gadget', key: 'a' };
const ROUTE = 'kinds/gadget/items/a';

function detail(of: Partial<Row> = {}): ItemDetail {
  return {
    row: row(of),
    facts: [],
    phases: [],
    run: null,
    parameters: {},
    request: {},
    has_notebook: false,
    notebook_source: null,
    problems: []
  };
}

describe('ItemSession', () => {
  let server: TinyServer;
  let session: ItemSession;

  beforeEach(() => {
    server = new TinyServer().on(ROUTE, detail());
    session = new ItemSession(server.api(), PLACE, 10);
  });

  afterEach(() => session.dispose());

  it('reads again and again while the item moves and somebody looks', async () => {
    session.visible = true;
    await until(() => server.asked.length > 2);
    session.visible = false;
    const asked = server.asked.length;
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(server.asked.length).toBeLessThanOrEqual(asked + 1);
  });

  it('rests when the item is over', async () => {
    server.on(ROUTE, detail({ active: false, status: 'Completed' }));
    session.visible = true;
    await until(() => session.detail !== null);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(server.asked).toHaveLength(1);
  });

  it('reads at once when the list shows another status', async () => {
    server.on(ROUTE, detail({ active: false, status: 'Completed' }));
    session.visible = true;
    await until(() => session.detail !== null);
    session.follow(row({ active: false, status: 'Completed' }));
    expect(server.asked).toHaveLength(1);
    session.follow(row({ active: false, status: 'Failed' }));
    await until(() => server.asked.length === 2);
  });

  it('keeps the last detail with the problem of the newer one', async () => {
    session.visible = true;
    await until(() => session.detail !== null);
    server.on(ROUTE, () => new TypeError('network'));
    await until(() => session.problem !== null);
    expect(session.detail).not.toBeNull();
  });

  it('reads the outputs when asked to', async () => {
    const outputs = {
      outputs: [],
      uri: 's3://b/',
      complete: true,
      problem: null
    };
    server.on(`${ROUTE}/outputs`, outputs);
    await session.readOutputs();
    expect(session.outputs).toEqual(outputs);
  });
});
