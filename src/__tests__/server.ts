import { ServerConnection } from '@jupyterlab/services';
import { SmextApi } from '../api';

export type Asked = {
  method: string;
  /** Below `smext/`. */
  route: string;
  query: Record<string, string>;
  body: unknown;
};

type Answer = { status?: number; body: unknown } | Error;
type Handler = (asked: Asked) => Answer | Promise<Answer>;

export const BASE = 'http://localhost:8888/jupyterlab/default/';

/** Stands where the network begins: answers what a test says, and writes down what was asked. */
export class TinyServer {
  readonly asked: Asked[] = [];

  on(route: string, handler: Handler | unknown): this {
    const given = typeof handler === 'function';
    this._routes.set(
      route,
      given ? (handler as Handler) : () => ({ body: handler })
    );
    return this;
  }

  routes(route: string): Asked[] {
    return this.asked.filter(each => each.route === route);
  }

  api(): SmextApi {
    const fetch = (request: RequestInfo) => this._answer(request as Request);
    return new SmextApi(
      ServerConnection.makeSettings({ baseUrl: BASE, fetch })
    );
  }

  private async _answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    const asked = {
      method: request.method,
      route: request.url.split('?')[0].slice(`${BASE}smext/`.length),
      // JupyterLab adds a number of its own, against caches.
      query: Object.fromEntries(
        [...url.searchParams].filter(([name]) => !/^\d+$/.test(name))
      ),
      body: text ? JSON.parse(text) : undefined
    };
    this.asked.push(asked);
    const handler = this._routes.get(asked.route);
    const answer = handler
      ? await Promise.race([handler(asked), givenUp(request)])
      : { status: 404, body: '<html>404</html>' };
    if (answer instanceof Error) {
      throw answer;
    }
    const body =
      typeof answer.body === 'string'
        ? answer.body
        : JSON.stringify(answer.body);
    return new Response(body, { status: answer.status ?? 200 });
  }

  private _routes = new Map<string, Handler>();
}

/** Fails when the page waits no longer. */
function givenUp({ signal }: Request): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new TypeError('aborted')))
  );
}

/** Wait until something is so, or fail. */
export async function until(so: () => boolean): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    if (so()) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  throw new Error(`Waited in vain for ${so}`);
}
