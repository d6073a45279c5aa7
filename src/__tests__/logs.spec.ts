import type { LogPage } from '../generated';
import { LogFollower } from '../logs';
import { problem } from './samples';
import { until } from './server';

function page(texts: string[], part: Partial<LogPage> = {}): LogPage {
  return {
    lines: texts.map(text => ({ time: null, stream: '', text })),
    cursor: 'c',
    ended: false,
    wait_seconds: 0.01,
    problem: null,
    ...part
  };
}

function follow(pages: (LogPage | Error)[]): {
  log: LogFollower;
  cursors: string[];
} {
  const cursors: string[] = [];
  const log = new LogFollower(async cursor => {
    const next = pages[Math.min(cursors.length, pages.length - 1)];
    cursors.push(cursor);
    if (next instanceof Error) {
      throw next;
    }
    return next;
  });
  return { log, cursors };
}

const texts = (log: LogFollower) => log.lines.map(line => line.text);

describe('LogFollower', () => {
  it('goes from page to page until the log ends', async () => {
    const { cursors, log } = follow([
      page(['a'], { cursor: '1' }),
      page([], { cursor: '1' }),
      page(['b'], { cursor: '2', ended: true })
    ]);
    log.start();
    await until(() => log.ended);
    await new Promise(resolve => setTimeout(resolve, 40));
    expect(texts(log)).toEqual(['a', 'b']);
    expect(cursors).toEqual(['', '1', '1']);
  });

  it('stops when nobody looks, and goes on where it was', async () => {
    const { cursors, log } = follow([
      page(['a'], { cursor: '1', wait_seconds: 0.02 }),
      page(['b'], { cursor: '2', ended: true })
    ]);
    log.start();
    await until(() => log.ready);
    log.stop();
    await new Promise(resolve => setTimeout(resolve, 60));
    expect(cursors).toHaveLength(1);
    log.start();
    await until(() => log.ended);
    expect(texts(log)).toEqual(['a', 'b']);
  });

  it('takes no page twice when it is stopped and started in flight', async () => {
    let release: (given: LogPage) => void = () => undefined;
    let asked = 0;
    const log = new LogFollower(() => {
      asked += 1;
      return asked === 1
        ? new Promise<LogPage>(resolve => (release = resolve))
        : Promise.resolve(page(['a'], { ended: true }));
    });
    log.start();
    log.stop();
    log.start();
    await until(() => log.ended);
    release(page(['a']));
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(texts(log)).toEqual(['a']);
  });

  it('says what is wrong and keeps its lines', async () => {
    const { log } = follow([page(['a']), new Error('gone')]);
    log.start();
    await until(() => log.problem !== null);
    log.stop();
    expect(log.problem?.message).toBe('gone');
    expect(texts(log)).toEqual(['a']);
  });

  it('passes a problem of the server on', async () => {
    const { log } = follow([page([], { problem: problem(), ended: true })]);
    log.start();
    await until(() => log.ended);
    expect(log.problem?.code).toBe('denied');
  });

  it('lets the oldest lines go when there are too many', async () => {
    const { log } = follow([
      page(['old']),
      page(new Array<string>(100_000).fill('new'), { ended: true })
    ]);
    log.start();
    await until(() => log.ended);
    expect(log.lines).toHaveLength(log.kept);
    expect(log.dropped).toBe(1);
    expect(log.lines[0].text).toBe('new');
  });

  it('leaves out colours and what a progress bar overwrote', async () => {
    const { log } = follow([
      page(['\u001b[31mred\u001b[0m', '10%\r50%\r100%\r'], { ended: true })
    ]);
    log.start();
    await until(() => log.ended);
    expect(texts(log)).toEqual(['red', '100%']);
  });
});
